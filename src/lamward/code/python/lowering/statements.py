"""Statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Final

from lamward.code import ir
from lamward.code.python.lowering.builder import Builder, frozen
from lamward.code.python.lowering.expressions import OPERATORS, expression
from lamward.code.python.lowering.functions import class_definition, function_definition
from lamward.code.python.lowering.targets import assign, bind_pattern
from lamward.code.source import Extent


def statements(builder: Builder, nodes: Sequence[ast.stmt]) -> None:
    """Lower statements in order."""
    for node in nodes:
        lower = _STATEMENTS.get(type(node))
        if lower is not None:
            lower(builder, node)
        elif not isinstance(node, ast.Global | ast.Nonlocal | ast.Pass):
            builder.opaque(builder.text.extent(node), f"`{type(node).__name__}` is not understood")


def _block(builder: Builder, nodes: Sequence[ast.stmt]) -> ir.Block:
    with builder.block() as block:
        statements(builder, nodes)
    return frozen(block)


def _expression(builder: Builder, node: ast.Expr) -> None:
    if not isinstance(node.value, ast.Constant):
        expression(builder, node.value)


def _assign(builder: Builder, node: ast.Assign) -> None:
    value = expression(builder, node.value)
    for target in node.targets:
        assign(builder, target, value)


def _augmented(builder: Builder, node: ast.AugAssign) -> None:
    at = builder.text.extent(node)
    readable = _as_read(node.target)
    held = expression(builder, readable)
    value = expression(builder, node.value)
    into = builder.register()
    builder.add(ir.Compute(at=at, into=into, operator=OPERATORS[type(node.op)], operands=(held, value)))
    assign(builder, node.target, into)


def _as_read(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    read: ast.expr
    if isinstance(target, ast.Name):
        read = ast.Name(id=target.id, ctx=ast.Load())
    elif isinstance(target, ast.Attribute):
        read = ast.Attribute(value=target.value, attr=target.attr, ctx=ast.Load())
    else:
        read = ast.Subscript(value=target.value, slice=target.slice, ctx=ast.Load())
    return ast.copy_location(read, target)


def _annotated(builder: Builder, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(builder, node.target, expression(builder, node.value))


def _delete(builder: Builder, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Attribute | ast.Subscript):
            expression(builder, target.value)


def _for(builder: Builder, node: ast.For | ast.AsyncFor) -> None:
    iterable = expression(builder, node.iter)
    with builder.block() as header:
        element = builder.register()
        builder.add(ir.Element(at=builder.text.extent(node.target), into=element, iterable=iterable))
        assign(builder, node.target, element)
    _loop(builder, node, frozen(header))


def _while(builder: Builder, node: ast.While) -> None:
    with builder.block() as header:
        expression(builder, node.test)
    _loop(builder, node, frozen(header))


def _loop(builder: Builder, node: ast.For | ast.AsyncFor | ast.While, header: ir.Block) -> None:
    body = _block(builder, node.body)
    otherwise = _block(builder, node.orelse)
    builder.add(ir.Loop(at=builder.text.extent(node), header=header, body=body, otherwise=otherwise))


def _if(builder: Builder, node: ast.If) -> None:
    at = builder.text.extent(node)
    if _never(node.test):
        builder.add(ir.Unreachable(at=at, body=_block(builder, node.body)))
        statements(builder, node.orelse)
        return
    condition = expression(builder, node.test)
    outer, builder.for_types = builder.for_types, builder.for_types or _is_for_types(node.test)
    then = _block(builder, node.body)
    builder.for_types = outer
    otherwise = _block(builder, node.orelse)
    builder.add(ir.Branch(at=at, condition=condition, then=then, otherwise=otherwise))


def _never(test: ast.expr) -> bool:
    match test:
        case ast.Constant(value=value):
            return not value
        case ast.Compare(
            left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
        ):
            return True
        case _:
            return False


def _is_for_types(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def _with(builder: Builder, node: ast.With | ast.AsyncWith) -> None:
    suppresses = False
    for item in node.items:
        manager = expression(builder, item.context_expr)
        suppresses = suppresses or "suppress" in ast.dump(item.context_expr)
        at = builder.text.extent(item.context_expr)
        into = builder.register()
        builder.add(ir.Enter(at=at, into=into, manager=manager))
        if item.optional_vars is not None:
            assign(builder, item.optional_vars, into)
    if suppresses:
        body = _block(builder, node.body)
        builder.add(ir.Try(at=builder.text.extent(node), body=body, handlers=((),)))
    else:
        statements(builder, node.body)


def _match(builder: Builder, node: ast.Match) -> None:
    subject = expression(builder, node.subject)
    blocks: list[tuple[Extent, int, ir.Block]] = []
    for case in node.cases:
        at = builder.text.extent(case.pattern)
        with builder.block() as block:
            bind_pattern(builder, case.pattern, subject)
            if case.guard:
                expression(builder, case.guard)
            statements(builder, case.body)
        blocks.append((at, builder.register(), frozen(block)))
    otherwise: ir.Block = ()
    for at, condition, then in reversed(blocks):
        matched = ir.Opaque(at=at, into=condition, reason="it is whether a pattern matches")
        otherwise = (matched, ir.Branch(at=at, condition=condition, then=then, otherwise=otherwise))
    builder.instructions += otherwise


def _try(builder: Builder, node: ast.Try) -> None:
    body = _block(builder, node.body)
    handlers = tuple(_handler(builder, each) for each in node.handlers)
    otherwise, finally_ = _block(builder, node.orelse), _block(builder, node.finalbody)
    at = builder.text.extent(node)
    builder.add(ir.Try(at=at, body=body, handlers=handlers, otherwise=otherwise, finally_=finally_))


def _handler(builder: Builder, node: ast.ExceptHandler) -> ir.Block:
    with builder.block() as block:
        types = (expression(builder, node.type),) if node.type else ()
        at = builder.text.extent(node)
        into = builder.register()
        builder.add(ir.Caught(at=at, into=into, types=types))
        if node.name:
            builder.store(at, node.name, into)
        statements(builder, node.body)
    return frozen(block)


def _return(builder: Builder, node: ast.Return) -> None:
    value = expression(builder, node.value) if node.value else None
    builder.add(ir.Return(at=builder.text.extent(node), value=value))


def _raise(builder: Builder, node: ast.Raise) -> None:
    value = expression(builder, node.exc) if node.exc else None
    if node.cause:
        expression(builder, node.cause)
    builder.add(ir.Raise(at=builder.text.extent(node), value=value))


def _assert(builder: Builder, node: ast.Assert) -> None:
    expression(builder, node.test)
    if node.msg:
        with builder.block() as block:
            expression(builder, node.msg)
        at = builder.text.extent(node)
        condition = builder.opaque(at, "it is whether an assertion fails")
        builder.add(ir.Branch(at=at, condition=condition, then=frozen(block)))


def _break(builder: Builder, node: ast.Break) -> None:
    builder.add(ir.Break(at=builder.text.extent(node)))


def _continue(builder: Builder, node: ast.Continue) -> None:
    builder.add(ir.Continue(at=builder.text.extent(node)))


def _import(builder: Builder, node: ast.Import) -> None:
    at = builder.text.extent(node)
    for alias in node.names:
        whole = _imported(builder, at, alias.name, "")
        if alias.asname:
            builder.store(at, alias.asname, whole)
        else:
            first = alias.name.partition(".")[0]
            builder.store(at, first, whole if first == alias.name else _imported(builder, at, first, ""))


def _import_from(builder: Builder, node: ast.ImportFrom) -> None:
    at = builder.text.extent(node)
    module = _absolute(builder, node)
    for alias in node.names:
        value = _imported(builder, at, module, alias.name)
        if alias.name != "*":
            builder.store(at, alias.asname or alias.name, value)


def _absolute(builder: Builder, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = builder.text.package.split(".") if builder.text.package else []
    above = package[: len(package) - node.level + 1] if node.level > 1 else package
    return ".".join([*above, *([node.module] if node.module else [])])


def _imported(builder: Builder, at: Extent, module: str, name: str) -> int:
    into = builder.register()
    builder.add(ir.Import(at=at, into=into, module=module, name=name, runtime=not builder.for_types))
    return into


_STATEMENTS: Final[dict[type[ast.AST], Callable[[Builder, Any], None]]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.AnnAssign: _annotated,
    ast.Delete: _delete,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: function_definition,
    ast.AsyncFunctionDef: function_definition,
    ast.ClassDef: class_definition,
}
