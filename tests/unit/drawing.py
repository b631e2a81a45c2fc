"""Reads the graphic of a label for its tests."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
DESIGNS = ("badge", "card", "page")
HOSTILE = (
    "\"><script>alert('x')</script>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;&amp;",
    "\u202egnorw\u202c \u2067שלום עולם\u2069 مرحبا بالعالم",
    "👩🏽‍⚕️ emoji 🫁🇪🇺",
    "Kontroll\x00\x01\x08\x0b\x1f\x7f\x85\ufffe\uffff zeichen",
    "lone \ud800 surrogate",
    "{who} {0} %s {title}",
    "W" * 400,
    "Zwei Wörter " * 60,
    "漢字" * 200,
    "e" + "\u0301" * 300,
    "",
    " \n\t ",
)


def read(content: bytes) -> ET.Element:
    """A file that must be in order: well-formed, of known elements, with nothing foreign in it."""
    root = ET.fromstring(content)
    allowed = {"svg", "title", "desc", "style", "g", "rect", "path", "line", "text"}
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in allowed, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert "href" not in name, name
            assert name not in ("style", "src"), name
            assert "url(" not in value, value
            assert "//" not in value, value
    style = root.find(SVG + "style")
    assert style is not None
    assert not re.search(r"url\(|@import|@font-face|//", style.text or "")
    return root


def text(root: ET.Element, tag: str) -> str:
    """The text of the first such child."""
    found = root.find(SVG + tag)
    return (found.text if found is not None else "") or ""


def design(root: ET.Element, name: str) -> ET.Element:
    """One of the three designs."""
    found = root.find(f"{SVG}g[@id='{name}']")
    assert found is not None
    return found


def drawn(part: ET.Element, look: str) -> int:
    """How many shapes have a class."""
    return sum(look in element.get("class", "").split() for element in part.iter())


def written(part: ET.Element) -> list[str]:
    """The lines of text that are drawn."""
    return [element.text or "" for element in part.iter(SVG + "text")]
