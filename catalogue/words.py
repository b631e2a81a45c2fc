"""How words are compared: folding of letters, reading what a person typed, marking found words in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import islice

MAX_WORDS = 32
"""Words of a query beyond this are not looked at."""
SHORTEST_PREFIX = 3
"""Letters from which the last word of a query may be the beginning of a longer one."""
SNIPPET = 240
"""Longest snippet, in characters before escaping."""

_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_QUOTES = str.maketrans(dict.fromkeys("„“”‟«»″", '"'))
_CHUNK = re.compile(r'(?P<minus>-?)"(?P<quoted>[^"]*)"?|(?P<plain>\S+)')
_SEPARATORS = re.compile(r"[^\w\-–.:'’]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a person asked for: a word, or words that stand together."""

    words: tuple[str, ...]
    """Folded, as in the index."""
    typed: str
    excluded: bool = False
    prefix: bool = False
    """The last word may be the beginning of a longer one."""
    optional: bool = False
    quoted: bool = False


def clean(text: str) -> str:
    """The text without lone surrogates, which no UTF-8 can hold."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def fold(text: str) -> str:
    """Lower case without accents, so that "Brüste" and "BRUSTE", "καρκίνος" and "ΚΑΡΚΙΝΟΣ" are the same."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", clean(text).casefold())).translate(_LETTERS)


_SMALL_WORDS = frozenset(
    fold(
        """
        a an and by for from in of on or the to with
        das dem den der des die ein eine für im mit und von zu zum zur
        au aux avec chez dans de des du en et la le les ou par pour sur un une
        al con del el los las para por una y
        ai al alla allo con da dal dalla dei del della delle di e gli il lo nei nel nella per su sul sulla
        as ao com da das do dos em na nas no nos o os
        bij een het met op uit van voor af av från för hos i med och og på till
        az és dla ja na od u w z για και το του της των
        """
    ).split()
)
"""Words that need not be found when others are there."""
_ASKING = frozenset(
    fold(
        """
        data dataset datasets images scans patients
        donnees jeu jeux daten bilder aufnahmen patienten patientinnen datos imagenes pacientes
        dati immagini pazienti dane obrazy pacjentow dados imagens doentes
        gegevens beelden patienter
        """
    ).split()
)
"""What every dataset here is of: these need not be found either, alone or as part of a word with a hyphen."""
_ELIDED = re.compile(r"(?<!\w)(?:(?:de|da|a|ne|su|co|que?)?ll?|[cdjlmnsty]|qu|un)['’](?=\w{2})", re.IGNORECASE)
"""Articles and prepositions of French and Italian that lean on the next word: l'ovaire, dell'ovaio."""


def read(text: str, tokens: Callable[[str], list[str]]) -> list[Wanted]:
    """What a person typed: words, "quoted phrases", -excluded words; any text at all is understood.

    ``tokens`` splits folded text as the index does. At most :data:`MAX_WORDS` words are taken.
    """
    wanted: list[Wanted] = []
    for found in _CHUNK.finditer(clean(text).translate(_QUOTES)):
        plain = found["plain"]
        quoted = plain is None
        excluded = found["minus"] == "-" or (plain or "").startswith("-")
        for part in _SEPARATORS.split(_ELIDED.sub("", plain)) if plain is not None else [found["quoted"]]:
            words = tuple(tokens(fold(part)))
            if plain is not None and len(words) > 1:
                words = tuple(word for word in words if word not in _ASKING) or words
            if words:
                typed = part.strip("-–.:'’ ")
                wanted.append(Wanted(words[:MAX_WORDS], typed, excluded, quoted=quoted))
        if len(wanted) >= MAX_WORDS:
            break
    return _finished(wanted[:MAX_WORDS])


def _finished(wanted: list[Wanted]) -> list[Wanted]:
    """Mark the last plain word as a beginning and small words as optional."""
    optional = _SMALL_WORDS | _ASKING
    small = [w.words[0] in optional and len(w.words) == 1 and not w.excluded and not w.quoted for w in wanted]
    if any(not s and not w.excluded for s, w in zip(small, wanted, strict=True)):
        wanted = [replace(w, optional=s) for s, w in zip(small, wanted, strict=True)]
    last = wanted[-1] if wanted else None
    if last is not None and not last.excluded and not last.quoted:
        wanted[-1] = replace(last, prefix=len(last.words[-1]) >= SHORTEST_PREFIX)
    return wanted


def preferred(texts: Mapping[str, str], languages: Sequence[str]) -> list[str]:
    """The languages of ``texts``: the reader's first, then English, then the others."""
    order = {code: place for place, code in enumerate(dict.fromkeys((*languages, "en")))}
    return sorted(texts, key=lambda code: (order.get(code, order.get(code.split("-")[0], len(order))), code))


# --- marking ----------------------------------------------------------------------------------------------


class _Flat(dict[int, str]):
    """Translates each letter to one letter without accent, so that positions stay."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = flat = (fold(character) or character)[0]
        return flat


_FLAT = _Flat()


def _flat(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FLAT)


def pattern(wanted: Iterable[Wanted], beginnings: Iterable[str] = ()) -> re.Pattern[str] | None:
    """Finds the wanted words in a flat text; ``beginnings`` are stems and other spellings that count as found too."""
    alternatives = set()
    for one in wanted:
        if not one.excluded and not one.optional:
            words = _flat(clean(one.typed))
            joined = r"[\W_]+".join(re.escape(word) for word in re.findall(r"[^\W_]+", words))
            if joined:
                alternatives.add(joined + (r"[^\W_]*" if one.prefix else ""))
    alternatives |= {re.escape(_flat(beginning)) + r"[^\W_]{0,4}" for beginning in beginnings}
    if not alternatives:
        return None
    longest_first = sorted(alternatives, key=lambda alternative: (-len(alternative), alternative))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])")


def snippet(texts: Iterable[str], words: re.Pattern[str] | None) -> str:
    """HTML: the part of one of ``texts`` (in order of preference) where most ``words`` stand, marked with ``<b>``."""
    best, best_marks = "", list[tuple[int, int]]()
    for text in texts:
        text = " ".join(unicodedata.normalize("NFC", text[:20_000]).split())
        marks = [m.span() for m in islice(words.finditer(_flat(text)), 100)] if words else []
        if len(marks) > len(best_marks) or not best:
            best, best_marks = text, marks
    return _cut(best, best_marks)


def _cut(text: str, marks: list[tuple[int, int]]) -> str:
    start = 0
    if marks and len(text) > SNIPPET:
        crowd = max(marks, key=lambda mark: sum(mark[0] <= other[0] < mark[0] + SNIPPET - 60 for other in marks))
        start = max(0, min(crowd[0] - 40, len(text) - SNIPPET))
        start = text.rfind(" ", 0, start + 1) + 1 if start else 0
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end + 1), start + SNIPPET // 2)
    parts, at = ["…" if start else ""], start
    for first, last in marks:
        if first >= at and last <= end:
            parts += [escape(text[at:first]), "<b>", escape(text[first:last]), "</b>"]
            at = last
    return "".join([*parts, escape(text[at:end]), "…" if end < len(text) else ""])
