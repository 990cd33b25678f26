"""What is assigned to: names, attributes, items, and what is taken apart."""

from __future__ import annotations

from lamward.code import ir
from lamward.code.ir import Register, Scope
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.displays import property_key, property_name
from lamward.code.javascript.lowering.expressions import (
    constant_text,
    expression,
    first,
    is_module_exports,
    of,
)
from lamward.code.javascript.syntax import Node


def assign(builder: Builder, target: Node, value: Register) -> None:
    """Assign a value to a target."""
    match target.type:
        case "identifier" | "shorthand_property_identifier_pattern":
            _assign_name(builder, target, value)
        case "member_expression":
            _assign_member(builder, target, value)
        case "subscript_expression":
            _assign_item(builder, target, value)
        case "object_pattern" | "object":
            _take_apart(builder, target, value)
        case "array_pattern" | "array":
            _take_elements(builder, target, value)
        case "assignment_pattern" | "object_assignment_pattern" | "assignment_expression":
            left = target.field("left")
            if left is not None:
                assign(builder, left, or_default(builder, target, target.field("right"), value))
        case _:  # parentheses, `!`, `as`
            for part in target.parts[:1]:
                assign(builder, part, value)


def or_default(builder: Builder, node: Node, default: Node | None, value: Register) -> Register:
    """Give a value, or what stands in for it when it is undefined."""
    if default is None:
        return value
    with builder.block() as block:
        other = expression(builder, default)
    builder.add(ir.Branch(at=node.at, condition=value, then=tuple(block)))
    return builder.compute(node.at, "??", value, other)


def _assign_name(builder: Builder, target: Node, value: Register) -> None:
    name = builder.file.text(target)
    if name == "exports" and not builder.defines(name):
        builder.add(ir.Store(at=target.at, name="module.exports", scope=Scope.MODULE, value=value))
    else:
        builder.store(target.at, name, value)


def _assign_member(builder: Builder, target: Node, value: Register) -> None:
    owner, name = target.field("object"), target.field("property")
    if owner is None or name is None:
        return
    if is_module_exports(builder, target):
        builder.add(ir.Store(at=target.at, name="module.exports", scope=Scope.MODULE, value=value))
        return
    prototype = owner.field("property") if owner.type == "member_expression" else None
    if prototype is not None and builder.file.text(prototype) == "prototype":
        held = of(builder, owner, "object")  # what a function's instances have is kept with the function
    else:
        held = expression(builder, owner)
    builder.add(ir.StoreAttribute(at=target.at, object=held, name=builder.file.text(name), value=value))


def _assign_item(builder: Builder, target: Node, value: Register) -> None:
    held = of(builder, target, "object")
    name = constant_text(builder, target.field("index"))
    if name is not None:
        builder.add(ir.StoreAttribute(at=target.at, object=held, name=name, value=value))
        return
    index = of(builder, target, "index")
    builder.add(ir.StoreIndex(at=target.at, object=held, index=index, value=value))


def _take_apart(builder: Builder, target: Node, value: Register) -> None:
    taken: list[Register] = []
    for part in target.parts:
        match part.type:
            case "pair_pattern" | "pair":
                inner, key = part.field("value"), part.field("key")
                if inner is None or key is None:
                    continue
                name = property_name(builder, key)
                if name is None:
                    index = property_key(builder, key)
                    held = builder.compute(part.at, "[]", value, index)
                else:
                    held = builder.attribute(part.at, value, name)
                    taken.append(builder.literal(key.at, name))
                assign(builder, inner, held)
            case "rest_pattern" | "spread_element":
                rest = builder.compute(part.at, "without", value, *taken)
                for inner in part.parts[:1]:
                    assign(builder, inner, rest)
            case _:
                named = part.field("left") or part
                name = builder.file.text(named)
                taken.append(builder.literal(named.at, name))
                held = or_default(builder, part, part.field("right"), builder.attribute(part.at, value, name))
                if part.type == "shorthand_property_identifier" or named is not part:
                    builder.store(named.at, name, held)
                else:
                    assign(builder, part, held)


def _take_elements(builder: Builder, target: Node, value: Register) -> None:
    position = 0
    for part in target.children:
        if part.type == ",":
            position += 1
        if not part.named:
            continue
        rest = part.type in ("rest_pattern", "spread_element")
        into = builder.register()
        builder.add(ir.Element(at=part.at, into=into, iterable=value, position=position, rest=rest))
        assign(builder, part.parts[0] if rest and part.parts else part, into)


def iterated(builder: Builder, node: Node) -> Register:
    """Lower what a loop goes through, as its elements: keys for `in`."""
    value = of(builder, node, "right")
    operator = node.field("operator")
    by_key = operator is not None and builder.file.text(operator) == "in"
    return builder.compute(node.at, "keys of" if by_key else "elements of", value)


__all__ = ["assign", "first", "iterated", "or_default"]
