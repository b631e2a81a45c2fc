"""Finds verifiable credentials (W3C, 1.1 and 2.0) in whatever they are wrapped; signatures are not verified."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harvesters._json import shallow

WRAPPED = ("verifiableCredential", "items", "meta", "@graph")
"""Properties of presentations and lists that hold credentials."""
CLAIMS = ("vc", "vp")
"""Where tokens of the data model 1.1 hold them."""
ENVELOPES = ("EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation")
INACTIVE = frozenset({"eol", "deprecated", "revoked"})
"""States in which a federated catalogue no longer offers what it lists."""
SIGNED = ("proof", "@context", "type", "@type", "credentialSubject", "cred:credentialSubject")
"""What a credential says beside facts about itself."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a credential says of one subject."""

    credential: Mapping[str, Any]
    subject: Mapping[str, Any]

    @property
    def around(self) -> dict[str, Any]:
        """What the credential says of itself: who issued it, when, until when."""
        return {name: value for name, value in self.credential.items() if name not in SIGNED}

    @property
    def signed(self) -> bool:
        """Whether there is a signature that nobody here looked at."""
        return "proof" in self.credential


def read(content: bytes | str) -> Any:
    """The JSON of a document or a token (RFC 7519); None when it is neither, or endlessly deep."""
    text = content if isinstance(content, str) else content.decode("utf-8-sig", "replace")
    try:
        held = _payload(text.strip()) if text.lstrip().startswith("eyJ") else json.loads(text)
    except (ValueError, RecursionError):
        return None
    return held if shallow(held) else None


def _payload(token: str) -> Any:
    """What a token says; its name, not its signature, is looked at."""
    _, payload, _ = token.split(".")
    held = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {"proof": {"type": "JWT"}, **held} if isinstance(held, dict) else held


def claims(held: Any) -> Iterator[Claim]:
    """Every subject of every credential in something out of JSON."""
    for one in _listed(held):
        if isinstance(one, str):
            yield from claims(read(one)) if one.startswith("eyJ") else ()
        elif isinstance(one, dict) and not INACTIVE & {_state(one)}:
            yield from _claims_of(one)


def _claims_of(one: Mapping[str, Any]) -> Iterator[Claim]:
    for subject in _listed(one.get("credentialSubject", one.get("cred:credentialSubject"))):
        if isinstance(subject, dict):
            yield Claim(one, subject)
    for name in WRAPPED:
        yield from claims(one.get(name))
    for name in CLAIMS:
        inner = one.get(name)
        yield from claims({**inner, "proof": one.get("proof")} if isinstance(inner, dict) else None)
    if set(ENVELOPES) & {str(kind) for kind in _listed(one.get("type"))}:
        yield from claims(str(one.get("id", "")).partition(",")[2])
    content = one.get("content")
    yield from claims(read(content) if isinstance(content, str) else content)


def _state(item: Mapping[str, Any]) -> str:
    """The state of an item in the list of a federated catalogue."""
    meta = item.get("meta")
    return str(meta.get("status", "")) if isinstance(meta, dict) else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "", {}) else [value]
