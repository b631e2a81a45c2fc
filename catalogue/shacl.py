"""Validation against SHACL Core shapes by the compiled engine; pySHACL is the reference that it must agree with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from catalogue.errors import ConfigurationError
from catalogue.graphs import Graph
from catalogue.model import Finding, Report
from catalogue.shacl_compile import Compiler, is_shape, refuse_unknown
from catalogue.shacl_paths import View, without_labels
from catalogue.shacl_targets import Targets, hierarchy_of, subclasses

if TYPE_CHECKING:
    from catalogue.shacl_reference import PyshaclValidator

__all__ = ["Compiled", "CompiledValidator", "PyshaclValidator", "check"]


def __getattr__(name: str) -> Any:
    # pySHACL and rdflib take most of a second to import, which only those who ask for the reference should wait for.
    if name == "PyshaclValidator":
        from catalogue.shacl_reference import PyshaclValidator

        return PyshaclValidator
    raise AttributeError(name)


class Context:
    """Vocabularies, prepared once for the shapes of several profiles."""

    def __init__(self, graph: Graph) -> None:
        self.graph = without_labels(graph)
        self.subclasses = tuple(subclasses(self.graph))


class Compiled:
    """Shapes ready to validate any number of descriptions, from any number of threads.

    ``context`` is looked up for properties, types and superclasses, but its nodes are never targets.
    Raises :class:`~catalogue.errors.RulebookError` for an ill-formed or recursive shape and for a construct outside
    SHACL Core, naming both the shape and the construct.
    """

    def __init__(self, shapes: Graph, context: Graph | Context) -> None:
        refuse_unknown(shapes)
        known = context if isinstance(context, Context) else Context(context)
        self._context = known.graph
        self._hierarchy = hierarchy_of([*subclasses(shapes), *known.subclasses])
        compiler = Compiler(shapes)
        compiled = [(node, compiler.shape(node)) for node in shapes.nodes if is_shape(shapes, node)]
        self._shapes = [shape for _, shape in compiled if shape is not None]
        self._targets = Targets(shapes, [node for node, shape in compiled if shape is not None], self._hierarchy)

    def validate(self, graph: Graph) -> tuple[list[Finding], dict[str, int]]:
        """What is wrong with a description, and per rule how many nodes or values it was tested on."""
        own = list(subclasses(graph))
        hierarchy = hierarchy_of(own, self._hierarchy) if own else self._hierarchy
        view = View(graph, self._context, hierarchy)
        found: list[Finding] = []
        tested: dict[str, int] = defaultdict(int)
        for number, nodes in sorted(self._targets.focus_nodes(graph, hierarchy).items()):
            shape = self._shapes[number]
            for focus in nodes:
                shape.report_on(view, focus, found, tested)
        return found, dict(tested)


class CompiledValidator:
    """A :class:`~catalogue.ports.Validator` over one set of compiled shapes for each profile."""

    def __init__(self, profiles: Mapping[str, Graph], context: Graph) -> None:
        known = Context(context)
        self._profiles = {iri: Compiled(shapes, known) for iri, shapes in profiles.items()}

    def validate(self, graph: Graph, profile: str) -> Report:
        """Check a description; raises :class:`~catalogue.errors.ConfigurationError` for a profile there is not."""
        compiled = self._profiles.get(profile)
        if compiled is None:
            raise ConfigurationError(f"there is no profile {profile}", remedy="use one of " + ", ".join(self._profiles))
        findings, tested = compiled.validate(graph)
        return Report(profile, tuple(findings), tested)


def check(shapes: Graph, data: Graph) -> Sequence[Finding]:
    """What is wrong with ``data`` by ``shapes``, without context; for configuration: the rulebook and node files."""
    return Compiled(shapes, Graph()).validate(data)[0]
