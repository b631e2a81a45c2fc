"""Reads the values of a rulebook out of a graph that its own shapes have already accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term, Triple, digest
from catalogue.model import Provision, Rule, Severity
from catalogue.names import CAT, DCT, DQV, ELI, PROF, RDFS, SH, SKOS


@dataclass(frozen=True, slots=True)
class Profile:
    """The shapes for one access level of one release of a specification."""

    iri: str
    title: str
    specification: str
    """IRI of the specification, whatever its release."""
    release: str
    access_right: str | None
    """IRI in the EU access-right table; None for the profile of datasets that do not say."""
    shapes: Graph
    """Every node shape of the profile with all it reaches, ready to compile."""


def named(graph: Graph, rdf_class: NamedNode) -> list[NamedNode]:
    """The named nodes of a class."""
    return [node for node in graph.instances(rdf_class) if isinstance(node, NamedNode)]


def texts(graph: Graph, node: Term, predicate: NamedNode) -> Mapping[str, str]:
    """The literals of a property by language."""
    found = [o for o in graph.objects(node, predicate) if isinstance(o, Literal)]
    return {(o.language or ""): o.value for o in found}


def _date(graph: Graph, node: Node) -> date | None:
    text = graph.text(node, CAT.appliesFrom)
    return date.fromisoformat(text) if text else None


def rule(graph: Graph, node: NamedNode) -> Rule:
    """One ``cat:Rule``."""
    dimension = graph.value(node, DQV.inDimension)
    severity = graph.value(node, SH.severity)
    return Rule(
        iri=node.value,
        message=texts(graph, node, SH.message),
        fix=texts(graph, node, CAT.fix),
        severity=Severity(severity.value if severity else SH.Violation.value),
        provisions=tuple(source.value for source in graph.objects(node, DCT.source)),
        path=_path(graph, graph.value(node, SH.path)),
        dimension=dimension.value if dimension else None,
        applies_from=_date(graph, node),
    )


def _path(graph: Graph, path: Term | None) -> str | None:
    """A property IRI as it is, anything else in SPARQL path syntax."""
    if path is None or isinstance(path, NamedNode):
        return path.value if path else None
    return _steps(graph, path)


def _steps(graph: Graph, path: Term) -> str:
    if isinstance(path, NamedNode):
        return f"<{path.value}>"
    inverse, alternative = graph.value(path, SH.inversePath), graph.value(path, SH.alternativePath)
    if inverse is not None:
        return "^" + _steps(graph, inverse)
    if alternative is not None:
        return "(" + "|".join(_steps(graph, step) for step in graph.items(alternative)) + ")"
    return "/".join(_steps(graph, step) for step in graph.items(path))


def profile(graph: Graph, shapes: Graph, node: NamedNode) -> Profile:
    """One ``cat:Profile`` with the shapes of its own, of the profiles it extends and those that apply to every profile.

    A rule that replaces another (``dct:replaces``) takes its place in each profile that has both.
    """
    right, specification = graph.value(node, DCT.accessRights), graph.value(node, DCT.isVersionOf)
    family = _family(graph, node)
    wanted = [shape for member in family for shape in graph.objects(member, CAT.uses)]
    for everyone in (CAT.AllProfiles, *family):
        wanted += graph.subjects(CAT.appliesTo, everyone)
    roots = [shape for shape in wanted if not isinstance(shape, Literal)]
    replaced = _replaced(shapes, roots)
    boundary = replaced.union(shapes.instances(CAT.Profile))
    reached = Graph()
    for root in roots:
        if root not in replaced:
            reached.update(shapes.described(root, boundary))
            _keep(reached, root, replaced)
    return Profile(
        iri=node.value,
        title=graph.text(node, DCT.title, "en") or node.value,
        specification=specification.value if specification else "",
        release=graph.text(node, DCT.hasVersion) or "0",
        access_right=right.value if right else None,
        shapes=reached,
    )


def _family(graph: Graph, node: NamedNode) -> list[Term]:
    """A profile and, step by step, those it extends (``prof:isProfileOf``)."""
    family: list[Term] = [node]
    for member in family:
        family += [base for base in graph.objects(member, PROF.isProfileOf) if base not in family]
    return family


def _replaced(shapes: Graph, roots: Iterable[Node]) -> frozenset[Node]:
    """The rules whose place is taken by a rule among these shapes or in their groupings."""
    rules = (rule for root in roots for rule in (root, *shapes.objects(root, SH.property)))
    return frozenset(old for rule in rules for old in shapes.objects(rule, DCT.replaces) if isinstance(old, NamedNode))


def _keep(reached: Graph, grouping: Node, replaced: frozenset[Node]) -> None:
    """Take the replaced rules out of a grouping."""
    rules = reached.objects(grouping, SH.property)
    if not replaced.isdisjoint(rules):
        reached.remove(grouping, SH.property)
        for rule in rules:
            if rule not in replaced:
                reached.add(grouping, SH.property, rule)


def specifications(graph: Graph) -> dict[str, str]:
    """The specification that each IRI names: its own, that of one of its releases, or the page of either."""
    found: dict[str, str] = {}
    for node in named(graph, CAT.Specification):
        whole = graph.value(node, DCT.isVersionOf) or node
        for name in (node, *graph.objects(node, RDFS.seeAlso)):
            found[name.value.rstrip("/#")] = whole.value
    return found


def default_specification(graph: Graph) -> str:
    """The one by which a dataset is checked when nobody chose another."""
    return next((node.value for node in named(graph, CAT.DefaultSpecification)), "")


def provisions(graph: Graph) -> dict[str, Provision]:
    """All provisions by IRI, in the order of the files."""
    return {
        node.value: Provision(
            iri=node.value,
            number=graph.text(node, ELI.number) or "",
            text=texts(graph, node, SKOS.definition),
            actor=graph.text(node, CAT.actor, "en") or "",
            applies_from=_date(graph, node),
        )
        for node in named(graph, ELI.LegalResourceSubdivision)
    }


def vocabulary(graph: Graph) -> Graph:
    """What validation may look up: concepts, schemes, acts, metrics and class axioms, but no rule."""
    context = Graph()
    for kind in (SKOS.Concept, SKOS.ConceptScheme, ELI.LegalResource, DQV.Metric):
        for node in graph.instances(kind):
            context.update(Triple(node, NamedNode(p), o) for p, values in graph.outgoing(node).items() for o in values)
    for node in list(graph.nodes):
        for parent in graph.objects(node, RDFS.subClassOf):
            context.add(node, RDFS.subClassOf, parent)
    return context


def names_digest(graph: Graph, properties: Sequence[NamedNode]) -> str:
    """A digest of all values that these properties have on named nodes."""
    lines = sorted(
        f"{node} {name} {value}"
        for node in graph.nodes
        if isinstance(node, NamedNode)
        for name in properties
        for value in graph.objects(node, name)
        if not isinstance(value, BlankNode)
    )
    return digest("\n".join(lines).encode())
