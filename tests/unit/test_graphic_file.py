"""The file of the graphic: deterministic, safe, readable in size and colour, told in every language."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from string import Formatter
from typing import Any

import pytest

from catalogue.errors import BadInput
from catalogue.graphic import SIZES, GraphicFacts, pen, svg, withdrawn, words_for
from catalogue.graphic.style import BADGE_TO, CARD_TO, DARK, FIXED, LIGHT, RESPONSIVE, SHAPE_ON, TEXT_ON, policy_sources
from catalogue.graphic.words import ENGLISH, WORDS, GraphicWords
from catalogue.quality import Act, Basis, Ruling, Status
from tests.unit.drawing import DESIGNS, HOSTILE, SVG, design, drawn, read, text, written
from tests.unit.labels import ELEMENTS, facts, made

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
