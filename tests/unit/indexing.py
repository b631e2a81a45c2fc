"""A few datasets in many languages, and an index of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from catalogue.index import TantivyIndex
from catalogue.ports import Entry, Results


def make(name: str, title: str = "", description: str = "", language: str = "en", **more: object) -> Entry:
    blank = Entry(
        iri=f"https://example.org/{name}",
        key=name,
        title={language: title},
        description={language: description},
        keywords=(),
        terms=(),
        facets={},
        modified="",
        individuals=0,
        stars=0,
        violations=0,
        changed=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return dataclasses.replace(blank, **more)  # type: ignore[arg-type]


def index_of(*entries: Entry, path: Path | None = None) -> TantivyIndex:
    index = TantivyIndex(path)
    index.clear()
    index.put(entries)
    index.commit()
    return index


def keys(results: Results) -> list[str]:
    return [hit.key for hit in results.hits]


CORPUS = (
    make("cohort", "Breast cancer cohort", "Women screened by mammography & seen <b>ten</b> years", modified="2024-05"),
    make("register", "Lungenkrebs-Register", "Daten über Lungentumoren; Brüste nicht erfasst", "de", modified="2025"),
    make("imaging", "CT of lungs", "Thorax", terms=("Brust", "Klatka piersiowa", "COVID-19"), modified="2023-01-31"),
    make("french", "Études épidémiologiques", "Patients de l'hôpital, cancer du sein", "fr", modified="2024-05-02"),
    make("greek", "Μελέτη", "Ασθενείς με ΚΑΡΚΙΝΟ του μαστού", "el"),
    make("polish", "Rejestr nowotworów", "Łódź, płuca i serce", "pl", keywords=("gruźlica",)),
)
