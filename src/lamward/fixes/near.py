"""Edits by their paths: only those at, above or below a place can have anything to do with one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from lamward.model.location import Step

Path = tuple[Step, ...]
Thing = TypeVar("Thing")


class Near(Generic[Thing]):
    """Things at paths, found by what meets them: thousands of edits have nothing to do with each other."""

    def __init__(self) -> None:
        self._at: dict[Path, list[Thing]] = defaultdict(list)
        self._below: dict[Path, list[Thing]] = defaultdict(list)

    def put(self, path: Path, thing: Thing) -> None:
        """Note a thing at a path."""
        self._at[path].append(thing)
        for depth in range(len(path)):
            self._below[path[:depth]].append(thing)

    def to(self, path: Path) -> Iterator[Thing]:
        """List the things at a path, on the way to it, and below it."""
        for depth in range(len(path) + 1):
            yield from self._at.get(path[:depth], ())
        yield from self._below.get(path, ())


def pairs(paths: Iterable[Iterable[Path]]) -> Iterator[tuple[int, int]]:
    """List the numbers of those whose paths meet, each two once, the smaller first."""
    near: Near[int] = Near()
    for number, own in enumerate(paths):
        listed = list(own)
        yield from ((other, number) for other in sorted({one for path in listed for one in near.to(path)}))
        for path in listed:
            near.put(path, number)
