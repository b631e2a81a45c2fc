"""What the graphic of the label says, in English, French and German; the drawing has no words of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.names import EU
from catalogue.quality import Basis, Status

_RIGHT = EU + "access-right/"


@dataclass(frozen=True, slots=True)
class GraphicWords:
    """The words of one language; those with ``{}`` are filled with numbers or names."""

    language: str
    label: str
    """The name of the label (Art. 2(2)(aa))."""
    short: str
    """The same where there is room for ten letters."""
    law: str
    stars: str
    """``{n}``: stars of five."""
    star_count: str
    """The same, shorter."""
    not_assessed: str
    no_stars: str
    """What stands in place of stars when the label was revoked."""
    scale: str
    """What the numbers on the scale mean."""
    points: str
    """``{n}`` of ``{of}``."""
    assessed: str
    """``{n}`` of ``{of}`` criteria, in few letters."""
    assessed_criteria: str
    """The same as a phrase."""
    applicable: str
    """``{n}`` criteria that do not apply."""
    bases: Mapping[Basis, str]
    raises: str
    """Before what would raise an element most."""
    dataset: str
    element: str
    conditions: str
    status: str
    scheme: str
    dated: str
    review: str
    """``{day}``: the first day on which something it rests on has lapsed."""
    incomplete: str
    """Something declared lacks its evidence (Art. 60(4))."""
    reason: str
    more: str
    """Before the address of the reasons."""
    statuses: Mapping[Status, str]
    """In one word."""
    status_told: Mapping[Status, str]
    """In a phrase; ``{who}``."""
    body: str
    """A health data access body whose name is not known."""
    access: Mapping[str, tuple[str, str]]
    """Access right by IRI: its name, and what it means."""
    access_unknown: tuple[str, str]
    withdrawn: str
    """``{day}``: when the dataset was withdrawn."""
    withdrawn_short: str
    embedded: str
    """``{title}``: the text alternative of an embedded graphic; holds whatever the grade will be."""
    months: Sequence[str]
    day: str = "{day} {month} {year}"
    first: str = "1"
    comma: str = "."
    """Between whole numbers and tenths."""
    colon: str = ": "

    def date(self, day: date) -> str:
        """A day as people write it."""
        number = self.first if day.day == 1 else str(day.day)
        return self.day.format(day=number, month=self.months[day.month - 1], year=day.year)

    def number(self, value: float) -> str:
        """A number with at most one decimal."""
        return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0").replace(".", self.comma)


ENGLISH = GraphicWords(
    language="en",
    label="Data quality and utility label",
    short="EHDS label",
    law="Regulation (EU) 2025/327, Article 78",
    stars="{n} of 5 stars",
    star_count="{n} of 5",
    not_assessed="not assessed",
    no_stars="no stars",
    scale="Scale: 0 to 5 stars, 5 is best",
    points="{n} of {of} points",
    assessed="{n} of {of} assessed",
    assessed_criteria="{n} of {of} criteria assessed",
    applicable="{n} not applicable",
    bases={
        Basis.COMPUTED: "computed from the description: {n}",
        Basis.MEASURED: "measured in the data: {n}",
        Basis.DECLARED: "declared by the data holder: {n}",
        Basis.VERIFIED: "verified by a health data access body: {n}",
    },
    raises="What would raise it most",
    dataset="Dataset",
    element="Element",
    conditions="Conditions of use",
    status="Status",
    scheme="Scoring scheme",
    dated="As of",
    review="Renew before {day}",
    incomplete="Some evidence is missing for what was declared",
    reason="Reason",
    more="Reasons",
    statuses={
        Status.COMPUTED: "computed",
        Status.DECLARED: "declared",
        Status.VERIFIED: "verified",
        Status.REVOKED: "revoked",
    },
    status_told={
        Status.COMPUTED: "Computed by rules; not verified",
        Status.DECLARED: "Declared by the data holder; not verified",
        Status.VERIFIED: "Verified by {who}",
        Status.REVOKED: "Revoked by {who}",
    },
    body="a health data access body",
    access={
        _RIGHT + "PUBLIC": ("Public", "open to everyone"),
        _RIGHT + "RESTRICTED": ("Restricted", "open to those who meet conditions"),
        _RIGHT + "NON_PUBLIC": ("Non-public", "with a data permit or an approved data request"),
    },
    access_unknown=("Not stated", "the description does not say who may use the data"),
    withdrawn="The dataset was withdrawn on {day}",
    withdrawn_short="withdrawn",
    embedded="EHDS data quality and utility label of “{title}”; the linked page gives grade, status and reasons",
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
)  # fmt: skip

FRENCH = GraphicWords(
    language="fr",
    label="Label de qualité et d’utilité des données",
    short="Label EHDS",
    law="Règlement (UE) 2025/327, article 78",
    stars="{n} sur 5 étoiles",
    star_count="{n} sur 5",
    not_assessed="non évalué",
    no_stars="aucune étoile",
    scale="Échelle : 0 à 5 étoiles, 5 au mieux",
    points="{n} sur {of} points",
    assessed="{n} sur {of} évalués",
    assessed_criteria="{n} sur {of} critères évalués",
    applicable="{n} sans objet",
    bases={
        Basis.COMPUTED: "calculés d’après la description : {n}",
        Basis.MEASURED: "mesurés dans les données : {n}",
        Basis.DECLARED: "déclarés par le détenteur : {n}",
        Basis.VERIFIED: "vérifiés par un organisme responsable de l’accès aux données de santé : {n}",
    },
    raises="Ce qui l’améliorerait le plus",
    dataset="Ensemble de données",
    element="Élément",
    conditions="Conditions d’utilisation",
    status="Statut",
    scheme="Barème",
    dated="État au",
    review="À renouveler avant le {day}",
    incomplete="Il manque des preuves pour ce qui a été déclaré",
    reason="Motif",
    more="Motifs",
    statuses={
        Status.COMPUTED: "calculé",
        Status.DECLARED: "déclaré",
        Status.VERIFIED: "vérifié",
        Status.REVOKED: "révoqué",
    },
    status_told={
        Status.COMPUTED: "Calculé par des règles ; non vérifié",
        Status.DECLARED: "Déclaré par le détenteur ; non vérifié",
        Status.VERIFIED: "Vérifié par {who}",
        Status.REVOKED: "Révoqué par {who}",
    },
    body="un organisme responsable de l’accès aux données de santé",
    access={
        _RIGHT + "PUBLIC": ("Public", "ouvert à tous"),
        _RIGHT + "RESTRICTED": ("Restreint", "ouvert à qui remplit certaines conditions"),
        _RIGHT + "NON_PUBLIC": ("Non public", "avec une autorisation ou une demande de données approuvée"),
    },
    access_unknown=("Non indiqué", "la description ne dit pas qui peut utiliser les données"),
    withdrawn="L’ensemble de données a été retiré le {day}",
    withdrawn_short="retiré",
    embedded=(
        "Label EHDS de qualité et d’utilité des données pour « {title} » ; "
        "note, statut et motifs se trouvent sur la page liée"
    ),
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    first="1er",
    comma=",",
    colon=" : ",
)  # fmt: skip

GERMAN = GraphicWords(
    language="de",
    label="Datenqualitäts- und -nutzenlabel",
    short="EHDS-Label",
    law="Verordnung (EU) 2025/327, Artikel 78",
    stars="{n} von 5 Sternen",
    star_count="{n} von 5",
    not_assessed="nicht bewertet",
    no_stars="keine Sterne",
    scale="Skala: 0 bis 5 Sterne, 5 am besten",
    points="{n} von {of} Punkten",
    assessed="{n} von {of} bewertet",
    assessed_criteria="{n} von {of} Kriterien bewertet",
    applicable="{n} nicht anwendbar",
    bases={
        Basis.COMPUTED: "aus der Beschreibung berechnet: {n}",
        Basis.MEASURED: "in den Daten gemessen: {n}",
        Basis.DECLARED: "vom Dateninhaber erklärt: {n}",
        Basis.VERIFIED: "von einer Zugangsstelle für Gesundheitsdaten geprüft: {n}",
    },
    raises="Was am meisten verbessern würde",
    dataset="Datensatz",
    element="Element",
    conditions="Nutzungsbedingungen",
    status="Status",
    scheme="Bewertungsschema",
    dated="Stand",
    review="Vor dem {day} erneuern",
    incomplete="Für Erklärtes fehlen Nachweise",
    reason="Begründung",
    more="Begründungen",
    statuses={
        Status.COMPUTED: "berechnet",
        Status.DECLARED: "erklärt",
        Status.VERIFIED: "geprüft",
        Status.REVOKED: "widerrufen",
    },
    status_told={
        Status.COMPUTED: "Nach Regeln berechnet; nicht geprüft",
        Status.DECLARED: "Vom Dateninhaber erklärt; nicht geprüft",
        Status.VERIFIED: "Geprüft von: {who}",
        Status.REVOKED: "Widerrufen von: {who}",
    },
    body="Zugangsstelle für Gesundheitsdaten",
    access={
        _RIGHT + "PUBLIC": ("Öffentlich", "für alle zugänglich"),
        _RIGHT + "RESTRICTED": ("Eingeschränkt", "zugänglich, wenn Bedingungen erfüllt sind"),
        _RIGHT + "NON_PUBLIC": ("Nicht öffentlich", "mit Datengenehmigung oder genehmigter Datenanfrage"),
    },
    access_unknown=("Nicht angegeben", "die Beschreibung sagt nicht, wer die Daten nutzen darf"),
    withdrawn="Der Datensatz wurde am {day} zurückgezogen",
    withdrawn_short="zurückgezogen",
    embedded=(
        "EHDS-Datenqualitäts- und -nutzenlabel von „{title}“; Bewertung und Gründe stehen auf der verlinkten Seite"
    ),
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    day="{day}. {month} {year}",
    comma=",",
)  # fmt: skip

WORDS: Mapping[str, GraphicWords] = {one.language: one for one in (ENGLISH, FRENCH, GERMAN)}


def words_for(languages: Sequence[str]) -> GraphicWords:
    """The words in the first of a reader's languages that there are words for; English when there is none."""
    primary = (language.split("-")[0].lower() for language in languages)
    return next((WORDS[language] for language in primary if language in WORDS), ENGLISH)
