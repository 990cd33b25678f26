"""Objects and arrays as they are written, and the names of properties."""

from __future__ import annotations

from lamward.code import ir
from lamward.code.ir import Register
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.expressions import constant_text, expression, first, of, string
from lamward.code.javascript.lowering.literals import number
from lamward.code.javascript.syntax import Node
from lamward.code.source import Extent


def object_(builder: Builder, node: Node) -> Register:
    """Lower an object."""
    from lamward.code.javascript.lowering.functions import closure

    entries: list[ir.Entry] = []
    for part in node.parts:
        match part.type:
            case "pair":
                key = property_key(builder, part.field("key"))
                entries.append(ir.Entry(key, of(builder, part, "value")))
            case "shorthand_property_identifier":
                key = builder.literal(part.at, builder.file.text(part))
                entries.append(ir.Entry(key, expression(builder, part)))
            case "spread_element":
                entries.append(ir.Entry(None, first(builder, part)))
            case "method_definition":
                key = property_key(builder, part.field("name"))
                entries.append(ir.Entry(key, accessor(builder, part, closure(builder, part))))
            case _:
                pass
    into = builder.register()
    builder.add(ir.BuildMapping(at=node.at, into=into, entries=tuple(entries)))
    return into


def accessor(builder: Builder, node: Node, function: Register) -> Register:
    """Wrap a method that is read as an attribute is, or belongs to its class."""
    for keyword in ("get", "set", "static"):
        if node.has(keyword) or (keyword == "static" and node.has("static get")):
            function = builder.call(
                node.at, builder.global_(node.at, f"@{keyword}"), function, decorates=True
            )
    return function


def property_key(builder: Builder, node: Node | None) -> Register:
    """Lower the name of a property."""
    if node is None:
        return builder.literal(Extent(0, 0), "")
    if node.type == "computed_property_name":
        return first(builder, node)
    name = property_name(builder, node)
    return builder.literal(node.at, name)


def property_name(builder: Builder, node: Node) -> str | None:
    """Return the name of a property if it is constant."""
    match node.type:
        case "string":
            return string(builder, node)
        case "number":
            return str(number(builder.file.text(node)))
        case "computed_property_name":
            inner = node.parts[0] if node.parts else None
            return (
                None if inner is None else constant_text(builder, inner) or _symbol(builder.file.text(inner))
            )
        case _:
            return builder.file.text(node)


def _symbol(written: str) -> str | None:
    """Return the name under which a method is kept that the language calls by itself, by one of its symbols."""
    return _ITERATED.get(
        written, written if written.startswith("Symbol.") and written.count(".") == 1 else None
    )


_ITERATED = {"Symbol.iterator": "__iter__", "Symbol.asyncIterator": "__aiter__"}


def array(builder: Builder, node: Node) -> Register:
    """Lower an array."""
    items = tuple(
        ir.Item(first(builder, part), spread=True)
        if part.type == "spread_element"
        else ir.Item(expression(builder, part))
        for part in node.parts
    )
    into = builder.register()
    builder.add(ir.BuildSequence(at=node.at, into=into, items=items))
    return into
