"""What goes wrong, as a page for people (what, where, remedy) or as problem details for programs (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from catalogue.errors import BadAssessment, CatalogueError
from catalogue.web.context import services
from catalogue.web.phrases import STATUSES

_HTML = ("text/html", "application/xhtml+xml", "text/*")


def wants_html() -> bool:
    """The client is a browser, or did not say and only reads."""
    accept = request.accept_mimetypes
    html = max((quality for value, quality in accept if value in _HTML), default=0)
    rest = max((quality for value, quality in accept if value not in (*_HTML, "*/*")), default=0)
    if html:
        return html >= rest
    return not rest and request.method in ("GET", "HEAD")


def problem(
    status: int,
    what: str,
    where: str = "",
    remedy: str = "",
    html: bool | None = None,
    problems: Sequence[tuple[str, str, str]] = (),
) -> Response:
    """An error in the form the client wants; ``problems`` are its parts, each what, where and remedy."""
    if wants_html() if html is None else html:
        heading = STATUSES.get(status, HTTPStatus(status).phrase)
        page = render_template("error.html", status=status, heading=heading, what=what, where=where, remedy=remedy)
        return Response(page, status, mimetype="text/html")
    details = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": what,
        "instance": request.path,
    }
    details |= {name: value for name, value in (("where", where), ("remedy", remedy)) if value}
    if problems:
        details["problems"] = [dict(zip(("what", "where", "remedy"), one, strict=True)) for one in problems]
    return Response(json.dumps(details, ensure_ascii=False), status, mimetype="application/problem+json")


def install(app: Flask) -> None:
    """Answer expected failures with what, where and remedy, a bug with 500 and nothing of its inside."""

    @app.errorhandler(CatalogueError)
    def expected(error: CatalogueError) -> Response:
        if error.http_status >= 500:
            app.logger.error("%s", error)
        problems = error.problems if isinstance(error, BadAssessment) else ()
        return problem(error.http_status, error.what, error.where, error.remedy, problems=problems)

    @app.errorhandler(HTTPException)
    def protocol(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or status < 400:
            return app.response_class.force_type(error.get_response(), request.environ)  # type: ignore[return-value]
        answer = problem(status, *_words(error))
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer


def _words(error: HTTPException) -> tuple[str, str, str]:
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = f"{services().settings.upload_bytes / 1e6:g} MB"
        return (
            f"What you sent is too large; /validate takes up to {limit}, other addresses 1 MB.",
            request.path,
            "Send fewer datasets at a time, or use `catalogue validate FILE` on your own computer.",
        )
    if status == HTTPStatus.NOT_FOUND:
        return (
            "There is nothing at this address.",
            request.path,
            "Check the address, or search for what you are looking for.",
        )
    if status >= 500:
        return ("Something went wrong on our side; it has been noted.", request.path, "Try again later.")
    return (error.description or HTTPStatus(status).phrase, request.path, "")
