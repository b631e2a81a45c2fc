"""Labels made by hand for tests of what shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from catalogue.graphic import GraphicFacts
from catalogue.names import EU
from catalogue.quality import Act, Basis, Element, Grade, Label, Mark, Ruling, Scored, Standing, Status

BASE = "https://w3id.org/ehds-catalogue/label/"
ELEMENTS = tuple(
    Element(BASE + slug, letter, {"en": en, "fr": fr, "de": de}, "")
    for letter, slug, en, fr, de in (
        ("a", "documentation", "Data documentation", "Documentation des données", "Datendokumentation"),
        ("b", "technical-quality", "Technical quality", "Qualité technique", "Technische Qualität"),
        ("c", "quality-management", "Quality management", "Gestion de la qualité", "Qualitätsmanagement"),
        ("d", "coverage", "Coverage", "Couverture", "Abdeckung"),
        ("e", "access-provision", "Access and provision", "Accès et mise à disposition", "Zugang und Bereitstellung"),
        ("f", "modifications", "Data modifications", "Modifications des données", "Datenänderungen"),
    )
)
REASON = "the report on completeness is of other data"
RULED = {
    Status.VERIFIED: Ruling(Act.CONFIRMED, date(2026, 10, 1), "https://hdab.example/", ""),
    Status.REVOKED: Ruling(Act.REVOKED, date(2026, 10, 1), "https://hdab.example/", REASON),
}


def grade(element: Element, stars: int | None, assessed: int = 4, applicable: int = 6) -> Grade:
    """A grade of which that many of the applicable criteria were assessed, and one more does not apply."""
    if stars is None:
        return Grade(element.iri, None, 0, 0, (Scored(Mark("x", Standing.OPEN, None, None), 0, 0),))
    marks = [
        Mark(f"{element.letter}{place}", Standing.ASSESSED, 1, Basis.DECLARED if place else Basis.COMPUTED)
        if place < assessed
        else Mark(f"{element.letter}{place}", Standing.OPEN, None, None)
        for place in range(applicable)
    ]
    scored = [Scored(mark, 0.0, 1.0) for mark in marks]
    scored.append(Scored(Mark("n", Standing.NOT_APPLICABLE, None, Basis.DECLARED), 0.0, 0.0))
    return Grade(element.iri, stars, stars * 1.25, 6.0, tuple(scored))


def made(status: Status, stars: int | None, each: Sequence[int | None] = (4, 3, 2, 1, 0, None), **more: Any) -> Label:
    """A label with a grade for each element."""
    grades = tuple(grade(element, one) for element, one in zip(ELEMENTS, each, strict=True))
    more = {"ruling": RULED.get(status)} | more
    return Label("https://data.example/d", BASE + "scheme/art78", status, stars, 12.5, 36.0, grades, **more)


def facts(title: str = "Imaging of the lung", **more: Any) -> GraphicFacts:
    """What stands beside the label."""
    given: dict[str, Any] = {
        "elements": ELEMENTS,
        "access": EU + "access-right/NON_PUBLIC",
        "scheme": {"en": "Elements of Article 78", "fr": "Éléments de l’article 78"},
        "day": date(2026, 11, 24),
        "link": "https://catalogue.example/dataset/0123456789abcdef0123",
        "body": "Permit Authority of Example Land",
        "gains": {ELEMENTS[1].iri: "publish the report on <missing> values"},
    }
    return GraphicFacts(title, **given | more)
