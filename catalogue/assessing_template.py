"""Writes an assessment to fill in: commented Turtle with every criterion that a holder may declare and its levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from catalogue.plain import pick
from catalogue.quality import Basis, Criterion
from catalogue.rulebook import Rulebook

_HEAD = """\
# {about}
#
{how}
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix criterion: <{criteria}> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<#assessment> a cat:Assessment , prov:Entity ;
    oa:hasTarget <{dataset}> ;
    cat:basis cat:Declared ;
    prov:wasAttributedTo <{by}> ;
    # dct:issued "2026-11-24"^^xsd:date ;      # {issued}
    # dcat:endDate "2027-11-24"^^xsd:date ;    # {ends}
"""
_WORDS = {
    "about": {
        "en": "Self-assessment of a dataset for the data quality and utility label (Art. 78 EHDS).",
        "fr": "Autoévaluation d’un ensemble de données pour le label de qualité et d’utilité (art. 78 EHDS).",
        "de": "Selbstbewertung eines Datensatzes für das Datenqualitäts- und -nutzenlabel (Art. 78 EHDS).",
    },
    "how": {
        "en": "Take away the # before what you declare and write the number of the level. Leave out what you do not "
        "know: what nobody answered earns nothing, and is not held against the dataset either. Then: "
        "catalogue assess FILE",
        "fr": "Retirez le # devant ce que vous déclarez et écrivez le numéro du niveau. Omettez ce que vous ignorez : "
        "une question sans réponse ne rapporte rien, mais ne nuit pas non plus. Ensuite : catalogue assess FILE",
        "de": "Nehmen Sie das # vor dem weg, was Sie erklären, und schreiben Sie die Nummer der Stufe. Lassen Sie weg, "
        "was Sie nicht wissen: was niemand beantwortet, bringt nichts und schadet auch nicht. Danach: "
        "catalogue assess FILE",
    },
    "issued": {"en": "the day of the declaration", "fr": "le jour de la déclaration", "de": "der Tag der Erklärung"},
    "ends": {
        "en": "the last day it holds, or leave out",
        "fr": "le dernier jour de validité, facultatif",
        "de": "der letzte Tag der Gültigkeit, kann fehlen",
    },
    "evidence": {"en": "Evidence:", "fr": "Preuves :", "de": "Nachweise:"},
    "link": {
        "en": "It counts only with a link.",
        "fr": "Elle ne compte qu’avec un lien.",
        "de": "Sie zählt nur mit Link.",
    },
    "optional": {
        "en": "If it does not apply: cat:notApplicable true with the reason in rdfs:comment, in place of dqv:value.",
        "fr": "Si elle est sans objet : cat:notApplicable true avec la raison dans rdfs:comment, au lieu de dqv:value.",
        "de": "Falls nicht anwendbar: cat:notApplicable true mit dem Grund in rdfs:comment statt dqv:value.",
    },
}
WIDTH = 116


def template(dataset: str, rulebook: Rulebook, languages: Sequence[str], by: str = "") -> str:
    """A skeleton in Turtle about a dataset, in the reader's language; as it stands it declares nothing."""
    words = {name: pick(texts, languages).text for name, texts in _WORDS.items()}
    head = _HEAD.format(
        about=words["about"],
        how="\n".join(f"# {line}" for line in wrap(words["how"], WIDTH)),
        criteria=rulebook.criteria[0].iri.rsplit("/", 1)[0] + "/",
        dataset=dataset,
        by=by or "https://holder.example/",
        issued=words["issued"],
        ends=words["ends"],
    )
    lines = [head.rstrip("\n")]
    for element in rulebook.elements:
        mine = [one for one in rulebook.criteria if one.element == element.iri and Basis.DECLARED in one.obtained]
        if mine:
            lines += ["", f"    # --- ({element.letter}) {rulebook.label_of(element.iri, *languages)}"]
        for criterion in mine:
            lines += _criterion(criterion, words, languages)
    return "\n".join(lines) + "\n    .\n"


def _criterion(criterion: Criterion, words: dict[str, str], languages: Sequence[str]) -> Iterator[str]:
    yield ""
    name, question = pick(criterion.name, languages).text, pick(criterion.question, languages).text
    yield from _commented(f"{criterion.identifier} {name}. {question}")
    for level in criterion.levels:
        yield from _commented(f"  {level.value}  {pick(level.name, languages).text}")
    evidence = f"{words['evidence']} {pick(criterion.evidence, languages).text}"
    yield from _commented(f"{evidence} {words['link']}" if criterion.needs_link else evidence)
    if criterion.optional:
        yield from _commented(words["optional"])
    on = f"dqv:isMeasurementOf criterion:{criterion.identifier} ; dqv:value {criterion.lowest} ;"
    yield f"    # dqv:hasQualityMeasurement [ {on}"
    yield '    #     foaf:page <https://holder.example/report> ; rdfs:comment "..."@en ] ;'


def _commented(text: str) -> Iterator[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    for line in wrap(text.strip(), WIDTH - 6):
        yield f"    # {indent}{line}"
