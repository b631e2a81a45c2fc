"""How the graphic of the label looks: its colours in light and dark, and which design is shown at which width."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

BADGE_TO = 299
"""Widest, in CSS pixels, that the badge is shown."""
CARD_TO = 685
"""Widest, in CSS pixels, that the card is shown; beyond it is the page. No text is ever smaller than 12 pixels."""

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "soft": "#eef3f7",
    "ink": "#17232d",
    "quiet": "#4a5a67",
    "edge": "#6b7a86",
    "band": "#0b4f71",
    "band-revoked": "#9c1f1f",
    "on-band": "#ffffff",
    "bar": "#0b6a94",
    "star": "#a86a00",
    "must": "#9c1f1f",
    "good": "#17633a",
}
DARK: Mapping[str, str] = {
    "paper": "#131a21",
    "soft": "#1c2833",
    "ink": "#e4eaef",
    "quiet": "#a5b3bf",
    "edge": "#7d8d9a",
    "band": "#14587c",
    "band-revoked": "#a32626",
    "on-band": "#ffffff",
    "bar": "#6db9e3",
    "star": "#e8b650",
    "must": "#ff9d94",
    "good": "#86d6a5",
}
TEXT_ON = (
    ("ink", "paper"), ("ink", "soft"), ("quiet", "paper"), ("quiet", "soft"), ("must", "paper"), ("must", "soft"),
    ("on-band", "band"), ("on-band", "band-revoked"),
)  # fmt: skip
"""Every pair of text and ground; contrast at least 4.5 (WCAG 2.2, 1.4.3)."""
SHAPE_ON = tuple(
    (shape, ground) for shape in ("edge", "bar", "star", "must", "good", "ink") for ground in ("paper", "soft")
)
"""Every pair of shape and ground; contrast at least 3 (WCAG 2.2, 1.4.11)."""
_SYSTEM: Mapping[str, str] = dict.fromkeys(LIGHT, "CanvasText") | {
    "paper": "Canvas", "soft": "Canvas", "band": "Canvas", "band-revoked": "Canvas",
}  # fmt: skip
"""The colours a reader chose (CSS Color 4, system colours): told apart by shape alone."""

_BASE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif}"
    "svg{max-width:100%;height:auto}"
    ".b{font-weight:650}.i{font-style:italic}.u{unicode-bidi:plaintext}.n{font-variant-numeric:tabular-nums}"
)


def _paint(palette: Mapping[str, str]) -> str:
    return "".join(f".f-{name}{{fill:{colour}}}.s-{name}{{stroke:{colour}}}" for name, colour in palette.items())


def _shown(design: str) -> str:
    return "".join(f"#{name}{{display:{'inline' if name == design else 'none'}}}" for name in ("badge", "card", "page"))


_COLOURS = (
    _paint(LIGHT)
    + "@media (prefers-color-scheme:dark){" + _paint(DARK) + "}"
    + "@media print{" + _paint(LIGHT) + "}"
    + "@media (forced-colors:active){*{forced-color-adjust:none}" + _paint(_SYSTEM) + "}"
)  # fmt: skip
FIXED = _BASE + _COLOURS
"""The style sheet of a file with one design."""
RESPONSIVE = (
    FIXED
    + _shown("page")
    + f"@media (max-width:{CARD_TO}px){{{_shown('card')}}}"
    + f"@media (max-width:{BADGE_TO}px){{{_shown('badge')}}}"
)
"""The style sheet of a file with all three: an image asks its own width, not that of the page it stands in."""


def policy_sources() -> str:
    """The style sheets as sources of a content security policy (CSP 3, hash sources)."""
    digests = (hashlib.sha256(sheet.encode()).digest() for sheet in (FIXED, RESPONSIVE))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
