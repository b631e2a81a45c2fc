"""A label in words and as JSON: what every mark is, why, and what would raise it most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.label import MATURITY, gains, maturity
from catalogue.outcomes import Submitted, fates
from catalogue.plain import pick
from catalogue.quality import Answer, Basis, Criterion, Doubt, Gain, Label, Level, Mark, Owed, Scored, Standing, Status
from catalogue.rulebook import Rulebook

Words = Mapping[str, str]
"""A text by language; "en" is always there."""

STATUSES: Mapping[Status, Words] = {
    Status.COMPUTED: {
        "en": "computed from the description",
        "fr": "calculé à partir de la description",
        "de": "aus der Beschreibung berechnet",
    },
    Status.DECLARED: {
        "en": "declared by the holder, not verified",
        "fr": "déclaré par le détenteur, non vérifié",
        "de": "vom Dateninhaber erklärt, nicht geprüft",
    },
    Status.VERIFIED: {
        "en": "verified by the health data access body",
        "fr": "vérifié par l’organisme responsable de l’accès aux données de santé",
        "de": "von der Zugangsstelle für Gesundheitsdaten geprüft",
    },
    Status.REVOKED: {
        "en": "revoked by the health data access body",
        "fr": "retiré par l’organisme responsable de l’accès aux données de santé",
        "de": "von der Zugangsstelle für Gesundheitsdaten widerrufen",
    },
}
BASES: Mapping[Basis, Words] = {
    Basis.COMPUTED: {"en": "computed", "fr": "calculé", "de": "berechnet"},
    Basis.MEASURED: {"en": "measured on the data", "fr": "mesuré sur les données", "de": "an den Daten gemessen"},
    Basis.DECLARED: {"en": "declared", "fr": "déclaré", "de": "erklärt"},
    Basis.VERIFIED: {"en": "verified", "fr": "vérifié", "de": "geprüft"},
}
STANDINGS: Mapping[Standing, Words] = {
    Standing.ASSESSED: {"en": "assessed", "fr": "évalué", "de": "bewertet"},
    Standing.OPEN: {"en": "not answered", "fr": "sans réponse", "de": "nicht beantwortet"},
    Standing.NOT_APPLICABLE: {"en": "not applicable", "fr": "sans objet", "de": "nicht anwendbar"},
}
DOUBTS: Mapping[Doubt, Words] = {
    Doubt.SUPERSEDED: {
        "en": "a newer answer took its place",
        "fr": "une réponse plus récente l’a remplacée",
        "de": "eine neuere Antwort trat an ihre Stelle",
    },
    Doubt.CONTRADICTED: {
        "en": "what was computed or measured shows less",
        "fr": "ce qui a été calculé ou mesuré montre moins",
        "de": "Berechnetes oder Gemessenes zeigt weniger",
    },
    Doubt.EXPIRED: {"en": "no longer valid", "fr": "n’est plus valable", "de": "nicht mehr gültig"},
    Doubt.FUTURE: {"en": "dated in the future", "fr": "datée dans l’avenir", "de": "in die Zukunft datiert"},
    Doubt.WITHOUT_EVIDENCE: {
        "en": "no evidence that answers",
        "fr": "aucune preuve accessible",
        "de": "kein erreichbarer Nachweis",
    },
    Doubt.NOT_ALLOWED: {
        "en": "not an answer to this criterion",
        "fr": "n’est pas une réponse à ce critère",
        "de": "keine Antwort auf dieses Kriterium",
    },
}
OWING: Mapping[Owed, Words] = {
    Owed.YES: {
        "en": "publicly funded, so it must have a label (Art. 78(2))",
        "fr": "financé par des fonds publics, il doit donc avoir un label (art. 78, par. 2)",
        "de": "öffentlich gefördert, braucht also ein Label (Art. 78 Abs. 2)",
    },
    Owed.NO: {
        "en": "not publicly funded, so a label is voluntary",
        "fr": "sans financement public, le label est donc facultatif",
        "de": "nicht öffentlich gefördert, das Label ist also freiwillig",
    },
    Owed.UNKNOWN: {
        "en": "whether it must have a label is not known: nothing says whether it was publicly funded",
        "fr": "on ne sait pas s’il doit avoir un label : rien ne dit s’il a reçu un financement public",
        "de": "ob es ein Label braucht, ist offen: nichts sagt, ob es öffentlich gefördert wurde",
    },
}
EFFORTS: Mapping[int, Words] = {
    1: {"en": "write it down", "fr": "à écrire", "de": "aufschreiben"},
    2: {"en": "examine the data", "fr": "examiner les données", "de": "Daten untersuchen"},
    3: {"en": "change how you work", "fr": "changer de pratique", "de": "Arbeitsweise ändern"},
}
_MEND: Words = {
    "en": "Mend what the check calls mandatory.",
    "fr": "Corrigez ce que la vérification dit obligatoire.",
    "de": "Beheben Sie, was die Prüfung als verpflichtend nennt.",
}
_MEASURE: Words = {
    "en": "Measure it where the data are (catalogue profile measures much of it) and hand the result in:",
    "fr": "Mesurez-le là où sont les données (catalogue profile en mesure beaucoup) et remettez le résultat :",
    "de": "Messen Sie es dort, wo die Daten sind (catalogue profile misst vieles davon), und reichen Sie es ein:",
}
_DECLARE: Words = {
    "en": "Or declare it, with evidence.",
    "fr": "Ou déclarez-le, avec des preuves.",
    "de": "Oder erklären Sie es, mit Nachweisen.",
}
_ONLY_DECLARE: Words = {
    "en": "Declare it, with evidence:",
    "fr": "Déclarez-le, avec des preuves :",
    "de": "Erklären Sie es, mit Nachweisen:",
}


_VERIFY: Words = {
    "en": "It was verified at this level: have it verified anew by the health data access body.",
    "fr": "Ce niveau a été vérifié : faites-le vérifier à nouveau par l’organisme responsable de l’accès aux données.",
    "de": "Diese Stufe wurde geprüft: Lassen Sie sie von der Zugangsstelle für Gesundheitsdaten neu prüfen.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One way to raise a label, in words."""

    criterion: Criterion
    level: Level
    """What would be reached."""
    points: float
    effort: int
    remedies: tuple[str, ...]
    """What to do, in the reader's language."""


