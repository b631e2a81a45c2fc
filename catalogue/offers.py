"""Says on which conditions a dataset is offered (ODRL), out of its access rights and the law that applies to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue.errors import BadInput
from catalogue.graphs import Graph, NamedNode
from catalogue.names import CAT, DCATAP, DCT, EHDS, EU, HDEU, HEALTH

LAW = "http://data.europa.eu/eli/reg/2025/327/"
PURPOSES = tuple(f"{LAW}art_53/par_1/pnt_{point}/oj" for point in "abcdef")
"""For which a data permit may be given."""
PROHIBITED = tuple(f"{LAW}art_54/pnt_{point}/oj" for point in "abcde")
"""Secondary use that nobody may make."""
LATER = frozenset(HDEU + f"healthcategories/{code}" for code in ("DIOH", "HGPD", "HPML", "EHCT", "RQSH"))
"""Categories of Art. 51(1)(b), (f), (g), (m) and (p), to which Chapter IV applies two years after it does to others."""
APPLIES, APPLIES_LATER = date(2029, 3, 26), date(2031, 3, 26)
"""Art. 105."""
RIGHT = EU + "access-right/"


def derived_terms(graph: Graph, dataset: NamedNode) -> dict[str, Any]:
    """Permissions, prohibitions and duties, with the terms of the Dataspace Protocol 2025-1 and the prefix ``odrl``.

    Raises :class:`~catalogue.errors.BadInput` when neither the access rights nor the law say who may use the data.
    """
    rights = {str(value.value) for value in graph.objects(dataset, DCT.accessRights)}
    if RIGHT + "PUBLIC" in rights:
        return {"permission": [{"action": "use"}]}
    if EHDS in graph.objects(dataset, DCATAP.applicableLegislation):
        return _by_permit(graph, dataset)
    if RIGHT + "RESTRICTED" in rights:
        return {"permission": [{"action": "use", "duty": [{"action": "odrl:obtainConsent"}]}]}
    if rights & {RIGHT + name for name in ("NON_PUBLIC", "CONFIDENTIAL", "SENSITIVE")}:
        return {"prohibition": [{"action": "use"}]}
    raise BadInput(
        "the description does not say who may use the data",
        where=dataset.value,
        remedy="state dct:accessRights with a concept of the EU list of access rights",
    )


def _by_permit(graph: Graph, dataset: NamedNode) -> dict[str, Any]:
    """Secondary use under Chapter IV of the Regulation: Art. 53, 54, 61(3), 68 and 105."""
    categories = {str(value.value) for value in graph.objects(dataset, HEALTH.healthCategory)}
    start = APPLIES_LATER if categories and categories <= LATER else APPLIES
    from_then_on = {
        "leftOperand": "odrl:dateTime",
        "operator": "gteq",
        "rightOperand": {"@value": start.isoformat(), "@type": "xsd:date"},
    }
    return {
        "permission": [
            {
                "action": "use",
                "constraint": [_purpose(PURPOSES), from_then_on],
                "duty": [{"action": CAT.obtainDataPermit.value}],
            }
        ],
        "prohibition": [
            {"action": "use", "constraint": [_purpose(PROHIBITED)]},
            {"action": CAT.reIdentify.value},
        ],
    }


def _purpose(provisions: tuple[str, ...]) -> dict[str, Any]:
    return {"leftOperand": "odrl:purpose", "operator": "isAnyOf", "rightOperand": [{"@id": one} for one in provisions]}
