"""Regular expressions of SPARQL (XPath functions 3.1, section 5.6.1) as Python ones; what would differ is refused."""

from __future__ import annotations

import re

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_PLAIN_ESCAPES = frozenset("nrt\\|.?*+(){}-[]^$")
_QUANTIFIER_ENDS = frozenset("*+?}")
_SPACE = r" \t\n\r"
_COUNT = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_CLASS = re.compile(r"\[\^?(?:\\.|[^\\\]])+\]", re.DOTALL)


def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """The same language in Python's syntax, for :meth:`re.Pattern.search`.

    Raises ValueError, in words fit for the author of a shape, for what Python lacks or reads otherwise: ``\\p``,
    ``\\i``, ``\\c``, ``\\w`` (XPath's has no underscore), class subtraction, look-around and other ``(?...)`` groups,
    ``\\b``, possessive quantifiers such as ``++``, and the flags ``x`` and ``q``.
    """
    unknown = set(flags) - set(_FLAGS)
    if unknown:
        raise ValueError(f"the flags {''.join(sorted(unknown))!r} are not supported; use i, m or s")
    python_flags = 0
    for flag in flags:
        python_flags |= _FLAGS[flag]
    written = "".join(_pieces(pattern, multiline="m" in flags, dot_is_all="s" in flags))
    try:
        return re.compile(written, python_flags)
    except re.error as error:
        raise ValueError(str(error)) from error


def _pieces(pattern: str, *, multiline: bool, dot_is_all: bool) -> list[str]:
    pieces: list[str] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            pieces.append(_escape(pattern[at : at + 2], in_class=False))
            at += 2
            continue
        if sign == "[":
            match = _CLASS.match(pattern, at)
            if match is None:
                raise ValueError("a character class [ is not closed")
            pieces.append(_character_class(match[0]))
            at = match.end()
            continue
        if sign == "{" and _COUNT.match(pattern, at) is None:
            raise ValueError("{ must be written \\{ unless it is a count such as {2} or {2,5}")
        if pattern.startswith("(?", at) and not pattern.startswith("(?:", at):
            raise ValueError("of the groups that begin with (? only (?: is known")
        if sign == "+" and pieces and pieces[-1] in _QUANTIFIER_ENDS:
            raise ValueError("a quantifier cannot be followed by +")
        if sign == "$" and not multiline:
            sign = r"\Z"
        elif sign == "." and not dot_is_all:
            sign = r"[^\n\r]"
        pieces.append(sign)
        at += 1
    return pieces


def _character_class(text: str) -> str:
    start = 2 if text.startswith("[^") else 1
    inner = text[start:-1]
    if re.search(r"(?<!\\)(?:\\\\)*\[", inner):
        raise ValueError("[ inside a character class must be written \\[; class subtraction is not supported")
    body = re.sub(r"\\.", lambda match: _escape(match[0], in_class=True), inner, flags=re.DOTALL)
    # Python warns about these as possible set operations; escaped they are what XPath reads: plain characters.
    body = re.sub(r"&&|\|\||~~", lambda match: "".join("\\" + sign for sign in match[0]), body)
    return text[:start] + body + "]"


def _escape(text: str, *, in_class: bool) -> str:
    if len(text) < 2:
        raise ValueError("a pattern cannot end with a single backslash")
    sign = text[1]
    if sign == "s":
        return _SPACE if in_class else f"[{_SPACE}]"
    if sign == "S" and not in_class:
        return f"[^{_SPACE}]"
    if sign in "dD" or sign in _PLAIN_ESCAPES or (sign.isdigit() and sign != "0" and not in_class):
        return text
    raise ValueError(f"{text} is not supported or means something else in Python; spell the characters out")
