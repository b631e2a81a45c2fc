"""The key facts of a description: rows of names and values in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import ADMS, CAT, DCAT, DCATAP, DCT, DPV, DQV, EUCAIM, FOAF, HEALTH, PROV, TIME
from catalogue.web.phrases import _
from catalogue.web.reading import Said, said
from catalogue.web.shown import Shown, day, number, show

Formatter = Callable[[str], str]
Spec = tuple[str, NamedNode, Formatter | None]
"""Name of a row, its property, and how the text of a value is written (None: by its own name)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One key fact."""

    name: str
    values: Sequence[Shown]


_FACTS: Sequence[Spec] = (
    (_("Health data category"), HEALTH.healthCategory, None),
    (_("Health theme"), HEALTH.healthTheme, None),
    (_("Theme"), DCAT.theme, None),
    (_("Kind of dataset"), DCT.type, None),
    (_("Disease"), EUCAIM.hasCondition, None),
    (_("Cases collected"), EUCAIM.collectionMethod, None),
    (_("Imaging modality"), EUCAIM.hasImageModality, None),
    (_("Body part"), EUCAIM.hasImageBodyPart, None),
    (_("Equipment manufacturer"), EUCAIM.hasEquipmentManufacturer, None),
    (_("Sex"), EUCAIM.hasBirthSex, None),
    (_("Annotations"), EUCAIM.hasAnnotationLabel, None),
    (_("Segmentations"), EUCAIM.nbrOfSegmentations, number),
    (_("Population"), HEALTH.populationCoverage, None),
    (_("Place"), DCT.spatial, None),
    (_("Language"), DCT.language, None),
    (_("Coding system"), HEALTH.hasCodingSystem, None),
    (_("Codes used"), HEALTH.hasCodeValues, None),
    (_("Standard"), DCT.conformsTo, None),
    (_("EUCAIM tier"), EUCAIM.interoperabilityLevel, None),
    (_("Updated"), DCT.accrualPeriodicity, None),
    (_("Issued"), DCT.issued, day),
    (_("Modified"), DCT.modified, day),
    (_("Version"), DCAT.version, None),
    (_("About the version"), ADMS.versionNotes, None),
    (_("How the data came about"), PROV.wasGeneratedBy, None),
    (_("Provenance"), DCT.provenance, None),
    (_("Made from"), DCT.source, None),
    (_("Related"), DCT.relation, None),
    (_("Part of the series"), DCAT.inSeries, None),
    (_("Cited in"), DCT.isReferencedBy, None),
    (_("Documentation"), FOAF.page, None),
    (_("Web page"), DCAT.landingPage, None),
    (_("Identifier"), DCT.identifier, None),
)
TERMS: Sequence[Spec] = (
    (_("Personal data"), DPV.hasPersonalData, None),
    (_("Purpose"), DPV.hasPurpose, None),
    (_("Legal basis"), DPV.hasLegalBasis, None),
    (_("Law that applies"), DCATAP.applicableLegislation, None),
)

_INSTANTS = (TIME.inXSDDate, TIME.inXSDDateTimeStamp, TIME.inXSDDateTime, TIME.inXSDgYearMonth, TIME.inXSDgYear)


def rows(graph: Graph, subject: Term, specs: Iterable[Spec]) -> list[Row]:
    """The rows that have a value."""
    return [row for spec in specs if (row := _row(graph, subject, spec)) is not None]


def _row(graph: Graph, subject: Term, spec: Spec) -> Row | None:
    name, predicate, form = spec
    terms = graph.objects(subject, predicate)
    if not terms:
        return None
    if form is None and all(isinstance(term, Literal) and term.language for term in terms):
        best = said(graph, subject, predicate)
        return Row(name, [Shown(best)]) if best else None
    return Row(name, [Shown(Said(form(str(t.value)))) if form else show(t, graph) for t in terms])


def figures(graph: Graph, dataset: NamedNode) -> list[Row]:
    """The few numbers everyone asks for."""
    lowest, highest = (literal(graph, dataset, p) for p in (HEALTH.minTypicalAge, HEALTH.maxTypicalAge))
    pairs = (
        (_("Individuals"), number(literal(graph, dataset, HEALTH.numberOfUniqueIndividuals))),
        (_("Records"), number(literal(graph, dataset, HEALTH.numberOfRecords))),
        (_("Age in years"), span(lowest, highest)),
        (_("Period"), _periods(graph, dataset, DCT.temporal)),
    )
    return [Row(name, [Shown(Said(text))]) for name, text in pairs if text]


def facts(graph: Graph, dataset: NamedNode) -> list[Row]:
    """What the data are."""
    found = rows(graph, dataset, _FACTS)
    kept = _periods(graph, dataset, HEALTH.retentionPeriod)
    if kept:
        found.append(Row(_("Kept"), [Shown(Said(kept))]))
    structured = literal(graph, dataset, HEALTH.hasStructuredData)
    if structured:
        found.append(Row(_("Structured"), [Shown(Said(_("yes") if structured in ("true", "1") else _("no")))]))
    return found


def measurements(graph: Graph, dataset: NamedNode) -> list[Row]:
    """What was measured (DQV), a row for each metric; shares as per cent, groups largest first."""
    found: dict[str, list[tuple[float, Shown]]] = {}
    for one in graph.objects(dataset, DQV.hasQualityMeasurement):
        metric, value = graph.value(one, DQV.isMeasurementOf), literal(graph, one, DQV.value)
        if metric is None or not value:
            continue
        amount, text = _amount(value)
        group = graph.value(one, CAT.category)
        shown = show(group, graph) if group is not None else Shown(Said(text))
        if group is not None:
            shown = replace(shown, said=Said(f"{shown.said.text}: {text}", shown.said.language))
        found.setdefault(show(metric, graph).said.text, []).append((amount, shown))
    return [
        Row(name, [shown for _, shown in sorted(values, key=lambda pair: -pair[0])])
        for name, values in sorted(found.items())
    ]


def _amount(value: str) -> tuple[float, str]:
    """A number and how it is written: decimals between 0 and 1 are shares."""
    try:
        amount = float(value)
    except ValueError:
        return 0.0, value
    return amount, f"{amount:.0%}" if "." in value and 0 <= amount <= 1 else number(value)


def literal(graph: Graph, subject: Term, predicate: NamedNode) -> str:
    """The first literal of a property, or nothing."""
    return next((o.value for o in graph.objects(subject, predicate) if isinstance(o, Literal)), "")


def span(first: str, last: str) -> str:
    """From one value to another, either of which may be missing."""
    if first and last:
        return first if first == last else f"{first} – {last}"
    return f"{_('from')} {first}" if first else f"{_('until')} {last}" if last else ""


def _periods(graph: Graph, dataset: NamedNode, predicate: NamedNode) -> str:
    spans = (
        span(
            _moment(graph, period, DCAT.startDate, TIME.hasBeginning), _moment(graph, period, DCAT.endDate, TIME.hasEnd)
        )
        for period in graph.objects(dataset, predicate)
    )
    return "; ".join(filter(None, spans))


def _moment(graph: Graph, period: Term, plain: NamedNode, instant: NamedNode) -> str:
    direct = literal(graph, period, plain)
    if direct:
        return day(direct)
    moment = graph.value(period, instant)
    return next((day(text) for form in _INSTANTS if moment and (text := literal(graph, moment, form))), "")
