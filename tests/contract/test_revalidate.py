"""After a change of the rulebook the stored catalogue says what a fresh harvest with the new rulebook would say."""

from __future__ import annotations

from pathlib import Path

from catalogue import shacl
from catalogue.names import AS, DCT, PROV
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook

BASE = "http://127.0.0.1:8000/"
ROOT = Path(__file__).resolve().parents[2]
COUNT = 60
TIMES = {DCT.issued, DCT.modified, PROV.wasGeneratedBy, AS.published}


def changed_rulebook() -> Rulebook:
    """The shipped one, but a theme is only recommended, a keyword is mandatory, and a title gives more points."""
    files = read_files("shapes") | read_files("vocab")
    path = "shapes/healthdcat-ap/8/dataset.ttl"
    text = files[path].decode()
    for name, severity in (("theme", "sh:Warning"), ("keyword-label", "sh:Violation")):
        pass
    return Rulebook.load({**files, path: text.encode()}, shacl.check)
