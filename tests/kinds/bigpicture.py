"""Submissions of BigPicture, in which every alias and every attribute of a single being is a canary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.model import Source
from tests.kinds.sample import Sample

SUM = "0" * 64


def code(tag: str, value: str, meaning: str, scheme: str = "SCT") -> str:
    """A code attribute."""
    return (
        f"<CODE_ATTRIBUTE><TAG>{tag}</TAG><VALUE><CODE>{value}</CODE><SCHEME>{scheme}</SCHEME><MEANING>{meaning}</MEANING>"
        "<SCHEME_VERSION/></VALUE></CODE_ATTRIBUTE>"
    )


def attributes(*inner: str) -> str:
    """The attributes of an object."""
    return f"<ATTRIBUTES>{''.join(inner)}</ATTRIBUTES>"


def text(tag: str, value: str) -> str:
    """A text attribute."""
    return f"<STRING_ATTRIBUTE><TAG>{tag}</TAG><VALUE>{value}</VALUE></STRING_ATTRIBUTE>"


def submission(folder: Path, beings: int = 24, title: str = "Colon slides", extra: str = "", rare: int = 0) -> None:
    """A submission of a dataset with a slide of each being; ``rare`` of them have another diagnosis."""
    folder.mkdir(parents=True, exist_ok=True)
    samples, images, references = "", "", ""
    for number in range(beings):
        sex = code("sex", *(("248152002", "Female"), ("248153007", "Male"))[number % 2])
        site = code("anatomical_site", *(("71854001", "Colon structure"), ("34402009", "Rectum"))[number < rare])
        age = f"<NUMERIC_ATTRIBUTE><TAG>age_at_extraction</TAG><VALUE>{40 + number % 20}</VALUE></NUMERIC_ATTRIBUTE>"
        samples += (
            f'<BIOLOGICAL_BEING alias="CANARYb{number}">{attributes(sex, text("note", "CANARY"))}</BIOLOGICAL_BEING>'
            f'<SPECIMEN alias="CANARYs{number}"><EXTRACTED_FROM_REF alias="CANARYb{number}"/>'
            f"{attributes(site, age)}</SPECIMEN>"
            f'<BLOCK alias="CANARYk{number}"><SAMPLED_FROM_REF alias="CANARYs{number}"/>{attributes()}</BLOCK>'
            f'<SLIDE alias="CANARYl{number}"><CREATED_FROM_REF alias="CANARYk{number}"/>'
            f'<STAINING_INFORMATION_REF alias="he"/>{attributes()}</SLIDE>'
        )
        images += (
            f'<IMAGE alias="CANARYi{number}"><IMAGE_OF alias="CANARYl{number}"/><IMAGE_TYPE><WSI_IMAGE/></IMAGE_TYPE>'
            f'<FILES><FILE filename="CANARY{number}.dcm" checksum_method="SHA256" checksum="{SUM}" filetype="dcm"/>'
            f"</FILES>{attributes()}</IMAGE>"
        )
        references += f'<IMAGE_REF alias="CANARYi{number}"/>'
    name = folder.name
    files = {
        "dataset": f'<DATASET alias="{name}"><TITLE>{title}</TITLE><SHORT_NAME>CRC</SHORT_NAME>'
        "<DESCRIPTION>Whole slide images.</DESCRIPTION><VERSION>1.0</VERSION>"
        "<METADATA_STANDARD>2.0.0</METADATA_STANDARD><DATASET_TYPE>Whole slide imaging</DATASET_TYPE>"
        f"{references}{attributes(extra)}</DATASET>",
        "sample": f"<SAMPLE_SET>{samples}</SAMPLE_SET>" if samples else "",
        "image": f"<IMAGE_SET>{images}</IMAGE_SET>" if images else "",
        "policy": f'<POLICY alias="p"><DATASET_REF alias="{name}"/>{attributes(text("use", "Research only"))}</POLICY>',
        "landing_page": f'<LANDING_PAGE alias="w"><DATASET_REF alias="{name}"/><REMS_ACCESS_LINK>https://rems.example/apply'
        f"</REMS_ACCESS_LINK>{attributes()}</LANDING_PAGE>",
        "organisation": f'<ORGANISATION alias="o"><NAME>Example Hospital</NAME><PIC_CODE>999</PIC_CODE>'
        f'<DATAMANAGER_PERUN_GROUP>g</DATAMANAGER_PERUN_GROUP><DATASET_REF alias="{name}"/>'
        f"{attributes()}</ORGANISATION>",
    }
    for kind, content in files.items():
        if content:
            (folder / f"{kind}.xml").write_text(f'<?xml version="1.0"?>{content}', "utf-8")


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source(
        "slides", base + "node/slides", "S", "bigpicture", str(endpoint), base + "dataset/slides/", options=options
    )


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Two submissions."""
    for name in ("one", "two"):
        submission(folder / name, extra=text("favourite_colour", "blue"))
    yield Sample(
        source(folder),
        least=2,
        canaries=("CANARY",),
        leftovers=("favourite_colour",),
        change=lambda: submission(folder / "two", title="Changed"),
    )
