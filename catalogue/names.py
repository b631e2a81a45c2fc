"""The IRIs of the vocabularies we read and write, and the IRIs we mint."""

from __future__ import annotations

import hashlib

from catalogue.graphs import NamedNode


class Namespace:
    """``DCT.title`` or ``DCT["title"]`` is the :class:`NamedNode` of that term."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.iri + name)

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        term = self.__dict__[name] = self[name]
        return term


ADMS = Namespace("http://www.w3.org/ns/adms#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
CV = Namespace("http://data.europa.eu/m8g/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCT = Namespace("http://purl.org/dc/terms/")
DPV = Namespace("https://w3id.org/dpv#")
DPVPD = Namespace("https://w3id.org/dpv/dpv-pd#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
EARL = Namespace("http://www.w3.org/ns/earl#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
EUCAIM = Namespace("https://cancerimage.eu/ontology/EUCAIM#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
GEODCATAP = Namespace("http://data.europa.eu/930/")
HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LDP = Namespace("http://www.w3.org/ns/ldp#")
OA = Namespace("http://www.w3.org/ns/oa#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROF = Namespace("http://www.w3.org/ns/dx/prof/")
PROV = Namespace("http://www.w3.org/ns/prov#")
QB = Namespace("http://purl.org/linked-data/cube#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA = Namespace("https://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
TIME = Namespace("http://www.w3.org/2006/time#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

CAT = Namespace("https://w3id.org/ehds-catalogue/ns#")
"""Our few own terms, defined in ``vocab/catalogue.ttl``."""

EU = "http://publications.europa.eu/resource/authority/"
"""EU authority tables; ``EU + "access-right/PUBLIC"`` is a concept."""

HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
"""HealthDCAT-AP Release 8 code lists."""

EHDS = NamedNode("http://data.europa.eu/eli/reg/2025/327/oj")
"""The European Health Data Space Regulation; the only IRI that belongs into ``dcatap:applicableLegislation`` for it."""

PREFIXES = {
    "adms": ADMS.iri,
    "cat": CAT.iri,
    "csvw": CSVW.iri,
    "cv": CV.iri,
    "dcat": DCAT.iri,
    "dcatap": DCATAP.iri,
    "dct": DCT.iri,
    "dpv": DPV.iri,
    "dpvpd": DPVPD.iri,
    "dqv": DQV.iri,
    "earl": EARL.iri,
    "eli": ELI.iri,
    "eucaim": EUCAIM.iri,
    "foaf": FOAF.iri,
    "geodcatap": GEODCATAP.iri,
    "healthdcatap": HEALTH.iri,
    "locn": LOCN.iri,
    "oa": OA.iri,
    "odrl": ODRL.iri,
    "owl": OWL.iri,
    "prov": PROV.iri,
    "qb": QB.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "schema": SCHEMA.iri,
    "sh": SH.iri,
    "skos": SKOS.iri,
    "spdx": SPDX.iri,
    "time": TIME.iri,
    "vcard": VCARD.iri,
    "xsd": XSD.iri,
}


def key(iri: str) -> str:
    """A short stable name for a dataset IRI, fit for a path: 20 hex digits of its SHA-256."""
    return hashlib.sha256(iri.encode()).hexdigest()[:20]


class Minted:
    """The IRIs this installation mints, all under one base (an http IRI that ends with a slash)."""

    def __init__(self, base: str) -> None:
        self.base = base

    def dataset_namespace(self, node: str) -> str:
        """Where a harvester mints dataset IRIs for a node that has none of its own."""
        return f"{self.base}dataset/{node}/"

    def description(self, dataset: str) -> str:
        """The named graph that holds the description of a dataset."""
        return f"{self.base}record/{key(dataset)}/description"

    def record(self, dataset: str) -> str:
        """The catalogue record: also the named graph with report, label, verdicts and provenance."""
        return f"{self.base}record/{key(dataset)}"

    def history(self, dataset: str) -> str:
        """The named graph to which every change of the dataset appends an entry."""
        return f"{self.base}record/{key(dataset)}/history"

    def assessments(self, dataset: str) -> str:
        """The named graph to which every assessment, ruling and look at an evidence link is appended."""
        return f"{self.base}record/{key(dataset)}/assessments"

    def genid(self, dataset: str) -> str:
        """Prefix of the IRIs that stand for the blank nodes of a description (RDF 1.1, section 3.5)."""
        return f"{self.base}.well-known/genid/{key(dataset)}/"

    def node(self, name: str) -> str:
        """A source of descriptions; also the named graph that holds its visits."""
        return f"{self.base}node/{name}"

    def settings(self, node: str) -> str:
        """The named graph with the settings of a node, given its IRI."""
        return node + "/settings"

    def rulebook(self) -> str:
        """The named graph with rules, law, label criteria and vocabularies."""
        return self.base + "rulebook"

    def visit(self, node: str, stamp: str) -> str:
        """One visit to a node, a ``prov:Activity``; ``stamp`` is its start as YYYYMMDDTHHMMSSffffffZ."""
        return f"{self.base}node/{node}/visit/{stamp}"
