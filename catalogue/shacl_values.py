"""The constraint components of SHACL Core that look at one value node at a time (SHACL section 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalogue.graphs import RDF_TYPE, BlankNode, Literal, NamedNode, Term
from catalogue.names import RDFS, SH
from catalogue.shacl_literals import LEXICAL, ordered, precedes
from catalogue.shacl_parameters import Nested, Parameters, Test
from catalogue.shacl_paths import View
from catalogue.shacl_pattern import compile_pattern

_KINDS: Mapping[str, frozenset[type]] = {
    SH.IRI.value: frozenset({NamedNode}),
    SH.BlankNode.value: frozenset({BlankNode}),
    SH.Literal.value: frozenset({Literal}),
    SH.BlankNodeOrIRI.value: frozenset({BlankNode, NamedNode}),
    SH.BlankNodeOrLiteral.value: frozenset({BlankNode, Literal}),
    SH.IRIOrLiteral.value: frozenset({NamedNode, Literal}),
}


def _node_kind(parameters: Parameters, value: Term, _: Nested) -> Test:
    kinds = _KINDS.get(parameters.iri("nodeKind", value))
    if kinds is None:
        raise parameters.refusal(f"sh:nodeKind {value} is not a node kind", "use one of " + ", ".join(_KINDS))
    return lambda _view, node: type(node) in kinds


def _datatype(parameters: Parameters, value: Term, _: Nested) -> Test:
    datatype = NamedNode(parameters.iri("datatype", value))
    if datatype == RDFS.Literal:
        raise parameters.refusal("no literal has the datatype rdfs:Literal", "use sh:nodeKind sh:Literal")
    lexical = LEXICAL.get(datatype.value)
    if lexical is None:
        return lambda _view, node: type(node) is Literal and node.datatype == datatype
    return lambda _view, node: type(node) is Literal and node.datatype == datatype and bool(lexical(node.value))


def _class(parameters: Parameters, value: Term, _: Nested) -> Test:
    parameters.iri("class", value)
    classes = frozenset({value})

    def test(view: View, node: Term) -> bool:
        types = view.outgoing(node).get(RDF_TYPE)
        if types is None:
            return False
        return value in types or (bool(view.hierarchy) and view.is_instance(node, classes))

    return test


def _in(parameters: Parameters, value: Term, _: Nested) -> Test:
    members = frozenset(parameters.members("in", value))
    return lambda _view, node: node in members


def _pattern(parameters: Parameters, value: Term, _: Nested) -> Test:
    flags = parameters.one("flags")
    if not isinstance(value, Literal) or not (flags is None or isinstance(flags, Literal)):
        raise parameters.refusal("sh:pattern or sh:flags is not text", "give a string")
    try:
        found = compile_pattern(value.value, flags.value if flags else "").search
    except ValueError as error:
        raise parameters.refusal(f"sh:pattern {value}: {error}", "write the pattern in another way") from error
    return lambda _view, node: type(node) is not BlankNode and found(node.value) is not None


def _min_length(parameters: Parameters, _value: Term, _: Nested) -> Test:
    shortest = parameters.integer("minLength") or 0
    return lambda _view, node: type(node) is not BlankNode and len(node.value) >= shortest


def _max_length(parameters: Parameters, _value: Term, _: Nested) -> Test:
    longest = parameters.integer("maxLength") or 0
    return lambda _view, node: type(node) is not BlankNode and len(node.value) <= longest


def _language_in(parameters: Parameters, value: Term, _: Nested) -> Test:
    ranges = [member.value.lower() for member in parameters.members("languageIn", value) if isinstance(member, Literal)]
    exact, longer, any_tag = frozenset(ranges), tuple(language + "-" for language in ranges), "*" in ranges

    def test(_view: View, node: Term) -> bool:
        if type(node) is not Literal or not node.language:
            return False
        tag = node.language.lower()
        return tag in exact or any_tag or tag.startswith(longer)

    return test


def _range(name: str, *, is_lower: bool, or_equal: bool) -> Callable[[Parameters, Term, Nested], Test]:
    def build(parameters: Parameters, value: Term, _: Nested) -> Test:
        bound = ordered(value)
        if bound is None:
            raise parameters.refusal(f"the value {value} of sh:{name} has no order", "give a number or a date")
        if is_lower:
            return lambda _view, node: precedes(bound, ordered(node), or_equal=or_equal)
        return lambda _view, node: precedes(ordered(node), bound, or_equal=or_equal)

    return build


def _node(_parameters: Parameters, value: Term, nested: Nested) -> Test:
    return nested(value)


def _not(_parameters: Parameters, value: Term, nested: Nested) -> Test:
    conforms = nested(value)
    return lambda view, node: not conforms(view, node)


def _shapes(parameters: Parameters, name: str, head: Term, nested: Nested) -> tuple[Test, ...]:
    members = parameters.members(name, head)
    if not members:
        raise parameters.refusal(f"the list of sh:{name} is empty", "name at least one shape")
    return tuple(nested(member) for member in members)


def _and(parameters: Parameters, value: Term, nested: Nested) -> Test:
    tests = _shapes(parameters, "and", value, nested)
    return lambda view, node: all(test(view, node) for test in tests)


def _or(parameters: Parameters, value: Term, nested: Nested) -> Test:
    tests = _shapes(parameters, "or", value, nested)

    def test(view: View, node: Term) -> bool:
        for alternative in tests:  # noqa: SIM110 - a loop; any() would build a generator for every value
            if alternative(view, node):
                return True
        return False

    return test


def _xone(parameters: Parameters, value: Term, nested: Nested) -> Test:
    tests = _shapes(parameters, "xone", value, nested)
    return lambda view, node: sum(test(view, node) for test in tests) == 1


VALUE_TESTS: Mapping[str, tuple[str, bool, Callable[[Parameters, Term, Nested], Test]]] = {
    "nodeKind": ("NodeKind", True, _node_kind),
    "datatype": ("Datatype", True, _datatype),
    "class": ("Class", False, _class),
    "in": ("In", True, _in),
    "pattern": ("Pattern", True, _pattern),
    "minLength": ("MinLength", True, _min_length),
    "maxLength": ("MaxLength", True, _max_length),
    "languageIn": ("LanguageIn", True, _language_in),
    "minInclusive": ("MinInclusive", True, _range("minInclusive", is_lower=True, or_equal=True)),
    "minExclusive": ("MinExclusive", True, _range("minExclusive", is_lower=True, or_equal=False)),
    "maxInclusive": ("MaxInclusive", True, _range("maxInclusive", is_lower=False, or_equal=True)),
    "maxExclusive": ("MaxExclusive", True, _range("maxExclusive", is_lower=False, or_equal=False)),
    "node": ("Node", False, _node),
    "not": ("Not", False, _not),
    "and": ("And", False, _and),
    "or": ("Or", False, _or),
    "xone": ("Xone", False, _xone),
}
"""By parameter: name of the component, whether it may be given only once, and what compiles it."""
