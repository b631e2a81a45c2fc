"""Sitemaps and pages as sites really have them: which datasets they are about, and what is broken in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Harvested, Rejected, Untouched
from catalogue.names import DCT
from catalogue.ports import Past
from tests.contract.harvesting import harvested as harvest
from tests.contract.harvesting import only, texts
from tests.kinds import schemaorg
from tests.kinds.schemaorg import SITEMAP, page
from tests.live.conftest import Site, running

HEART: dict[str, Any] = {"@context": "https://schema.org/", "@type": "Dataset", "@id": "https://x.example/heart",
    "name": "Hjärta", "description": "Images"}  # fmt: skip


def html(*scripts: str, head: str = "") -> str:
    """A page with scripts of JSON-LD."""
    kind = "Application/LD+JSON; charset=utf-8"
    tags = "".join(f'<script type="{kind}">{script}</script>and what stands behind' for script in scripts)
    return f"<!DOCTYPE html><html><head>{head}{tags}</head><body></body></html>"


def urls(*addresses: str, within: str = "url") -> str:
    """The entries of a sitemap."""
    return "".join(f"<{within}><loc>{address}</loc></{within}>" for address in addresses)


def publish(site: Site, pages: dict[str, str]) -> str:
    """Serve pages by path, and their sitemap."""
    for path, content in pages.items():
        site.page(path, content, "text/html")
    site.page("/sitemap.xml", SITEMAP.format(urls(*(site.url + path for path in pages))), "application/xml")
    return f"{site.url}/sitemap.xml"


def described(found: list[Harvested]) -> dict[str, Description]:
    """Descriptions by IRI."""
    return {one.iri: one for one in found if isinstance(one, Description)}


def of(folder: Path, content: str | bytes, name: str = "a.html") -> list[Harvested]:
    """What one file gives."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return harvest(schemaorg.source(folder))


# --- scripts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(HEART).replace("Images", "Images\n\tof hearts"),
        f"//<![CDATA[\n{json.dumps(HEART)}\n//]]>",
        f"<![CDATA[{json.dumps(HEART)}]]>",
        f"<!--\n{json.dumps(HEART)}\n-->",
        f" {json.dumps(HEART)};\n",
    ],
)
def test_a_script_is_read_as_browsers_read_it(tmp_path: Path, script: str) -> None:
    assert texts(only(of(tmp_path, html(script))), DCT.title) == {"Hjärta"}


def test_a_broken_script_does_not_spoil_the_others(tmp_path: Path) -> None:
    crumbs = '{"@type": "BreadcrumbList",}'
    assert only(of(tmp_path, html(crumbs, json.dumps(HEART))))
    broken, one = of(tmp_path, html('{"@type": "Dataset",}', json.dumps(HEART)))
    assert isinstance(broken, Rejected)
    assert "not whole JSON" in broken.problem
    assert isinstance(one, Description)


@pytest.mark.parametrize("depth", [150, 900, 100_000])
def test_what_is_endlessly_deep_is_rejected(tmp_path: Path, depth: int) -> None:
    [one] = of(tmp_path, '{"@type": "Dataset", "name": "N", "x":' + "[" * depth + "]" * depth + "}", "a.json")
    assert isinstance(one, Rejected)


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1252", ""), ("cp1252", '<meta charset="no-such">'),
        ("iso-8859-10", '<meta charset="iso-8859-10">'),
        ("mac-roman", '<META http-equiv="Content-Type" content="text/html; charset=mac-roman">'),
    ],
)  # fmt: skip
def test_letters_are_what_they_were_in_any_encoding(tmp_path: Path, encoding: str, head: str) -> None:
    content = html(json.dumps(HEART, ensure_ascii=False), head=head).encode(encoding)
    assert texts(only(of(tmp_path, content)), DCT.title) == {"Hjärta"}


# --- what a page is about --------------------------------------------------------------------------------------------


def test_a_dataset_that_is_only_named_is_none_of_the_node(tmp_path: Path) -> None:
    other = {"@type": "Dataset", "name": "UK Biobank", "url": "https://ukb.example/x", "description": "Of others"}
    for name in ("isBasedOn", "citation", "isPartOf", "sameAs"):
        [one] = of(tmp_path, json.dumps({**HEART, name: other}), "a.json")
        assert isinstance(one, Description)
        assert one.iri == HEART["@id"]


def test_a_part_is_a_dataset_where_it_is_described(tmp_path: Path) -> None:
    part = {"@type": "Dataset", "@id": "https://x.example/part", "name": "Part"}
    assert list(described(of(tmp_path, json.dumps({**HEART, "hasPart": part}), "a.json"))) == [HEART["@id"]]
    found = described(of(tmp_path, json.dumps({**HEART, "hasPart": [{**part, "description": "x"}]}), "a.json"))
    assert list(found) == [HEART["@id"], part["@id"]]
    assert texts(found[HEART["@id"]], DCT.hasPart) == {part["@id"]}


