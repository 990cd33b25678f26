"""Expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code import ir
from lamward.code.ir import ArgumentKind, LiteralValue, Register
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.literals import number, unescaped
from lamward.code.javascript.syntax import Node

_LOGICAL: Final = frozenset({"&&", "||", "??"})
_PROMISED: Final = frozenset({"then", "catch", "finally"})


def expression(builder: Builder, node: Node) -> Register:
    """Lower an expression; the register holds its value."""
    lower = _EXPRESSIONS.get(node.type)
    if lower is not None:
        return lower(builder, node)
    for part in node.parts:  # whatever it is, what is inside is not lost
        if part.type in _EXPRESSIONS:
            expression(builder, part)
    return builder.opaque(node.at, f"`{node.type.replace('_', ' ')}` is not understood")


def of(builder: Builder, node: Node, name: str) -> Register:
    """Lower the expression in a field; one that is missing is undefined."""
    part = node.field(name)
    return builder.literal(node.at, None) if part is None else expression(builder, part)


def string(builder: Builder, node: Node) -> str:
    """Return the text that a string literal means."""
    return unescaped(builder.file.text(node)[1:-1])


def constant_text(builder: Builder, node: Node | None) -> str | None:
    """Return the text of a string or a template without substitutions; None for anything else."""
    if node is None or node.type not in ("string", "template_string"):
        return None
    if node.type == "template_string" and any(part.type == "template_substitution" for part in node.parts):
        return None
    return string(builder, node)


def _string(builder: Builder, node: Node) -> Register:
    return builder.literal(node.at, string(builder, node))


def _number(builder: Builder, node: Node) -> Register:
    return builder.literal(node.at, number(builder.file.text(node)))


def _template(builder: Builder, node: Node) -> Register:
    segments: list[str | Register] = []
    position = node.start + 1
    for part in node.parts:
        if part.type == "template_substitution":
            segments.append(unescaped(builder.file.source.text[position : part.start]))
            inner = part.parts
            segments.append(expression(builder, inner[0]) if inner else "")
            position = part.end
    segments.append(unescaped(builder.file.source.text[position : node.end - 1]))
    into = builder.register()
    builder.add(ir.Format(at=node.at, into=into, segments=tuple(each for each in segments if each != "")))
    return into


def _constant(value: LiteralValue) -> Callable[[Builder, Node], Register]:
    return lambda builder, node: builder.literal(node.at, value)


def _identifier(builder: Builder, node: Node) -> Register:
    name = builder.file.text(node)
    if name == "undefined":
        return builder.literal(node.at, None)
    if name == "exports" and not builder.defines(name):
        return builder.global_(node.at, "module.exports")
    return builder.load(node.at, name)


def _this(builder: Builder, node: Node) -> Register:
    if builder.defines("this"):
        return builder.load(node.at, "this")
    return builder.literal(node.at, None)


def _super(builder: Builder, node: Node) -> Register:
    return builder.call(node.at, builder.global_(node.at, "@super"))


def _sequence(builder: Builder, node: Node) -> Register:
    value = builder.literal(node.at, None)
    for part in node.parts:
        value = expression(builder, part)
    return value


def first(builder: Builder, node: Node) -> Register:
    """Lower the first part of something whose other parts say nothing: parentheses, `as`, `!`."""
    parts = [part for part in node.parts if part.type in _EXPRESSIONS]
    return expression(builder, parts[0]) if parts else builder.literal(node.at, None)


def _display(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering.displays import array, object_

    return object_(builder, node) if node.type == "object" else array(builder, node)


def _member(builder: Builder, node: Node) -> Register:
    owner, name = node.field("object"), node.field("property")
    if owner is None or name is None:
        return builder.opaque(node.at, "something is missing here")
    if is_module_exports(builder, node):
        return builder.global_(node.at, "module.exports")
    return builder.attribute(node.at, expression(builder, owner), builder.file.text(name))


def is_module_exports(builder: Builder, node: Node) -> bool:
    """Tell whether something is the `module.exports` of CommonJS."""
    return (
        node.type == "member_expression"
        and builder.file.text(node) == "module.exports"
        and not builder.defines("module")
    )


def _subscript(builder: Builder, node: Node) -> Register:
    owner = of(builder, node, "object")
    index = node.field("index")
    name = constant_text(builder, index)
    if name is not None:
        return builder.attribute(node.at, owner, name)
    return builder.compute(node.at, "[]", owner, of(builder, node, "index"))


def arguments(builder: Builder, node: Node | None) -> tuple[ir.Argument, ...]:
    """Lower the arguments of a call."""
    if node is None:
        return ()
    if node.type == "template_string":
        return (ir.Argument(_template(builder, node)),)
    return tuple(
        ir.Argument(first(builder, part), ArgumentKind.SPREAD)
        if part.type == "spread_element"
        else ir.Argument(expression(builder, part))
        for part in node.parts
    )


def _call(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering import imports
    from lamward.code.javascript.lowering.functions import awaited_generator

    callee = node.field("function")
    if callee is None:
        return builder.opaque(node.at, "something is missing here")
    if callee.type == "identifier" and builder.file.text(callee) == "await" and not builder.defines("await"):
        return _awaited_call(builder, node)
    if imports.is_import(builder, callee):
        return imports.imported_here(builder, node)
    generator = awaited_generator(builder, node)
    if generator is not None:
        return builder.call(node.at, generator)
    if callee.type == "super":
        value = builder.attribute(callee.at, _super(builder, callee), "__init__")
    elif (name := callee.field("property")) and builder.file.text(name) in _PROMISED:
        passed = (ir.Argument(of(builder, callee, "object")), *arguments(builder, node.field("arguments")))
        return _called(builder, node, builder.global_(callee.at, f"@{builder.file.text(name)}"), passed)
    else:
        value = expression(builder, callee)
    return _called(builder, node, value, arguments(builder, node.field("arguments")))


def _awaited_call(builder: Builder, node: Node) -> Register:
    """Lower `await (…)`, which the parser takes for a call of a function of this name."""
    passed = node.field("arguments")
    value = _sequence(builder, passed) if passed is not None else builder.literal(node.at, None)
    into = builder.register()
    builder.add(ir.Await(at=node.at, into=into, value=value))
    return into


def _called(
    builder: Builder, node: Node, callee: Register, passed: tuple[ir.Argument, ...], *, new: bool = False
) -> Register:
    into = builder.register()
    builder.add(ir.Call(at=node.at, into=into, callee=callee, arguments=passed, construct=new))
    return into


def _new(builder: Builder, node: Node) -> Register:
    callee = of(builder, node, "constructor")
    return _called(builder, node, callee, arguments(builder, node.field("arguments")), new=True)


def _await(builder: Builder, node: Node) -> Register:
    value = first(builder, node)
    into = builder.register()
    builder.add(ir.Await(at=node.at, into=into, value=value))
    return into


def _yield(builder: Builder, node: Node) -> Register:
    value = first(builder, node)
    into = builder.register()
    if builder.awaits_by_yield:
        builder.add(ir.Await(at=node.at, into=into, value=value))
    else:
        builder.generator = True
        builder.add(ir.Yield(at=node.at, into=into, value=value, every=node.has("*")))
    return into


def _binary(builder: Builder, node: Node) -> Register:
    """Lower a chain of operators from the left, without recursion: texts are joined from hundreds of pieces."""
    chain: list[Node] = [node]
    while (left := chain[-1].field("left")) is not None and left.type == "binary_expression":
        chain.append(left)
    value = of(builder, chain[-1], "left")
    for each in reversed(chain):
        value = _applied(builder, each, value)
    return value


def _applied(builder: Builder, node: Node, left: Register) -> Register:
    written = node.field("operator")
    operator = builder.file.text(written) if written else "?"
    if operator in _LOGICAL:
        return logical(builder, node, operator, left)
    return builder.compute(node.at, operator, left, of(builder, node, "right"))


def logical(builder: Builder, node: Node, operator: str, left: Register) -> Register:
    """Lower an operator whose right side may be left out."""
    with builder.block() as block:
        right = of(builder, node, "right")
    builder.add(ir.Branch(at=node.at, condition=left, then=tuple(block)))
    return builder.compute(node.at, operator, left, right)


def _unary(builder: Builder, node: Node) -> Register:
    value = of(builder, node, "argument")
    written = node.field("operator")
    operator = builder.file.text(written) if written else "?"
    if operator == "void":
        return builder.literal(node.at, None)
    return builder.compute(node.at, f"{operator} ", value)


def _update(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering.targets import assign

    argument = node.field("argument")
    value = builder.compute(node.at, "++", of(builder, node, "argument"))
    if argument is not None:
        assign(builder, argument, value)
    return value


def _assignment(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering.targets import assign

    value = of(builder, node, "right")
    target = node.field("left")
    if target is not None:
        assign(builder, target, value)
    return value


def _augmented(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering.targets import assign

    target, written = node.field("left"), node.field("operator")
    if target is None or written is None:
        return builder.opaque(node.at, "something is missing here")
    operator = builder.file.text(written).removesuffix("=")
    held = expression(builder, target)
    if operator in _LOGICAL:
        value = logical(builder, node, operator, held)
    else:
        value = builder.compute(node.at, operator, held, of(builder, node, "right"))
    assign(builder, target, value)
    return value


def _ternary(builder: Builder, node: Node) -> Register:
    condition = of(builder, node, "condition")
    with builder.block() as then:
        first_value = of(builder, node, "consequence")
    with builder.block() as otherwise:
        second_value = of(builder, node, "alternative")
    branch = ir.Branch(at=node.at, condition=condition, then=tuple(then), otherwise=tuple(otherwise))
    builder.add(branch)
    into = builder.register()
    builder.add(ir.Phi(at=node.at, into=into, options=(first_value, second_value)))
    return into


def _function(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering.functions import closure

    return closure(builder, node)


def _class(builder: Builder, node: Node) -> Register:
    from lamward.code.javascript.lowering.classes import class_

    return class_(builder, node)


def _markup(builder: Builder, node: Node) -> Register:
    """Lower JSX: its expressions are evaluated, its components called by code that is not read."""
    values: list[Register] = []
    pending = list(reversed(node.parts))
    while pending:
        part = pending.pop()
        if part.type in ("jsx_expression", "spread_element"):
            values += [expression(builder, each) for each in part.parts if each.type in _EXPRESSIONS]
        elif part.type == "identifier":
            name = builder.file.text(part)
            if not name[:1].islower():
                values.append(_identifier(builder, part))
        else:
            pending += reversed(part.parts)
    return builder.call(node.at, builder.global_(node.at, "@render"), *values)


def _regex(builder: Builder, node: Node) -> Register:
    return builder.opaque(node.at, "it is a regular expression")


def _meta(builder: Builder, node: Node) -> Register:
    return builder.opaque(node.at, "it is about the module")


_EXPRESSIONS: Final[dict[str, Callable[[Builder, Node], Register]]] = {
    **dict.fromkeys(("identifier", "shorthand_property_identifier"), _identifier),
    **dict.fromkeys(("function_expression", "generator_function", "arrow_function"), _function),
    **dict.fromkeys(("function_declaration", "generator_function_declaration"), _function),
    **dict.fromkeys(("class", "class_declaration", "abstract_class_declaration"), _class),
    **dict.fromkeys(("jsx_element", "jsx_self_closing_element", "jsx_fragment"), _markup),
    **dict.fromkeys(("parenthesized_expression", "non_null_expression", "as_expression"), first),
    **dict.fromkeys(("satisfies_expression", "type_assertion", "instantiation_expression"), first),
    "true": _constant(value=True),
    "false": _constant(value=False),
    "null": _constant(None),
    "undefined": _constant(None),
    "string": _string,
    "number": _number,
    "template_string": _template,
    "regex": _regex,
    "this": _this,
    "super": _super,
    "sequence_expression": _sequence,
    "object": _display,
    "array": _display,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "call_expression": _call,
    "new_expression": _new,
    "await_expression": _await,
    "yield_expression": _yield,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "update_expression": _update,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _augmented,
    "ternary_expression": _ternary,
    "meta_property": _meta,
}


def is_expression(node: Node) -> bool:
    """Tell whether a node is an expression."""
    return node.type in _EXPRESSIONS
