"""What the search index holds about a dataset, how it is rebuilt, and how people search it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalogue.errors import CatalogueError
from catalogue.graphs import Graph, Literal, NamedNode, Term, parse
from catalogue.model import Outcome, Report, Severity
from catalogue.names import ADMS, CSVW, DCAT, DCT, DPV, EU, EUCAIM, FOAF, GEODCATAP, HEALTH, SKOS, key
from catalogue.ports import Archive, Entry, Hit, Index, Query, Store
from catalogue.quality import Label
from catalogue.queries import query
from catalogue.rulebook import LINKS, NAMES, Rulebook
from catalogue.verdicts import kept, verdicts

CONCEPTS = (
    DCAT.theme,
    HEALTH.healthTheme,
    HEALTH.healthCategory,
    HEALTH.hasCodingSystem,
    EUCAIM.hasImageModality,
    EUCAIM.hasImageBodyPart,
    EUCAIM.hasEquipmentManufacturer,
    EUCAIM.hasBirthSex,
    EUCAIM.hasAnnotationLabel,
    EUCAIM.hasCondition,
    DCT.accessRights,
    DCT.license,
    DCT.spatial,
    DCT.subject,
    DCT.type,
    DCT.conformsTo,
    DPV.hasPersonalData,
)
"""Properties of a dataset whose values are concepts that people search by."""

AGENTS = (DCT.publisher, DCT.creator, GEODCATAP.custodian, HEALTH.hdab)
LITERALS = (DCT.alternative, DCT.identifier, HEALTH.hasCodeValues, HEALTH.populationCoverage)
COUNTRY = EU + "country/"
MAX_COLUMNS = 500
"""Variables of a data dictionary whose names can be searched, per dataset."""

_FACETS = {
    "category": HEALTH.healthCategory,
    "theme": HEALTH.healthTheme,
    "modality": EUCAIM.hasImageModality,
    "body_part": EUCAIM.hasImageBodyPart,
    "disease": EUCAIM.hasCondition,
    "access": DCT.accessRights,
}

RECORDS = 100
"""Records that are read from the store at a time."""
SIZES = (1, 100, 1000, 10_000, 100_000)
"""Fewest individuals of each value of the facet ``cohort``."""
AGES: Mapping[str, tuple[int, int]] = {"0-17": (0, 17), "18-64": (18, 64), "65-": (65, 200)}
"""Values of the facet ``age``: children, adults, older adults, in years (MeSH groups, those below 18 together)."""

# --- building ---------------------------------------------------------------------------------------------------


def entry(graph: Graph, source_name: str, label: Label, report: Report, rulebook: Rulebook, changed: datetime) -> Entry:
    """What the index holds about the dataset of a label, from its description, its label and its validation report.

    ``changed`` is when the description came to be as it is.
    """
    violations = len(report.of(Severity.VIOLATION))
    found = entry_of(label.dataset, graph, source_name, label.stars, violations, rulebook, changed)
    said = verdicts(report, rulebook)
    breaks, meets = (
        [one.provision for one in said if one.outcome is outcome] for outcome in (Outcome.FAILED, Outcome.PASSED)
    )
    return replace(found, breaks=breaks, meets=meets)


def entry_of(
    dataset: str,
    graph: Graph,
    source_name: str,
    stars: int | None,
    violations: int,
    rulebook: Rulebook,
    changed: datetime,
) -> Entry:
    """The same from what the catalogue record keeps: ``stars`` 0 to 5 or None, number of violations."""
    node = NamedNode(dataset)
    facets = {facet: _values(graph.objects(node, predicate)) for facet, predicate in _FACETS.items()}
    individuals = max(map(_number, graph.objects(node, HEALTH.numberOfUniqueIndividuals)), default=0)
    facets["cohort"] = [str(max(least for least in SIZES if least <= individuals))] if individuals else []
    facets["age"] = _ages(graph, node)
    facets["country"] = [value for value in _values(graph.objects(node, DCT.spatial)) if value.startswith(COUNTRY)]
    names = {_name(graph, agent) for agent in graph.objects(node, DCT.publisher)}
    facets["publisher"] = sorted(filter(None, names))
    facets["label"] = ["none" if stars is None else str(stars)]
    facets["source"] = [source_name]
    return Entry(
        iri=dataset,
        key=key(dataset),
        title=_by_language(graph.objects(node, DCT.title)),
        description=_by_language(graph.objects(node, DCT.description)),
        keywords=_texts(graph.objects(node, DCAT.keyword)),
        terms=sorted(set(_terms(graph, node, rulebook))),
        facets=facets,
        modified=max(_texts(graph.objects(node, DCT.modified)), default=""),
        individuals=individuals,
        stars=stars or 0,
        violations=violations,
        changed=changed,
    )


def _terms(graph: Graph, dataset: NamedNode, rulebook: Rulebook) -> Iterator[str]:
    """Names in every language of whatever the dataset refers to."""
    for predicate in CONCEPTS:
        for value in graph.objects(dataset, predicate):
            yield from _names_of(graph, rulebook, value)
    for distribution in graph.objects(dataset, DCAT.distribution):
        for predicate in (DCT["format"], DCT.license):
            for value in graph.objects(distribution, predicate):
                yield from _names_of(graph, rulebook, value)
    for predicate in AGENTS:
        for agent in graph.objects(dataset, predicate):
            yield from _texts(graph.objects(agent, FOAF.name))
    for predicate in LITERALS:
        yield from _texts(graph.objects(dataset, predicate))
    for identifier in graph.objects(dataset, ADMS.identifier):
        yield from _texts([identifier, *graph.objects(identifier, SKOS.notation)])
    yield from _columns(graph, dataset)


def _names_of(graph: Graph, rulebook: Rulebook, value: Term) -> Iterator[str]:
    """The text of a literal; else the names that the rulebook and the description itself have for a concept."""
    if isinstance(value, Literal):
        yield value.value
        return
    waiting: list[Term] = [value]
    seen: set[Term] = {value}
    while waiting:
        concept = waiting.pop()
        if isinstance(concept, NamedNode):
            yield from rulebook.names_of(concept.value)
        for name in NAMES:
            yield from _texts(graph.objects(concept, name))
        for link in LINKS:
            further = [other for other in graph.objects(concept, link) if other not in seen]
            seen.update(further)
            waiting += further


def _columns(graph: Graph, dataset: NamedNode) -> Iterator[str]:
    """Names and titles of the variables of the data dictionary (CSV on the Web)."""
    columns = (
        column
        for group in graph.objects(dataset, HEALTH.hasVariables)
        for table in graph.objects(group, CSVW.table)
        for column in graph.objects(table, CSVW.column)
    )
    for _, column in zip(range(MAX_COLUMNS), columns, strict=False):
        for name in (CSVW.name, CSVW.title, CSVW.titles, DCT.description):
            yield from _texts(graph.objects(column, name))


def _ages(graph: Graph, dataset: NamedNode) -> list[str]:
    """The groups of age that lie in the typical ages; none when neither the lowest nor the highest is stated."""
    lowest, highest = (
        [int(term.value) for term in graph.objects(dataset, bound) if str(term.value).isdecimal()]
        for bound in (HEALTH.minTypicalAge, HEALTH.maxTypicalAge)
    )
    if not lowest and not highest:
        return []
    youngest, oldest = min(lowest, default=0), max(highest, default=AGES["65-"][1])
    return [name for name, (first, last) in AGES.items() if youngest <= last and oldest >= first]


def _values(terms: Iterable[Term]) -> list[str]:
    """IRIs and plain texts; a blank node is no value to choose by."""
    return sorted({term.value for term in terms if isinstance(term, (NamedNode, Literal)) and term.value})


def _texts(terms: Iterable[Term]) -> list[str]:
    """Sorted, since the triples of a graph have no order and the same graph must give the same entry."""
    return sorted(term.value for term in terms if isinstance(term, Literal) and term.value.strip())


def _by_language(terms: Iterable[Term]) -> dict[str, str]:
    """Texts by language, "" for none; several in one language are joined."""
    texts: dict[str, list[str]] = {}
    for term in terms:
        if isinstance(term, Literal) and term.value.strip():
            texts.setdefault((term.language or "").lower(), []).append(term.value)
    return {language: "\n".join(sorted(parts)) for language, parts in sorted(texts.items())}


def _name(graph: Graph, agent: Term) -> str:
    """The name of an agent, English if there is one; else its IRI."""
    names = _by_language([agent, *graph.objects(agent, FOAF.name)])
    name = names.get("en") or next(iter(names.values()), "")
    return name.split("\n")[0].strip() or (agent.value if isinstance(agent, NamedNode) else "")


def _number(term: Term) -> int:
    try:
        return max(0, int(term.value)) if isinstance(term, Literal) else 0
    except ValueError:
        return 0


# --- rebuilding -------------------------------------------------------------------------------------------------


def reindex(
    store: Store, archive: Archive, index: Index, rulebook: Rulebook, progress: Callable[[int], None] | None = None
) -> int:
    """Build the index anew from store and archive; until the end the old one answers. Returns the number of datasets.

    ``progress`` is called with the number done. Raises :class:`~catalogue.errors.CatalogueError` when store or archive
    cannot be read; then the index is what it was.
    """
    count = 0

    def entries() -> Iterator[Entry]:
        nonlocal count
        rows = store.select(query("records"))
        for some in (rows[start : start + RECORDS] for start in range(0, len(rows), RECORDS)):
            records = store.graphs([row["record"].value for row in some])
            for row, record in zip(some, records, strict=True):
                yield _restored(row, Graph(record), store, archive, rulebook)
                count += 1
                if progress is not None:
                    progress(count)

    index.clear()
    try:
        index.put(entries())
    except CatalogueError:
        index.rollback()
        raise
    index.commit()
    return count


def _restored(row: Mapping[str, Term], record: Graph, store: Store, archive: Archive, rulebook: Rulebook) -> Entry:
    """The description from the archive, which is fast; from the store when the archive has lost it."""
    digest = row["digest"].value
    content = archive.get(digest)
    if content is None:
        graph = Graph(store.graph(row["record"].value + "/description"))
    else:
        graph = Graph(parse(content, "application/n-quads", where=f"archive {digest}"))
    found = entry_of(
        row["dataset"].value,
        graph,
        row["node"].value.rstrip("/").rsplit("/", 1)[-1],
        int(row["stars"].value) if "stars" in row else None,
        int(row["violations"].value),
        rulebook,
        datetime.fromisoformat(str(row["modified"].value)),
    )
    return replace(found, breaks=kept(record, Outcome.FAILED), meets=kept(record, Outcome.PASSED))


# --- searching --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, as people see it."""

    value: str
    label: str
    count: int
    """Datasets found if this value alone were chosen in its facet."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results whose values have names."""

    total: int
    hits: Sequence[Hit]
    counts: Mapping[str, Sequence[Value]]
    """Facet name -> values, most frequent first."""
    labels: Mapping[str, str]
    """Names of all facet values of the hits."""
    suggestion: str = ""
    """Another spelling of the query that finds something; empty when there was nothing to mend."""


class Search:
    """Searches the index and names what it finds in the reader's language."""

    def __init__(self, index: Index, rulebook: Rulebook) -> None:
        self._index = index
        self._rulebook = rulebook

    def find(self, wanted: Query, *languages: str) -> Found:
        """One page of results; ``languages`` are the reader's, best first.

        Raises :class:`~catalogue.errors.BadInput` for an unknown facet or order, or a page that does not exist.
        """
        results = self._index.search(replace(wanted, languages=languages or wanted.languages))
        counts = {
            facet: [
                Value(value, self._label(value, languages), count, value in wanted.facets.get(facet, ()))
                for value, count in pairs
            ]
            for facet, pairs in results.counts.items()
        }
        used = {value for hit in results.hits for values in hit.facets.values() for value in values}
        labels = {value: self._label(value, languages) for value in used}
        return Found(results.total, results.hits, counts, labels, results.suggestion)

    def _label(self, value: str, languages: Sequence[str]) -> str:
        """The name of a concept; anything else is its own name, also what only looks like an IRI."""
        if "://" not in value:
            return value
        try:
            return self._rulebook.label_of(value, *languages)
        except ValueError:
            return value