def steps(label: Label, rulebook: Rulebook, languages: Sequence[str]) -> tuple[Step, ...]:
    """What would raise a label, most points for the least effort first."""
    marks = {one.criterion: one for one in label.marks}
    return tuple(_step(gain, marks[gain.criterion], rulebook, languages) for gain in gains(label, rulebook))


def _step(gain: Gain, mark: Mark, rulebook: Rulebook, languages: Sequence[str]) -> Step:
    criterion = rulebook.criteria_by_iri[gain.criterion]
    level = next(one for one in criterion.levels if one.value == gain.level)
    if mark.basis is Basis.VERIFIED:
        return Step(criterion, level, gain.points, gain.effort, (pick(_VERIFY, languages).text,))
    remedies = [pick(rulebook.rules[rule].fix, languages).text for rule in gain.rules]
    if level.conformance:
        remedies.append(pick(_MEND, languages).text)
    if not level.computable:
        remedies += _handed_in(criterion, mark, languages)
    return Step(criterion, level, gain.points, gain.effort, tuple(remedies))


def _handed_in(criterion: Criterion, mark: Mark, languages: Sequence[str]) -> Iterator[str]:
    """What to do where a description alone does not reach the level."""
    evidence = pick(criterion.evidence, languages).text
    measured = any(one.basis is Basis.MEASURED for one in mark.answers)
    declared = Basis.DECLARED in criterion.obtained and not criterion.decisive and not measured
    if Basis.MEASURED in criterion.obtained:
        yield f"{pick(_MEASURE, languages).text} {evidence}"
        if declared:
            yield pick(_DECLARE, languages).text
    elif declared:
        yield f"{pick(_ONLY_DECLARE, languages).text} {evidence}"


