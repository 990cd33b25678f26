"""Whose variable a name is in Python: bound where it is assigned, taken from the functions around, or global."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from lamward.code.ir import Scope

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LEAVES: Final = (ast.Constant, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
"""What names nothing and has nothing below it: most nodes are of these, or names."""


class Names:
    """The names of one function, or of a module (no `around`).

    `renamed` gives the variables of comprehensions names of their own, for they are run in place.
    """

    def __init__(self, around: Names | None) -> None:
        self.around = around
        self.bound: set[str] = set()
        self.globals: set[str] = set()
        self.outer: set[str] = set()
        self.used: set[str] = set()
        self.captured: set[str] = set()
        self.inner: dict[ast.AST, Names] = {}
        self.classes: dict[ast.ClassDef, set[str]] = {}
        self.comprehensions: dict[ast.AST, dict[str, str]] = {}

    def resolve(self, name: str) -> tuple[Scope, int]:
        """Say whose variable a name is that no class body around has, and how many functions out."""
        if self.around is None:
            return (
                (Scope.SHARED if name in self.captured else Scope.LOCAL, 0)
                if "@" in name
                else (Scope.MODULE, 0)
            )
        if name in self.globals:
            return Scope.MODULE, 0
        if name in self.bound and name not in self.outer:
            return (Scope.SHARED if name in self.captured else Scope.LOCAL), 0
        scope, depth = self.around.resolve(name)
        return (scope, 0) if scope is Scope.MODULE else (Scope.SHARED, depth + 1)


def names_of(tree: ast.Module) -> Names:
    """Find the names of a module and of all functions in it."""
    names = Names(None)
    _Collector(names).visit_all(tree.body)
    _capture(names)
    return names


def parameters_of(arguments: ast.arguments) -> Iterator[ast.arg]:
    """List all parameters."""
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    if arguments.vararg:
        yield arguments.vararg
    if arguments.kwarg:
        yield arguments.kwarg


def _capture(names: Names) -> None:
    for inner in names.inner.values():
        _capture(inner)
        for name in (inner.used - inner.bound) | inner.outer:
            _mark(inner.around, name)


def _mark(names: Names | None, name: str) -> None:
    while names is not None:
        if name in names.bound and name not in names.outer:
            names.captured.add(name)
            return
        names = names.around


class _Collector:
    """Walks the statements of one function, and enters those inside it."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.bodies: list[set[str]] = []
        self.renames: list[dict[str, str]] = []

    def visit_all(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            self.visit(node)

    def visit(self, root: ast.AST) -> None:
        """Visit a node and those below it, without recursion where nothing is opened."""
        pending: list[ast.AST] = [root]
        while pending:
            node = pending.pop()
            if isinstance(node, _LEAVES):
                continue
            if isinstance(node, ast.Name):
                (self._use if isinstance(node.ctx, ast.Load) else self._bound)(node.id)
            elif isinstance(node, _FUNCTIONS):
                self._function(node)
            elif isinstance(node, ast.ClassDef):
                self._class(node)
            elif isinstance(node, _COMPREHENSIONS):
                self._comprehension(node)
            else:
                self._bind(node)
                pending += ast.iter_child_nodes(node)

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.Global(names=names):
                self.names.globals.update(names)
            case ast.Nonlocal(names=names):
                self.names.outer.update(names)
                self.names.used.update(names)
            case ast.ExceptHandler(name=str() as name):
                self._bound(name)
            case ast.alias(name=name, asname=asname):
                self._bound(asname or name.partition(".")[0])
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                self._bound(name)
            case ast.MatchMapping(rest=str() as name):
                self._bound(name)
            case _:
                pass

    def _use(self, name: str) -> None:
        self.names.used.add(self._renamed(name))

    def _renamed(self, name: str) -> str:
        for renames in reversed(self.renames):
            if name in renames:
                return renames[name]
        return name

    def _bound(self, name: str) -> None:
        (self.bodies[-1] if self.bodies else self.names.bound).add(name)

    def _function(self, node: FunctionNode) -> None:
        if not isinstance(node, ast.Lambda):
            self._bound(node.name)
            for decorator in node.decorator_list:
                self.visit(decorator)
            if node.returns:
                self.visit(node.returns)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default:
                self.visit(default)
        inner = Names(self.names)
        self.names.inner[node] = inner
        for parameter in parameters_of(node.args):
            inner.bound.add(parameter.arg)
            if parameter.annotation:
                self.visit(parameter.annotation)
        collector = _Collector(inner)
        collector.renames = self.renames[:]
        for child in [node.body] if isinstance(node, ast.Lambda) else node.body:
            collector.visit(child)

    def _class(self, node: ast.ClassDef) -> None:
        self._bound(node.name)
        for child in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(child)
        body: set[str] = set()
        self.names.classes[node] = body
        self.bodies.append(body)
        self.visit_all(node.body)
        self.bodies.pop()

    def _comprehension(self, node: Comprehension) -> None:
        targets = {
            each.id
            for generator in node.generators
            for each in ast.walk(generator.target)
            if isinstance(each, ast.Name)
        }
        renames = {name: f"{name}@{node.lineno}:{node.col_offset}" for name in targets}
        self.names.comprehensions[node] = renames
        self.names.bound.update(renames.values())
        self.visit(node.generators[0].iter)
        self.renames.append(renames)
        bodies, self.bodies = self.bodies, []
        for generator in node.generators:
            for child in (generator.iter, *generator.ifs):
                self.visit(child)
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.visit(part)
        self.bodies = bodies
        self.renames.pop()
