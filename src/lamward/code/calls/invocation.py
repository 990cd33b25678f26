"""A call, as languages and models of packages see it."""

from __future__ import annotations

from lamward.code.analysis import Guess, Why
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import Heap
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import Client, Value
from lamward.code.source import Extent


class Invocation:
    """One call as a language or a model sees it."""

    def __init__(
        self,
        interpreter: Interpreter,
        at: Extent,
        arguments: Arguments,
        *,
        decorates: bool = False,
        constructs: bool = False,
        name: str = "",
    ) -> None:
        self.interpreter = interpreter
        self.at = at
        self.arguments = arguments
        self.decorates = decorates
        self.constructs = constructs
        self.owner = 0
        """What the object that something foreign is called on was constructed with, if anything asks for that."""
        self.name = name
        """The attribute that what is called was read from."""

    @property
    def heap(self) -> Heap:
        """The memory."""
        return self.interpreter.heap

    def get(self, position: int, name: str = "") -> Value:
        """Return an argument by position (negative: it has none) or name; nothing if it is not passed."""
        return self.arguments.get(position, name)

    def make(self, *what: object) -> int:
        """Give the number of the object that this call makes."""
        return self.interpreter.frame_id(self.at, *what)

    def call(self, callee: Value, *positional: Value, **keywords: Value) -> Value:
        """Call something with other arguments, from the place of this call."""
        from lamward.code.calls.calling import call

        return call(self.interpreter, self.at, callee, Arguments(positional, keywords=keywords))

    def doubt(self, why: Why, reason: str, *guesses: Guess) -> None:
        """Note that this call may call AWS and cannot be told."""
        self.interpreter.doubt(self.at, why, reason, *guesses)

    def sdk_call(self, client: Client, operation: str, arguments: Arguments, model: str = "") -> None:
        """Note that this call is an SDK call."""
        self.interpreter.sdk_call(self.at, client, operation, arguments, model)