def test_the_name_of_a_page_does_not_depend_on_what_it_mentions() -> None:
    plain = {name: value for name, value in HEART.items() if name != "@id"}
    part = {"@type": "Dataset", "name": "Part", "description": "x"}
    for mentioned in ({}, {"hasPart": [part]}, {"isBasedOn": part}):
        with running() as site:
            endpoint = publish(site, {"/heart": html(json.dumps(plain | mentioned))})
            assert f"{site.url}/heart" in described(harvest(schemaorg.source(endpoint)))


@pytest.mark.parametrize("around", ["WebPage", "Taxon"])
@pytest.mark.parametrize("way", ["mainEntity", "about", "subjectOf"])
def test_the_main_thing_of_a_page_is_its_dataset(around: str, way: str) -> None:
    plain = {name: value for name, value in HEART.items() if name != "@id"}
    with running() as site:
        held = json.dumps({"@context": "https://schema.org", "@type": around, way: plain})
        endpoint = publish(site, {"/heart": html(held)})
        assert list(described(harvest(schemaorg.source(endpoint)))) == [f"{site.url}/heart"]


@pytest.mark.parametrize("order", [("/all", "/heart"), ("/heart", "/all")])
def test_a_list_does_not_replace_the_page_of_a_dataset(order: tuple[str, str]) -> None:
    with running() as site:
        full = {"@context": "https://schema.org", "@type": "Dataset", "name": "Heart", "description": "All of it"}
        short = {"@type": "Dataset", "name": "Heart", "@id": f"{site.url}/heart#it", "description": "All ...",
                 "url": f"{site.url}/heart/"}  # fmt: skip
        other = {"@type": "Dataset", "name": "Lung", "url": f"{site.url}/files/lung"}
        lists = {"@context": "https://schema.org", "@type": "DataCatalog", "name": "All", "dataset": [short, other]}
        pages = {"/all": html(json.dumps(lists)), "/heart": html(json.dumps(full))}
        found = harvest(schemaorg.source(publish(site, {path: pages[path] for path in order})))
        assert [one for one in found if not isinstance(one, Description)] == []
        held = described(found)
        assert set(held) == {f"{site.url}/heart", f"{site.url}/files/lung"}
        assert texts(held[f"{site.url}/heart"], DCT.description) == {"All of it"}


def test_what_a_file_lists_and_another_describes_is_given_once(tmp_path: Path) -> None:
    lists = {"@context": "https://schema.org", "@type": "DataCatalog", "dataset": [{**HEART, "description": "short"}]}
    (tmp_path / "a.json").write_text(json.dumps(lists), "utf-8")
    found = of(tmp_path, json.dumps(HEART), "b.json")
    assert texts(only(found), DCT.description) == {"Images"}


def test_an_item_of_a_list_is_a_dataset(tmp_path: Path) -> None:
    item = {"@type": "ListItem", "position": 1, "item": HEART}
    held = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": [item]}
    assert only(of(tmp_path, json.dumps(held), "a.json")).iri == HEART["@id"]


def test_addresses_in_a_page_are_relative_to_it() -> None:
    with running() as site:
        data = ["b.csv", {"@type": "DataDownload", "contentUrl": "c.csv"}, {"@type": "DataDownload", "@id": "d.csv"}]
        two = [{**HEART, "@id": f"#{name}", "name": name, "url": "../about", "distribution": data} for name in "ab"]
        endpoint = publish(site, {"/data/both": html(json.dumps(two))})
        found = described(harvest(schemaorg.source(endpoint)))
        assert list(found) == [f"{site.url}/data/both#a", f"{site.url}/data/both#b"]
        text = found[f"{site.url}/data/both#a"].canonical.content.decode()
        for place in ("about", "data/b.csv", "data/c.csv", "data/d.csv"):
            assert f"<{site.url}/{place}>" in text


def test_two_datasets_without_names_of_their_own_are_not_both_their_page() -> None:
    with running() as site:
        two = [{"@context": "https://schema.org", "@type": "Dataset", "name": name} for name in "ab"]
        found = harvest(schemaorg.source(publish(site, {"/both": html(json.dumps(two))})))
        assert set(described(found)) == {"http://127.0.0.1/dataset/site/a", "http://127.0.0.1/dataset/site/b"}
        again = html(
            *[json.dumps({"@context": "https://schema.org", "@type": "Dataset", "@id": "_:d", "name": "a"})] * 2
        )
        assert list(described(harvest(schemaorg.source(publish(site, {"/one": again}))))) == [f"{site.url}/one"]


def test_a_page_is_named_before_the_address_that_it_gives() -> None:
    with running() as site:
        held = {"@context": "https://schema.org", "@type": "Dataset", "name": "a", "url": "https://x.example/portal"}
        assert list(described(harvest(schemaorg.source(publish(site, {"/a": html(json.dumps(held))}))))) == [
            f"{site.url}/a"
        ]


def test_equal_pages_at_two_addresses_are_two_documents() -> None:
    with running() as site:
        endpoint = publish(site, {"/a": page("same"), "/b": page("same")})
        one, two = harvest(schemaorg.source(endpoint))
        assert isinstance(one, Description)
        assert isinstance(two, Description)
        assert one.original.container != two.original.container


