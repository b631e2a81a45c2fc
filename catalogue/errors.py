"""The error tree: what a caller may catch, each with what happened, where, and what to do about it.

    CatalogueError
      ConfigurationError      a setting, node file or entry point is wrong
        RulebookError         shapes, law or label data that must not be used
      BadInput                something given to us cannot be read
        BadRdf                not RDF in the syntax it claims
        BadAssessment         an assessment that cannot be taken, with every problem in it
        TooLarge              over the configured limit, compressed or not
      NotAllowed              somebody without the role for it asked for it; nothing was changed
      SourceUnavailable       a node cannot be read at all (dead host, wrong address, refused)
      StoreError              the store or its index cannot be used
        StoreBusy             another process holds it
      QueryRefused            a SPARQL query we do not run (update, forbidden service, syntax)
        QueryTimeout          a SPARQL query that took longer than allowed
        NotAcceptable         none of the result formats asked for is one we write
      WorkerDied              a process that shared the work was killed

A bad record is not an exception but a value: :class:`catalogue.model.Rejected`.
"""

from __future__ import annotations

from collections.abc import Sequence


class CatalogueError(Exception):
    """An expected failure. ``http_status`` is what the web answers, ``exit_code`` what the CLI returns."""

    http_status = 500
    exit_code = 2

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.remedy:
            parts.append(f"remedy: {self.remedy}")
        return "; ".join(parts)


class ConfigurationError(CatalogueError):
    """A setting, node file or entry point is wrong; nothing was started."""


class RulebookError(ConfigurationError):
    """The rulebook fails its own shapes, or uses a construct the engine does not know."""


class BadInput(CatalogueError):
    """Something given to us cannot be read; the rest goes on."""

    http_status = 422


class BadRdf(BadInput):
    """The bytes are not RDF in the syntax they claim; ``where`` names file, line and column."""


class BadAssessment(BadInput):
    """An assessment or ruling that cannot be taken; ``problems`` are all of them, each what, where and remedy."""

    def __init__(self, problems: Sequence[tuple[str, str, str]], where: str = "") -> None:
        self.problems = tuple(problems)
        lines = [f"{place + ': ' if place else ''}{what} {cure}".rstrip() for what, place, cure in self.problems]
        count = f"{len(lines)} problems" if len(lines) != 1 else "one problem"
        super().__init__(
            "\n  ".join([f"the assessment cannot be taken, {count}:", *lines]),
            where=where,
            remedy="mend what is listed and hand it in again; `catalogue assess --template IRI` writes a skeleton",
        )


class NotAllowed(CatalogueError):
    """Somebody asked for what is not theirs to do; nothing was changed."""

    http_status = 403


class TooLarge(BadInput):
    """Over the configured size, before or after decompression."""

    http_status = 413


class SourceUnavailable(CatalogueError):
    """A node cannot be read at all. Nothing already harvested from it is touched."""

    http_status = 502

    def __init__(self, what: str, *, where: str = "", remedy: str = "", status: int = 0) -> None:
        """``status`` is the HTTP status with which the node refused; 0 when it did not get that far."""
        super().__init__(what, where=where, remedy=remedy)
        self.status = status


class StoreError(CatalogueError):
    """The store or its index cannot be used."""

    http_status = 503


class StoreBusy(StoreError):
    """Another process holds the embedded store; it opens once."""


class QueryRefused(CatalogueError):
    """A SPARQL query that is not run: an update, a syntax error, a service that is not allowed."""

    http_status = 400


class QueryTimeout(QueryRefused):
    """A SPARQL query that took longer than the limit."""

    http_status = 504


class NotAcceptable(QueryRefused):
    """None of the result formats the caller accepts is one we write for this form of query."""

    http_status = 406


class WorkerDied(CatalogueError):
    """A process that shared the work was killed, most often for want of memory."""
