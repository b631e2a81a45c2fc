"""Where our verdict may differ from the official one: each difference by name, as narrow as it is, with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalogue.graphs import Literal, NamedNode
from catalogue.names import EU, XSD
from tests.conformance.official import Result, local
from tests.conformance.verdicts import Verdict

Test = Callable[[Result, Verdict], bool]


@dataclass(frozen=True, slots=True)
class Difference:
    """A kind of result that only one side has."""

    name: str
    where: str
    """Class, property and severity, or our rule; for the page."""
    reason: str
    applies: Test


def at(classes: str, properties: str, severity: str, components: str) -> tuple[str, Test]:
    """Official results of one class, property, severity and constraint component (each a list of words)."""

    def test(result: Result, verdict: Verdict) -> bool:
        return (
            (classes == "any class" or bool(verdict.classes(result.focus) & set(classes.split())))
            and local(result.path) in properties.split()
            and result.severity in severity.split()
            and result.component in components.split()
        )

    return f"{classes}: {properties} ({severity}; {components})", test


def rule(name: str, component: str) -> tuple[str, Test]:
    """Findings of one of our rules by one constraint component."""
    return f"rule {name} ({component})", lambda result, _: (result.rule, result.component) == (name, component)


def when(place: tuple[str, Test], words: str, test: Test) -> tuple[str, Test]:
    return f"{place[0]} {words}", lambda result, verdict: place[1](result, verdict) and test(result, verdict)


def iri_like(pattern: str) -> Test:
    return lambda result, _: isinstance(result.value, NamedNode) and bool(re.search(pattern, result.value.value))


def violation_in_both(result: Result, verdict: Verdict) -> bool:
    place = (result.place[0], result.path, "Violation")
    return result.severity == "Warning" and place in verdict.official and place in verdict.ours


def value_has_official_violation(result: Result, verdict: Verdict) -> bool:
    return any(focus == str(result.value) for focus, _, severity in verdict.official if severity == "Violation")


def activity_has_our_violation(result: Result, verdict: Verdict) -> bool:
    return any(
        found.rule == "activity/type" and found.focus == result.value
        for results in verdict.ours.values()
        for found in results
    )


def not_described(result: Result, verdict: Verdict) -> bool:
    return isinstance(result.value, NamedNode) and result.value not in verdict.graph


def whole_number(result: Result, _verdict: Verdict) -> bool:
    return isinstance(result.value, Literal) and result.value.datatype == XSD.nonNegativeInteger


def of_a_list(result: Result, _verdict: Verdict) -> bool:
    return isinstance(result.focus, NamedNode) and result.focus.value.startswith((EU, "https://sws.geonames.org/"))


def difference(name: str, place: tuple[str, Test], reason: str) -> Difference:
    return Difference(name, place[0], reason, place[1])


CODE = (
    r"^http://publications\.europa\.eu/resource/authority/"
    r"(language|file-type|country|place|continent|dataset-type)/[A-Z0-9_]+$"
)
PARTS = "distribution sample analytics hasVariables retentionPeriod column"
TYPO = "The official test of this date is written sh:shape, which is no term of SHACL and tests nothing."
LATER = "DCAT-AP 3.0.1 and the table of Release 8 have it; the DCAT-AP 3.0.0 that Release 8 imports does not."
LANGUAGES = (
    "Article 77(2) of the EHDS Regulation: the catalogue is available in at least one official language of the Union. "
    "No official shape looks at languages. A warning, never a violation."
)
SENSE = "A contradiction that no official shape looks for; a warning, never a violation."
TITLES = "Two texts in one language: which of them is shown? A warning, never a violation."

OFFICIAL_ONLY: Sequence[Difference] = (
    difference(
        "warning-beside-violation",
        ("any class and property (Warning) where both sides have a violation", violation_in_both),
        "Release 8 made a violation of what DCAT-AP only warns of, and imports the warning too; ours is said once.",
    ),
    difference(
        "echo-of-a-part",
        when(
            at("Dataset Table", PARTS, "Violation", "Node"),
            "where the value has an official violation of its own",
            value_has_official_violation,
        ),
        "Repeats at the whole what is reported, and compared, at its part.",
    ),
    difference(
        "echo-of-an-activity",
        when(
            at("Dataset", "wasGeneratedBy", "Violation", "Node"),
            "where rule activity/type speaks of the value",
            activity_has_our_violation,
        ),
        "Ours says it of the activity, where the wrong type stands.",
    ),
    difference(
        "byte-size-decimal",
        when(at("Distribution", "byteSize", "Violation", "Datatype"), "of a xsd:nonNegativeInteger", whole_number),
        "DCAT-AP 3.0.0 wants xsd:decimal; DCAT-AP 3.0.1, the table of Release 8 and its own example have "
        "xsd:nonNegativeInteger. Ours takes both.",
    ),
    difference(
        "several-rights",
        at("Distribution", "rights", "Violation", "MaxCount"),
        "DCAT-AP 3.0.0 allows one statement of rights; DCAT-AP 3.0.1 and the table of Release 8 any number.",
    ),
    difference(
        "publisher-of-the-eu-list",
        at("Dataset Catalog", "publisher", "Warning", "Node NodeKind"),
        "DCAT-AP warns of every publisher outside the EU list of corporate bodies and of every type not of ADMS. "
        "Hospitals and registries are not in that list, and Release 8 has types of publishers of its own.",
    ),
    difference(
        "open-period",
        at("PeriodOfTime", "startDate endDate", "Warning", "MinCount"),
        "A period may be open (Release 8 says so of retention); a warning would ask for an invented date. Ours warns "
        "when both ends are missing (rule period/bounds).",
    ),
    difference(
        "area-of-a-list",
        when(
            at("any class", "bbox centroid", "Warning", "MinCount"), "of a term of an EU list or of GeoNames", of_a_list
        ),
        "A term of an EU list or of GeoNames has its outline where it is published. Ours warns of other "
        "areas (rules location/outline and location/centre).",
    ),
    difference(
        "code-not-in-our-cut",
        when(
            at("Dataset Distribution", "language format spatial type", "Violation Warning", "Node Class"),
            "of an IRI with the form of a code of the EU lists of languages, file types, areas or dataset types",
            iri_like(CODE),
        ),
        "These lists are long and grow; ours holds the codes met in health catalogues and takes any code of proper "
        "form, as a code it does not hold may well be right.",
    ),
    difference(
        "right-of-another-level",
        at("Dataset", "accessRights", "Violation", "HasValue"),
        "The official shapes of a level ask for its access right. Ours choose the level by the access right, so that "
        "it fits; that it is one, and one of the three, is asked by rules dataset/access-rights and "
        "dataset/access-rights-value.",
    ),
    difference(
        "described-elsewhere",
        when(
            at(
                "Dataset Catalog DataService Relationship",
                "source inSeries dataset record service catalog hasPart servesDataset relation",
                "Violation",
                "Class Node",
            ),
            "of an IRI that the document does not describe",
            not_described,
        ),
        "A description of one dataset links to other resources, which have descriptions of their own elsewhere.",
    ),
    difference(
        "spdx-algorithm",
        when(
            at("Checksum", "algorithm", "Violation", "Node Class"),
            "of an algorithm of SPDX",
            iri_like(r"^http://spdx\.org/rdf/terms#checksumAlgorithm_"),
        ),
        "DCAT-AP 3.0.0 wants an IRI that begins with https://spdx.org/rdf/terms; the terms of SPDX begin with http, so "
        "that no algorithm of SPDX can pass.",
    ),
    difference(
        "geonames",
        when(
            at("Dataset", "spatial", "Warning", "Node"), "of a GeoNames IRI", iri_like(r"^https?://sws\.geonames\.org/")
        ),
        "The message of Release 8 allows GeoNames; its test looks for a scheme that GeoNames does not state.",
    ),
    difference(
        "iana-relation",
        when(
            at("Relationship", "hadRole", "Violation", "Class"),
            "of an IANA link relation",
            iri_like(r"^https?://www\.iana\.org/assignments/relation/"),
        ),
        "DCAT 3 itself offers the IANA link relations as roles; IANA publishes no RDF that could call them so.",
    ),
)
"""What the official shapes say and ours do not."""

OURS_ONLY: Sequence[Difference] = (
    difference("title-language", rule("dataset/title-language", "Or"), LANGUAGES),
    difference("description-language", rule("dataset/description-language", "Or"), LANGUAGES),
    difference("title-once-per-language", rule("dataset/title-once-per-language", "UniqueLang"), TITLES),
    difference("description-once-per-language", rule("dataset/description-once-per-language", "UniqueLang"), TITLES),
    difference(
        "variables",
        rule("dataset/variables", "Or"),
        "Release 8 has this rule, as a property shape without a property; pySHACL refuses it, so that it is taken out "
        "of the official shapes here.",
    ),
    difference(
        "conforms-to-restricted",
        rule("dataset-recommended/conforms-to", "MinCount"),
        "The table of Release 8 recommends it for RESTRICTED data too; the shapes for that level do not warn. It is a "
        "minimum element of Implementing Regulation (EU) 2026/2098.",
    ),
    difference(
        "act-as-a-whole-dataset",
        rule("dataset/applicable-legislation-act", "Not"),
        "Applicable legislation (element 2 of Implementing Regulation (EU) 2026/2098) is an act, not an article. "
        "A warning, never a violation.",
    ),
    difference(
        "act-as-a-whole-distribution",
        rule("distribution/applicable-legislation-act", "Not"),
        "As act-as-a-whole-dataset.",
    ),
    difference("age-order", rule("dataset-values/age-order", "LessThanOrEquals"), SENSE),
    difference("period-order", rule("period/order", "Or"), SENSE),
    difference("period-bounds", rule("period/bounds", "MinCount"), "Stands for the two warnings of open-period."),
    difference("issued", rule("dataset-values/issued", "Or"), TYPO),
    difference("modified", rule("dataset-values/modified", "Or"), TYPO),
    difference("record-modified", rule("catalog-record/modified", "Or"), TYPO),
    difference("start-date", rule("period/start-date", "Or"), TYPO),
    difference("end-date", rule("period/end-date", "Or"), TYPO),
    difference("notation", rule("identifier/notation", "MinCount"), LATER),
    difference("notation-literal", rule("identifier/notation-literal", "NodeKind"), LATER),
    difference("catalogue-period", rule("catalog/temporal", "Class"), LATER),
    difference("service-page", rule("data-service/page", "Class"), LATER),
    difference(
        "has-version",
        rule("dataset-values/has-version", "NodeKind"),
        "The shapes of DCAT-AP 3.0.0 test dct:hasVersion, which DCAT-AP 3 gave up for dcat:hasVersion.",
    ),
    difference(
        "activity-type",
        rule("activity/type", "Node"),
        "The official shapes say it at the dataset (see echo-of-an-activity).",
    ),
)
"""What our rules say and the official shapes do not."""


def explained(result: Result, verdict: Verdict) -> str | None:
    """The name of the listed difference that a result falls under."""
    listed = OURS_ONLY if result.rule else OFFICIAL_ONLY
    return next((known.name for known in listed if known.applies(result, verdict)), None)
