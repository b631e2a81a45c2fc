"""Who may declare and verify."""

from __future__ import annotations

import pytest

from catalogue.actors import NOBODY, Actors, Role, may_declare, may_verify, read_actors
from catalogue.errors import ConfigurationError, NotAllowed
from catalogue.graphs import Graph, digest, parse
from catalogue.resources import read_files
from catalogue.shacl import check

BASE = "https://catalogue.example/"
HEAD = """@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""
TOKEN, OTHER = digest(b"token"), digest(b"other")
NODE, DATASET, ELSEWHERE = BASE + "node/hospital", "https://data.example.org/1", "https://data.example.org/2"


def actors(text: str) -> Actors:
    shapes = Graph(parse(read_files("shapes")["shapes/actors.ttl"], "text/turtle"))
    return read_actors((HEAD + text).encode(), "actors.ttl", BASE, shapes, check)


def test_a_token_finds_its_actor_and_no_other() -> None:
    known = actors(f"""
        <urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:HealthDataAccessBody ; cat:tokenDigest "{TOKEN}" .
        <urn:b> a foaf:Agent ; foaf:name "B" ; cat:role cat:HealthDataHolder ; cat:tokenDigest "{OTHER}" .""")
    found = known.by_token("token")
    assert found is not None
    assert (found.iri, found.name, found.roles) == ("urn:a", "A", frozenset({Role.HDAB}))
    assert known.by_token(TOKEN) is None, "the digest is no token"
    assert known.by_token("") is None
    assert known.named("urn:b").name == "B"
    with pytest.raises(NotAllowed, match="urn:c"):
        known.named("urn:c")
    with pytest.raises(NotAllowed, match="set `actors`"):
        NOBODY.named("urn:a")


@pytest.mark.parametrize(
    ("role", "scope", "verifies", "declares", "elsewhere"),
    [
        ("HealthDataAccessBody", "", True, False, False),
        ("HealthDataHolder", "", False, False, False),
        ("HealthDataHolder", "<node/hospital>", False, True, False),
        ("HealthDataHolder", f"<{DATASET}>", False, True, False),
        ("HealthDataHolder", "<node/other>", False, False, False),
        ("Curator", "", False, True, True),
        ("Curator", "<node/hospital>", False, True, False),
    ],
)
def test_what_a_role_allows(role: str, scope: str, verifies: bool, declares: bool, elsewhere: bool) -> None:
    limit = f" ; cat:mayAssess {scope}" if scope else ""
    actor = actors(f'<urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:{role}{limit} .').named("urn:a")
    assert may_verify(actor) is verifies
    assert may_declare(actor, DATASET, NODE) is declares
    assert may_declare(actor, ELSEWHERE, BASE + "node/elsewhere") is elsewhere


def test_a_body_may_be_limited_to_nodes() -> None:
    text = '<urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:HealthDataAccessBody ; cat:mayAssess <node/hospital> .'
    actor = actors(text).named("urn:a")
    assert may_verify(actor, DATASET, NODE)
    assert not may_verify(actor, DATASET, BASE + "node/other")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<urn:a> a foaf:Agent ; cat:role cat:Curator .", "needs a foaf:name"),
        ('<urn:a> a foaf:Agent ; foaf:name "A" .', "needs a cat:role"),
        ('<urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:King .', "needs a cat:role"),
        ('<urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:Curator ; cat:tokenDigest "secret" .', "never the token"),
        ('<urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:Curator ; cat:mayAssess "all" .', "IRI of a node"),
        ('[] a foaf:Agent ; foaf:name "A" ; cat:role cat:Curator .', "named by an IRI"),
        ("", "Nobody"),
        ('<urn:a> foaf:name "A" ; cat:role cat:Curator .', "Nobody"),
        (
            f'<urn:a> a foaf:Agent ; foaf:name "A" ; cat:role cat:Curator ; cat:tokenDigest "{TOKEN}" . '
            f'<urn:b> a foaf:Agent ; foaf:name "B" ; cat:role cat:Curator ; cat:tokenDigest "{TOKEN}" .',
            "same cat:tokenDigest",
        ),
        ("<urn:a> a ", "not valid Turtle"),
    ],
)
def test_a_wrong_file_is_told(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        actors(text)
    assert told in str(caught.value)
    assert "actors.ttl" in str(caught.value)
    assert "secret" not in str(caught.value), "a token that was written by mistake is not repeated"
