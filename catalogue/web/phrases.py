"""Words of the interface that code chooses among; ``_`` marks what a translation must cover.

With translations, ``_`` becomes a lazy gettext here and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.model import NoteKind, Outcome, Severity
from catalogue.names import EU
from catalogue.nearest import Likeness


def _(message: str) -> str:
    return message


LANGUAGES: Mapping[str, str] = {
    "bg": "български", "cs": "čeština", "da": "dansk", "de": "Deutsch", "el": "ελληνικά", "en": "English",
    "es": "español", "et": "eesti", "fi": "suomi", "fr": "français", "ga": "Gaeilge", "hr": "hrvatski",
    "hu": "magyar", "it": "italiano", "lt": "lietuvių", "lv": "latviešu", "mt": "Malti", "nl": "Nederlands",
    "pl": "polski", "pt": "português", "ro": "română", "sk": "slovenčina", "sl": "slovenščina", "sv": "svenska",
}  # fmt: skip
"""The official languages of the Union (Regulation 1/1958), each by its own name."""

FACETS: Mapping[str, str] = {
    "category": _("Health data category"),
    "theme": _("Health theme"),
    "modality": _("Imaging modality"),
    "body_part": _("Body part"),
    "disease": _("Disease"),
    "cohort": _("Individuals"),
    "age": _("Typical age"),
    "access": _("Access"),
    "country": _("Country"),
    "publisher": _("Publisher"),
    "label": _("Quality label"),
    "source": _("Source"),
}

AGES: Mapping[str, str] = {"0-17": _("children, 0 to 17"), "18-64": _("adults, 18 to 64"), "65-": _("65 and older")}

SORTS: Mapping[str, str] = {
    "relevance": _("best match"),
    "modified": _("newest"),
    "oldest": _("oldest"),
    "changed": _("last changed here"),
    "individuals": _("most individuals"),
    "label": _("best label"),
    "title": _("title"),
}

SEVERITIES: Mapping[Severity, tuple[str, str, str]] = {
    Severity.VIOLATION: ("must", _("Must be mended"), _("Mandatory in HealthDCAT-AP, or required by law.")),
    Severity.WARNING: ("should", _("Should be mended"), _("Recommended: people will look for it.")),
    Severity.INFO: ("may", _("May be added"), _("Optional: it would raise the label or help a reader.")),
}
"""Short name, heading and meaning of each severity."""

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASSED: _("no fault found"),
    Outcome.FAILED: _("faults found"),
    Outcome.NOT_APPLICABLE: _("nothing to check here"),
}

ACCESS: Mapping[str, tuple[str, str]] = {
    EU + "access-right/PUBLIC": (
        _("Open to everyone"),
        _("You can use the data without asking. The licence of each distribution says on what terms."),
    ),
    EU + "access-right/RESTRICTED": (
        _("Open under conditions"),
        _("You can get the data when you meet conditions, such as registering or signing an agreement."),
    ),
    EU + "access-right/NON_PUBLIC": (
        _("Only with a permit"),
        _(
            "The data are about people and stay protected. You apply for a data permit, or send a data request, to the "
            "health data access body; if it agrees, you work with the data in a secure processing environment."
        ),
    ),
}
ACCESS_UNKNOWN = (
    _("Not stated"),
    _("The description does not say who may use the data. Ask the contact below."),
)

HISTORY: Mapping[str, str] = {
    "create": _("First described"),
    "update": _("Description changed"),
    "restore": _("Described again"),
    "withdraw": _("Withdrawn"),
}

NOTES: Mapping[NoteKind, str] = {
    NoteKind.MAPPED: _("Local terms replaced by a shared concept"),
    NoteKind.DEFAULTED: _("Stated by the owner of the source for all its datasets"),
    NoteKind.REPAIRED: _("Older forms rewritten to the current one"),
    NoteKind.SUPPRESSED: _("Withheld because it counts too few persons"),
    NoteKind.UNMAPPED: _("Not understood, left out"),
}

THIS_DATASET = _("this dataset")

LIKENESS: Mapping[Likeness, str] = {
    Likeness.CODE: _("The code is right, the address before it is not."),
    Likeness.NAME: _("It goes by that name; write its address."),
    Likeness.SPELLING: _("It is spelt like that."),
}
"""Why a value is thought to be meant."""

MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip

STATUSES: Mapping[int, str] = {
    400: _("This request cannot be understood"),
    401: _("An access token is needed"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    406: _("Not available in that form"),
    410: _("Withdrawn"),
    413: _("Too large"),
    415: _("Not a form we read"),
    422: _("This cannot be read"),
    500: _("An error on our side"),
    502: _("A source cannot be reached"),
    503: _("Not available at the moment"),
    504: _("That took too long"),
}
