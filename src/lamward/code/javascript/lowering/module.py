"""A file of JavaScript or TypeScript, or of JSON, as a module of the intermediate representation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

from lamward.code import ir
from lamward.code.ir import Instruction, Register, Scope
from lamward.code.javascript.lowering.builder import Builder, File
from lamward.code.javascript.lowering.scopes import Scopes
from lamward.code.javascript.lowering.statements import statements
from lamward.code.javascript.syntax import Node, descendants, parse
from lamward.code.source import Extent, Source

_DIALECTS: Final = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}

_IMPORTS: Final = frozenset({"import_statement"})

Errors = list[tuple[Extent, str]]


def lower(source: Source, module: str, resolve: Callable[[str], str]) -> tuple[ir.Module, Errors]:
    """Lower a file as far as it is proper syntax; give also the places that are not.

    Raises:
        RecursionError: it is nested too deeply.
    """
    dialect = _DIALECTS.get(PurePath(source.file).suffix)
    tree = parse(source.text, dialect=dialect or "javascript")
    scopes = Scopes(source.text, tree.root)
    file = File(source, module, scopes, resolve, _values(source.text, tree.root) if dialect else None)
    builder = Builder(file, scopes.module, "")
    if _fills_exports(source.text):
        into = builder.register()
        builder.add(ir.BuildMapping(at=Extent(0, 0), into=into, entries=()))
        builder.add(ir.Store(at=Extent(0, 0), name="module.exports", scope=Scope.MODULE, value=into))
    statements(builder, tree.root.parts)
    exports = None if "*" in file.exports else tuple(sorted(file.exports - {"default"}))
    main = _main(module, builder.instructions, builder.registers, len(source.text))
    return ir.Module(module, source.file, main, exports), tree.errors


def _values(text: str, root: Node) -> frozenset[str]:
    """List the names that are used for more than types, outside of imports."""
    return frozenset(
        text[node.start : node.end]
        for node in descendants(root, without=_IMPORTS)
        if node.type in ("identifier", "shorthand_property_identifier")
    )


def _fills_exports(text: str) -> bool:
    """Tell whether a module of CommonJS may add to the exports it starts with."""
    return "exports" in text and ("exports." in text or "exports[" in text or "exports," in text)


def _main(module: str, body: list[Instruction], registers: int, end: int) -> ir.Function:
    return ir.Function(
        name="<module>",
        qualified_name="<module>",
        module=module,
        parameters=(),
        body=tuple(body),
        registers=registers,
        at=Extent(0, end),
    )


def lower_json(source: Source, module: str) -> ir.Module:
    """Lower a file of JSON as a module that exports it.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    written = _Written()
    value = written.value(json.loads(source.text))
    written.body.append(ir.Store(at=_START, name="module.exports", scope=Scope.MODULE, value=value))
    main = _main(module, written.body, written.registers, len(source.text))
    return ir.Module(module, source.file, main, exports=())


_START: Final = Extent(0, 0)


class _Written:
    """The instructions that make a decoded value."""

    def __init__(self) -> None:
        self.body: list[Instruction] = []
        self.registers = 0

    def value(self, held: Any) -> Register:
        """Make a value."""
        if isinstance(held, dict):
            entries = tuple(ir.Entry(self.value(key), self.value(each)) for key, each in held.items())
            return self._add(lambda into: ir.BuildMapping(at=_START, into=into, entries=entries))
        if isinstance(held, list):
            items = tuple(ir.Item(self.value(each)) for each in held)
            return self._add(lambda into: ir.BuildSequence(at=_START, into=into, items=items))
        return self._add(lambda into: ir.Literal(at=_START, into=into, value=held))

    def _add(self, make: Callable[[Register], Instruction]) -> Register:
        self.registers += 1
        self.body.append(make(self.registers - 1))
        return self.registers - 1
