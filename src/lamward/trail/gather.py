"""Reads many files, in several processes, and gives what they hold; files that were read before are left out."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

from lamward.trail.files import Content, Item, Unread, pieces, unpack
from lamward.trail.ledger import Ledger
from lamward.trail.record import Malformed, NotPlain, decode, is_digest, plain
from lamward.trail.reduce import EVERYTHING, Reducer, Scope

_CHUNK: Final = 8
"""Files that are counted together: the more, the less is merged, and the longer a process waits for the last."""

_CHANGED: Final = "it has changed since it was read, and what it counted then is in the ledger"


class Read(Struct, frozen=True):
    """A file that was read, its records, and how many of them could not be."""

    name: str
    sha256: bytes
    records: int = 0
    bad: int = 0


class Batch(Struct, frozen=True):
    """Some files: what they held together, and those that were left out."""

    ledger: Ledger
    read: tuple[Read, ...] = ()
    before: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()

    def __len__(self) -> int:
        return len(self.read) + len(self.before) + len(self.unread)


class Memory(Struct, frozen=True):
    """The files that were read before: their hashes, and which hash had which name."""

    hashes: frozenset[bytes] = frozenset()
    names: dict[str, bytes] = {}


def gather(
    items: Sequence[Item], *, scope: Scope = EVERYTHING, memory: Memory | None = None, jobs: int = 1
) -> Iterator[Batch]:
    """Read files in order, some at a time; one that is there twice counts once."""
    memory = memory or Memory()
    met: set[bytes] = set()
    batches = [items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK)]
    with _uncollected():
        for chunk, batch in zip(batches, _batches(batches, scope, memory, jobs), strict=True):
            told = batch
            if any(each.sha256 in met for each in batch.read):
                # A copy of a file that another batch has counted: what its own counts together cannot be taken apart.
                told = read(chunk, scope, Memory(memory.hashes | met, memory.names))
            met |= {each.sha256 for each in told.read}
            yield told


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away: records make no cycles, and walking them costs more than reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def read(items: Sequence[Item], scope: Scope = EVERYTHING, memory: Memory | None = None) -> Batch:
    """Read files, and count what they hold together."""
    memory = memory or Memory()
    reducer = Reducer(scope)
    found: list[Read] = []
    before: list[str] = []
    unread: list[Unread] = []
    for item in items:
        content = item.fetch()
        if isinstance(content, Unread):
            unread.append(content)
        elif content.sha256 in memory.hashes or any(content.sha256 == each.sha256 for each in found):
            before.append(content.name)
        elif content.name in memory.names:
            unread.append(Unread(content.name, _CHANGED))
        else:
            try:
                found.append(_counted(content, reducer))
            except Malformed as problem:
                unread.append(Unread(content.name, str(problem)))
    return Batch(reducer.ledger(), tuple(found), tuple(before), tuple(unread))


def _counted(content: Content, reducer: Reducer) -> Read:
    try:
        records, bad = reducer.add(plain(pieces(content.packed)))
    except NotPlain:
        text = unpack(content.packed)
        if is_digest(text):
            return Read(content.name, content.sha256)
        found, broken = decode(text)
        records, bad = reducer.add([found])
        records, bad = records + broken, bad + broken
    return Read(content.name, content.sha256, records, bad)


def _batches(batches: Sequence[Sequence[Item]], scope: Scope, memory: Memory, jobs: int) -> Iterator[Batch]:
    if jobs <= 1 or len(batches) <= 1:
        for batch in batches:
            yield read(batch, scope, memory)
        return
    # A process with threads must not fork; one that is forked from a fresh server has none.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(jobs, context, _begin, (scope, memory)) as pool:
        yield from pool.map(_in_worker, batches)


_work: tuple[Scope, Memory] = (EVERYTHING, Memory())


def _begin(scope: Scope, memory: Memory) -> None:
    global _work  # noqa: PLW0603 what a worker starts with, sent once and not with every file
    _work = (scope, memory)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # whoever interrupts the run gets one answer, not one a process


def _in_worker(items: Sequence[Item]) -> Batch:
    return read(items, *_work)
