"""A file of Python as a module of the intermediate representation."""

from __future__ import annotations

import ast
import warnings

from lamward.code import ir
from lamward.code.python.lowering.builder import Builder, Text, frozen
from lamward.code.python.lowering.scopes import names_of
from lamward.code.python.lowering.statements import statements
from lamward.code.source import Extent, Source


def lower(source: Source, module: str, *, package: bool) -> ir.Module:
    """Lower a file.

    Raises:
        SyntaxError: it is no Python of this interpreter's version.
        ValueError: it holds characters that Python does not take.
        RecursionError: it is nested too deeply.
        MemoryError: likewise, for the parser.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escapes and comparisons of others are not ours to mend
        tree = ast.parse(source.text)
    text = Text(source, module, package=package)
    builder = Builder(text, names_of(tree), "")
    statements(builder, tree.body)
    main = ir.Function(
        name="<module>",
        qualified_name="<module>",
        module=module,
        parameters=(),
        body=frozen(builder.instructions),
        registers=builder.registers,
        at=Extent(0, len(source.text)),
    )
    return ir.Module(module, source.file, main, _exports(tree))


def _exports(tree: ast.Module) -> tuple[str, ...] | None:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple() as listed):
                names = [each.value for each in listed.elts if isinstance(each, ast.Constant)]
                return tuple(name for name in names if isinstance(name, str))
    return None
