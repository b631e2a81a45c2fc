"""Other forms of a value that mean the same: a link for its text, a concept for its name, a datatype for a plain text.

Nothing here decides: a proposal is taken only when the rule that was broken is satisfied by it (``catalogue.repair``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.demand import Demand
from catalogue.editing import link
from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import CAT, CV, DCT, FOAF, SH, SKOS, VCARD, XSD

TABLE = NamedNode("https://w3id.org/ehds-catalogue/crosswalk/codes")
_NAMES = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, DCT.identifier)
_LINK = re.compile(r"https?://[^\s<>\"{}|\\^`]+\Z")
_MAIL = re.compile(r"[^\s<>\"@:,;()\[\]\\]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]+\Z")
_MAIL_LINKS = frozenset({VCARD.hasEmail.value, FOAF.mbox.value})
_MAIL_TEXTS = frozenset({CV.email.value})
_PHONE_TEXTS = frozenset({CV.telephone.value})
_BASIC_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?: ?(Z|[+-]\d{2}:\d{2})|([+-]\d{2})(\d{2}))?\Z"
)
_WHOLE = re.compile(r"[+-]?\d+\.0*\Z")
_COUNTS = frozenset({XSD.nonNegativeInteger.value, XSD.integer.value, XSD.positiveInteger.value})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value to put in the place of another."""

    value: Term
    reason: str
    """In words, as after "because"."""


class Concepts:
    """Concepts by everything they are called: labels in every language, codes, addresses."""

    def __init__(self, rules: Graph) -> None:
        """``rules`` is the graph of a rulebook, which holds the vocabularies and the table of codes."""
        self._rules = rules
        self._found: dict[str, dict[Term, None]] = defaultdict(dict)
        for concept in rules.instances(SKOS.Concept):
            self._found[_address(concept.value)][concept] = None
            for name in _NAMES:
                for text in rules.objects(concept, name):
                    self._found[_folded(str(text.value))][concept] = None
        for mapping in rules.objects(TABLE, CAT.mapping):
            for text in rules.objects(mapping, CAT.local):
                for target in rules.objects(mapping, SKOS.exactMatch):
                    self._found[_folded(str(text.value))][target] = None
        self._systems = sorted(str(prefix.value) for prefix in rules.objects(TABLE, CAT.codesIn))
        self._completions = [
            (re.compile(rules.text(entry, CAT.form) or ""), rules.text(entry, CAT.to) or "")
            for entry in rules.objects(TABLE, CAT.completion)
        ]

    def called(self, value: Term, demand: Demand) -> Sequence[Term]:
        """What a text or address may stand for, of the lists that are asked for."""
        if not demand.listed:
            return []
        text = str(value.value).strip()
        found = dict(self._found.get(_address(text), {}))
        code = next((text.removeprefix(system) for system in self._systems if text.startswith(system)), "")
        name = code or ("" if isinstance(value, NamedNode) else text)
        found |= self._found.get(_folded(name), {}) if name else {}
        whole = (link(to + name) for form, to in self._completions if form.fullmatch(name))
        found |= {iri: None for iri in whole if iri is not None}
        return [concept for concept in found if concept != value and self._may_be(concept, demand)]

    def _may_be(self, concept: Term, demand: Demand) -> bool:
        if concept in demand.values:
            return True
        if any(scheme in demand.schemes for scheme in self._rules.objects(concept, SKOS.inScheme)):
            return True
        return any(re.search(pattern, str(concept.value)) for pattern in demand.patterns)


def forms(value: Term, predicate: NamedNode, demand: Demand) -> Iterator[Proposal]:
    """The same value in other forms, the most likely first."""
    if isinstance(value, Literal):
        yield from _typed(value, demand)
        yield from _linked(value.value.strip(), predicate.value, demand)
    elif isinstance(value, NamedNode) and SH.Literal.value in demand.kinds:
        yield from _as_text(str(value.value), predicate.value)


def _typed(value: Literal, demand: Demand) -> Iterator[Proposal]:
    for datatype in demand.datatypes:
        for text in dict.fromkeys(_lexical(value.value.strip(), datatype)):
            if text != value.value or datatype != value.datatype.value or value.language:
                name = datatype.rsplit("#", 1)[-1]
                same = text == value.value
                reason = f"the text is a proper {name}" if same else f"this is how a {name} is written"
                yield Proposal(Literal(text, datatype=NamedNode(datatype)), reason)


def _lexical(text: str, datatype: str) -> Iterator[str]:
    """A text, and the forms of it that a datatype may need; which one is proper the rule tells."""
    yield text
    if datatype == XSD.boolean.value:
        yield text.lower()
    elif datatype in _COUNTS and _WHOLE.match(text):
        yield str(int(Decimal(text)))
    elif datatype == XSD.date.value and (day := _BASIC_DATE.match(text)):
        yield "-".join(day.groups())
    elif datatype == XSD.dateTime.value and (moment := _MOMENT.match(text)):
        date, time, zone, hours, minutes = moment.groups()
        yield f"{date}T{time}" + (zone or (f"{hours}:{minutes}" if hours else ""))


def _linked(text: str, predicate: str, demand: Demand) -> Iterator[Proposal]:
    if not demand.linked:
        return
    iri = link(text) if _LINK.match(text) else None
    if iri is not None:
        yield Proposal(iri, "the text is a link")
    mail = text.removeprefix("mailto:")
    iri = link("mailto:" + mail) if predicate in _MAIL_LINKS and _MAIL.match(mail) else None
    if iri is not None:
        yield Proposal(iri, "an e-mail address is given as a mailto link")


def _as_text(iri: str, predicate: str) -> Iterator[Proposal]:
    mail, phone = iri.removeprefix("mailto:"), iri.removeprefix("tel:")
    if predicate in _MAIL_TEXTS and mail != iri and _MAIL.match(mail):
        yield Proposal(Literal(mail), "the e-mail address is given as text here")
    if predicate in _PHONE_TEXTS and phone != iri and _PHONE.match(phone):
        yield Proposal(Literal(phone), "the telephone number is given as text here")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _address(text: str) -> str:
    """What http and https addresses of one thing share, also with a slash at the end."""
    bare = text.partition("://")
    return bare[2].rstrip("/").casefold() if bare[0] in ("http", "https") else ""
