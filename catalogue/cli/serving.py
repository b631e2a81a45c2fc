"""``catalogue serve`` and ``catalogue demo``: the catalogue in a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import click

from catalogue.assembly import Services, open_services, sources
from catalogue.cli.harvest import hint, lines, tell, visit_all
from catalogue.config import Settings
from catalogue.errors import ConfigurationError
from catalogue.model import Source
from catalogue.schedule import scheduled_visits

THREADS = 8


def _settings(settings: Settings, host: str | None, port: int | None) -> Settings:
    return replace(settings, host=host or settings.host, port=port or settings.port)


def _serve(services: Services) -> None:
    from waitress import create_server

    from catalogue.web import create_app

    settings = services.settings
    try:
        server = create_server(create_app(services), host=settings.host, port=settings.port, threads=THREADS)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen: {error.strerror}",
            where=f"{settings.host}:{settings.port}",
            remedy="choose another --port, or stop what uses this one",
        ) from error
    click.secho(f"Open http://{settings.host}:{settings.port}/  (Ctrl-C stops)", bold=True)
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
    finally:
        server.close()


host_option = click.option("--host", help="Address to listen on [default: 127.0.0.1].")
port_option = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on [default: 8000].")


@click.command()
@host_option
@port_option
@click.option("--store", type=click.Path(file_okay=False), help="Folder of the store [default: data].")
@click.option("--schedule", "scheduled", is_flag=True, help="Visit nodes at the times their node files say.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None, store: str | None, scheduled: bool) -> None:
    """Serve what is in the store: web pages, SPARQL, RDF."""
    chosen = replace(settings, data=Path(store)) if store else settings
    with open_services(_settings(chosen, host, port)) as services:
        hint(services)
        with _visiting(services) if scheduled else nullcontext():
            _serve(services)


@contextmanager
def _visiting(services: Services) -> Iterator[None]:
    """Visit nodes by their schedules for as long as this lasts; what came of each is a line on standard error."""

    def visit(source: Source) -> None:
        for line in lines(visit_all(services, [source], quiet=True)):
            click.echo(line, err=True)

    with scheduled_visits(sources(services.settings).values(), visit) as times:
        for name, when in times.items():
            click.echo(f"{name}: next visit {when:%Y-%m-%d %H:%M} UTC", err=True)
        yield


@click.command()
@host_option
@port_option
@click.option("--no-serve", is_flag=True, help="Only harvest.")
@click.pass_obj
def demo(settings: Settings, host: str | None, port: int | None, no_serve: bool) -> None:
    """Harvest real descriptions and serve them.

    Harvests the whole of Imaging Data Commons v25 (179 collections out of a million image series), an example set in
    HealthDCAT-AP Release 8, and a folder of DICOM test files; then serves them. A second start re-uses the store.
    """
    settings = _settings(settings, host, port)
    began = time.perf_counter()
    with open_services(settings) as services:
        tell(visit_all(services, sources(settings).values(), quiet=False))
        click.echo(f"ready after {time.perf_counter() - began:.1f} s")
        if not no_serve:
            _serve(services)


COMMANDS = (serve, demo)
