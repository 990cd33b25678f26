"""Expressions: each gives the register that holds its value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Final

from lamward.code import ir
from lamward.code.ir import ArgumentKind, Register
from lamward.code.python.lowering.builder import Builder, frozen
from lamward.code.python.lowering.scopes import Comprehension
from lamward.code.source import Extent

OPERATORS: Final[dict[type[ast.AST], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.FloorDiv: "//",
    ast.Invert: "~",
    ast.Not: "not",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def expression(builder: Builder, node: ast.expr) -> Register:
    """Lower an expression."""
    lower = _EXPRESSIONS.get(type(node))
    if lower is None:
        for child in ast.iter_child_nodes(node):  # what is called in it must not be lost
            if isinstance(child, ast.expr):
                expression(builder, child)
        return builder.opaque(builder.text.extent(node), f"`{type(node).__name__}` is not understood")
    return lower(builder, node, builder.text.extent(node))


def _constant(builder: Builder, node: ast.Constant, at: Extent) -> Register:
    value = node.value
    if isinstance(value, str | bytes | bool | int | float) or value is None:
        return builder.literal(at, value)
    return builder.opaque(at, "it is a constant that is no text")


def _name(builder: Builder, node: ast.Name, at: Extent) -> Register:
    return builder.load(at, node.id)


def _attribute(builder: Builder, node: ast.Attribute, at: Extent) -> Register:
    chain: list[ast.Attribute] = []
    value: ast.expr = node
    while isinstance(value, ast.Attribute):
        chain.append(value)
        value = value.value
    register = expression(builder, value)
    for link in reversed(chain):
        into = builder.register()
        extent = at if link is node else builder.text.extent(link)
        builder.add(ir.LoadAttribute(at=extent, into=into, object=register, name=link.attr))
        register = into
    return register


def _subscript(builder: Builder, node: ast.Subscript, at: Extent) -> Register:
    value = expression(builder, node.value)
    if isinstance(node.slice, ast.Slice):
        bounds = [expression(builder, each) if each else None for each in _bounds(node.slice)]
        into = builder.register()
        builder.add(ir.Slice(at=at, into=into, object=value, start=bounds[0], stop=bounds[1], step=bounds[2]))
        return into
    index = expression(builder, node.slice)
    into = builder.register()
    builder.add(ir.LoadIndex(at=at, into=into, object=value, index=index))
    return into


def _bounds(node: ast.Slice) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    return node.lower, node.upper, node.step


def _formatted(builder: Builder, node: ast.JoinedStr, at: Extent) -> Register:
    segments: list[str | Register] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            segments.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            segments.append(_formatted_value(builder, part))
        else:
            segments.append(expression(builder, part))
    into = builder.register()
    builder.add(ir.Format(at=at, into=into, segments=tuple(segments)))
    return into


def _formatted_value(builder: Builder, node: ast.FormattedValue) -> Register:
    value = expression(builder, node.value)
    if node.format_spec is None and node.conversion in (-1, ord("s")):
        return value
    at = builder.text.extent(node)
    into = builder.register()
    if node.format_spec is None:
        builder.add(ir.Compute(at=at, into=into, operator=f"!{chr(node.conversion)}", operands=(value,)))
    else:
        form = expression(builder, node.format_spec)
        builder.add(ir.Compute(at=at, into=into, operator="format", operands=(value, form)))
    return into


def _binary(builder: Builder, node: ast.BinOp, at: Extent) -> Register:
    chain: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):  # long sums lean left: no recursion along them
        chain.append(left)
        left = left.left
    register = expression(builder, left)
    for link in reversed(chain):
        right = expression(builder, link.right)
        into = builder.register()
        extent = at if link is node else builder.text.extent(link)
        builder.add(
            ir.Compute(at=extent, into=into, operator=OPERATORS[type(link.op)], operands=(register, right))
        )
        register = into
    return register


def _boolean(builder: Builder, node: ast.BoolOp, at: Extent) -> Register:
    options = [expression(builder, node.values[0])]
    for value in node.values[1:]:
        with builder.block() as block:
            options.append(expression(builder, value))
        condition = options[-2]
        taken, other = frozen(block), ()
        then, otherwise = (taken, other) if isinstance(node.op, ast.And) else (other, taken)
        builder.add(ir.Branch(at=at, condition=condition, then=then, otherwise=otherwise))
    into = builder.register()
    builder.add(ir.Phi(at=at, into=into, options=tuple(options)))
    return into


def _unary(builder: Builder, node: ast.UnaryOp, at: Extent) -> Register:
    operand = expression(builder, node.operand)
    into = builder.register()
    builder.add(ir.Compute(at=at, into=into, operator=OPERATORS[type(node.op)], operands=(operand,)))
    return into


def _compare(builder: Builder, node: ast.Compare, at: Extent) -> Register:
    operands = tuple(expression(builder, each) for each in (node.left, *node.comparators))
    operator = ", ".join(OPERATORS[type(each)] for each in node.ops)
    into = builder.register()
    builder.add(ir.Compute(at=at, into=into, operator=operator, operands=operands))
    return into


def _conditional(builder: Builder, node: ast.IfExp, at: Extent) -> Register:
    condition = expression(builder, node.test)
    with builder.block() as then:
        first = expression(builder, node.body)
    with builder.block() as otherwise:
        second = expression(builder, node.orelse)
    builder.add(ir.Branch(at=at, condition=condition, then=frozen(then), otherwise=frozen(otherwise)))
    into = builder.register()
    builder.add(ir.Phi(at=at, into=into, options=(first, second)))
    return into


def _call(builder: Builder, node: ast.Call, at: Extent) -> Register:
    callee = expression(builder, node.func)
    arguments = call_arguments(builder, node.args, node.keywords)
    into = builder.register()
    builder.add(ir.Call(at=at, into=into, callee=callee, arguments=arguments))
    return into


def call_arguments(
    builder: Builder, positional: Sequence[ast.expr], keywords: Sequence[ast.keyword]
) -> tuple[ir.Argument, ...]:
    """Lower the arguments of a call, or of the head of a class."""
    arguments = []
    for each in positional:
        if isinstance(each, ast.Starred):
            arguments.append(ir.Argument(expression(builder, each.value), ArgumentKind.SPREAD))
        else:
            arguments.append(ir.Argument(expression(builder, each)))
    for keyword in keywords:
        value = expression(builder, keyword.value)
        if keyword.arg is None:
            arguments.append(ir.Argument(value, ArgumentKind.SPREAD_KEYWORDS))
        else:
            arguments.append(ir.Argument(value, ArgumentKind.KEYWORD, keyword.arg))
    return tuple(arguments)


def _sequence(builder: Builder, node: ast.List | ast.Tuple | ast.Set, at: Extent) -> Register:
    kinds = {ast.List: ir.SequenceKind.LIST, ast.Tuple: ir.SequenceKind.TUPLE, ast.Set: ir.SequenceKind.SET}
    items = tuple(
        ir.Item(expression(builder, each.value), spread=True)
        if isinstance(each, ast.Starred)
        else ir.Item(expression(builder, each))
        for each in node.elts
    )
    into = builder.register()
    builder.add(ir.BuildSequence(at=at, into=into, items=items, kind=kinds[type(node)]))
    return into


def _mapping(builder: Builder, node: ast.Dict, at: Extent) -> Register:
    entries = tuple(
        ir.Entry(expression(builder, key) if key else None, expression(builder, value))
        for key, value in zip(node.keys, node.values, strict=True)
    )
    into = builder.register()
    builder.add(ir.BuildMapping(at=at, into=into, entries=entries))
    return into


def _comprehension(builder: Builder, node: Comprehension, at: Extent) -> Register:
    into = builder.register()
    if isinstance(node, ast.DictComp):
        builder.add(ir.BuildMapping(at=at, into=into, entries=()))
    else:
        builder.add(ir.BuildSequence(at=at, into=into, items=()))
    first = expression(builder, node.generators[0].iter)
    builder.renames.append(builder.names.comprehensions.get(node, {}))
    bodies, builder.bodies = builder.bodies, []  # only the first iterable sees names of a class
    with builder.block() as innermost:
        _keep(builder, node, into)
    block = frozen(innermost)
    for number, generator in reversed(list(enumerate(node.generators))):
        block = _generator(builder, generator, block, first if number == 0 else None)
    builder.instructions += block
    builder.bodies = bodies
    builder.renames.pop()
    return into


def _keep(builder: Builder, node: Comprehension, into: Register) -> None:
    """Add an element, or an entry, to what a comprehension makes."""
    at = builder.text.extent(node)
    if isinstance(node, ast.DictComp):
        key, value = expression(builder, node.key), expression(builder, node.value)
    else:
        key, value = builder.opaque(at, "it is a position"), expression(builder, node.elt)
    builder.add(ir.StoreIndex(at=at, object=into, index=key, value=value))


def _generator(
    builder: Builder, node: ast.comprehension, inner: ir.Block, iterable: Register | None
) -> ir.Block:
    """Put a block into the loop of one `for` of a comprehension."""
    from lamward.code.python.lowering.targets import assign

    at = builder.text.extent(node.target)
    with builder.block() as outer:
        source = expression(builder, node.iter) if iterable is None else iterable
        with builder.block() as header:
            element = builder.register()
            builder.add(ir.Element(at=at, into=element, iterable=source))
            assign(builder, node.target, element)
            for condition in node.ifs:
                expression(builder, condition)
        builder.add(ir.Loop(at=at, header=frozen(header), body=inner))
    return frozen(outer)


def _lambda(builder: Builder, node: ast.Lambda, _: Extent) -> Register:
    from lamward.code.python.lowering.functions import closure

    return closure(builder, node)


def _await(builder: Builder, node: ast.Await, at: Extent) -> Register:
    value = expression(builder, node.value)
    into = builder.register()
    builder.add(ir.Await(at=at, into=into, value=value))
    return into


def _yield(builder: Builder, node: ast.Yield | ast.YieldFrom, at: Extent) -> Register:
    builder.generator = True
    value = expression(builder, node.value) if node.value else builder.literal(at, None)
    into = builder.register()
    builder.add(ir.Yield(at=at, into=into, value=value, every=isinstance(node, ast.YieldFrom)))
    return into


def _named(builder: Builder, node: ast.NamedExpr, at: Extent) -> Register:
    value = expression(builder, node.value)
    builder.store(at, node.target.id, value)
    return value


def _starred(builder: Builder, node: ast.Starred, _: Extent) -> Register:
    return expression(builder, node.value)


_EXPRESSIONS: Final[dict[type[ast.AST], Callable[[Builder, Any, Extent], Register]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.JoinedStr: _formatted,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Call: _call,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _mapping,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.Lambda: _lambda,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.NamedExpr: _named,
    ast.Starred: _starred,
}
