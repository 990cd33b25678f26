"""Imports and exports, of modules and of CommonJS."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.code import ir
from lamward.code.ir import Register, Scope
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.expressions import arguments, constant_text, expression, string
from lamward.code.javascript.syntax import Node
from lamward.code.source import Extent


def is_import(builder: Builder, callee: Node) -> bool:
    """Tell whether what is called imports a module: `import`, `require`."""
    return callee.type == "import" or (
        callee.type == "identifier"
        and builder.file.text(callee) == "require"
        and not builder.defines("require")
    )


def imported_here(builder: Builder, node: Node) -> Register:
    """Lower `require("x")` and `import("x")`."""
    passed, callee = node.field("arguments"), node.field("function")
    specifier = constant_text(builder, passed.parts[0] if passed and passed.parts else None)
    if specifier is None:
        callee_register = builder.global_(node.at, "@import")
        into = builder.register()
        written = arguments(builder, passed)
        builder.add(ir.Call(at=node.at, into=into, callee=callee_register, arguments=written))
        return into
    return _module(builder, node.at, specifier, required=callee is not None and callee.type != "import")


def _module(
    builder: Builder, at: Extent, specifier: str, *, required: bool = False, runtime: bool = True
) -> Register:
    into = builder.register()
    module = builder.file.resolve(specifier)
    builder.add(ir.Import(at=at, into=into, module=module, runtime=runtime))
    return builder.compute(at, "require" if required else "import", into)


def _source(builder: Builder, node: Node) -> str | None:
    source = node.field("source")
    return string(builder, source) if source is not None else None


def import_statement(builder: Builder, node: Node) -> None:
    """Lower `import …`."""
    clause = node.parts[0] if node.parts else None
    if clause is not None and clause.type == "import_require_clause":
        specifier = _source(builder, clause)
        if specifier is not None and clause.parts:
            module = _module(builder, node.at, specifier, required=True)
            builder.store(node.at, builder.file.text(clause.parts[0]), module)
        return
    specifier = _source(builder, node)
    if specifier is None:
        return
    runtime = not node.has("type") and not node.has("typeof") and not _left_out(builder, clause, specifier)
    module = _module(builder, node.at, specifier, runtime=runtime)
    for part in clause.parts if clause is not None and clause.type == "import_clause" else ():
        _bind(builder, part, module)


def _left_out(builder: Builder, clause: Node | None, specifier: str) -> bool:
    """Tell whether a compiler leaves out the import of a package, since none of its names is used as a value.

    Files of the program are looked at all the same: their classes say what has their type.
    """
    values = builder.file.values
    if values is None or clause is None or clause.type != "import_clause":
        return False
    if builder.file.resolve(specifier) != specifier.removeprefix("node:"):
        return False
    return not any(builder.file.text(each) in values for each in _bound(clause))


def _bound(clause: Node) -> Iterator[Node]:
    """List the names that the clause of an import binds, without those it marks as types."""
    for part in clause.parts:
        if part.type == "identifier":
            yield part
        elif part.type == "namespace_import":
            yield from part.parts[:1]
        for each in part.parts if part.type == "named_imports" else ():
            bound = each.field("alias") or each.field("name")
            if bound is not None and not each.has("type"):
                yield bound


def _bind(builder: Builder, part: Node, module: Register) -> None:
    match part.type:
        case "identifier":
            value = builder.compute(part.at, "default of", module)
            builder.store(part.at, builder.file.text(part), value)
        case "namespace_import":
            builder.store(part.at, builder.file.text(part.parts[0]), module)
        case _:
            for specifier in part.parts:
                name, alias = specifier.field("name"), specifier.field("alias")
                if name is not None:
                    value = _member(builder, specifier.at, module, _exported(builder, name))
                    builder.store(specifier.at, builder.file.text(alias or name), value)


def _member(builder: Builder, at: Extent, module: Register, name: str) -> Register:
    if name == "default":
        return builder.compute(at, "default of", module)
    return builder.attribute(at, module, name)


def _exported(builder: Builder, name: Node) -> str:
    return string(builder, name) if name.type == "string" else builder.file.text(name)


def export_statement(builder: Builder, node: Node) -> list[tuple[Extent, str, str]]:
    """Lower `export …`; give what is exported under another name: place, own name, that name.

    That is stored when the module ends, for it may be defined further down.
    """
    from lamward.code.javascript.lowering.statements import statement

    declaration = node.field("declaration")
    specifier = _source(builder, node)
    if node.has("default"):
        _default(builder, node, declaration)
    elif declaration is not None:
        statement(builder, declaration)
        builder.file.exports.update(_declared(builder, declaration))
    elif specifier is not None:
        _from(builder, node, specifier)
    elif node.has("="):
        for part in node.parts[:1]:
            value = expression(builder, part)
            builder.add(ir.Store(at=node.at, name="module.exports", scope=Scope.MODULE, value=value))
    else:
        return _listed(builder, node)
    return []


def _default(builder: Builder, node: Node, declaration: Node | None) -> None:
    from lamward.code.javascript.lowering.statements import statement

    name = declaration.field("name") if declaration else None
    if declaration is not None and name is not None:
        statement(builder, declaration)
        value = builder.load(node.at, builder.file.text(name))
    else:
        parts = [part for part in node.parts if part.type != "decorator"]
        value = expression(builder, parts[0]) if parts else builder.literal(node.at, None)
    builder.export(node.at, "default", value)


def _declared(builder: Builder, declaration: Node) -> set[str]:
    from lamward.code.javascript.lowering.scopes import bound_in

    name = declaration.field("name")
    if name is not None:
        return {builder.file.text(name)}
    names: set[str] = set()
    for declarator in declaration.parts:
        bound = declarator.field("name")
        names.update(builder.file.text(each) for each in bound_in(bound)) if bound else None
    return names


def _from(builder: Builder, node: Node, specifier: str) -> None:
    """Lower `export … from`."""
    clause = next((part for part in node.parts if part.type in ("export_clause", "namespace_export")), None)
    if clause is None:
        module = builder.file.resolve(specifier)
        builder.add(ir.Import(at=node.at, into=builder.register(), module=module, name="*"))
        builder.file.exports.add("*")
        return
    module_register = _module(builder, node.at, specifier)
    if clause.type == "namespace_export":
        builder.export(node.at, builder.file.text(clause.parts[0]), module_register)
        return
    for each in clause.parts:
        name, alias = each.field("name"), each.field("alias")
        if name is not None:
            value = _member(builder, each.at, module_register, _exported(builder, name))
            builder.export(each.at, _exported(builder, alias or name), value)


def _listed(builder: Builder, node: Node) -> list[tuple[Extent, str, str]]:
    late: list[tuple[Extent, str, str]] = []
    for clause in node.parts:
        for each in clause.parts if clause.type == "export_clause" else ():
            name, alias = each.field("name"), each.field("alias")
            if name is None:
                continue
            own, offered = builder.file.text(name), _exported(builder, alias or name)
            builder.file.exports.add(offered)
            if own != offered:
                late.append((each.at, own, offered))
    return late
