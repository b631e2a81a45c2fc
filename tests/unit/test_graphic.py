"""The graphic of the label: what it says and shows, for every label there can be and whatever it is called."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.graphic import SIZES, GraphicFacts, describe, svg, tell, words_for
from catalogue.graphic.words import ENGLISH, WORDS
from catalogue.names import EU
from catalogue.quality import Act, Basis, Element, Grade, Label, Mark, Ruling, Scored, Standing, Status
from tests.unit.drawing import DESIGNS, SVG, design, drawn, read, text, written
from tests.unit.labels import ELEMENTS, REASON, RULED, facts, made

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
