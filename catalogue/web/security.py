"""Headers of every answer: nothing foreign is loaded, nothing runs, nobody frames us; machines may read anything."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ANYONE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "Catalogue-Truncated, Content-Location, ETag, Link",
}
"""There is no login and no cookie, so that any page may read what anyone may read (Fetch standard, CORS); a token for
handing in is one that a program sends itself, never the browser of a reader."""


def install(app: Flask) -> None:
    """Set them."""

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-cache")
        if response.mimetype != "text/html" or request.method == "OPTIONS":
            for name, value in _ANYONE.items():
                response.headers.setdefault(name, value)
        return response
