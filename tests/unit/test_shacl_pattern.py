"""sh:pattern means what SPARQL's REGEX means, or is refused."""

from __future__ import annotations

import pytest

from catalogue.shacl_pattern import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "flags", "hits", "misses"),
    [
        ("^ab?c$", "", ["ac", "abc"], ["abc\n", "xabc"]),
        ("^a.c$", "", ["a\u2028c"], ["a\nc", "a\rc"]),
        ("^a.c$", "s", ["a\nc"], ["ac"]),
        ("^b$", "m", ["a\nb\nc"], ["ab"]),
        ("^É", "i", ["école"], ["ecole"]),
        (r"^\d{2,3}$", "", ["12", "123"], ["1", "1234"]),
        (r"^\s$", "", [" ", "\t"], ["\u00a0"]),
        (r"^[\s\-x]+$", "", ["- x"], ["\u00a0"]),
        (r"^[^\s]\S$", "", ["ab"], ["a ", " b"]),
        (r"^\$\.\\[.$]\{$", "", [r"$.\.{"], [r"a.\.{"]),
        (r"^(?:a|b)(c)\1$", "", ["acc"], ["acb"]),
        (r"^\++$", "", ["++"], ["a"]),
        ("^a*?b+?$", "", ["aab"], ["a"]),
        ("^[&&||~~]$", "", ["&", "|", "~"], ["x"]),
    ],
)
def test_same_meaning(pattern: str, flags: str, hits: list[str], misses: list[str]) -> None:
    found = compile_pattern(pattern, flags).search
    assert [text for text in hits if not found(text)] == []
    assert [text for text in misses if found(text)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"\p{L}", r"\i", r"\w", r"\W", r"\b", r"\A", r"\Z", r"\0", "[a-z-[aeiou]]", "[[a]", "[a", "(a", "a)", "\\"),
        *(
            "(?=a)",
            "(?i)a",
            "(?P<n>a)",
            "(?<=a)b",
            "a++",
            "a*+",
            "a{2}+",
            "a{",
            "a{,2}",
            "*a",
            r"[\w]",
            r"[\S]",
            r"(a)\2",
        ),
    ],
)
def test_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        compile_pattern(pattern)


@pytest.mark.parametrize("flags", ["x", "q", "iz"])
def test_refused_flags(flags: str) -> None:
    with pytest.raises(ValueError, match="flags"):
        compile_pattern("a", flags)
