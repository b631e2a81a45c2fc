"""Harvests submissions of BigPicture (MetaFleX 2): pathology datasets with what their images and samples come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from catalogue.errors import BadInput, ConfigurationError
from catalogue.graphs import Graph, Literal, NamedNode
from catalogue.model import Description, Harvested, Note, Rejected, Source, Untouched
from catalogue.names import DCAT, EUCAIM, HEALTH
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from catalogue.xml_check import check_xml
from harvesters._bigpicture_samples import Submission, counted
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import crosswalk
from harvesters._dicom_header import SCHEMES
from harvesters._files import File, files_of
from harvesters._json import original_of, refused
from harvesters._mapping import fill
from harvesters._once import Once
from harvesters._persons import state_persons
from harvesters._suppression import threshold

ABOUT = ("POLICY", "REMS", "LANDING_PAGE", "ORGANISATION")
"""Objects that say something about a dataset, to which their DATASET_REF leads."""
SAMPLED = ("BIOLOGICAL_BEING", "CASE", "SPECIMEN", "BLOCK", "SLIDE")
"""Samples alone in their files; one XML Schema says what they are."""
MODALITIES = {"WSI_IMAGE": "SM", "GROSS_IMAGE": "XC"}
"""Kinds of images as DICOM modalities."""
ALARM = "DATASET_OWNER_CONTACT_EMAIL"
"""Only for whoever suspects a breach of data (MetaFleX 2): neither published nor kept."""
REMEDY = "validate the submission by the XML Schema of MetaFleX 2, and mend it"


class BigPictureHarvester:
    """Submissions, each a folder of XML files, in a folder or zip archive.

    Options: ``schemas`` (folder with the XML Schemas ``BP.*.xsd`` of MetaFleX, by which files are validated; needs the
    extra ``bigpicture``), ``suppress`` (lowest number of persons that is stated), ``language``. Of beings, specimens
    and images only counts, and codes that enough persons share, leave; no alias, file name or attribute of them does.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one of which nothing changed is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the endpoint cannot be read or has no XML file.
        """
        least, once, schemas = threshold(source.options), Once(), _schemas(source)
        submissions: dict[str, list[File]] = {}
        for file in files_of(source, web, lambda path: path.suffix.lower() == ".xml", "XML file"):
            if isinstance(file, Rejected):
                yield file
            else:
                submissions.setdefault(_place(file), []).append(file)
        for place, files in sorted(submissions.items()):
            roots, wrong = _roots(files, schemas)
            if wrong:
                yield from wrong
                continue
            datasets = list(_each(roots, "DATASET"))
            for element in datasets:
                yield from once.of(_dataset(element, roots, place, source, web, least))
            if not datasets:
                yield Rejected(place, "the submission holds no DATASET", REMEDY)


def _place(file: File) -> str:
    """The folder of a submission; an archive without folders is one itself."""
    archive, mark, name = file.location.rpartition("#") if file.archive else ("", "", file.location)
    return archive + mark + str(PurePosixPath(name).parent)


def _each(roots: list[Element], tag: str) -> Iterator[Element]:
    """The objects of a kind, alone in their files or in a set."""
    for root in roots:
        if root.tag == tag:
            yield root
        elif root.tag == f"{tag}_SET":
            yield from root.findall(tag)


def _schemas(source: Source) -> Mapping[str, Any]:
    """The schema of each kind of file, where the node names them."""
    folder = source.options.get("schemas")
    if not folder:
        return {}
    try:
        import xmlschema
    except ImportError as error:
        raise ConfigurationError(
            "the option `schemas` needs xmlschema", where=source.name, remedy="pip install 'ehds-catalogue[bigpicture]'"
        ) from error
    paths = sorted(Path(folder).expanduser().glob("BP.*.xsd"))
    if not paths:
        raise ConfigurationError("the option `schemas` names no XML Schemas", where=folder, remedy="give their folder")
    try:
        return {path.name.split(".")[1].upper(): xmlschema.XMLSchema(str(path)) for path in paths}
    except (xmlschema.XMLSchemaException, ElementTree.ParseError) as error:
        raise ConfigurationError("an XML Schema cannot be read", where=folder, remedy="get them anew") from error


def _roots(files: list[File], schemas: Mapping[str, Any]) -> tuple[list[Element], list[Rejected]]:
    """The root elements of the files, and those that are not as they should be; no error quotes a value."""
    roots, wrong = [], []
    for file in files:
        try:
            check_xml(file.content, file.location)
            root = ElementTree.fromstring(file.content)
        except (BadInput, ElementTree.ParseError):
            wrong.append(Rejected(file.location, "the file is not well-formed XML without entities", REMEDY))
            continue
        schema = schemas.get(root.tag.removesuffix("_SET")) or (schemas.get("SAMPLE") if root.tag in SAMPLED else None)
        error = next(schema.iter_errors(root), None) if schema is not None else None
        if error is None:
            roots.append(root)
        else:
            element = str(error.path or root.tag).rpartition("/")[2].partition("[")[0]
            wrong.append(Rejected(file.location, f"{element} is not as the schema of {root.tag} says", REMEDY))
    return roots, wrong


def _dataset(element: Element, roots: list[Element], place: str, source: Source, web: Web, least: int) -> Harvested:
    alias = element.get("alias", "")
    record = _record(element, alias, roots, source)
    facts, notes = counted(Submission(roots).behind(element), least)
    name = _name(element)
    original = original_of({"dataset": record, "counted": facts}, f"{place}, dataset {name}", source)
    if web.known(original.container):
        return Untouched(original.container)
    problem = refused(record, "bigpicture", original)
    if problem is not None:
        return problem
    iri = source.namespace + fit_for_path(name)
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    record |= {"identifier": name}
    notes = [*fill(dataset, "bigpicture", record, language=source.options.get("language", "en")), *notes]
    notes += _state(dataset, facts)
    notes += apply_defaults(graph, dataset.node, source)
    return Description(iri, graph, original, tuple(notes))


def _record(element: Element, alias: str, roots: list[Element], source: Source) -> dict[str, Any]:
    """What is said of the dataset itself, its policy, its access and its organisation, by names of elements."""
    record: dict[str, Any] = {"dataset": _said(element)}
    complemented = [_name(one) for one in element.findall("COMPLEMENTS_DATASET_REF")]
    if complemented:
        record["complements"] = [source.namespace + fit_for_path(name) for name in complemented]
    if element.find("ANNOTATION_REF") is not None:
        record["annotated"] = "yes"
    for tag in ABOUT:
        for one in _each(roots, tag):
            if any(reference.get("alias") == alias for reference in one.findall("DATASET_REF")):
                said = _said(one)
                if tag == "POLICY":
                    said["terms"] = [
                        f"{name}: {text}" for name, texts in said.pop("attributes", {}).items() for text in texts
                    ]
                record.setdefault(tag.lower(), []).append(said)
    return record


def _name(element: Element) -> str:
    """What the archive calls an object, before that its submitter."""
    return element.get("accession", "") or element.get("alias", "")


def _said(element: Element) -> dict[str, Any]:
    """Texts of an element by the names of its parts, and its attributes by their tags; references are left aside.

    Of a part with parts only their number is said: they are files.
    """
    said: dict[str, Any] = {}
    for part in element:
        if part.tag == "ATTRIBUTES":
            for attribute in part:
                text = " ".join(_text(one) for one in attribute if one.tag != "TAG").strip()
                said.setdefault("attributes", {}).setdefault(attribute.findtext("TAG") or attribute.tag, []).append(
                    text
                )
        elif not part.tag.endswith("_REF") and part.tag != ALARM:
            said.setdefault(part.tag, []).append(str(len(part)) if len(part) else _text(part))
    return said


def _text(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _state(dataset: Subject, facts: Mapping[str, Any]) -> Iterator[Note]:
    state_persons(dataset, facts)
    if "records" in facts.get("counts", {}):
        dataset.count(HEALTH.numberOfRecords, facts["counts"]["records"])
    for kind in facts["images"]:
        if kind in MODALITIES:
            dataset.add(EUCAIM.hasImageModality, NamedNode(SCHEMES["DCM"] + MODALITIES[kind]))
    systems = crosswalk("bigpicture-scheme")
    for scheme in sorted({code["scheme"] for code in facts.get("codes", ())}):
        concepts, note = systems.read("SCHEME", scheme)
        dataset.add(HEALTH.hasCodingSystem, *(NamedNode(concept) for concept in concepts))
        yield note
    for code in facts.get("codes", ()):
        dataset.add(HEALTH.hasCodeValues, Literal(f"{code['scheme']}:{code['code']}"))
        dataset.text(DCAT.keyword, code["meaning"])
