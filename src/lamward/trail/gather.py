"""Reads many files, in several processes, and gives what each holds; files that were read before are left out."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from msgspec import Struct

from lamward.trail import record
from lamward.trail.files import Content, Item, Unread, unpack
from lamward.trail.ledger import Ledger
from lamward.trail.reduce import EVERYTHING, Scope, reduce

_CHUNK: Final = 4


class Read(Struct, frozen=True):
    """What was read of one file, and how many of its records could not be."""

    name: str
    sha256: bytes
    ledger: Ledger
    records: int = 0
    bad: int = 0


class Before(Struct, frozen=True):
    """A file whose content was read before."""

    name: str


Result = Read | Before | Unread


class Memory(Struct, frozen=True):
    """The files that were read before: their hashes, and which hash had which name."""

    hashes: frozenset[bytes] = frozenset()
    names: dict[str, bytes] = {}


def gather(
    items: Sequence[Item], *, scope: Scope = EVERYTHING, memory: Memory | None = None, jobs: int = 1
) -> Iterator[Result]:
    """Read files in order; one that is there twice counts once."""
    memory = memory or Memory()
    met: set[bytes] = set()
    for each in _results(items, scope, memory, jobs):
        if not isinstance(each, Read):
            yield each
        elif each.sha256 in met:
            yield Before(each.name)
        else:
            met.add(each.sha256)
            yield each


def read(item: Item, scope: Scope, memory: Memory) -> Result:
    """Read one file."""
    content = item.fetch()
    if isinstance(content, Unread):
        return content
    if content.sha256 in memory.hashes:
        return Before(content.name)
    if content.name in memory.names:
        return Unread(
            content.name, "it has changed since it was read, and what it counted then is in the ledger"
        )
    return _reduced(content, scope)


def _reduced(content: Content, scope: Scope) -> Result:
    try:
        text = unpack(content.packed)
        if record.is_digest(text):
            return Read(content.name, content.sha256, Ledger())
        records, bad = record.decode(text)
    except record.Malformed as problem:
        return Unread(content.name, str(problem))
    ledger, nonsense = reduce(records, scope)
    return Read(content.name, content.sha256, ledger, len(records) + bad, bad + nonsense)


def _results(items: Sequence[Item], scope: Scope, memory: Memory, jobs: int) -> Iterator[Result]:
    if jobs <= 1 or len(items) <= _CHUNK:
        for item in items:
            yield read(item, scope, memory)
        return
    # Threads of the process that forks would leave their locks behind; a fresh one has none.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(jobs, context, _begin, (scope, memory)) as pool:
        yield from pool.map(_in_worker, items, chunksize=_CHUNK)


_work: tuple[Scope, Memory] = (EVERYTHING, Memory())


def _begin(scope: Scope, memory: Memory) -> None:
    global _work  # noqa: PLW0603 what a worker starts with, sent once and not with every file
    _work = (scope, memory)
    gc.disable()  # what a file builds has no cycles, and walking it again and again costs more than reading


def _in_worker(item: Item) -> Result:
    return read(item, *_work)
