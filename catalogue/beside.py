"""What stands beside the label of a dataset: every checklist, looked at on demand; costs nothing in the normal pipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from catalogue.checklists import Checklist, checklists, shapes
from catalogue.errors import ConfigurationError
from catalogue.graphs import Graph, Term
from catalogue.indicators import Material, Tally, tally
from catalogue.model import Report
from catalogue.ports import Validator
from catalogue.quality import Label
from catalogue.rulebook import Rulebook

Engine = Callable[[Mapping[str, Graph]], Validator]
"""Makes a validator out of shapes by the IRI of what they belong to; compiling takes a moment."""


@dataclass(frozen=True)
class Beside:
    """Looks at the indicators of descriptions; reads and compiles what it needs when first asked."""

    rulebook: Rulebook
    engine: Engine

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """Every checklist of the rulebook."""
        return checklists(self.rulebook.graph)

    @cached_property
    def _validator(self) -> Validator:
        return self.engine({one.iri: shapes(self.rulebook.graph, one) for one in self.checklists})

    def tallies(
        self,
        dataset: Term,
        graph: Graph,
        report: Report,
        *,
        label: Label | None = None,
        links: Mapping[str, bool] | None = None,
        only: str | None = None,
    ) -> tuple[Tally, ...]:
        """What the checklists come to for one dataset.

        ``graph`` is its description in the terms of the current release and ``report`` what the rules of its profile
        say. Without ``label`` nothing that rests on it is looked at; ``links`` are the addresses that were tried.
        ``only`` is the short name of one checklist.
        Raises :class:`~catalogue.errors.ConfigurationError` for a checklist there is not.
        """
        wanted = [one for one in self.checklists if only in (None, one.identifier)]
        if not wanted:
            known = ", ".join(one.identifier for one in self.checklists)
            raise ConfigurationError(f"there is no checklist {only!r}", remedy=f"use one of: {known}")
        material = Material(dataset, graph, report, label, links or {})
        return tuple(tally(one, material, self._validator.validate(graph, one.iri)) for one in wanted)
