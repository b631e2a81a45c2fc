"""A folder of self-descriptions of Simpl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.model import Source
from tests.kinds.sample import Sample


def credential(name: str, title: str = "", kind: str = "DataOffering", **more: Any) -> dict[str, Any]:
    """A credential of a data offering."""
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": "VerifiableCredential",
        "issuer": "did:web:example.org",
        "issuanceDate": "2026-01-05T10:00:00Z",
        "credentialSubject": {
            "@context": {"simpl": "http://w3id.org/gaia-x/simpl#"},
            "@id": f"did:web:registry.example.org:DataOffering:{name}",
            "rdf:type": {"@id": f"simpl:{kind}"},
            "simpl:generalServiceProperties": {
                "simpl:name": title or name, "simpl:description": f"About {name}", "simpl:inLanguage": "en",
                "simpl:serviceAccessPoint": {"@type": "xsd:anyURI", "@value": "https://space.example.org"},
            },
            "simpl:providerInformation": {"simpl:providedBy": "Hospital", "simpl:contact": "data@hospital.example"},
            **more,
        },
        "proof": {"type": "JsonWebSignature2020", "jws": "x"},
    }  # fmt: skip


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source(
        "market", base + "node/market", "M", "simpl", str(endpoint), base + "dataset/market/", options=options
    )


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Three data offerings and an application."""

    def write(place: str, **given: Any) -> None:
        (folder / f"{place}.json").write_text(json.dumps(credential(place, **given)), "utf-8")

    for name in "abc":
        write(name, **{"simpl:favouriteColour": "blue"})
    write("z", kind="ApplicationOffering")
    yield Sample(source(folder), least=3, leftovers=("favouriteColour",), change=lambda: write("b", title="Changed"))