def maturity_json(label: Label, rulebook: Rulebook) -> dict[str, int]:
    """The maturity that stands beside the stars, with what could be reached at most."""
    reached, answered = maturity(label, rulebook)
    asked = [one for one in rulebook.criteria if one.dimension == MATURITY]
    highest = sum(one.highest for one in asked)
    return {"sum": reached, "highest": highest, "answered": answered, "criteria": len(asked)}


def label_json(label: Label, rulebook: Rulebook, languages: Sequence[str] = ("en",)) -> dict[str, object]:
    """A label for machines, with everything behind it."""
    return {
        "dataset": label.dataset,
        "scheme": rulebook.scheme(label.scheme).name,
        "status": label.status.value,
        "stars": label.stars,
        "points": round(label.points, 3),
        "possible": round(label.possible, 3),
        "maturity": maturity_json(label, rulebook),
        "mandatory": {Owed.YES: True, Owed.NO: False, Owed.UNKNOWN: None}[label.owed],
        "evidenced": label.evidenced,
        "ruling": None
        if label.ruling is None
        else {
            "act": label.ruling.act.name.lower(),
            "date": label.ruling.given.isoformat(),
            "by": label.ruling.by,
            "reason": label.ruling.reason,
        },
        "review_by": label.review_by.isoformat() if label.review_by else None,
        "elements": [
            {
                "element": grade.element,
                "name": rulebook.label_of(grade.element, *languages),
                "stars": grade.stars,
                "points": round(grade.points, 3),
                "possible": round(grade.possible, 3),
                "criteria": [_scored_json(one, rulebook, languages) for one in grade.scored],
            }
            for grade in label.grades
        ],
        "raise": [
            {
                "criterion": step.criterion.identifier,
                "level": step.level.value,
                "points": round(step.points, 3),
                "effort": step.effort,
                "how": list(step.remedies),
            }
            for step in steps(label, rulebook, languages)
        ],
    }


def _scored_json(scored: Scored, rulebook: Rulebook, languages: Sequence[str]) -> dict[str, object]:
    mark: Mark = scored.mark
    criterion = rulebook.criteria_by_iri[mark.criterion]
    level = None if mark.level is None else criterion.level(mark.level)
    return {
        "criterion": criterion.iri,
        "identifier": criterion.identifier,
        "name": pick(criterion.name, languages).text,
        "standing": mark.standing.value,
        "level": mark.level,
        "highest": criterion.highest,
        "meaning": None if level is None else pick(level.name, languages).text,
        "basis": mark.basis.name.lower() if mark.basis else None,
        "points": round(scored.points, 3),
        "possible": round(scored.possible, 3),
        "rules": [{"rule": reason.rule, "outcome": reason.outcome.value} for reason in mark.reasons],
        "answers": [answer_json(answer) for answer in mark.answers],
        "not_counted": [answer_json(one.answer) | {"why": one.doubt.value} for one in mark.doubted],
    }


def answer_json(answer: Answer) -> dict[str, object]:
    """One answer for machines, without what it does not say."""
    told: dict[str, object] = {"basis": answer.basis.name.lower(), "level": answer.level}
    for name, value in (
        ("date", answer.given.isoformat() if answer.given else None),
        ("by", answer.by),
        ("evidence", list(answer.evidence)),
        ("dead_links", list(answer.dead)),
        ("valid_until", answer.valid_until.isoformat() if answer.valid_until else None),
        ("note", answer.note),
        ("figure", answer.figure),
        ("unit", answer.unit),
        ("measurement", answer.iri),
    ):
        if value not in (None, "", []):
            told[name] = value
    return told


def submitted_json(done: Submitted) -> dict[str, object]:
    """What came of a document that was handed in, for machines."""
    return {
        "dataset": done.dataset,
        "document": done.original,
        "received": list(done.received),
        "earlier": done.earlier.isoformat() if done.earlier else None,
        "stars_before": done.before.stars,
        "stars": done.after.stars,
        "status_before": done.before.status.value,
        "status": done.after.status.value,
        "dead_links": dict(done.dead),
        "answers": [
            {
                "criterion": fate.answer.criterion,
                "counts": fate.counts,
                "why_not": fate.doubt.value if fate.doubt else None,
            }
            | answer_json(fate.answer)
            for fate in fates(done)
        ],
    }
