"""The memory of the interpreter: what was ever stored anywhere, and who must look again when that grows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from enum import Enum
from typing import Final

from lamward.code.calls.values import NOTHING, Value, bounded, join
from lamward.code.pattern import Pattern


class Special(Enum):
    """Cells of an owner that no name of a program can take."""

    ANY = "any key"
    RETURN = "what is returned"
    YIELD = "what is yielded"
    CALLEE = "what is called"
    METACLASS = "what makes instances of it that are classes"
    MADE = "the classes that it made"
    ITSELF = "every cell"


ANY: Final = Special.ANY
Key = str | int | Special | Pattern
"""A cell's key: a name, a position, a text that is not constant, or a special one."""
Cell = tuple[int, Key]


class Heap:
    """Cells of owners (objects, modules, frames), each a value that only grows.

    A reader is whoever was `reading` when a cell was read; `changed` collects the readers of cells that grew.
    """

    def __init__(self) -> None:
        self._cells: dict[int, dict[Key, Value]] = {}
        self._readers: dict[Cell, set[int]] = {}
        self._numbers: dict[Hashable, int] = {}
        self._definite: dict[int, frozenset[str]] = {}
        self.reading = 0
        self.changed: dict[int, None] = {}

    def number(self, *identity: Hashable) -> int:
        """Give the number of what this identifies: always the same, and never that of anything else."""
        return self._numbers.setdefault(identity, len(self._numbers) + 1)

    def read(self, owner: int, key: Key) -> Value:
        """Read a cell; nothing was ever stored in most."""
        self._readers.setdefault((owner, key), set()).add(self.reading)
        return self._cells.get(owner, {}).get(key, NOTHING)

    def write(self, owner: int, key: Key, value: Value) -> None:
        """Add what a cell may hold."""
        cells = self._cells.setdefault(owner, {})
        held = cells.get(key)
        grown = bounded(value) if held is None else join(held, value)
        if held is not None and grown == held:
            return
        cells[key] = grown
        self._notify(owner, key)

    def items(self, owner: int) -> Iterator[tuple[Key, Value]]:
        """List the cells of an owner as they are now."""
        self._readers.setdefault((owner, Special.ITSELF), set()).add(self.reading)
        yield from list(self._cells.get(owner, {}).items())

    def has(self, owner: int, key: Key) -> bool:
        """Tell whether anything was ever stored in a cell."""
        self._readers.setdefault((owner, key), set()).add(self.reading)
        return key in self._cells.get(owner, {})

    def define(self, owner: int, keys: frozenset[str]) -> None:
        """Remember which keys a mapping is made with; the others come later, or never."""
        held = self._definite.get(owner)
        self._definite[owner] = keys if held is None else held & keys

    def definite(self, owner: int) -> frozenset[str]:
        """Tell which keys a mapping surely has."""
        return self._definite.get(owner, frozenset())

    def _notify(self, owner: int, key: Key) -> None:
        for cell in ((owner, key), (owner, Special.ITSELF)):
            for reader in self._readers.get(cell, ()):
                self.changed[reader] = None
