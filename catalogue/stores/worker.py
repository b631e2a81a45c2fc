"""Child process that runs foreign SPARQL queries on a snapshot, under limits of its own; started by ``process``.

One request a line on standard input, as JSON; one answer on standard output, a line of JSON and the bytes it counts.
"""

from __future__ import annotations

import ctypes
import gc
import json
import math
import os
import platform
import re
import signal
import struct
import sys
from itertools import islice
from typing import BinaryIO, TypedDict

import pyoxigraph as ox

from catalogue.errors import CatalogueError
from catalogue.graphs import serialise
from catalogue.names import PREFIXES
from catalogue.stores.results import boolean, table

try:
    import resource
except ImportError:  # not on Windows: there the time limit alone protects
    resource = None  # type: ignore[assignment]


class Request(TypedDict):
    """One query to run."""

    folder: str
    query: str
    results: str
    """Media type of a SELECT or ASK, or ""."""
    graphs: str
    """Media type of a CONSTRUCT or DESCRIBE, or ""."""
    rows: int
    """Most rows or triples."""
    seconds: float
    """Processor time it may take; the parent ends it by the clock, this is for when there is no parent any more."""


class Reply(TypedDict, total=False):
    """What became of it."""

    outcome: str
    """ready | answer | refused | unacceptable | failed"""
    what: str
    where: str
    remedy: str
    media_type: str
    truncated: bool
    length: int


_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected (.*))?", re.DOTALL)


def main(memory: int) -> None:
    """Answer until standard input ends. ``memory`` is the largest address space, in bytes; 0 is no limit."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    _confine(memory)
    _send(answers, {"outcome": "ready"})
    store, folder = None, ""
    for line in sys.stdin.buffer:
        request: Request = json.loads(line)
        try:
            if store is None or folder != request["folder"]:
                store, folder = None, request["folder"]
                gc.collect()
                store = ox.Store.read_only(folder)
            _limit_processor(request["seconds"])
            reply, body = _run(store, request)
        except CatalogueError as error:
            reply, body = {"outcome": "unacceptable", "what": error.what, "where": error.where}, b""
            reply["remedy"] = error.remedy
        except SyntaxError as error:
            reply, body = _syntax(str(error)), b""
        except (RuntimeError, ValueError, MemoryError) as error:
            what = f"the query cannot be evaluated: {error or type(error).__name__}"
            outcome = "exhausted" if isinstance(error, MemoryError) else "refused"
            reply, body = {"outcome": outcome, "what": what, "where": "query", "remedy": "ask for less"}, b""
        except OSError as error:
            reply, body = {"outcome": "failed", "what": f"the snapshot cannot be read: {error}", "where": folder}, b""
        _send(answers, reply, body)


def _send(answers: BinaryIO, reply: Reply, body: bytes = b"") -> None:
    reply["length"] = len(body)
    answers.write(json.dumps(reply).encode() + b"\n" + body)
    answers.flush()


def _run(store: ox.Store, request: Request) -> tuple[Reply, bytes]:
    rows = request["rows"]
    result = store.query(request["query"], use_default_graph_as_union=True)
    wanted = request["graphs"] if isinstance(result, ox.QueryTriples) else request["results"]
    if not wanted:
        return {"outcome": "unacceptable", "what": ""}, b""
    truncated = False
    if isinstance(result, ox.QueryTriples):
        triples = list(islice(result, rows + 1))
        truncated = len(triples) > rows
        body = serialise(triples[:rows], wanted, PREFIXES)
    elif isinstance(result, ox.QuerySolutions):
        solutions = [tuple(solution) for solution in islice(result, rows + 1)]
        truncated = len(solutions) > rows
        body = table([variable.value for variable in result.variables], solutions[:rows], wanted)
    else:
        body = boolean(bool(result), wanted)
    return {"outcome": "answer", "media_type": wanted, "truncated": truncated}, body


def _syntax(message: str) -> Reply:
    """The engine's message without its character classes, which tell nobody anything."""
    found = _PLACE.search(message)
    where, what = "query", message.splitlines()[0]
    if found:
        where = f"query line {found[1]} column {found[2]}"
        words = [w for w in (found[3] or "").removeprefix("one of ").split(", ") if re.fullmatch(r'"\S{1,3}"|\w+', w)]
        what = "expected " + " or ".join(words) if 0 < len(words) < 6 else "something else was expected here"
    return {"outcome": "refused", "what": f"not valid SPARQL: {what}", "where": where, "remedy": "mend that place"}


# --- limits -----------------------------------------------------------------------------------------------------------


def _confine(memory: int) -> None:
    if hasattr(os, "nice"):
        os.nice(10)  # the web and the harvest come first
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        if memory:  # macOS reserves far more address space than it uses and refuses a limit below that
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        _deny_sockets()


def _limit_processor(seconds: float) -> None:
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        limit = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
"""Number of the system call ``socket`` by machine."""


def _deny_sockets() -> None:
    """Have the kernel refuse ``socket()`` with EPERM from now on (seccomp filter, seccomp(2)).

    The engine calls other servers for SERVICE and cannot be told not to; refusing the keyword is the first guard,
    this is the second, should the engine read a query otherwise than we do.
    """
    number = SOCKET_CALL.get(platform.machine())
    if number is None:
        return
    load_call, jump_if_equal, answer = 0x20, 0x15, 0x06
    allow, eperm = 0x7FFF0000, 0x00050001
    steps = ((load_call, 0, 0, 0), (jump_if_equal, 0, 1, number), (answer, 0, 0, eperm), (answer, 0, 0, allow))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    libc = ctypes.CDLL(None)
    libc.prctl(no_new_privileges, 1, 0, 0, 0)
    libc.prctl(set_seccomp, filter_mode, program, 0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
