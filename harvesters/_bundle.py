"""Keeps the several documents a description came from as one original, in the form of RFC 2046 (multipart/mixed)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalogue.model import Original


def bundled(originals: Sequence[Original], container: str) -> Original:
    """One original of several, each part with its address; a single one stays as it is. The first gives the place."""
    if len(originals) == 1:
        return replace(originals[0], container=container)
    boundary = container.removeprefix("sha256:")[:32]
    parts = [
        f"--{boundary}\r\nContent-Type: {one.media_type}\r\nContent-Location: {one.location}\r\n\r\n".encode()
        + one.content
        + b"\r\n"
        for one in originals
    ]
    content = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return Original(content, f"multipart/mixed; boundary={boundary}", originals[0].location, container)
