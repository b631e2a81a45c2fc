"""Says what a server answered, and what requests and urllib3 raise, in words an operator understands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from urllib3.exceptions import HTTPError

from catalogue.errors import SourceUnavailable

_REMEDIES = {
    401: "the node wants credentials; ask whoever runs it for a public address",
    403: "the node forbids reading; ask whoever runs it",
    404: "check the address in the node file",
    406: "the node offers no RDF syntax we read; ask whoever runs it",
    410: "this address is gone for good; ask whoever runs the node for the new one",
    429: "the node is asked too often; visit it less often",
}


def refusal(answer: requests.Response) -> SourceUnavailable:
    remedy = _REMEDIES.get(answer.status_code, "try later; if it stays so, tell whoever runs the node")
    said = f"{answer.status_code} {answer.reason or ''}".rstrip()
    return SourceUnavailable(f"the server answered {said}", where=answer.url, remedy=remedy, status=answer.status_code)


@contextmanager
def plain_words(url: str, deadline: float, max_seconds: float) -> Iterator[None]:
    """Say what requests and urllib3 raise in words an operator understands."""
    try:
        yield
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        if time.monotonic() >= deadline:
            what = f"the document took longer than {max_seconds:g} seconds"
            remedy = "try later, or raise the time limit of a document"
        else:
            what, remedy = _explained(error)
        raise SourceUnavailable(what, where=url, remedy=remedy) from error


def _explained(error: Exception) -> tuple[str, str]:
    said = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "the TLS certificate of the server cannot be trusted", (
            "have it renewed; for an authority of your own set REQUESTS_CA_BUNDLE to its certificate"
        )
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError)):
        return "this is no valid address", "check the address in the node file"
    for words, what, remedy in _SYMPTOMS:
        if any(word in said for word in words):
            return what, remedy
    return "the server cannot be reached", "check the address and the network"


_SYMPTOMS = (
    (("NameResolution", "getaddrinfo", "Name or service"), "no host has this name", "check the address"),
    (("refused",), "the host refuses the connection: nothing listens there", "check the port, or try later"),
    (("timed out",), "the server does not answer in time", "try later; if it stays so, tell whoever runs the node"),
    (
        ("IncompleteRead", "Connection broken", "closed connection", "aborted", "reset"),
        "the connection broke before the document was complete",
        "try later; if it stays so, tell whoever runs the node",
    ),
)
