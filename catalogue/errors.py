"""The error tree: what a caller may catch, each with what happened, where, and what to do about it.

    CatalogueError
      ConfigurationError      a setting, node file or entry point is wrong
        RulebookError         shapes, law or label data that must not be used
      BadInput                something given to us cannot be read
        BadRdf                not RDF in the syntax it claims
        TooLarge              over the configured limit, compressed or not
      SourceUnavailable       a node cannot be read at all (dead host, wrong address, refused)
      StoreError              the store or its index cannot be used
        StoreBusy             another process holds it
      QueryRefused            a SPARQL query we do not run (update, forbidden service, syntax)
        QueryTimeout          a SPARQL query that took longer than allowed
        NotAcceptable         none of the result formats asked for is one we write
      WorkerDied              a process that shared the work was killed

A bad record is not an exception but a value: :class:`catalogue.model.Rejected`.
"""


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


class TooLarge(BadInput):
    """Over the configured size, before or after decompression."""

    http_status = 413


class SourceUnavailable(CatalogueError):
    """A node cannot be read at all. Nothing already harvested from it is touched."""

    http_status = 502


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
