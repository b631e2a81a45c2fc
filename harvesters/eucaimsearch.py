"""Harvests the datasets that the federated search of EUCAIM finds, at its sites or at one provider."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from catalogue.model import Description, Harvested, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._beam import EVERYTHING, Answer, ask, incomplete
from harvesters._eucaim_record import kept, summarised
from harvesters._json import loaded, original_of, problems, refused, require
from harvesters._mapping import describe
from harvesters._once import Once
from harvesters._suppression import threshold

SCHEMA = "eucaimsearch-answer"


class EucaimSearchHarvester:
    """All datasets of a federated search: the question is the one that everything answers.

    With the option ``sites`` (names, between spaces) the endpoint is the root of a Spot, which asks them through
    Samply.Beam; without it the endpoint is the search of one provider (``…/api/datasets/eucaimSearch``). Other options:
    ``page`` (where people find a dataset, with ``{}`` for its id), ``suppress``, ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one that the search tells as at the last visit is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the search cannot be asked, and at the end when a site
        did not answer: then nothing is missing.
        """
        sites = source.options.get("sites", "").split()
        once, least = Once(), threshold(source.options)
        if not sites:
            for harvested in _provider(_search(source, web), source.endpoint, "", source, web, least):
                yield from once.of(harvested)
            return
        silent: list[Answer] = []
        for answer in ask(web, source.endpoint, sites, EVERYTHING):
            where = f"{source.endpoint}, site {answer.site}"
            wrong = [] if answer.held is None else problems(answer.held, SCHEMA)
            if answer.held is None or wrong:
                silent.append(Answer(answer.site, None, answer.problem or f"not an answer of a search: {wrong[0]}"))
                continue
            for harvested in _provider(answer.held, where, answer.site, source, web, least):
                yield from once.of(harvested)
        if silent:
            raise incomplete(silent, source.endpoint)


def _search(source: Source, web: Web) -> Any:
    """The answer of one provider."""
    asked = json.dumps({"ast": EVERYTHING}).encode()
    response = web.post(source.endpoint, asked, media_type="application/json", accept="application/json")
    answer = loaded(response)
    require(answer, SCHEMA, response.url)
    return answer


def _provider(
    answer: Mapping[str, Any], where: str, site: str, source: Source, web: Web, least: int
) -> Iterator[Harvested]:
    """The datasets of one provider, which is named in its answer."""
    for given in answer["collections"]:
        said = {**given, "provider": answer.get("provider") or given.get("provider")}
        yield _dataset(said, f"{where}, dataset {given.get('id')}", site, source, web, least)


def _dataset(said: Mapping[str, Any], where: str, site: str, source: Source, web: Web, least: int) -> Harvested:
    record, notes = kept(said, least)
    record.pop("provider_icon", None)
    original = original_of(record, where, source)
    if web.known(original.container):
        return Untouched(original.container)
    problem = refused(record, "eucaimsearch", original)
    if problem is not None:
        return problem
    identifier = record["id"]
    iri = source.namespace + (f"{fit_for_path(site)}/" if site else "") + fit_for_path(identifier)
    page = source.options.get("page", "").replace("{}", quote(identifier, safe=""))
    graph, found = describe("eucaimsearch", summarised(record, page), iri, source)
    return Description(iri, graph, original, (*found, *notes))
