"""The graphic of the label: what it says and shows, for every label there can be and whatever it is called."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import fields, replace
from datetime import date
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import BadInput
from catalogue.graphic import SIZES, GraphicFacts, describe, pen, svg, tell, withdrawn, words_for
from catalogue.graphic.style import BADGE_TO, CARD_TO, DARK, FIXED, LIGHT, RESPONSIVE, SHAPE_ON, TEXT_ON, policy_sources
from catalogue.graphic.words import ENGLISH, WORDS, GraphicWords
from catalogue.names import EU
from catalogue.quality import Act, Basis, Element, Grade, Label, Mark, Ruling, Scored, Standing, Status
from tests.unit.labels import ELEMENTS, REASON, RULED, facts, made

SVG = "{http://www.w3.org/2000/svg}"
DESIGNS = ("badge", "card", "page")
HOSTILE = (
    "\"><script>alert('x')</script>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;&amp;",
    "\u202egnorw\u202c \u2067שלום עולם\u2069 مرحبا بالعالم",
    "👩🏽‍⚕️ emoji 🫁🇪🇺",
    "Kontroll\x00\x01\x08\x0b\x1f\x7f\x85\ufffe\uffff zeichen",
    "lone \ud800 surrogate",
    "{who} {0} %s {title}",
    "W" * 400,
    "Zwei Wörter " * 60,
    "漢字" * 200,
    "e" + "\u0301" * 300,
    "",
    " \n\t ",
)


def read(content: bytes) -> ET.Element:
    """A file that must be in order: well-formed, of known elements, with nothing foreign in it."""
    root = ET.fromstring(content)
    allowed = {"svg", "title", "desc", "style", "g", "rect", "path", "line", "text"}
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in allowed, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert "href" not in name, name
            assert name not in ("style", "src"), name
            assert "url(" not in value, value
            assert "//" not in value, value
    style = root.find(SVG + "style")
    assert style is not None
    assert not re.search(r"url\(|@import|@font-face|//", style.text or "")
    return root


def text(root: ET.Element, tag: str) -> str:
    """The text of the first such child."""
    found = root.find(SVG + tag)
    return (found.text if found is not None else "") or ""


def design(root: ET.Element, name: str) -> ET.Element:
    """One of the three designs."""
    found = root.find(f"{SVG}g[@id='{name}']")
    assert found is not None
    return found


def drawn(part: ET.Element, look: str) -> int:
    """How many shapes have a class."""
    return sum(look in element.get("class", "").split() for element in part.iter())


def written(part: ET.Element) -> list[str]:
    """The lines of text that are drawn."""
    return [element.text or "" for element in part.iter(SVG + "text")]


# --- a label as it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("status", Status)
def test_the_text_alternative_tells_everything_in_order(status: Status, language: str) -> None:
    words = words_for([language])
    revoked = status is Status.REVOKED
    label = made(status, None if revoked else 3, evidenced=False, review_by=date(2027, 3, 1))
    root = read(svg(label, facts(), words))
    said = text(root, "desc")
    told = tell(label, facts(), words)
    expected = [
        words.label, words.law, "Imaging of the lung",
        (words.statuses[status] if revoked else words.stars.format(n=3)), told.status, words.incomplete, words.scale,
        *(row.heading for row in told.rows), words.access[facts().access][0], words.access[facts().access][1],
        words.scheme, told.scheme, words.date(date(2026, 11, 24)), facts().link,
    ]  # fmt: skip
    places = [said.casefold().find(part.casefold()) for part in expected]
    assert -1 not in places, expected[places.index(-1)]
    assert places == sorted(places)
    assert root.get("role") == "img"
    assert root.get("lang") == language
    assert {root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")} == set(root.get("aria-labelledby").split())
    if status in RULED:
        assert "Permit Authority of Example Land" in said
        assert words.date(date(2026, 10, 1)) in said
    assert (REASON in said) == revoked
    assert (words.date(date(2027, 3, 1)) in said) != revoked


def test_what_does_not_count_in_the_scheme_is_not_counted() -> None:
    extra = [Scored(Mark("x", standing, 1, Basis.MEASURED), 0, 0) for standing in (Standing.OPEN, Standing.ASSESSED)]
    label = made(Status.DECLARED, 3)
    first = replace(label.grades[0], scored=(*label.grades[0].scored, *extra))
    more = replace(label, grades=(first, *label.grades[1:]))
    assert tell(more, facts(), ENGLISH) == tell(label, facts(), ENGLISH)
    last = tell(label, facts(), ENGLISH).rows[5]
    assert (last.counted, list(last.why)) == ("", [])


def test_each_element_says_why() -> None:
    row = tell(made(Status.DECLARED, 3), facts(), ENGLISH).rows[1]
    assert row.told == (
        "b) Technical quality: 3 of 5 stars. 3.8 of 6 points. 4 of 6 criteria assessed. 1 not applicable. "
        "computed from the description: 1. declared by the data holder: 3. "
        "What would raise it most: publish the report on <missing> values."
    )
    root = read(svg(made(Status.DECLARED, 3), facts(), ENGLISH))
    for name in ("card", "page"):
        titles = [element.text for element in design(root, name).iter(SVG + "title")]
        assert titles == [row.told for row in tell(made(Status.DECLARED, 3), facts(), ENGLISH).rows]


@pytest.mark.parametrize("stars", range(6))
def test_stars_are_full_or_empty_by_shape(stars: int) -> None:
    root = read(svg(made(Status.COMPUTED, stars), facts(), ENGLISH))
    for name in DESIGNS:
        part = design(root, name)
        assert (drawn(part, "on"), drawn(part, "off")) == (stars, 5 - stars)
        empty = [element for element in part.iter() if "off" in element.get("class", "").split()]
        assert all(element.get("fill") == "none" for element in empty)
        assert any(line.startswith(f"{stars} of 5") for line in written(part))


def test_not_assessed_is_not_zero() -> None:
    page = {}
    for stars in (None, 0):
        root = read(svg(made(Status.COMPUTED, stars, [stars] * 6), facts(), ENGLISH))
        page[stars] = design(root, "page")
        for name in DESIGNS:
            part = design(root, name)
            assert (drawn(part, "off") == 0) == (stars is None)
            assert ("not assessed" in written(part)) == (stars is None)
            assert (drawn(part, "none") > 0) == (stars is None)
    assert drawn(page[None], "none") == 7
    assert (drawn(page[None], "f-bar"), drawn(page[0], "f-bar")) == (0, 6), "zero has its mark on the scale"


def test_a_revoked_label_shows_no_stars_and_no_grades() -> None:
    root = read(svg(made(Status.REVOKED, 5, [5] * 6), facts(), ENGLISH))
    for name in DESIGNS:
        part = design(root, name)
        assert drawn(part, "star") == drawn(part, "f-bar") == 0
        assert drawn(part, "f-band-revoked") == 1
        assert any("revoked" in line.casefold() for line in written(part))
    assert tell(made(Status.REVOKED, 5), facts(), ENGLISH).stars is None
    assert f"Reason: {REASON}" in written(design(root, "page"))
    assert not re.search(r"\d of 5", "".join(root.itertext()))


def test_grades_are_measured_on_a_scale_with_ticks() -> None:
    page = design(read(svg(made(Status.COMPUTED, 3, (0, 1, 2, 3, 4, 5)), facts(), ENGLISH)), "page")
    axis = {int(t.text): float(t.get("x")) for t in page.iter(SVG + "text") if re.fullmatch("[0-5]", t.text or "")}
    assert list(axis) == [0, 1, 2, 3, 4, 5]
    marks = [e for e in page.iter(SVG + "path") if "f-bar" in e.get("class", "")]
    places = [float(re.match(r"translate\((\S+)", e.get("transform", ""))[1]) for e in marks]
    assert places == list(axis.values())
    bars = [float(e.get("x")) + float(e.get("width")) for e in page.iter(SVG + "rect") if e.get("class") == "f-bar"]
    assert bars == list(axis.values())[1:]
    for row in (g for g in page.iter(SVG + "g") if g.find(SVG + "title") is not None):
        ticks = [float(e.get("x1")) for e in row.iter(SVG + "line") if e.get("x1") == e.get("x2")]
        assert ticks == list(axis.values())


@pytest.mark.parametrize(
    ("right", "name", "expected"),
    [
        (EU + "access-right/PUBLIC", "", "Public"),
        (EU + "access-right/RESTRICTED", "", "Restricted"),
        (EU + "access-right/NON_PUBLIC", "", "Non-public"),
        ("https://example.org/other", "Own words", "Own words"),
        ("", "", "Not stated"),
    ],
)
def test_conditions_of_use(right: str, name: str, expected: str) -> None:
    root = read(svg(made(Status.COMPUTED, 3), facts(access=right, access_name=name), ENGLISH))
    assert expected in written(design(root, "page"))
    assert any(expected in line for line in written(design(root, "card")))
    assert f"Conditions of use: {expected}" in text(root, "desc")


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_same_label_is_the_same_file() -> None:
    assert svg(made(Status.DECLARED, 3), facts(), ENGLISH) == svg(made(Status.DECLARED, 3), facts(), ENGLISH)
    assert svg(made(Status.DECLARED, 3), facts(), ENGLISH) != svg(made(Status.DECLARED, 4), facts(), ENGLISH)


def test_a_size_is_one_design_of_the_same_shape() -> None:
    whole = read(svg(made(Status.COMPUTED, 3), facts(), ENGLISH))
    for size, wide in SIZES.items():
        root = read(svg(made(Status.COMPUTED, 3), facts(), ENGLISH, size))
        assert (root.get("width"), root.get("viewBox")) == (str(wide), whole.get("viewBox"))
        assert int(root.get("height")) * 4 == wide * 3
        assert [g.get("id") for g in root.findall(SVG + "g")] == ([size] if size else list(DESIGNS))
        assert text(root, "style") == (FIXED if size else RESPONSIVE)
    assert [g.get("display") for g in whole.findall(SVG + "g")] == ["none", "none", None], "without style sheets: one"
    with pytest.raises(BadInput, match="poster"):
        svg(made(Status.COMPUTED, 3), facts(), ENGLISH, "poster")


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    narrowest = {"badge": 120, "card": BADGE_TO + 1, "page": CARD_TO + 1}
    for status in Status:
        root = read(svg(made(status, 3), facts(), ENGLISH))
        for name, width in narrowest.items():
            sizes = [float(element.get("font-size")) for element in design(root, name).iter(SVG + "text")]
            assert min(sizes) * width / 800 >= 12, (name, status)
    assert f"@media (max-width:{CARD_TO}px)" in RESPONSIVE
    assert RESPONSIVE.index(f"max-width:{CARD_TO}px") < RESPONSIVE.index(f"max-width:{BADGE_TO}px")


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(title: str) -> None:
    ruling = Ruling(Act.REVOKED, date(2026, 1, 1), title, title)
    label = made(Status.REVOKED, None, ruling=ruling)
    odd = tuple(replace(element, name={"en": title, "": title}, letter=title[:1]) for element in ELEMENTS)
    around = GraphicFacts(title, odd, title, title, {"en": title}, None, title, title, {ELEMENTS[0].iri: title})
    for one in (label, made(Status.VERIFIED, 2, ruling=ruling), made(Status.DECLARED, None)):
        for size in SIZES:
            root = read(svg(one, around, ENGLISH, size))
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", "".join(root.itertext()))
            assert max(map(len, written(root))) < 130
            assert all(line.strip() for line in written(root) if title.strip())
    read(withdrawn(title, date(2026, 1, 1), ENGLISH))


def test_a_long_title_is_cut_in_the_drawing_and_whole_in_words() -> None:
    title = "Bevölkerungsbezogenes Krebsregister mit Röntgenaufnahmen " * 7
    root = read(svg(made(Status.COMPUTED, 3), facts(title), ENGLISH))
    assert sum("Krebsregister" in line for line in written(design(root, "page"))) >= 1
    assert any(line.endswith("…") for line in written(design(root, "page")))
    assert title.strip() in text(root, "desc")


def test_withdrawn_says_so() -> None:
    root = read(withdrawn("Imaging", date(2026, 5, 1), words_for(["fr"])))
    assert "retiré" in written(root)
    assert "Imaging. L’ensemble de données a été retiré le 1er mai 2026." in text(root, "desc")
    assert drawn(root, "star") == 0


def test_texts_are_wrapped_to_the_room() -> None:
    for title in HOSTILE:
        lines = pen.wrap(title, 200, 16, 3)
        assert len(lines) <= 3
        assert all(pen.width(line, 16) <= 200 for line in lines)
    assert pen.wrap("one two three", 1000, 16, 2) == ["one two three"]
    assert pen.wrap("one two three", 50, 16, 5) == ["one", "two", "three"]
    assert pen.wrap("one two three", 50, 16, 2) == ["one", "two…"]
    assert pen.cut_to("e\u0301" * 20, 60, 16).endswith("e\u0301…"), "a letter keeps its mark"


# --- colours ----------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(palette: dict[str, str]) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for least, pairs in ((4.5, TEXT_ON), (3.0, SHAPE_ON)):
        for front, ground in pairs:
            assert contrast(palette[front], palette[ground]) >= least, (front, ground)


def test_every_colour_used_was_measured() -> None:
    texts, shapes = {front for front, _ in TEXT_ON}, {front for front, _ in SHAPE_ON}
    grounds = {ground for _, ground in (*TEXT_ON, *SHAPE_ON)}
    assert LIGHT.keys() == DARK.keys() == texts | shapes | grounds
    for status in Status:
        for element in read(svg(made(status, 3), facts(), ENGLISH)).iter():
            used = {look[2:] for look in element.get("class", "").split() if look[:2] in ("f-", "s-")}
            assert used <= (texts if element.tag == SVG + "text" else shapes | grounds), element.attrib
            assert "fill" not in element.attrib or element.get("fill") == "none"
            assert "stroke" not in element.attrib
    for condition in ("prefers-color-scheme:dark", "forced-colors:active", "print"):
        assert f"@media ({condition})" in FIXED or f"@media {condition}" in FIXED


def test_the_policy_names_the_style_sheets() -> None:
    assert len(set(re.findall("'sha256-[A-Za-z0-9+/]{43}='", policy_sources()))) == 2


# --- words ------------------------------------------------------------------------------------------------------------


def phrases(words: GraphicWords) -> dict[str, str]:
    """Every phrase of a language by its place."""
    found = {}
    for one in fields(words):
        value: Any = getattr(words, one.name)
        parts = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, tuple)
            else [("", value)]
        )
        for key, part in parts:
            for place, phrase in enumerate([part] if isinstance(part, str) else part):
                found[f"{one.name} {key} {place}"] = phrase
    return found


@pytest.mark.parametrize("language", WORDS)
def test_every_language_says_everything(language: str) -> None:
    english, other = phrases(ENGLISH), phrases(WORDS[language])
    assert other.keys() == english.keys()
    for place, phrase in other.items():
        assert phrase.strip(), place
        named = {name for _, name, _, _ in Formatter().parse(phrase) if name}
        assert named == {name for _, name, _, _ in Formatter().parse(english[place]) if name}, place
    assert set(WORDS[language].statuses) == set(WORDS[language].status_told) == set(Status)
    assert set(WORDS[language].bases) == set(Basis)
    if language != "en":
        same = {place.split()[0] for place in english if english[place] == other[place] and len(english[place]) > 8}
        assert same <= {"months", "day"}


def test_other_languages_fall_back() -> None:
    assert words_for(["pl", "de-AT", "fr"]).language == "de"
    assert words_for(["pl"]) is words_for([]) is ENGLISH
    assert "Accès et mise à disposition" in text(
        read(svg(made(Status.COMPUTED, 3), facts(), words_for(["fr"]))), "desc"
    )
    assert "Access and provision" in text(read(svg(made(Status.COMPUTED, 3), facts(), words_for(["pl"]))), "desc")


def test_days_and_numbers_are_written_as_people_do() -> None:
    first = date(2026, 3, 1)
    assert [words_for([tag]).date(first) for tag in ("en", "fr", "de")] == [
        "1 March 2026",
        "1er mars 2026",
        "1. März 2026",
    ]
    assert [words_for([tag]).number(2.25 + 0.01) for tag in ("en", "fr", "de")] == ["2.3", "2,3", "2,3"]
    assert ENGLISH.number(100.0) == "100"
    assert ENGLISH.number(-0.01) == "0"


# --- any label --------------------------------------------------------------------------------------------------------

anything = st.text(max_size=60)
stars = st.none() | st.integers(0, 5)
amounts = st.floats(0, 1e6, allow_nan=False)
days = st.dates()
marks = st.builds(
    Mark, anything, st.sampled_from(Standing), st.none() | st.integers(-3, 9), st.none() | st.sampled_from(Basis)
)
grades = st.builds(
    Grade,
    st.sampled_from([element.iri for element in ELEMENTS]) | anything,
    stars,
    amounts,
    amounts,
    st.lists(st.builds(Scored, marks, amounts, amounts), max_size=8).map(tuple),
)
labels = st.builds(
    Label,
    dataset=anything,
    scheme=anything,
    status=st.sampled_from(Status),
    stars=stars,
    points=amounts,
    possible=amounts,
    grades=st.lists(grades, max_size=8).map(tuple),
    evidenced=st.none() | st.booleans(),
    ruling=st.none() | st.builds(Ruling, st.sampled_from(Act), days, anything, anything),
    review_by=st.none() | days,
)
around = st.builds(
    GraphicFacts,
    title=anything,
    elements=st.lists(
        st.builds(
            Element, anything, anything, st.dictionaries(st.sampled_from(["en", "fr", "ga", ""]), anything), anything
        ),
        max_size=3,
    ).map(lambda more: [*ELEMENTS, *more]),
    access=anything,
    access_name=anything,
    day=st.none() | days,
    link=anything,
    body=anything,
    gains=st.dictionaries(st.sampled_from([element.iri for element in ELEMENTS]), anything),
)


@given(labels, around, st.sampled_from([*WORDS, "ga"]), st.sampled_from(list(SIZES)))
def test_any_label_is_drawn_as_it_is(label: Label, beside: GraphicFacts, language: str, size: str) -> None:
    words = words_for([language])
    root = read(svg(label, beside, words, size))
    said = text(root, "desc")
    shown = 0 if label.status is Status.REVOKED else label.stars or 0
    for part in root.findall(SVG + "g"):
        assert drawn(part, "on") == shown
        assert (drawn(part, "star") == 5) == (label.status is not Status.REVOKED and label.stars is not None)
        for element in part.iter(SVG + "text"):
            assert 0 <= float(element.get("x")) <= 800
            assert 0 <= float(element.get("y")) <= 600
    told = tell(label, beside, words)
    assert " ".join(said.split()) == " ".join(describe(told, words).split())
    for element in ELEMENTS:
        assert element.name[words.language] in said
    assert words.status_told[label.status].partition("{")[0].strip() in said
