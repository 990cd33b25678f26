"""Classes: their methods and fields, and the constructor that fills the fields."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.code import ir
from lamward.code.ir import Register, Scope
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.displays import accessor, property_name
from lamward.code.javascript.lowering.expressions import expression, first, is_expression
from lamward.code.javascript.lowering.functions import (
    Prologue,
    annotation,
    closure,
    decorated,
    is_constructor,
)
from lamward.code.javascript.lowering.scopes import FIELDS, METHOD
from lamward.code.javascript.lowering.statements import statements
from lamward.code.javascript.syntax import Node
from lamward.code.source import Extent

CONSTRUCTOR = "__init__"


def class_(builder: Builder, node: Node) -> Register:
    """Lower a class; the register holds it."""
    decorators = [child for child in node.children if child.type == "decorator"]
    bases = tuple(ir.Argument(base) for base in _bases(builder, node))
    name = node.field("name")
    outer_name = builder.qualified_name
    own = builder.file.text(name) if name else "<class>"
    builder.qualified_name = f"{outer_name}.{own}" if outer_name else own
    with builder.inside(node), builder.block() as body:
        _Body(builder, node, derived=bool(bases)).lower()
    builder.qualified_name = outer_name
    into = builder.register()
    builder.add(ir.MakeClass(at=node.at, into=into, name=own, bases=bases, body=tuple(body)))
    return decorated(builder, decorators, into)


def _bases(builder: Builder, node: Node) -> Iterator[Register]:
    for heritage in node.parts:
        if heritage.type == "class_heritage":
            for part in heritage.parts:
                value = part.field("value") if part.type == "extends_clause" else part
                if value is not None and is_expression(value):
                    yield expression(builder, value)


class _Body:
    """The body of a class that is being lowered."""

    def __init__(self, builder: Builder, node: Node, *, derived: bool) -> None:
        self.builder = builder
        self.node = node
        self.derived = derived
        body = node.field("body")
        self.members = body.parts if body else []
        self.fields: list[str] = []
        """The names of the methods that fill a field."""

    def lower(self) -> None:
        """Lower all members: fields first, for the constructor fills them."""
        for member in self.members:
            if member.type in FIELDS:
                self._field(member)
        decorators: list[Node] = []
        constructor = None
        for member in self.members:
            if member.type == "decorator":
                decorators.append(member)
                continue
            if member.type == METHOD:
                if is_constructor(self.builder, member):
                    constructor = member
                else:
                    self._method(member, decorators)
            elif member.type == "class_static_block":
                for body in member.parts:
                    with self.builder.inside(body):
                        statements(self.builder, body.parts)
            decorators = []
        self._constructor(constructor)

    def _store(self, at: Extent, name: str, value: Register) -> None:
        self.builder.add(ir.Store(at=at, name=name, scope=Scope.CLASS, value=value))

    def _method(self, member: Node, before: list[Node]) -> None:
        builder = self.builder
        name = member.field("name")
        constant = property_name(builder, name) if name else None
        decorators = [*before, *(child for child in member.children if child.type == "decorator")]
        value = decorated(builder, decorators, closure(builder, member, receiver=True))
        if constant is None or (constant.startswith("Symbol.") and member.has("static")):
            self._by_computed_name(member, value)
        else:
            self._store(member.at, constant, accessor(builder, member, value))

    def _by_computed_name(self, member: Node, value: Register) -> None:
        """Let anybody use a member whose name is put together at run time."""
        name = member.field("name") or member.field("property")
        if name is not None and name.type == "computed_property_name":
            first(self.builder, name)
        self.builder.call(member.at, self.builder.global_(member.at, "@render"), value)

    def _field(self, member: Node) -> None:
        builder = self.builder
        name = member.field("name") or member.field("property")
        value = member.field("value")
        constant = property_name(builder, name) if name else None
        if constant is None:
            self._by_computed_name(
                member, builder.literal(member.at, None) if value is None else expression(builder, value)
            )
            return
        if member.has("static"):
            held = builder.literal(member.at, None) if value is None else expression(builder, value)
            self._store(member.at, constant, held)
            return
        typed = member.field("type")
        if value is None and typed is None:
            return
        self._store(member.at, f"@{constant}:{member.start}", self._filling(member, constant, value, typed))
        self.fields.append(f"@{constant}:{member.start}")

    def _filling(self, member: Node, name: str, value: Node | None, typed: Node | None) -> Register:
        """Make the method that fills a field; one without a value is what its type says."""
        builder = self.builder
        inner = Builder(builder.file, builder.file.scopes.blocks[member], f"{builder.qualified_name}.{name}")
        inner.scope.bindings.setdefault("this", "this")
        held = expression(inner, value) if value is not None else _declared(inner, member, typed)
        this = inner.load(member.at, "this")
        inner.add(ir.StoreAttribute(at=member.at, object=this, name=name, value=held))
        into = builder.register()
        scope = inner.variables.scope("this")
        function = ir.Function(
            name=name,
            qualified_name=inner.qualified_name,
            module=builder.file.module,
            parameters=(ir.Parameter("this", ir.ParameterKind.POSITIONAL_ONLY, scope),),
            body=tuple(inner.instructions),
            registers=inner.registers,
            at=member.at,
            receiver=True,
        )
        builder.add(ir.Closure(at=member.at, into=into, function=function))
        return into

    def _constructor(self, written: Node | None) -> None:
        builder = self.builder
        if written is not None:
            made = closure(
                builder, written, name="constructor", prologue=self._prologue(written), receiver=True
            )
            self._store(written.at, CONSTRUCTOR, made)
        elif self.fields:
            self._store(self.node.at, CONSTRUCTOR, self._made_up())

    def _prologue(self, written: Node) -> Prologue:
        def prologue(inner: Builder) -> None:
            self._fill(inner, written.at)
            _keep_parameters(inner, written)

        return prologue

    def _fill(self, inner: Builder, at: Extent) -> None:
        this = inner.load(at, "this")
        for name in self.fields:
            inner.call(at, inner.attribute(at, this, name))

    def _made_up(self) -> Register:
        """Make the constructor of a class that has none: it passes its arguments on."""
        from lamward.code.javascript.lowering.scopes import Block, Variables

        builder, at = self.builder, self.node.at
        block = Block(Variables(builder.variables), builder.scope)
        block.declare("this", self.node)
        block.declare("@given", self.node)
        inner = Builder(builder.file, block, f"{builder.qualified_name}.constructor")
        if self.derived:
            parent = inner.call(at, inner.global_(at, "@super"))
            given = ir.Argument(inner.load(at, "@given"), ir.ArgumentKind.SPREAD)
            above = inner.attribute(at, parent, CONSTRUCTOR)
            inner.add(ir.Call(at=at, into=inner.register(), callee=above, arguments=(given,)))
        self._fill(inner, at)
        function = ir.Function(
            name="constructor",
            qualified_name=inner.qualified_name,
            module=builder.file.module,
            parameters=(
                ir.Parameter("this", ir.ParameterKind.POSITIONAL_ONLY),
                ir.Parameter("@given", ir.ParameterKind.REST),
            ),
            body=tuple(inner.instructions),
            registers=inner.registers,
            at=at,
            receiver=True,
        )
        into = builder.register()
        builder.add(ir.Closure(at=at, into=into, function=function))
        return into


def _declared(builder: Builder, member: Node, typed: Node | None) -> Register:
    told = annotation(builder, typed) if typed is not None else None
    if told is None:
        return builder.literal(member.at, None)
    return builder.compute(member.at, "a value of type", told)


def _keep_parameters(builder: Builder, constructor: Node) -> None:
    """Keep TypeScript's parameter properties: those with `private`, `readonly` and so on."""
    parameters = constructor.field("parameters")
    for each in parameters.parts if parameters else ():
        pattern = each.field("pattern")
        if pattern is None or pattern.type != "identifier" or not _is_property(builder, each, pattern):
            continue
        name = builder.file.text(pattern)
        held = builder.load(each.at, name)
        this = builder.load(each.at, "this")
        builder.add(ir.StoreAttribute(at=each.at, object=this, name=name, value=held))


def _is_property(builder: Builder, parameter: Node, pattern: Node) -> bool:
    before = builder.file.source.text[parameter.start : pattern.start].split()
    return bool({"private", "public", "protected", "readonly"}.intersection(before))
