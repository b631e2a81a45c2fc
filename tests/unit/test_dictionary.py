"""Data dictionaries in three forms say the same of a variable."""

from __future__ import annotations

import json

import pytest

from catalogue.dictionary import Dictionary, Kind, Variable, date_format
from catalogue.dictionary_json import read_json
from catalogue.errors import BadInput
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.profiling import declared, described, dictionary_of

DESCRIPTION = """
@prefix csvw: <http://www.w3.org/ns/csvw#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix h: <http://healthdataportal.eu/ns/health#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
<https://x.example/d> a dcat:Dataset ;
  dct:temporal [ dcat:startDate "2019"^^xsd:gYear ; dcat:endDate "2021-02"^^xsd:gYearMonth ] ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ;
  h:numberOfUniqueIndividuals "120"^^xsd:nonNegativeInteger ;
  h:hasVariables [ a csvw:TableGroup ; csvw:table [ a csvw:Table ; dct:title "visits" ;
    cat:comparison "admitted <= discharged" ;
    csvw:column [ csvw:name "age" ; csvw:datatype "nonNegativeInteger" ; csvw:required true ] ,
                [ csvw:name "day" ; csvw:datatype [ csvw:base "date" ; csvw:format "dd/MM/yyyy" ] ] ] ] .
<https://x.example/e> a dcat:Dataset .
"""


def graph() -> Graph:
    return Graph(parse(DESCRIPTION.encode(), "text/turtle"))


def variable(dictionary: Dictionary, name: str) -> Variable:
    found = dictionary.tables[0].variable(name)
    assert found is not None
    return found


def test_a_description_tells_variables_period_frequency_and_persons() -> None:
    node = described(graph(), "https://x.example/d")
    said = declared(graph(), node)
    assert (str(said.start), str(said.end), said.frequency, said.individuals) == (
        "2019-01-01",
        "2021-02-28",
        "MONTHLY",
        120,
    )
    dictionary = dictionary_of(graph(), node)
    age, day = variable(dictionary, "age"), variable(dictionary, "day")
    assert (age.kind, age.lowest, age.required, age.bounded) == (Kind.INTEGER, "0", True, False)
    assert (day.kind, day.format) == (Kind.DATE, "%d/%m/%Y")
    assert dictionary.tables[0].rules == ("admitted <= discharged",)
    assert dictionary.table("visits.csv", ["nothing"]) is dictionary.tables[0]
    assert dictionary.table("other.csv", ["nothing"]) is None


def test_which_dataset_is_meant_must_be_clear() -> None:
    with pytest.raises(BadInput, match="not clear"):
        described(graph(), "")
    with pytest.raises(BadInput, match="does not describe"):
        described(graph(), "https://x.example/other")
    assert declared(graph(), NamedNode("https://x.example/e")).period is False


def test_a_period_that_goes_on_has_no_end() -> None:
    more = DESCRIPTION.replace("dct:temporal [", 'dct:temporal [ dcat:startDate "2018-05-01" ] , [')
    said = declared(Graph(parse(more.encode(), "text/turtle")), NamedNode("https://x.example/d"))
    assert (str(said.start), said.end, said.period) == ("2018-05-01", None, True)


def test_csvw_and_table_schema_agree() -> None:
    csvw = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "visits.csv",
        "tableSchema": {
            "primaryKey": "n",
            "columns": [
                {"name": "n", "titles": "Number", "datatype": "integer", "required": True, "null": ["", "NA"]},
                {"name": "v", "titles": "Value", "datatype": {"base": "decimal", "minimum": 0, "maxExclusive": 5}},
            ],
        },
    }
    schema = {
        "fields": [
            {"name": "Number", "type": "integer", "constraints": {"required": True}, "missingValues": ["", "NA"]},
            {"name": "Value", "type": "number", "constraints": {"minimum": 0, "exclusiveMaximum": 5}},
        ],
        "primaryKey": ["Number"],
    }
    ours, theirs = (read_json(json.dumps(one).encode(), "x") for one in (csvw, schema))
    for name in ("Number", "Value"):
        one, other = variable(ours, name), variable(theirs, name)
        assert (one.kind, one.required, one.missing, one.minimum, one.below) == (
            other.kind,
            other.required,
            other.missing,
            other.minimum,
            other.below,
        )
    assert ours.tables[0].key == theirs.tables[0].key == ("Number",)


def test_labelled_codes_of_table_schema_2_tell_not_applicable_from_missing() -> None:
    codes = [{"value": "-9", "label": "Missing"}, {"value": "-8", "label": "Not applicable"}]
    found = read_json(json.dumps({"fields": [{"name": "a"}], "missingValues": codes}).encode(), "x")
    assert (variable(found, "a").missing, variable(found, "a").not_applicable) == (("-9",), ("-8",))


def test_a_datatype_that_is_not_known_is_not_checked() -> None:
    found = read_json(b'{"fields": [{"name": "place", "type": "geopoint"}]}', "x")
    assert not variable(found, "place").checked


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("yyyy-MM-dd", "%Y-%m-%d"), ("dd.MM.yyyy HH:mm", "%d.%m.%Y %H:%M"), ("yyyy-MM-ddTHH:mm", "%Y-%m-%dT%H:%M")],
)
def test_date_patterns(pattern: str, expected: str) -> None:
    assert date_format(pattern) == expected


def test_a_date_pattern_without_an_equal_is_not_guessed() -> None:
    assert date_format("EEE dd MMM") is None


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b"{}", b'{"fields": []}', b'{"fields": [3]}', b'{"fields": "a"}', b"\xff"]
)
def test_what_is_no_dictionary_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_json(content, "d.json")
