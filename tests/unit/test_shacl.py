"""The compiled SHACL engine, construct by construct; semantics by the recommendation (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from catalogue.errors import BadInput, ConfigurationError
from catalogue.graphs import Graph, parse
from catalogue.model import Finding, Severity
from catalogue.names import SH
from catalogue.shacl import Compiled, CompiledValidator, PyshaclValidator, check

PREFIXES = (
    "@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> ."
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
)
EX = "http://example.org/"
QUALIFIED = "sh:qualifiedValueShape [ sh:class :C ] "
SHAPE = ":S a sh:NodeShape ; sh:targetNode :n "


def turtle(text: str) -> Graph:
    return Graph(parse((PREFIXES + text).encode(), "text/turtle"))


def brief(findings: list[Finding]) -> list[str]:
    """Rule, component and value of each finding, in short."""
    return sorted(
        " ".join(
            [
                f.rule.removeprefix(EX),
                f.component.removeprefix(SH.iri).removesuffix("ConstraintComponent"),
                *([] if f.value is None else [str(f.value).replace(EX, ":")]),
            ]
        )
        for f in findings
    )


def faults(shapes: str, data: str, context: str = "") -> list[str]:
    return brief(Compiled(turtle(shapes), turtle(context)).validate(turtle(data))[0])


def on_p(constraint: str, data: str) -> list[str]:
    """Components and values that fail when ``constraint`` is put on the values of :p of :n."""
    return [
        line.removeprefix("P ") for line in faults(f"{SHAPE}; sh:property :P . :P sh:path :p ; {constraint} .", data)
    ]


@pytest.mark.parametrize(
    ("constraint", "data", "expected"),
    [
        ("sh:minCount 2", ":n :p 1 .", ["MinCount"]),
        ("sh:maxCount 1", ":n :p 1, 2 .", ["MaxCount"]),
        ("sh:minCount 1 ; sh:maxCount 1", ":n :p 1 .", []),
        ("sh:minCount 2 ; sh:maxCount 0", ":n :p 1 .", ["MaxCount", "MinCount"]),
        ("sh:maxCount 1", ":n :q 1 .", []),
        (
            "sh:nodeKind sh:BlankNodeOrIRI",
            ":n :p :a, [], 1 .",
            ['NodeKind "1"^^<http://www.w3.org/2001/XMLSchema#integer>'],
        ),
        ("sh:class :C", ":n :p :a, :b . :a a :D . :D rdfs:subClassOf :C . :b a :E .", ["Class <:b>"]),
        ("sh:in ( :a 1 )", ":n :p :a, 1, :b .", ["In <:b>"]),
        ('sh:pattern "^A" ; sh:flags "i"', ':n :p "abc", "bca" .', ['Pattern "bca"']),
        ('sh:pattern "^http://example.org/a"', ":n :p :abc, :b .", ["Pattern <:b>"]),
        (
            'sh:pattern "." ; sh:minLength 1 ; sh:maxLength 99',
            ":n :p _:b .",
            ["MaxLength _:b", "MinLength _:b", "Pattern _:b"],
        ),
        ("sh:minLength 3", ':n :p "abc", "ab"@en .', ['MinLength "ab"@en']),
        ("sh:maxLength 2", ':n :p "ab", "abc" .', ['MaxLength "abc"']),
        ('sh:languageIn ( "en" )', ':n :p "a"@en, "b"@en-GB, "c"@de .', ['LanguageIn "c"@de']),
        ('sh:languageIn ( "en" )', ':n :p "a"@eng, "b" .', ['LanguageIn "a"@eng', 'LanguageIn "b"']),
        ('sh:languageIn ( "*" )', ':n :p "a"@de, "b" .', ['LanguageIn "b"']),
        ("sh:uniqueLang true", ':n :p "a"@en, "b"@en, "c"@de, "d"@de, "e"@de, "f"@fr .', ["UniqueLang", "UniqueLang"]),
        ("sh:uniqueLang false", ':n :p "a"@en, "b"@en .', []),
        ("sh:hasValue :a, :b", ":n :p :a .", ["HasValue"]),
        ("sh:equals :q", ":n :p :a, :b ; :q :b, :c .", ["Equals <:a>", "Equals <:c>"]),
        ("sh:equals :q", ":n :q :c .", ["Equals <:c>"]),
        ("sh:disjoint :q", ":n :p :a, :b ; :q :b .", ["Disjoint <:b>"]),
        ("sh:node [ sh:class :C ]", ":n :p :a .", ["Node <:a>"]),
        ("sh:node [ sh:hasValue :a ]", ":n :p :a, :b .", ["Node <:b>"]),
        (
            "sh:node [ sh:property [ sh:path :q ; sh:maxCount 1 ] ]",
            ":n :p :a, :b . :a :q 1, 2 . :b :q 1 .",
            ["Node <:a>"],
        ),
        ("sh:node [ sh:property [ sh:path :q ; sh:class :C ] ]", ":n :p :a . :a :q :b, :c . :b a :C .", ["Node <:a>"]),
        ("sh:node [ sh:class :C ; sh:deactivated true ]", ":n :p :a .", []),
        ("sh:not [ sh:class :C ]", ":n :p :a . :a a :C .", ["Not <:a>"]),
        ("sh:and ( [ sh:class :C ] [ sh:class :D ] )", ":n :p :a . :a a :C .", ["And <:a>"]),
        ("sh:or ( [ sh:class :C ] [ sh:path :q ; sh:minCount 1 ] )", ":n :p :a, :b . :b :q 1 .", ["Or <:a>"]),
        ("sh:xone ( [ sh:class :C ] [ sh:class :D ] )", ":n :p :a, :b . :a a :C, :D . :b a :D .", ["Xone <:a>"]),
        (f"{QUALIFIED}; sh:qualifiedMinCount 1", ":n :p :a .", ["QualifiedMinCount"]),
        (f"{QUALIFIED}; sh:qualifiedMinCount 1", ":n :q :a .", ["QualifiedMinCount"]),
        (f"{QUALIFIED}; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1", ":n :p :a, :b . :a a :C .", []),
        (f"{QUALIFIED}; sh:qualifiedMaxCount 0", ":n :p :a . :a a :C .", ["QualifiedMaxCount"]),
        (
            f"{QUALIFIED}; sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 0",
            ":n :p :a . :a a :C .",
            ["QualifiedMaxCount", "QualifiedMinCount"],
        ),
        ("sh:minCount 1 ; sh:deactivated true", ":n :q 1 .", []),
    ],
)
def test_constraint(constraint: str, data: str, expected: list[str]) -> None:
    assert on_p(constraint, data) == expected


def test_less_than_has_a_result_for_each_pair() -> None:
    assert (
        on_p("sh:lessThan :q", ":n :p 2 ; :q 1, 2, 3 .")
        == ['LessThan "2"^^<http://www.w3.org/2001/XMLSchema#integer>'] * 2
    )
    assert len(on_p("sh:lessThanOrEquals :q", ":n :p 2 ; :q 1, 2, 3 .")) == 1
    assert len(on_p("sh:lessThan :q", ":n :p :a, 'x'@en ; :q 3 .")) == 2


def test_datatype_is_iri_and_lexical_form() -> None:
    data = ':n :p 1, "x"^^xsd:integer, "1", "a"@en, :a .'
    assert on_p("sh:datatype xsd:integer", data) == [
        'Datatype "1"',
        'Datatype "a"@en',
        'Datatype "x"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "Datatype <:a>",
    ]
    assert len(on_p("sh:datatype rdf:langString", data)) == 4
    assert len(on_p("sh:datatype :other", ':n :p 1, "anything"^^:other .')) == 1


@pytest.mark.parametrize(
    ("bound", "failing"),
    [
        ("sh:minInclusive 5", "4"),
        ("sh:minExclusive 5", "4 5"),
        ("sh:maxInclusive 5", "6"),
        ("sh:maxExclusive 5", "5 6"),
        ("sh:maxExclusive 5 ; sh:minInclusive 5", "4 5 6"),
    ],
)
def test_range(bound: str, failing: str) -> None:
    found = on_p(bound, ":n :p 4, 5, 6 .")
    assert sorted(line.split('"')[1] for line in found) == failing.split()
    assert len(on_p(bound.split(" ; ")[0], ':n :p :a, [], "5", "x"^^xsd:integer, "2020-01-01"^^xsd:date .')) == 5


def test_terms_are_compared_as_terms() -> None:
    assert on_p("sh:in ( 1 )", ":n :p 01 .") != []
    assert on_p("sh:hasValue 1.0", ":n :p 1.00 .") == ["HasValue"]


@pytest.mark.parametrize(
    ("path", "expected", "written"),
    [
        (":p", ["<:a>", "<:b>"], f"{EX}p"),
        ("[ sh:inversePath :p ]", ["<:m>"], f"^<{EX}p>"),
        ("( :p :q )", ["<:c>"], f"<{EX}p>/<{EX}q>"),
        ("[ sh:alternativePath ( :p :r ) ]", ["<:a>", "<:b>", "<:d>"], f"<{EX}p>|<{EX}r>"),
        ("[ sh:inversePath [ sh:inversePath :r ] ]", ["<:d>"], f"^(^<{EX}r>)"),
        ("[ sh:inversePath ( :q :p ) ]", [], f"^(<{EX}q>/<{EX}p>)"),
        ("[ sh:inversePath ( :r :p ) ]", ["<:x>"], f"^(<{EX}r>/<{EX}p>)"),
        ("[ sh:zeroOrMorePath :p ]", ["<:a>", "<:b>", "<:n>"], f"<{EX}p>*"),
        ("[ sh:oneOrMorePath [ sh:alternativePath ( :p :q ) ] ]", ["<:a>", "<:b>", "<:c>"], f"(<{EX}p>|<{EX}q>)+"),
        ("( [ sh:inversePath :p ] [ sh:zeroOrOnePath :p ] )", ["<:m>", "<:n>"], f"(^<{EX}p>)/(<{EX}p>?)"),
    ],
)
def test_path(path: str, expected: list[str], written: str) -> None:
    data = turtle(":m :p :n . :x :r :m . :n :p :a, :b ; :r :d . :a :q :c . :b :q :c .")
    shapes = turtle(f"{SHAPE}; sh:property [ sh:path {path} ; sh:nodeKind sh:Literal ] .")
    findings = check(shapes, data)
    assert sorted(str(f.value).replace(EX, ":") for f in findings) == expected
    assert {f.path for f in findings} <= {written}


def test_closed_reports_predicate_and_object() -> None:
    shapes = f"{SHAPE}; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ] ."
    (finding,) = check(turtle(shapes), turtle(":n a :C ; :p 1 ; :q :v ."))
    assert (finding.path, str(finding.value), finding.rule) == (f"{EX}q", f"<{EX}v>", f"{EX}S")


def test_targets_give_each_focus_node_once() -> None:
    shapes = (
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:targetNode :a, :absent ; sh:targetSubjectsOf :s ;"
        "sh:targetObjectsOf :o ; sh:nodeKind sh:Literal . :K a rdfs:Class, sh:NodeShape ; sh:nodeKind sh:Literal ."
    )
    data = ":a a :C, :K ; :s :b ; :o :b . :d a :Sub . :Sub rdfs:subClassOf :C . :b :o 1 ."
    assert faults(shapes, data) == ["K NodeKind <:a>", *(f"S NodeKind <:{name}>" for name in ("a", "absent", "b", "d"))]


def test_a_shape_is_a_class_also_through_a_class_of_classes() -> None:
    shapes = ":Kind rdfs:subClassOf rdfs:Class . :K a :Kind, sh:NodeShape ; sh:nodeKind sh:Literal ."
    assert faults(shapes, ":a a :K .") == ["K NodeKind <:a>"]


def test_classes_may_be_ordered_by_shapes_context_or_data() -> None:
    shapes = ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:class :C ] . {} ."
    for below in ("shapes", "context", "data", "none"):
        said = {
            name: ":D rdfs:subClassOf :C" if name == below else ":x :x :x" for name in ("shapes", "context", "data")
        }
        found = faults(shapes.format(said["shapes"]), f":n :p :a . :a a :D . {said['data']} .", said["context"] + " .")
        assert found == (["S Class <:a>"] if below == "none" else [])


def test_sibling_shapes_are_left_out_of_the_count() -> None:
    shapes = f"""{SHAPE}; sh:property :Thumb, :Finger, :Again .
        :Thumb sh:path :p ; sh:qualifiedValueShape :T ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true .
        :Finger sh:path :p ; sh:qualifiedValueShape [ sh:class :F ] ; sh:qualifiedMinCount 1 .
        :Again sh:path :q ; sh:qualifiedValueShape :T ; sh:qualifiedMaxCount 0 .
        :T a sh:NodeShape ; sh:class :Thumbs ."""
    assert faults(shapes, ":n :p :a, :b . :a a :Thumbs, :F . :b a :F .") == ["Thumb QualifiedMinCount"]
    assert faults(shapes, ":n :p :a, :b . :a a :Thumbs . :b a :F .") == []


def test_blame() -> None:
    """sh:node blames the outer shape, once; sh:property blames the inner; a blank shape goes by its parent's name."""
    shapes = f"""{SHAPE}; sh:severity sh:Info ; sh:node :Inner ; sh:property [ sh:path :p ; sh:minCount 1 ], :Named .
        :Inner a sh:NodeShape ; sh:property [ sh:path :q ; sh:minCount 1 ], [ sh:path :r ; sh:minCount 1 ] .
        :Named sh:path :p ; sh:severity sh:Warning ; sh:property [ sh:path :q ; sh:minCount 1 ] ; sh:hasValue :v ."""
    found = check(turtle(shapes), turtle(":n :s 1 ."))
    assert brief(list(found)) == ["Named HasValue", "S MinCount", "S Node <:n>"]
    severities = {(f.rule.removeprefix(EX), f.component.removeprefix(SH.iri)): f.severity for f in found}
    assert severities["S", "NodeConstraintComponent"] is Severity.INFO
    assert severities["S", "MinCountConstraintComponent"] is Severity.VIOLATION
    assert severities["Named", "HasValueConstraintComponent"] is Severity.WARNING
    nested = check(turtle(shapes), turtle(":n :p :v ; :q 1 ; :r 1 ."))
    assert [(f.rule, str(f.focus), f.path) for f in nested] == [(f"{EX}Named", f"<{EX}v>", f"{EX}q")]


