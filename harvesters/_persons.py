"""States how many persons a dataset is about, in the groups in which every harvester counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogue.graphs import Literal, NamedNode, Term
from catalogue.names import CAT, DCAT, DCT, DQV, EUCAIM, HEALTH, XSD
from harvesters._common import Subject

OLDEST_BIN = 90
BIN = 5
"""Width of an age bin in years; :data:`OLDEST_BIN` and above are one bin."""


def age_bin(age: int | None) -> str:
    """The group of an age in whole years: ``40-44`` or ``90+``; empty for an unknown one."""
    if age is None:
        return ""
    if age >= OLDEST_BIN:
        return f"{OLDEST_BIN}+"
    low = age // BIN * BIN
    return f"{low:02d}-{low + BIN - 1:02d}"


def state_persons(dataset: Subject, facts: Mapping[str, Any]) -> None:
    """State the number of persons, by sex (IRI) and age (:func:`age_bin`), and the first and last year.

    ``facts`` are publishable: ``counts.persons``, ``sex``, ``age``, ``period``, each where it is known.
    """
    if "persons" in facts.get("counts", {}):
        dataset.count(HEALTH.numberOfUniqueIndividuals, facts["counts"]["persons"])
    ages = facts.get("age", {})
    if ages:
        bounds = [int(part) for name in ages for part in name.rstrip("+").split("-")]
        dataset.count(HEALTH.minTypicalAge, min(bounds)).count(HEALTH.maxTypicalAge, max(bounds))
    for name, persons in ages.items():
        measure(dataset, CAT.personsByAge, number(persons), Literal(name))
    for sex, persons in facts.get("sex", {}).items():
        dataset.add(EUCAIM.hasBirthSex, NamedNode(sex))
        measure(dataset, CAT.personsBySex, number(persons), NamedNode(sex))
    if "period" in facts:
        first, last = (Literal(str(year), datatype=XSD.gYear) for year in facts["period"])
        period = dataset.part(DCT.temporal, DCT.PeriodOfTime)
        period.add(DCAT.startDate, first).add(DCAT.endDate, last)


def measure(dataset: Subject, metric: NamedNode, value: Literal, category: Term | None = None) -> None:
    """State a value that a metric has for the dataset, or for one group in it."""
    measurement = dataset.part(DQV.hasQualityMeasurement, DQV.QualityMeasurement)
    measurement.add(DQV.isMeasurementOf, metric).add(DQV.value, value)
    if category is not None:
        measurement.add(CAT.category, category)


def number(value: int) -> Literal:
    """A count: ``xsd:nonNegativeInteger``."""
    return Literal(str(value), datatype=XSD.nonNegativeInteger)
