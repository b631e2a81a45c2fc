"""Descriptions that repositories write as HTML are read as what a person sees of them."""

from __future__ import annotations

import pytest

from harvesters._html import plain


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<p>Images of <strong>cases</strong> &amp; controls.<br>More.</p>", "Images of cases & controls.\nMore."),
        ("<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo."),
        ("Cases:<ul>\n<li>7 <b>EVI</b></li><li>9</li>\n</ul>End.", "Cases:\n\n- 7 EVI\n- 9\nEnd."),
        ('See <a href="https://x.example/1">the paper</a>.', "See the paper (https://x.example/1)."),
        ('See <a href="https://x.example/1">https://x.example/1</a>.', "See https://x.example/1."),
        ('<a href="javascript:alert(1)">Click</a>', "Click"),
        ("<p>Text</p><script>alert(1)</script><style>p {}</style>", "Text"),
        ("<P CLASS='x'>Upper</P>", "Upper"),
        ("H<sub>2</sub>O, 10<sup>6</sup>", "H2O, 106"),
        ("<table><tr><td>CT</td><td>12</td></tr></table>", "CT 12"),
        ("<p>never closed &lt; 5", "never closed < 5"),
        ("age < 18 and > 5", "age < 18 and > 5"),
        ("x <b and c> y", "x <b and c> y"),
        ("Jane <jane@example.org>", "Jane <jane@example.org>"),
        ("a &amp; b", "a &amp; b"),
        ("line\n  kept as it is", "line\n  kept as it is"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_is_read_as_its_words(written: str, seen: str) -> None:
    assert plain(written) == seen


def test_hostile_html_is_read_in_time() -> None:
    for hostile in ("<p>" * 300_000, "<a href='" + "<" * 100_000, "<b " + "=" * 50_000 + "<b " * 50_000):
        assert plain(hostile) == hostile
    assert plain("<p>x</p>" + "<a href='" * 2_000).startswith("x")
