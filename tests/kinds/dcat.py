"""A folder of DCAT documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.dcat_files import PREFIXES, source
from tests.kinds.sample import Sample


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Three documents of a dataset each."""

    def write(name: str, title: str) -> None:
        text = f'{PREFIXES} ex:{name} a dcat:Dataset ; dct:title "{title}"@en ; dct:identifier "{name}" .\n'
        (folder / f"{name}.ttl").write_text(text, "utf-8")

    for name in ("a", "b", "c"):
        write(name, name)
    yield Sample(source(folder), least=3, change=lambda: write("b", "changed"))