# --- sitemaps --------------------------------------------------------------------------------------------------------


def test_a_page_that_is_gone_is_told_and_the_others_go_on() -> None:
    with running() as site:
        endpoint = publish(site, {"/a": page("a"), "/b": page("b")})
        site.page("/sitemap.xml", SITEMAP.format(urls(f"{site.url}/gone", f"{site.url}/a")), "application/xml")
        gone, one = harvest(schemaorg.source(endpoint))
        assert isinstance(gone, Rejected)
        assert gone.where == f"{site.url}/gone"
        assert "404" in gone.problem
        assert isinstance(one, Description)


def test_a_page_that_is_too_large_is_told() -> None:
    with running() as site:
        endpoint = publish(site, {"/a": page("a")})
        site.page("/b", b"\x1f\x8b broken", "text/html")
        site.page("/sitemap.xml", SITEMAP.format(urls(f"{site.url}/b", f"{site.url}/a")), "application/xml")
        broken, one = harvest(schemaorg.source(endpoint))
        assert isinstance(broken, Rejected)
        assert isinstance(one, Description)


def test_a_page_with_an_old_lastmod_is_not_fetched() -> None:
    with running() as site:
        schemaorg.publish(site, {"a": ("", "2026-01-01")})
        one = only(harvest(schemaorg.source(f"{site.url}/sitemap.xml")))
        site.requests.clear()
        [again] = harvest(schemaorg.source(f"{site.url}/sitemap.xml"), Past(frozenset({one.original.container})))
        assert isinstance(again, Untouched)
        assert site.requests == ["/sitemap.xml"]


def test_a_server_that_does_not_answer_ends_the_visit() -> None:
    with running() as site:
        endpoint = publish(site, {"/a": page("a")})

        def busy(handler: Any) -> None:
            handler.send_error(503)

        site.pages["/a"] = busy
        with pytest.raises(SourceUnavailable, match="503"):
            harvest(schemaorg.source(endpoint))


@pytest.mark.parametrize(
    ("sitemap", "words"),
    [
        (SITEMAP.format(""), "leads to no page"),
        (SITEMAP.format(urls("https://www.elsewhere.example/a", "http://[::1")), "2 on others"),
        (SITEMAP.format(urls("https://x.example/a"))[:-20], "not whole XML"),
        ('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]>' + SITEMAP.format("&z;"), "not whole XML"),
    ],
)
def test_a_sitemap_without_pages_is_no_empty_node(sitemap: str, words: str) -> None:
    with running() as site:
        site.page("/sitemap.xml", sitemap, "application/xml")
        with pytest.raises(SourceUnavailable, match=words):
            harvest(schemaorg.source(f"{site.url}/sitemap.xml"))


def test_an_index_that_leads_to_itself_comes_to_an_end() -> None:
    with running() as site:
        index = SITEMAP.replace("urlset", "sitemapindex")
        both = urls(f"{site.url}/index.xml", f"{site.url}/one.xml", within="sitemap")
        site.page("/index.xml", index.format(both), "application/xml")
        publish(site, {"/a": page("a")})
        site.page("/one.xml", SITEMAP.format(urls(f"{site.url}/a")), "application/xml")
        assert only(harvest(schemaorg.source(f"{site.url}/index.xml")))
        many = urls(*(f"{site.url}/{number}.xml" for number in range(1001)), within="sitemap")
        site.page("/index.xml", index.format(many), "application/xml")
        with pytest.raises(SourceUnavailable, match="more than 1000"):
            harvest(schemaorg.source(f"{site.url}/index.xml"))


def test_an_index_that_leads_to_a_page_is_told() -> None:
    with running() as site:
        index = SITEMAP.replace("urlset", "sitemapindex").format(urls(f"{site.url}/a", within="sitemap"))
        site.page("/index.xml", index, "application/xml")
        site.page("/a", page("a"), "text/html")
        with pytest.raises(SourceUnavailable, match="no sitemap"):
            harvest(schemaorg.source(f"{site.url}/index.xml"))


@pytest.mark.parametrize("written", ["\ufeff" + SITEMAP, "\n" + SITEMAP, "<urlset>{}</urlset>"])
def test_a_sitemap_is_known_however_it_begins(written: str) -> None:
    with running() as site:
        publish(site, {"/a": page("a")})
        site.page("/sitemap.xml", written.format(urls(f"{site.url}/a")), "application/xml")
        assert only(harvest(schemaorg.source(f"{site.url}/sitemap.xml"))).iri == f"{site.url}/a"


def test_a_page_alone_is_untouched_while_it_is_the_same() -> None:
    with running() as site:
        site.page("/a", page("a"), "text/html")
        one = only(harvest(schemaorg.source(f"{site.url}/a")))
        [again] = harvest(schemaorg.source(f"{site.url}/a"), Past(frozenset({one.original.container})))
        assert isinstance(again, Untouched)
