"""Statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from lamward.code import ir
from lamward.code.ir import Register
from lamward.code.javascript.lowering import imports
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.displays import property_name
from lamward.code.javascript.lowering.expressions import expression, first, is_expression, of
from lamward.code.javascript.lowering.functions import closure, decorated
from lamward.code.javascript.lowering.scopes import DECLARATIONS, NAMESPACES
from lamward.code.javascript.lowering.targets import assign, iterated
from lamward.code.javascript.syntax import Node
from lamward.code.source import Extent


def statements(builder: Builder, nodes: Sequence[Node]) -> None:
    """Lower statements: functions first, for they are there from the start."""
    late: list[tuple[Extent, str, str]] = []
    for node in nodes:
        inner = node.field("declaration") if node.type == "export_statement" else node
        if inner is not None and inner.type in DECLARATIONS:
            _function(builder, inner)
    for node in nodes:
        if node.type == "export_statement":
            late += imports.export_statement(builder, node)
        elif node.type not in DECLARATIONS:
            statement(builder, node)
    for at, own, offered in late:
        builder.export(at, offered, builder.load(at, own))


def statement(builder: Builder, node: Node) -> None:
    """Lower a statement."""
    lower = _STATEMENTS.get(node.type)
    if lower is not None:
        lower(builder, node)
    elif is_expression(node) and node.type not in DECLARATIONS:
        expression(builder, node)
    elif node.type == "ERROR":
        statements(builder, node.parts)


def _block(builder: Builder, node: Node | None) -> ir.Block:
    with builder.block() as block:
        if node is not None:
            _nested(builder, node)
    return tuple(block)


def _nested(builder: Builder, node: Node) -> None:
    if node.type != "statement_block":
        statements(builder, [node])
        return
    with builder.inside(node):
        statements(builder, node.parts)


def _expression(builder: Builder, node: Node) -> None:
    for part in node.parts[:1]:
        if part.type in NAMESPACES:
            _namespace(builder, part)
        elif part.type != "string":
            expression(builder, part)


def _declaration(builder: Builder, node: Node) -> None:
    for declarator in node.parts:
        target, value = declarator.field("name"), declarator.field("value")
        if declarator.type != "variable_declarator" or target is None:
            continue
        if value is not None:
            assign(builder, target, _named(builder, target, value))
        elif node.type != "variable_declaration":
            typed = declarator.field("type")
            assign(builder, target, builder.literal(declarator.at, None)) if typed is None else None


def _named(builder: Builder, target: Node, value: Node) -> Register:
    """Lower a value; a function without a name takes that of its variable."""
    if value.type in ("arrow_function", "function_expression") and target.type == "identifier":
        return closure(builder, value, name=builder.file.text(target))
    return expression(builder, value)


def _function(builder: Builder, node: Node) -> None:
    name = node.field("name")
    value = closure(builder, node)
    if name is not None:
        builder.store(node.at, builder.file.text(name), value)


def _class(builder: Builder, node: Node) -> None:
    name = node.field("name")
    value = expression(builder, node)
    if name is not None:
        builder.store(node.at, builder.file.text(name), value)


def _if(builder: Builder, node: Node) -> None:
    condition_node, alternative = node.field("condition"), node.field("alternative")
    otherwise_nodes = alternative.parts if alternative else []
    if condition_node is not None and _is_main(builder, condition_node):
        builder.add(ir.Unreachable(at=node.at, body=_block(builder, node.field("consequence"))))
        for each in otherwise_nodes:
            _nested(builder, each)
        return
    condition = of(builder, node, "condition")
    then = _block(builder, node.field("consequence"))
    with builder.block() as otherwise:
        for each in otherwise_nodes:
            _nested(builder, each)
    builder.add(ir.Branch(at=node.at, condition=condition, then=then, otherwise=tuple(otherwise)))


def _is_main(builder: Builder, condition: Node) -> bool:
    """Tell whether a condition never holds in Lambda: the file is not what was started."""
    written = "".join(builder.file.text(condition).split()).strip("()")
    return written in ("require.main===module", "require.main==module", "module===require.main", "false")


def _for(builder: Builder, node: Node) -> None:
    with builder.inside(node):
        initializer, increment = node.field("initializer"), node.field("increment")
        if initializer is not None:
            statement(builder, initializer)
        with builder.block() as header:
            if (condition := node.field("condition")) is not None:
                statement(builder, condition)
        with builder.block() as body:
            if (repeated := node.field("body")) is not None:
                _nested(builder, repeated)
            if increment is not None:
                expression(builder, increment)
        builder.add(ir.Loop(at=node.at, header=tuple(header), body=tuple(body)))


def _for_in(builder: Builder, node: Node) -> None:
    with builder.inside(node):
        iterable = iterated(builder, node)
        with builder.block() as header:
            element = builder.register()
            builder.add(ir.Element(at=node.at, into=element, iterable=iterable))
            target = node.field("left")
            if target is not None:
                assign(builder, target, element)
        body = _block(builder, node.field("body"))
        builder.add(ir.Loop(at=node.at, header=tuple(header), body=body))


def _while(builder: Builder, node: Node) -> None:
    with builder.block() as header:
        of(builder, node, "condition")
    builder.add(ir.Loop(at=node.at, header=tuple(header), body=_block(builder, node.field("body"))))


def _do(builder: Builder, node: Node) -> None:
    with builder.block() as body:
        if (repeated := node.field("body")) is not None:
            _nested(builder, repeated)
        of(builder, node, "condition")
    builder.add(ir.Loop(at=node.at, header=(), body=tuple(body)))


def _switch(builder: Builder, node: Node) -> None:
    """Lower `switch` as a loop that ends at once: any of its cases may be entered, and may fall into the next."""
    value = of(builder, node, "value")
    body = node.field("body")
    if body is None:
        return
    with builder.inside(body), builder.block() as block:
        for case in body.parts:
            compared = case.field("value")
            if compared is not None:
                expression(builder, compared)
            inside = [part for part in case.parts if part is not compared]
            with builder.block() as then:
                statements(builder, inside)
            builder.add(ir.Branch(at=case.at, condition=value, then=tuple(then)))
        builder.add(ir.Break(at=node.at))
    builder.add(ir.Loop(at=node.at, header=(), body=tuple(block)))


def _try(builder: Builder, node: Node) -> None:
    body = _block(builder, node.field("body"))
    handlers = []
    handler, finalizer = node.field("handler"), node.field("finalizer")
    if handler is not None:
        with builder.inside(handler), builder.block() as caught:
            into = builder.register()
            builder.add(ir.Caught(at=handler.at, into=into))
            if (parameter := handler.field("parameter")) is not None:
                assign(builder, parameter, into)
            if (block := handler.field("body")) is not None:
                _nested(builder, block)
        handlers.append(tuple(caught))
    cleaning = _block(builder, finalizer.field("body")) if finalizer else ()
    builder.add(ir.Try(at=node.at, body=body, handlers=tuple(handlers), finally_=cleaning))


def _return(builder: Builder, node: Node) -> None:
    value = first(builder, node) if node.parts else None
    builder.add(ir.Return(at=node.at, value=value))


def _throw(builder: Builder, node: Node) -> None:
    builder.add(ir.Raise(at=node.at, value=first(builder, node)))


def _break(builder: Builder, node: Node) -> None:
    builder.add(ir.Break(at=node.at))


def _continue(builder: Builder, node: Node) -> None:
    builder.add(ir.Continue(at=node.at))


def _labelled(builder: Builder, node: Node) -> None:
    if (body := node.field("body")) is not None:
        _nested(builder, body)


def _enum(builder: Builder, node: Node) -> None:
    """Lower an enumeration as an object."""
    entries: list[ir.Entry] = []
    name, body = node.field("name"), node.field("body")
    for part in body.parts if body else ():
        key_node = part.field("name") or part
        value = part.field("value")
        constant = property_name(builder, key_node)
        held = expression(builder, value) if value is not None else builder.opaque(part.at, "it is a number")
        entries.append(ir.Entry(builder.literal(key_node.at, constant), held))
    into = builder.register()
    builder.add(ir.BuildMapping(at=node.at, into=into, entries=tuple(entries)))
    if name is not None:
        builder.store(node.at, builder.file.text(name), into)


def _namespace(builder: Builder, node: Node) -> None:
    """Lower a namespace as the object of what it exports."""
    body, name = node.field("body"), node.field("name")
    if body is None or name is None:
        return
    exports, builder.file.exports = builder.file.exports, set()
    with builder.inside(node):
        statements(builder, body.parts)
        entries = tuple(
            ir.Entry(builder.literal(node.at, each), builder.load(node.at, each))
            for each in sorted(builder.file.exports)
        )
        into = builder.register()
        builder.add(ir.BuildMapping(at=node.at, into=into, entries=entries))
    builder.file.exports = exports
    builder.store(node.at, builder.file.text(name), into)


def _decorated_export(builder: Builder, node: Node) -> None:
    decorated(builder, [node], builder.literal(node.at, None))


_STATEMENTS: Final[dict[str, Callable[[Builder, Node], None]]] = {
    "expression_statement": _expression,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "import_statement": imports.import_statement,
    "statement_block": _nested,
    "if_statement": _if,
    "for_statement": _for,
    "for_in_statement": _for_in,
    "while_statement": _while,
    "do_statement": _do,
    "switch_statement": _switch,
    "try_statement": _try,
    "return_statement": _return,
    "throw_statement": _throw,
    "break_statement": _break,
    "continue_statement": _continue,
    "labeled_statement": _labelled,
    "enum_declaration": _enum,
    "internal_module": _namespace,
    "module": _namespace,
    "decorator": _decorated_export,
}
