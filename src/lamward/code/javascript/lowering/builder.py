"""What one function's body is lowered with: its instructions so far, its variables, its registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lamward.code import ir
from lamward.code.body import Body
from lamward.code.ir import Register, Scope
from lamward.code.javascript.lowering.scopes import Block, Scopes, Variables
from lamward.code.javascript.syntax import Node
from lamward.code.source import Extent, Source


class File:
    """The file that is being lowered; `resolve` says which module a specifier means there.

    `values` are the names that mean more than types, where a compiler leaves out what is imported for types only.
    """

    def __init__(
        self,
        source: Source,
        module: str,
        scopes: Scopes,
        resolve: Callable[[str], str],
        values: frozenset[str] | None = None,
    ) -> None:
        self.source = source
        self.module = module
        self.scopes = scopes
        self.resolve = resolve
        self.values = values
        self.exports: set[str] = set()

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        return self.source.text[node.start : node.end]


class Builder(Body):
    """The function that is being lowered."""

    def __init__(self, file: File, block: Block, qualified_name: str) -> None:
        super().__init__()
        self.file = file
        self.scope = block
        self.qualified_name = qualified_name
        self.awaits_by_yield = False
        """Whether `yield` stands for `await`, as compilers write it for old versions."""

    @property
    def variables(self) -> Variables:
        """The variables of the function."""
        return self.scope.variables

    def compute(self, at: Extent, operator: str, *operands: Register) -> Register:
        """Apply an operator."""
        into = self.register()
        self.add(ir.Compute(at=at, into=into, operator=operator, operands=operands))
        return into

    def attribute(self, at: Extent, owner: Register, name: str) -> Register:
        """Read an attribute."""
        into = self.register()
        self.add(ir.LoadAttribute(at=at, into=into, object=owner, name=name))
        return into

    def call(self, at: Extent, callee: Register, *arguments: Register, decorates: bool = False) -> Register:
        """Call something."""
        into = self.register()
        passed = tuple(map(ir.Argument, arguments))
        self.add(ir.Call(at=at, into=into, callee=callee, arguments=passed, decorates=decorates))
        return into

    def global_(self, at: Extent, name: str) -> Register:
        """Read what the module keeps under a name, or else the language."""
        into = self.register()
        self.add(ir.Load(at=at, into=into, name=name, scope=Scope.MODULE))
        return into

    def load(self, at: Extent, name: str) -> Register:
        """Read a variable."""
        own, scope, depth = self._resolved(name)
        into = self.register()
        self.add(ir.Load(at=at, into=into, name=own, scope=scope, depth=depth))
        return into

    def store(self, at: Extent, name: str, value: Register) -> None:
        """Write a variable."""
        own, scope, depth = self._resolved(name)
        self.add(ir.Store(at=at, name=own, scope=scope, value=value, depth=depth))

    def export(self, at: Extent, name: str, value: Register) -> None:
        """Offer a value to other modules."""
        self.file.exports.add(name)
        self.add(ir.Store(at=at, name=name, scope=Scope.MODULE, value=value))

    def defines(self, name: str) -> bool:
        """Tell whether the program itself has a variable of this name here."""
        return self.scope.find(name) is not None

    @contextmanager
    def inside(self, node: Node) -> Iterator[None]:
        """Lower with the variables of a block."""
        outer, self.scope = self.scope, self.file.scopes.blocks.get(node, self.scope)
        try:
            yield
        finally:
            self.scope = outer

    def _resolved(self, name: str) -> tuple[str, Scope, int]:
        found = self.scope.find(name)
        if found is None:
            return name, Scope.MODULE, 0
        own, owner = found
        scope, depth = owner.scope(own), 0
        variables: Variables | None = self.variables
        while scope is Scope.SHARED and variables is not None and variables is not owner:
            variables, depth = variables.around, depth + 1
        return own, scope, depth
