"""Functions, lambdas and classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lamward.code import ir
from lamward.code.ir import ParameterKind, Register, Scope
from lamward.code.python.lowering.builder import Builder, frozen
from lamward.code.python.lowering.expressions import call_arguments, expression
from lamward.code.python.lowering.scopes import FunctionNode, Names


def closure(builder: Builder, node: FunctionNode) -> Register:
    """Lower a function; its defaults and annotations are evaluated where it is defined."""
    defaults = tuple(_defaults(builder, node.args))
    annotations = tuple(_annotations(builder, node))
    function = _function(builder, node)
    into = builder.register()
    at = builder.text.extent(node)
    builder.add(ir.Closure(at=at, into=into, function=function, defaults=defaults, annotations=annotations))
    return into


def _function(builder: Builder, node: FunctionNode) -> ir.Function:
    from lamward.code.python.lowering.statements import statements

    names = builder.names.inner[node]
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    qualified = f"{builder.qualified_name}.{name}" if builder.qualified_name else name
    inner = Builder(builder.text, names, qualified)
    inner.renames = builder.renames[:]
    inner.for_types = builder.for_types
    if isinstance(node, ast.Lambda):
        value = expression(inner, node.body)
        inner.add(ir.Return(at=builder.text.extent(node.body), value=value))
    else:
        statements(inner, node.body)
    return ir.Function(
        name=name,
        qualified_name=qualified,
        module=builder.text.module,
        parameters=tuple(_parameters(node.args, names)),
        body=frozen(inner.instructions),
        registers=inner.registers,
        at=builder.text.extent(node),
        generator=inner.generator,
    )


def _parameters(arguments: ast.arguments, names: Names) -> Iterator[ir.Parameter]:
    def made(parameter: ast.arg, kind: ParameterKind) -> ir.Parameter:
        scope = Scope.SHARED if parameter.arg in names.captured else Scope.LOCAL
        return ir.Parameter(parameter.arg, kind, scope)

    for each in arguments.posonlyargs:
        yield made(each, ParameterKind.POSITIONAL_ONLY)
    for each in arguments.args:
        yield made(each, ParameterKind.POSITIONAL)
    if arguments.vararg:
        yield made(arguments.vararg, ParameterKind.REST)
    for each in arguments.kwonlyargs:
        yield made(each, ParameterKind.KEYWORD_ONLY)
    if arguments.kwarg:
        yield made(arguments.kwarg, ParameterKind.REST_KEYWORDS)


def _defaults(builder: Builder, arguments: ast.arguments) -> Iterator[tuple[str, Register]]:
    positional = (*arguments.posonlyargs, *arguments.args)
    with_default = positional[len(positional) - len(arguments.defaults) :]
    for parameter, default in zip(with_default, arguments.defaults, strict=True):
        yield parameter.arg, expression(builder, default)
    for parameter, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if keyword_default:
            yield parameter.arg, expression(builder, keyword_default)


def _annotations(builder: Builder, node: FunctionNode) -> Iterator[tuple[str, Register]]:
    for parameter in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        if parameter.annotation:
            yield parameter.arg, annotation(builder, parameter.annotation)
    if not isinstance(node, ast.Lambda) and node.returns:
        yield "return", annotation(builder, node.returns)


def annotation(builder: Builder, node: ast.expr) -> Register:
    """Lower an annotation; what is quoted is read as if it were not."""
    read: ast.expr = _Unquoted().visit(node)
    return expression(builder, read)


class _Unquoted(ast.NodeTransformer):
    """Replaces quoted annotations by what they say."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        try:
            quoted = ast.parse(node.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return node
        if not isinstance(quoted, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp):
            return node
        for each in ast.walk(quoted):
            ast.copy_location(each, node)
        return quoted


def function_definition(builder: Builder, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Lower `def`, with its decorators."""
    decorators = [expression(builder, each) for each in node.decorator_list]
    value = _decorated(builder, node.decorator_list, decorators, closure(builder, node))
    builder.store(builder.text.extent(node), node.name, value)


def class_definition(builder: Builder, node: ast.ClassDef) -> None:
    """Lower `class`, with its decorators."""
    decorators = [expression(builder, each) for each in node.decorator_list]
    bases = call_arguments(builder, node.bases, node.keywords)
    from lamward.code.python.lowering.statements import statements

    builder.bodies.append(builder.names.classes.get(node, set()))
    outer_name = builder.qualified_name
    builder.qualified_name = f"{outer_name}.{node.name}" if outer_name else node.name
    with builder.block() as body:
        statements(builder, node.body)
    builder.qualified_name = outer_name
    builder.bodies.pop()
    into = builder.register()
    at = builder.text.extent(node)
    fields = tuple(
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    )
    builder.add(ir.MakeClass(at=at, into=into, name=node.name, bases=bases, body=frozen(body), fields=fields))
    value = _decorated(builder, node.decorator_list, decorators, into)
    builder.store(at, node.name, value)


def _decorated(
    builder: Builder, nodes: list[ast.expr], decorators: list[Register], value: Register
) -> Register:
    for node, decorator in zip(reversed(nodes), reversed(decorators), strict=True):
        into = builder.register()
        at = builder.text.extent(node)
        builder.add(
            ir.Call(at=at, into=into, callee=decorator, arguments=(ir.Argument(value),), decorates=True)
        )
        value = into
    return value
