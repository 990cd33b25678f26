"""A function with one set of arguments: what is interpreted, and what was found there last time."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from msgspec import Struct

from lamward.code.analysis import OWN, Credentials, Guess, Why
from lamward.code.calls.values import NOTHING, FunctionValue, Texts, Value
from lamward.code.ir import Function, Register
from lamward.code.pattern import Possible
from lamward.code.source import Extent

MAX_CONTEXTS: Final = 24
"""How many different sets of arguments a function is interpreted with before they are joined."""

MAX_DEPTH: Final = 24
"""How many calls deep interpretation goes before it queues the callee for later."""

MAX_STEPS: Final = 600_000
"""How many instructions are interpreted before the analysis gives up, and says so."""

MAX_EXPLORED: Final = 60_000
"""How many are spent on code that the handler does not reach."""


class Place(Struct, frozen=True, gc=False):
    """A piece of the text of a module."""

    module: str
    at: Extent


class Arguments(Struct, frozen=True):
    """What a call passes. `rest` may stand at any further position; `open`: names that are not known are passed."""

    positional: tuple[Value, ...] = ()
    rest: Value = NOTHING
    keywords: Mapping[str, Value] = {}
    optional: frozenset[str] = frozenset()
    open: bool = False

    def get(self, position: int, name: str = "") -> Value:
        """Return an argument by position (negative: it has none) or by name; nothing if it is not passed."""
        if name and name in self.keywords:
            return self.keywords[name]
        if 0 <= position < len(self.positional):
            return self.positional[position]
        return self.rest if position >= 0 else NOTHING

    def all(self) -> tuple[Value, ...]:
        """Return every value that is passed."""
        return (*self.positional, *self.keywords.values(), *([self.rest] if self.rest else []))

    def after(self, first: Value) -> Arguments:
        """Return the arguments with another one before them."""
        return Arguments((first, *self.positional), self.rest, self.keywords, self.optional, self.open)


class FoundCall(Struct, frozen=True):
    """An SDK call as interpreted."""

    service: str
    operation: str
    parameters: Mapping[str, Value]
    optional: frozenset[str] = frozenset()
    open: bool = False
    region: Texts = frozenset()
    endpoint: Texts = frozenset()
    credentials: Credentials = OWN
    certain: bool = True
    model: str = ""


class FoundDoubt(Struct, frozen=True):
    """A place that may call AWS and cannot be told."""

    why: Why
    reason: str
    guesses: tuple[Guess, ...] = ()


class FoundCommand(Struct, frozen=True):
    """A text that is handed to what obeys it: what that is, and what the text may be."""

    callee: str
    texts: Possible


Found = FoundCall | FoundDoubt | FoundCommand


class Frame:
    """One interpretation of a function; `outer` is the frame of the function around it."""

    def __init__(
        self, number: int, function: Function, outer: Frame | None, value: FunctionValue | None
    ) -> None:
        self.number = number
        self.function = function
        self.outer = outer
        self.value = value
        self.callees: dict[int, Extent] = {}
        """The frames this one calls, with the place of the first such call."""
        self.found: dict[tuple[Extent, Hashable], Found] = {}
        self.lost: dict[Extent, str] = {}
        """Calls of what is not known, with the attribute that is called, if it is one."""
        self.registers: list[Value] = []
        self.names: dict[Register, str] = {}
        """The attributes that registers were read from, for calls of what is not known."""
        self.local: dict[str, Value] = {}
        self.loops: list[list[dict[str, Value]]] = []
        """For every loop around the current step, the variables at each `break`."""
        self.skips: list[list[dict[str, Value]]] = []
        """Likewise at each `continue`."""
        self.attempts: list[dict[str, Value]] = []
        """For every `try` around the current step, the variables as a handler may find them."""
        self.class_bodies: list[int] = []
        self.done = False

    def begin(self) -> None:
        """Forget the last interpretation."""
        self.callees = {}
        self.found = {}
        self.lost = {}
        self.registers = [NOTHING] * self.function.registers
        self.local = {}
        self.loops, self.skips, self.attempts, self.class_bodies = [], [], [], []
        self.done = True

    def value_of(self, register: Register) -> Value:
        """Return what a register holds."""
        return self.registers[register]


class Definition(Struct, frozen=True):
    """A function value's function, the frame around it, and the values of its defaults and annotations."""

    function: Function
    outer: Frame | None
    defaults: Mapping[str, Value]
    annotations: Mapping[str, Value]
