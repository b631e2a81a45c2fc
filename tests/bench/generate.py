"""Writes synthetic HealthDCAT-AP Release 8 descriptions as N-Triples: about 75 triples each, one in five with faults.

python tests/bench/generate.py 10000 datasets.nt
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from catalogue.names import (
    ADMS,
    CV,
    DCAT,
    DCATAP,
    DCT,
    DPV,
    EHDS,
    EU,
    FOAF,
    GEODCATAP,
    HDEU,
    HEALTH,
    RDF,
    RDFS,
    VCARD,
    XSD,
)

BASE = "https://data.example.org/"
WORDS = [
    "cancer",
    "diabetes",
    "registry",
    "hospital",
    "cohort",
    "vaccination",
    "mortality",
    "imaging",
    "genomic",
    "biobank",
    "claims",
    "primary",
    "care",
    "screening",
    "cardiovascular",
    "stroke",
    "mental",
    "infection",
    "resistance",
    "maternal",
    "newborn",
    "surgery",
    "outcome",
    "laboratory",
    "prescription",
    "rare",
    "disease",
    "oncology",
    "respiratory",
    "kidney",
    "transplant",
    "obesity",
    "nutrition",
    "ageing",
    "dementia",
    "trauma",
]
COUNTRIES = [
    "AUT",
    "BEL",
    "BGR",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GRC",
    "HRV",
    "HUN",
    "IRL",
    "ITA",
    "LTU",
    "LUX",
    "LVA",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "SWE",
]
RIGHTS = ("PUBLIC", "RESTRICTED", "RESTRICTED", "NON_PUBLIC", "NON_PUBLIC")
CATEGORIES = "EHRS DIOH NRPE RPDG HRAD HGPD HPML PGEH WELA IDHP PHDR MRMR EHCT EMRD RMMD RQSH EINS".split()  # noqa: SIM905
FAULTS = ("no title", "no identifier", "no hdab", "no theme", "literal publisher", "bad number", "bad date",
          "two rights", "no access url", "no email", "ages swapped", "wrong category")  # fmt: skip


def dataset(number: int) -> Iterator[str]:
    """The N-Triples lines of one description; the same number gives the same lines."""
    pick = random.Random(number)
    fault = pick.choice(FAULTS) if number % 5 == 0 else ""
    me = f"<{BASE}dataset/{number}>"
    country = pick.choice(COUNTRIES)
    words = pick.choices(WORDS, k=24)

    def say(subject: str, predicate: object, *values: str) -> Iterator[str]:
        for value in values:
            yield f"{subject} {predicate} {value} .\n"

    yield from say(me, RDF.type, str(DCAT.Dataset))
    if fault != "no title":
        yield from say(
            me, DCT.title, *(f'"{" ".join(words[i : i + 4])} {number}"@{tag}' for i, tag in enumerate(("en", "fr")))
        )
    yield from say(
        me, DCT.description, *(f'"{" ".join(words)} of {country}, dataset {number}."@{tag}' for tag in ("en", "fr"))
    )
    if fault != "no identifier":
        yield from say(me, DCT.identifier, f'"{BASE}dataset/{number}"')
    rights = [RIGHTS[number % 5]] + (
        ["RESTRICTED" if RIGHTS[number % 5] != "RESTRICTED" else "PUBLIC"] if fault == "two rights" else []
    )
    yield from say(me, DCT.accessRights, *(f"<{EU}access-right/{one}>" for one in rights))
    yield from say(me, DCATAP.applicableLegislation, str(EHDS))
    yield from say(me, DCT.publisher, '"Ministry"' if fault == "literal publisher" else f"<{BASE}agent/{number % 97}>")
    if fault != "no hdab":
        yield from say(me, HEALTH.hdab, f"<{BASE}hdab/{country}>")
    yield from say(me, GEODCATAP.custodian, f"<{BASE}agent/{number % 97}>")
    if fault != "no theme":
        yield from say(me, DCAT.theme, f"<{EU}data-theme/HEAL>")
    category = "CLTR" if fault == "wrong category" else pick.choice(CATEGORIES)
    yield from say(me, HEALTH.healthCategory, f"<{HDEU}healthcategories/{category}>")
    yield from say(me, DCAT.keyword, *sorted({f'"{word}"@en' for word in words[:3]}))
    yield from say(me, DCT.language, f"<{EU}language/ENG>")
    yield from say(me, DCT.spatial, f"<{EU}country/{country}>")
    yield from say(me, DCT.type, f"<{EU}dataset-type/STATISTICAL>")
    yield from say(me, DCT.accrualPeriodicity, f"<{EU}frequency/ANNUAL>")
    yield from say(me, DCT.temporal, f"_:t{number}")
    yield from say(f"_:t{number}", RDF.type, str(DCT.PeriodOfTime))
    yield from say(f"_:t{number}", DCAT.startDate, f'"20{pick.randint(10, 18)}-01-01"^^{XSD.date}')
    yield from say(f"_:t{number}", DCAT.endDate, f'"20{pick.randint(19, 25)}-12-31"^^{XSD.date}')
    day = "2024-13-45" if fault == "bad date" else f"2025-{pick.randint(1, 12):02d}-{pick.randint(1, 28):02d}"
    yield from say(me, DCT.modified, f'"{day}"^^{XSD.date}')
    yield from say(me, DCT.provenance, f"_:p{number}")
    yield from say(f"_:p{number}", RDF.type, str(DCT.ProvenanceStatement))
    yield from say(f"_:p{number}", RDFS.label, f'"Collected in {country} from source {number}."@en')
    persons = pick.randint(100, 1_000_000)
    many = f'"-{persons}"' if fault == "bad number" else f'"{persons * 7}"'
    yield from say(me, HEALTH.numberOfRecords, f"{many}^^{XSD.nonNegativeInteger}")
    yield from say(me, HEALTH.numberOfUniqueIndividuals, f'"{persons}"^^{XSD.nonNegativeInteger}')
    low, high = (90, 18) if fault == "ages swapped" else (18, 90)
    yield from say(me, HEALTH.minTypicalAge, f'"{low}"^^{XSD.nonNegativeInteger}')
    yield from say(me, HEALTH.maxTypicalAge, f'"{high}"^^{XSD.nonNegativeInteger}')
    yield from say(me, HEALTH.populationCoverage, f'"Adults of {country}"@en')
    yield from say(me, HEALTH.hasStructuredData, f'"false"^^{XSD.boolean}')
    yield from say(me, DPV.hasPersonalData, "<https://w3id.org/dpv/dpv-pd#Age>")
    yield from say("<https://w3id.org/dpv/dpv-pd#Age>", RDF.type, str(DPV.PersonalData))
    yield from say(me, DCAT.version, f'"{number % 9}.{number % 4}"')
    yield from say(me, DCAT.landingPage, f"<{BASE}page/{number}>")
    yield from say(f"<{BASE}page/{number}>", RDF.type, str(FOAF.Document))
    for form in ("CSV", "PARQUET"):
        yield from distribution(me, number, form, pick, whole=fault != "no access url" or form != "CSV")
    contact = f"<{BASE}dataset/{number}/contact>"
    yield from say(me, DCAT.contactPoint, contact)
    yield from say(contact, RDF.type, str(VCARD.Kind))
    if fault != "no email":
        yield from say(contact, VCARD.hasEmail, f"<mailto:desk{number}@data.example.org>")


def distribution(me: str, number: int, form: str, pick: random.Random, whole: bool) -> Iterator[str]:
    """The lines of one distribution; one that is not whole lacks its access URL."""
    copy = f"<{BASE}dataset/{number}/{form.lower()}>"

    def say(predicate: object, value: str) -> str:
        return f"{copy} {predicate} {value} .\n"

    yield f"{me} {DCAT.distribution} {copy} .\n"
    yield say(RDF.type, str(DCAT.Distribution))
    yield say(DCT.title, f'"Table {number} as {form}"@en')
    if whole:
        yield say(DCAT.accessURL, f"<{BASE}dataset/{number}/access>")
    yield say(DCATAP.applicableLegislation, str(EHDS))
    yield say(DCT["format"], f"<{EU}file-type/{form}>")
    yield say(DCT.license, f"<{EU}licence/CC_BY_4_0>")
    yield say(DCATAP.availability, f"<{EU}planned-availability/STABLE>")
    yield say(ADMS.status, f"<{EU}distribution-status/COMPLETED>")
    yield say(DCAT.byteSize, f'"{pick.randint(1000, 10**9)}"^^{XSD.nonNegativeInteger}')


def agents() -> Iterator[str]:
    """The publishers and health data access bodies that the descriptions point to."""
    for iri, name in [(f"{BASE}agent/{n}", f"Institute {n}") for n in range(97)] + [
        (f"{BASE}hdab/{country}", f"Health data access body of {country}") for country in COUNTRIES
    ]:
        me, contact = f"<{iri}>", f"<{iri}/contact>"
        yield f"{me} {RDF.type} {FOAF.Agent} .\n"
        yield f'{me} {FOAF.name} "{name}"@en .\n'
        yield f"{me} {CV.contactPoint} {contact} .\n"
        yield f"{contact} {RDF.type} {CV.ContactPoint} .\n"
        yield f'{contact} {CV.email} "desk@{iri.rsplit("/", 1)[-1].lower()}.example.org" .\n'


def write(count: int, path: Path, first: int = 0) -> None:
    """``count`` descriptions into one file."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(agents())
        for number in range(first, first + count):
            out.writelines(dataset(number))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
