"""Functions."""

from __future__ import annotations

from collections.abc import Callable

from lamward.code import ir
from lamward.code.ir import ParameterKind, Register, Scope
from lamward.code.javascript.lowering.builder import Builder
from lamward.code.javascript.lowering.expressions import expression, is_expression
from lamward.code.javascript.lowering.scopes import METHOD
from lamward.code.javascript.lowering.targets import assign, or_default
from lamward.code.javascript.syntax import Node

Prologue = Callable[[Builder], None]


def closure(
    builder: Builder,
    node: Node,
    *,
    name: str = "",
    prologue: Prologue | None = None,
    receiver: bool = False,
    awaits_by_yield: bool = False,
) -> Register:
    """Lower a function; `prologue` is put before its body."""
    inner = Builder(builder.file, builder.file.scopes.blocks[node], _qualified(builder, node, name))
    inner.awaits_by_yield = awaits_by_yield
    receiver = receiver or "this" in inner.variables.used
    parameters = _Parameters(inner)
    if receiver:
        parameters.receiver()
    parameters.written(node)
    if prologue is not None:
        prologue(inner)
    _body(inner, node)
    function = ir.Function(
        name=inner.qualified_name.rpartition(".")[2],
        qualified_name=inner.qualified_name,
        module=builder.file.module,
        parameters=tuple(parameters.made),
        body=tuple(inner.instructions),
        registers=inner.registers,
        at=node.at,
        generator=inner.generator,
        receiver=receiver,
    )
    return _made(builder, node, function, parameters.annotations)


def _made(
    builder: Builder, node: Node, function: ir.Function, annotations: list[tuple[str, Node]]
) -> Register:
    told = [(name, annotation(builder, each)) for name, each in annotations]
    into = builder.register()
    known = tuple((name, register) for name, register in told if register is not None)
    builder.add(ir.Closure(at=node.at, into=into, function=function, annotations=known))
    return into


def _qualified(builder: Builder, node: Node, name: str) -> str:
    written = node.field("name")
    own = name or (builder.file.text(written) if written else "<function>")
    return f"{builder.qualified_name}.{own}" if builder.qualified_name else own


def annotation(builder: Builder, node: Node) -> Register | None:
    """Lower a type that is a plain name of the module's; None for any other."""
    parts = node.parts
    if len(parts) == 1 and parts[0].type in ("type_identifier", "nested_type_identifier"):
        steps = builder.file.text(parts[0]).split(".")
        if builder.defines(steps[0]):
            value = builder.load(node.at, steps[0])
            for step in steps[1:]:
                value = builder.attribute(node.at, value, step)
            return value
    return None


class _Parameters:
    """The parameters of a function that is being lowered."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.made: list[ir.Parameter] = []
        self.annotations: list[tuple[str, Node]] = []

    def receiver(self) -> None:
        """Add what the function is called on."""
        self.builder.scope.bindings.setdefault("this", "this")
        scope = self.builder.variables.scope("this")
        self.made.append(ir.Parameter("this", ParameterKind.POSITIONAL_ONLY, scope))

    def written(self, node: Node) -> None:
        """Add the parameters as written."""
        written = node.field("parameters")
        single = node.field("parameter")
        nodes = written.parts if written else [single] if single else []
        nodes = [each for each in nodes if self.builder.file.text(each.field("pattern") or each) != "this"]
        if "arguments" in self.builder.variables.used:
            self._all_at_once(nodes)
            return
        for position, each in enumerate(nodes):
            self._add(position, each)

    def _all_at_once(self, nodes: list[Node]) -> None:
        """Take every argument into `arguments`, for the function looks at that."""
        builder = self.builder
        self.made.append(self._named("arguments", ParameterKind.REST))
        for position, each in enumerate(nodes):
            target, default, rest = _taken_apart(each)
            value = builder.register()
            everything = builder.load(each.at, "arguments")
            element = ir.Element(at=each.at, into=value, iterable=everything, position=position, rest=rest)
            builder.add(element)
            assign(builder, target, or_default(builder, each, default, value))

    def _add(self, position: int, node: Node) -> None:
        builder = self.builder
        target, default, rest = _taken_apart(node)
        kind = ParameterKind.REST if rest else ParameterKind.POSITIONAL
        if target.type != "identifier":
            name = f"@{position}"
            self.made.append(ir.Parameter(name, kind, optional=True))
            held = builder.register()
            builder.add(ir.Load(at=node.at, into=held, name=name, scope=Scope.LOCAL))
            assign(builder, target, or_default(builder, node, default, held))
            return
        name = builder.file.text(target)
        parameter = self._named(name, kind)
        self.made.append(parameter)
        typed = node.field("type")
        if typed is not None:
            self.annotations.append((parameter.name, typed))
        if default is not None:
            held = or_default(builder, node, default, builder.load(node.at, name))
            builder.store(node.at, name, held)

    def _named(self, name: str, kind: ParameterKind) -> ir.Parameter:
        found = self.builder.scope.find(name)
        own = found[0] if found else name
        return ir.Parameter(
            own, kind, self.builder.variables.scope(own), optional=kind is not ParameterKind.REST
        )


def _taken_apart(node: Node) -> tuple[Node, Node | None, bool]:
    """Give a parameter's pattern, its default, and whether it takes the rest."""
    default = node.field("value") if node.type.endswith("_parameter") else None
    target = node.field("pattern") or node
    if target.type == "assignment_pattern":
        default, target = target.field("right"), target.field("left") or target
    if target.type == "rest_pattern" and target.parts:
        return target.parts[0], default, True
    return target, default, False


def _body(builder: Builder, node: Node) -> None:
    from lamward.code.javascript.lowering.statements import statements

    body = node.field("body")
    if body is None:
        return
    if body.type == "statement_block":
        statements(builder, body.parts)
    else:
        value = expression(builder, body)
        builder.add(ir.Return(at=body.at, value=value))


def awaited_generator(builder: Builder, node: Node) -> Register | None:
    """Lower `__awaiter(this, …, function* () {…})`, which compilers write for an async function."""
    callee, passed = node.field("function"), node.field("arguments")
    if callee is None or passed is None or not builder.file.text(callee).endswith("__awaiter"):
        return None
    last = passed.parts[-1] if passed.parts else None
    if last is None or last.type != "generator_function":
        return None
    function = closure(builder, last, awaits_by_yield=True)
    if builder.defines("this"):
        bind = builder.attribute(node.at, function, "bind")
        return builder.call(node.at, bind, builder.load(node.at, "this"))
    return function


def decorated(builder: Builder, decorators: list[Node], value: Register) -> Register:
    """Apply decorators."""
    for node in reversed(decorators):
        for part in node.parts[:1]:
            if is_expression(part):
                value = _decorated(builder, part, value)
    return value


def _decorated(builder: Builder, decorator: Node, value: Register) -> Register:
    """Apply a decorator: to a class or a method, and as older ones are, to what describes a method."""
    at = decorator.at
    key, name, described = builder.literal(at, "value"), builder.literal(at, None), builder.register()
    builder.add(ir.BuildMapping(at=at, into=described, entries=(ir.Entry(key, value),)))
    callee = expression(builder, decorator)
    given = builder.call(at, callee, value, name, described, decorates=True)
    return builder.compute(at, "decorated", value, given, described)


def is_constructor(builder: Builder, node: Node) -> bool:
    """Tell whether a method of a class is its constructor."""
    name = node.field("name")
    return node.type == METHOD and name is not None and builder.file.text(name) == "constructor"
