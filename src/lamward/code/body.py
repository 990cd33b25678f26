"""The body of a function while it is lowered, whatever the language: its instructions so far, its registers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lamward.code import ir
from lamward.code.ir import Instruction, LiteralValue, Register
from lamward.code.source import Extent


class Body:
    """The instructions of one function; front ends add the names of their language."""

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self.registers = 0
        self.generator = False
        """Whether a `yield` was lowered."""

    def register(self) -> Register:
        """Take a new register."""
        self.registers += 1
        return self.registers - 1

    def add(self, instruction: Instruction) -> None:
        """Append an instruction."""
        self.instructions.append(instruction)

    def literal(self, at: Extent, value: LiteralValue) -> Register:
        """Put a constant into a register."""
        into = self.register()
        self.add(ir.Literal(at=at, into=into, value=value))
        return into

    def opaque(self, at: Extent, reason: str) -> Register:
        """Put what has no lowering into a register."""
        into = self.register()
        self.add(ir.Opaque(at=at, into=into, reason=reason))
        return into

    @contextmanager
    def block(self) -> Iterator[list[Instruction]]:
        """Collect what is added meanwhile apart, as a block."""
        outer, self.instructions = self.instructions, []
        try:
            yield self.instructions
        finally:
            self.instructions = outer
