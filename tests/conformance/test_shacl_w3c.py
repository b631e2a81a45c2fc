"""The W3C test suite of SHACL Core, both engines.

The suite is not part of this repository. Its folder ``core`` is found through the environment variable
``SHACL_TEST_SUITE``; the source distribution of pySHACL brings a copy:
``pip download --no-deps --no-binary pyshacl pyshacl`` and, in what it unpacks to, ``test/resources/sht_tests/core``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue.errors import RulebookError
from catalogue.graphs import BlankNode, Graph, NamedNode, Term, media_type_of, parse
from catalogue.model import Finding
from catalogue.names import SH, Namespace
from catalogue.ports import Validator
from catalogue.shacl import CompiledValidator, PyshaclValidator
from catalogue.shacl_paths import compile_path

SUITE = os.environ.get("SHACL_TEST_SUITE", "")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
BOTH: dict[str, Callable[[Mapping[str, Graph], Graph], Validator]] = {
    "compiled": CompiledValidator,
    "pyshacl": PyshaclValidator,
}

Result = tuple[str, str | None, str | None, str, str, str]

REFUSED = {
    "misc/severity-002": "a severity of one's own: a finding is a violation, a warning or an information, nothing else",
    "node/qualified-001": "a qualified count on a node shape is to be ignored; we would rather not ignore a rule",
    "property/uniqueLang-002": 'sh:uniqueLang "1"^^xsd:boolean is to be ignored; likewise',
}
"""Cases whose shapes our compiler refuses at load, with the reason."""
PYSHACL_WRONG = {
    "misc/severity-002": "not pySHACL's fault: our values know three severities",
    "property/uniqueLang-002": "takes the lexical form 1 for true",
}
"""Cases in which the reference departs from the recommendation."""


@dataclass(frozen=True)
class Case:
    name: str
    shapes: Graph
    data: Graph
    results: Counter[Result]


def cases() -> Iterator[Case]:
    for file in sorted(Path(SUITE).rglob("*.ttl")) if SUITE else ():
        manifest = read(file.as_uri())
        for test in manifest.instances(SHT.Validate):
            action, report = manifest.value(test, MF.action), manifest.value(test, MF.result)
            assert action is not None
            assert report is not None
            shapes, data = (manifest.value(action, name) for name in (SHT.shapesGraph, SHT.dataGraph))
            assert shapes is not None
            assert data is not None
            results = Counter(expected(manifest, result) for result in manifest.objects(report, SH.result))
            yield Case(
                f"{file.parent.name}/{file.stem}", without_reports(read(shapes.value)), read(data.value), results
            )


def read(uri: str) -> Graph:
    file = Path(uri.removeprefix("file://"))
    return Graph(parse(file.read_bytes(), media_type_of(file.name) or "text/turtle", base=uri, where=file.name))


def without_reports(graph: Graph) -> Graph:
    """A test file holds shapes and the expected report together, which is no shapes graph; take the report out."""
    reports: set[Term] = {*graph.instances(SH.ValidationReport), *graph.instances(SH.ValidationResult)}
    reports.update(result for report in reports for result in graph.objects(report, SH.result))
    # One file's instances have a property sh:nodeShape, a term that SHACL does not have.
    return Graph(t for t in graph if t.subject not in reports and t.predicate != SH.nodeShape)


def expected(manifest: Graph, result: Term) -> Result:
    path = manifest.value(result, SH.resultPath)
    shape = manifest.value(result, SH.sourceShape)
    return (
        plain(manifest.value(result, SH.focusNode)) or "",
        None if path is None else compile_path(manifest, path, "")[1],
        plain(manifest.value(result, SH.value)),
        plain(manifest.value(result, SH.sourceConstraintComponent)) or "",
        plain(manifest.value(result, SH.resultSeverity)) or "",
        shape.value if isinstance(shape, NamedNode) else "",
    )


def plain(term: Term | None) -> str | None:
    return None if term is None else "_:" if isinstance(term, BlankNode) else str(term)


def actual(findings: Iterable[Finding], wanted: Counter[Result]) -> Counter[Result]:
    """Findings as results; the source shape counts where the suite names it (it is a blank node elsewhere)."""
    results = [
        (plain(f.focus) or "", f.path, plain(f.value), f"<{f.component}>", f"<{f.severity.value}>", f.rule)
        for f in findings
    ]
    return Counter(result if result in wanted else (*result[:5], "") for result in results)


@pytest.mark.skipif(not SUITE, reason="SHACL_TEST_SUITE does not name the folder core of the W3C suite")
@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_w3c(case: Case, engine: str) -> None:
    if engine == "compiled" and case.name in REFUSED:
        with pytest.raises(RulebookError):
            CompiledValidator({"": case.shapes}, Graph())
        return
    if engine == "pyshacl" and case.name in PYSHACL_WRONG:
        pytest.xfail(PYSHACL_WRONG[case.name])
    validator = BOTH[engine]({"": case.shapes}, Graph())
    assert actual(validator.validate(case.data, "").findings, case.results) == case.results


@pytest.mark.skipif(not SUITE, reason="SHACL_TEST_SUITE does not name the folder core of the W3C suite")
def test_the_suite_is_whole() -> None:
    assert sum(1 for _ in cases()) == 98