CONCEPTS = ":yes :inScheme :scheme . :D rdfs:subClassOf :C . _:b0 :inScheme :scheme ."


def test_context_is_looked_up_but_never_in_focus() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetClass :C ; sh:property :P .
        :P sh:path :p ; sh:node [ sh:property [ sh:path :inScheme ; sh:hasValue :scheme ] ] ."""
    context = CONCEPTS + ":other a :C ; :p :no ."
    assert faults(shapes, ":n a :D ; :p :yes, :no .", context) == ["P Node <:no>"]
    assert faults(shapes, ":n a :C ; :p :yes . :yes :label 'described here too' .", context) == []
    assert faults(shapes, ":n a :C ; :p :yes . :yes :inScheme :another .", context) == []


def test_blank_nodes_of_context_and_description_are_apart() -> None:
    shapes = ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property [ sh:path ( :p :inScheme ) ; sh:minCount 1 ] ."
    assert faults(shapes, ":n :p _:b0 . _:b0 :label 1 .", CONCEPTS) == ["S MinCount"]


def test_tested_counts_what_applied() -> None:
    shapes = """:S a sh:NodeShape ; sh:targetClass :C ; sh:class :C ;
            sh:property :Presence, :Value, :Unused, :Off, :Walk, :Only .
        :Only sh:path :p ; sh:property [ sh:path :s ; sh:maxCount 1 ] .
        :Presence sh:path :p ; sh:minCount 1 . :Value sh:path :p ; sh:nodeKind sh:IRI .
        :Unused sh:path :q ; sh:maxCount 1 .
        :Off sh:path :p ; sh:minCount 1 ; sh:deactivated true . :Walk sh:path ( :p :r ) ; sh:nodeKind sh:IRI .
        :Group a sh:NodeShape ; sh:targetClass :C ; sh:property :Presence ."""
    _, tested = Compiled(turtle(shapes), Graph()).validate(turtle(":a a :C ; :p :x, :y . :b a :C . :x :r 1 ."))
    assert tested == {f"{EX}S": 2, f"{EX}Presence": 4, f"{EX}Value": 2, f"{EX}Walk": 1}


def test_several_threads_may_share_compiled_shapes() -> None:
    compiled = Compiled(
        turtle(f"{SHAPE}; sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 0 ] ."), turtle(":c :p :n .")
    )
    data = [turtle(f":m{number} :p :n .") for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert {len(found) for found, _ in pool.map(compiled.validate, data)} == {1}


def test_a_property_shape_may_have_a_target_itself() -> None:
    shapes = ":P a sh:PropertyShape ; sh:targetNode :n ; sh:path :p ; sh:maxCount 1 ; sh:nodeKind sh:IRI ."
    assert faults(shapes, ":n :p :a .") == []
    assert faults(shapes, ":n :p :a, :b .") == ["P MaxCount"]
    assert Compiled(turtle(shapes), Graph()).validate(turtle(":n :p :a, :b ."))[1] == {f"{EX}P": 2}


@pytest.mark.parametrize("engine", [CompiledValidator, PyshaclValidator])
def test_both_engines_behind_one_interface(engine: type[CompiledValidator] | type[PyshaclValidator]) -> None:
    validator = engine({"p": turtle(f"{SHAPE}; sh:property :P . :P sh:path :p ; sh:maxCount 0 .")}, Graph())
    report = validator.validate(turtle(":n :p 05 ."), "p")
    assert [f.rule for f in report.findings] == [f"{EX}P"]
    assert report.tested == {f"{EX}P": 1}
    assert not report.conforms
    with pytest.raises(ConfigurationError, match="no profile"):
        validator.validate(Graph(), "q")


def test_where_pyshacl_gives_up() -> None:
    shapes, data = turtle(f"{SHAPE}; sh:property [ sh:path :p ; sh:lessThan :q ] ."), turtle(":n :p [] ; :q 1 .")
    assert len(check(shapes, data)) == 1
    with pytest.raises(BadInput, match="pySHACL gave up"):
        PyshaclValidator({"": shapes}, Graph()).validate(data, "")
