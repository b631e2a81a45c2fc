"""Writes what a profile answers as an assessment document: DQV measurements of one dataset, in Turtle."""

from __future__ import annotations

from dataclasses import replace

from catalogue.assessing_rdf import Assessment, assessment_graph
from catalogue.errors import BadInput
from catalogue.graphs import serialise
from catalogue.names import PREFIXES
from catalogue.profiling import Profile, ProfileOptions, identifier
from catalogue.quality import Answer, Basis

_HERE = "urn:x-assessment-document:#"
"""Stands for the document while it is built; written as a relative IRI, for nobody knows where it will be put."""
_PREFIXES = ("cat", "dcat", "dct", "dqv", "foaf", "oa", "prov", "rdfs", "xsd")


def assessment(profile: Profile, options: ProfileOptions) -> bytes:
    """The answers of a profile as ``cat:Assessment`` (basis: measured).

    Raises :class:`~catalogue.errors.BadInput` without the IRI of the dataset, or when nothing was answered.
    """
    if not options.dataset:
        raise BadInput(
            "it is not known which dataset was profiled",
            where="--dataset",
            remedy="give its IRI, or its description by --description FILE",
        )
    if not profile.answers:
        raise BadInput("the profile answers nothing", where=profile.examined, remedy="see what it could not tell")
    answers = tuple(_named(answer) for answer in profile.answers)
    said = Assessment.of(
        options.dataset,
        Basis.MEASURED,
        answers,
        by=options.by,
        given=options.today,
        valid_until=options.valid_until,
        iri=_HERE + "assessment",
    )
    prefixes = {prefix: PREFIXES[prefix] for prefix in _PREFIXES}
    return serialise(assessment_graph(said), "text/turtle", prefixes).replace(b"<" + _HERE.encode(), b"<#")


def _named(answer: Answer) -> Answer:
    """The answer under its name in the document; a figure of one place tells nobody more than it should."""
    figure = None if answer.figure is None else round(answer.figure, 1)
    return replace(answer, iri=_HERE + identifier(answer.criterion), figure=figure)
