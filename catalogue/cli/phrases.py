"""The words in which the command line tells findings, by language; what is not translated is told in English."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.model import Severity
from catalogue.nearest import Likeness

HOW_HARD: Mapping[str, Mapping[Severity, str]] = {
    "en": {Severity.VIOLATION: "must", Severity.WARNING: "should", Severity.INFO: "may"},
    "fr": {Severity.VIOLATION: "obligatoire", Severity.WARNING: "recommandé", Severity.INFO: "facultatif"},
    "de": {Severity.VIOLATION: "muss", Severity.WARNING: "soll", Severity.INFO: "kann"},
}
LIKENESS: Mapping[str, Mapping[Likeness, str]] = {
    "en": {
        Likeness.CODE: "the code is right, the address is not",
        Likeness.NAME: "write its address",
        Likeness.SPELLING: "it is spelt like that",
    },
    "fr": {
        Likeness.CODE: "le code est juste, pas l’adresse",
        Likeness.NAME: "écrivez son adresse",
        Likeness.SPELLING: "l’orthographe est proche",
    },
    "de": {
        Likeness.CODE: "der Code stimmt, die Adresse nicht",
        Likeness.NAME: "schreiben Sie seine Adresse",
        Likeness.SPELLING: "es schreibt sich ähnlich",
    },
}
_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "checked": "checked as: {profile}",
        "found": "found",
        "where": "where",
        "remedy": "remedy",
        "allowed": "allowed",
        "why": "why",
        "this": "this dataset",
        "meant": "did you mean {name}? ({why})",
        "places": "{n} places",
        "more": "and {n} more",
        "one": "only {values}",
        "values": "{n} values: {values}",
        "known": "such as {values}",
        "some": "{n} values, such as {values}",
        "from": "applies from {day}",
        "also": "also {citations}",
        "counts": "{must} that must be mended, {should} that should be. Label (computed part): {stars}",
        "datasets": "{n} datasets checked: {good} without a mandatory fault, {bad} with one.",
        "good": "Nothing mandatory is missing or wrong, as far as the rules can see.",
        "first": "What to do first:",
        "in": "in {n} datasets",
        "raise": "What would raise the label most:",
    },
    "fr": {
        "checked": "vérifié selon : {profile}",
        "found": "trouvé",
        "where": "où",
        "remedy": "remède",
        "allowed": "admis",
        "why": "pourquoi",
        "this": "ce jeu de données",
        "meant": "vouliez-vous dire {name} ? ({why})",
        "places": "{n} endroits",
        "more": "et {n} autres",
        "one": "seulement {values}",
        "values": "{n} valeurs : {values}",
        "known": "par exemple {values}",
        "some": "{n} valeurs, par exemple {values}",
        "from": "applicable à partir du {day}",
        "also": "aussi {citations}",
        "counts": "{must} à corriger, {should} recommandés. Label (partie calculée) : {stars}",
        "datasets": "{n} jeux de données vérifiés : {good} sans défaut obligatoire, {bad} avec.",
        "good": "Rien d’obligatoire ne manque ni n’est faux, pour autant que les règles le voient.",
        "first": "À faire d’abord :",
        "in": "dans {n} jeux de données",
        "raise": "Ce qui améliorerait le plus le label :",
    },
    "de": {
        "checked": "geprüft als: {profile}",
        "found": "gefunden",
        "where": "wo",
        "remedy": "Abhilfe",
        "allowed": "erlaubt",
        "why": "warum",
        "this": "dieser Datensatz",
        "meant": "meinten Sie {name}? ({why})",
        "places": "{n} Stellen",
        "more": "und {n} weitere",
        "one": "nur {values}",
        "values": "{n} Werte: {values}",
        "known": "zum Beispiel {values}",
        "some": "{n} Werte, zum Beispiel {values}",
        "from": "gilt ab {day}",
        "also": "auch {citations}",
        "counts": "{must} müssen behoben werden, {should} sollen es. Kennzeichnung (berechneter Teil): {stars}",
        "datasets": "{n} Datensätze geprüft: {good} ohne Pflichtfehler, {bad} mit.",
        "good": "Nichts Verpflichtendes fehlt oder ist falsch, soweit die Regeln es sehen.",
        "first": "Was zuerst zu tun ist:",
        "in": "in {n} Datensätzen",
        "raise": "Was die Kennzeichnung am meisten heben würde:",
    },
}
LABELS = ("found", "where", "remedy", "allowed", "why")
"""What stands before a line of a finding."""


class Phrases:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        code = language.split("-")[0].lower()
        self.language = code if code in _PHRASES else "en"
        self._texts = _PHRASES[self.language]
        self.how_hard = HOW_HARD[self.language]
        self.likeness = LIKENESS[self.language]
        self._colon = " :" if self.language == "fr" else ":"
        self._width = max(len(self._texts[name] + self._colon) for name in LABELS) + 1

    def __call__(self, phrase: str, **values: object) -> str:
        """A phrase with its values filled in; the values are taken as they are."""
        return self._texts[phrase].format(**values)

    def label(self, name: str = "") -> str:
        """What stands before a line, all of one width; nothing for a line that goes on."""
        return (self._texts[name] + self._colon if name else "").ljust(self._width)
