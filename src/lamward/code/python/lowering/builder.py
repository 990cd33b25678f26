"""What one function's body is lowered with: its instructions so far, its names, its registers."""

from __future__ import annotations

import ast

from lamward.code import ir
from lamward.code.body import Body
from lamward.code.ir import Block, Instruction, Register, Scope
from lamward.code.python.lowering.scopes import Names
from lamward.code.source import Extent, Source


class Text:
    """The text of a module, and how the positions of its syntax tree become extents."""

    def __init__(self, source: Source, module: str, *, package: bool) -> None:
        self.source = source
        self.module = module
        self.package = module if package else module.rpartition(".")[0]
        self._plain = source.text.isascii()

    def extent(self, node: ast.AST) -> Extent:
        """Say which piece of the text a node stands for."""
        line, end_line = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not line or not end_line:
            return Extent(0, 0)
        start = self._offset(line, node.col_offset)  # type: ignore[attr-defined]
        return Extent(start, self._offset(end_line, node.end_col_offset))  # type: ignore[attr-defined]

    def _offset(self, line: int, column: int) -> int:
        lines = self.source.lines
        start = lines[line - 1]
        if self._plain:
            return start + column
        end = lines[line] if line < len(lines) else len(self.source.text)
        before = self.source.text[start:end].encode("utf-8", "surrogatepass")[:column]
        return start + len(before.decode("utf-8", "replace"))


class Builder(Body):
    """The function that is being lowered."""

    def __init__(self, text: Text, names: Names, qualified_name: str) -> None:
        super().__init__()
        self.text = text
        self.names = names
        self.qualified_name = qualified_name
        self.bodies: list[set[str]] = []
        """The names of each class body around, innermost last."""
        self.renames: list[dict[str, str]] = []
        self.for_types = False
        """Whether only type checkers run what is lowered now."""

    def load(self, at: Extent, name: str) -> Register:
        """Read a variable."""
        into = self.register()
        variable = self.renamed(name)
        scope, depth = self._scope(variable)
        self.add(ir.Load(at=at, into=into, name=variable, scope=scope, depth=depth))
        return into

    def store(self, at: Extent, name: str, value: Register) -> None:
        """Write a variable."""
        variable = self.renamed(name)
        scope, depth = self._scope(variable)
        self.add(ir.Store(at=at, name=variable, scope=scope, value=value, depth=depth))

    def renamed(self, name: str) -> str:
        """Give the name that a variable of a comprehension is kept under, or the name itself."""
        for renames in reversed(self.renames):
            if name in renames:
                return renames[name]
        return name

    def _scope(self, name: str) -> tuple[Scope, int]:
        if self.bodies and name in self.bodies[-1] and name not in self.names.globals:
            return Scope.CLASS, 0
        return self.names.resolve(name)


def frozen(instructions: list[Instruction]) -> Block:
    """Make a block of collected instructions."""
    return tuple(instructions)
