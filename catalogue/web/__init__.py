"""The catalogue on the web: pages that work without JavaScript, and the same things for machines.

The interface speaks English; descriptions and concepts are shown in the reader's language. All words of the interface
stand in ``{% trans %}``, ``_()`` or :mod:`catalogue.web.phrases`, so that translations can be installed later.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from catalogue.assembly import Services
from catalogue.web import (
    assess,
    assessments,
    catalog,
    certificates,
    compare,
    crawlers,
    dashboard,
    datasets,
    errors,
    exports,
    graphics,
    labels,
    pages,
    reading,
    repair,
    reports,
    rules,
    search,
    security,
    shown,
    sparql,
    terms,
    validate,
)

BODY_BYTES = 1_000_000
"""Largest request body, in bytes, but for /validate, which has its own limit."""
STATIC_SECONDS = 7 * 24 * 3600


def create_app(services: Services) -> Flask:
    """The web application over an open installation. It sets no cookie.

    It writes only what is handed in with an access token.
    """
    app = Flask(__name__, static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=services.settings.upload_bytes,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS,
    )
    app.extensions["catalogue"] = services
    app.extensions["catalogue-started"] = datetime.now(UTC).replace(microsecond=0)
    app.url_map.strict_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals |= {"static_version": _static_version(Path(app.static_folder or "")), "WAYS": labels.WAYS}
    for part in (reading, shown, security, errors):
        part.install(app)
    for area in (
        search,
        exports,
        compare,
        crawlers,
        dashboard,
        datasets,
        certificates,
        assess,
        assessments,
        graphics,
        catalog,
        sparql,
        validate,
        repair,
        rules,
        reports,
        terms,
        pages,
    ):
        app.register_blueprint(area.blueprint)
    return app


def _static_version(folder: Path) -> str:
    """Changes when a static file changes, so that browsers may keep them long."""
    content = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    return hashlib.sha256(content).hexdigest()[:10]
