"""Asks the sites of a federated search by Samply.Beam, through a Spot, and reads what each of them answers.

Spot is the service in front of a Beam proxy: ``POST /beam`` makes a task of a question, ``GET /beam/ID`` tells the
results as server-sent events (README of samply/spot; results as in the README of samply/beam, Data objects).
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sseclient import SSEClient

from catalogue.errors import SourceUnavailable
from catalogue.ports import Web
from harvesters._json import shallow

EVERYTHING = {"operand": "OR", "children": []}
"""The question that every dataset is an answer to."""
EVENTS = "text/event-stream"
RESULT = "new_result"
CLAIMED = "claimed"
"""The status of a site that works on its answer."""
SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one site said."""

    site: str
    held: Any
    """The JSON of its answer; None when it gave none."""
    problem: str = ""
    """Why there is no answer."""


def ask(web: Web, spot: str, sites: Sequence[str], question: Any) -> Iterator[Answer]:
    """One answer for each site, in the order in which they come; those that never answer come last.

    ``spot`` is the root of the Spot. Raises :class:`~catalogue.errors.SourceUnavailable` when the Spot cannot be asked.
    """
    task = str(uuid4())
    root = spot.rstrip("/")
    asked = {"id": task, "sites": list(sites), "query": question_for(task, question)}
    web.post(f"{root}/beam", json.dumps(asked).encode(), media_type="application/json")
    response = web.get(f"{root}/beam/{task}", accept=EVENTS, params={"wait_count": str(len(sites))})
    if response.media_type != EVENTS:
        raise SourceUnavailable(
            f"the results come as {response.media_type or 'no type'}, not as {EVENTS}",
            where=response.url,
            remedy="give the address of the Spot, so that /beam lies below it",
        )
    said: dict[str, Answer] = {}
    stream = response.content.decode("utf-8", "replace").encode()  # as the standard of event streams decodes them
    for event in SSEClient(io.BytesIO(stream)).events():
        answer = _answer(event.data, task) if event.event == RESULT else None
        if answer is not None and answer.site in sites and answer.site not in said:
            said[answer.site] = answer
            yield answer
    for site in sites:
        if site not in said:
            yield Answer(site, None, "it did not answer")


def question_for(task: str, question: Any) -> str:
    """A question as Focus reads it at the sites, in its former (``query``) and its present form (``payload``)."""
    inner = _base64({"ast": question, "id": f"{task}__search__{task}"})
    return _base64({"lang": "ast", "query": inner, "payload": inner})


def _base64(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def _answer(data: str, task: str) -> Answer | None:
    """The answer in one result; None for what is no final result of our task."""
    try:
        result = json.loads(data)
        sender = str(result["from"]).split(".")
        if result["task"] != task or result["status"] == CLAIMED:
            return None
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    site = sender[1] if len(sender) > 1 else sender[0]
    if result["status"] != SUCCEEDED:
        return Answer(site, None, f"it failed ({result['status']})")
    try:
        held = json.loads(base64.b64decode(result["body"], validate=True))
    except (ValueError, RecursionError, KeyError, TypeError, binascii.Error):
        return Answer(site, None, "its answer is no JSON")
    return Answer(site, held) if shallow(held) else Answer(site, None, "its answer is too deep")


def incomplete(answers: Sequence[Answer], where: str) -> SourceUnavailable:
    """The error of a search that not every site answered."""
    told = "; ".join(f"{answer.site}: {answer.problem}" for answer in answers)
    return SourceUnavailable(
        f"the search is incomplete: {told}",
        where=where,
        remedy="harvest again later; if a site has left, take it out of the option sites",
    )
