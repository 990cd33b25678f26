"""Whose variable a name is in JavaScript: `var` belongs to functions, all else to blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.code.ir import Scope
from lamward.code.javascript.syntax import Node, descendants

ARROW: Final = "arrow_function"
METHOD: Final = "method_definition"
EXPRESSIONS: Final = frozenset({"function_expression", "generator_function", ARROW})
DECLARATIONS: Final = frozenset({"function_declaration", "generator_function_declaration"})
FUNCTIONS: Final = EXPRESSIONS | DECLARATIONS | {METHOD}
CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
FIELDS: Final = frozenset({"field_definition", "public_field_definition"})
NAMESPACES: Final = frozenset({"internal_module", "module"})

_BLOCKS: Final = frozenset(
    {"statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body", *CLASSES}
)
_NAMES: Final = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern", "this"}
)
_NAMED: Final = DECLARATIONS | {
    "class_declaration",
    "abstract_class_declaration",
    "enum_declaration",
    *NAMESPACES,
}
_OWN_SCOPE: Final = FUNCTIONS | FIELDS


class Variables:
    """The variables of one function, or of a module (no `around`), under names that are each taken only once."""

    def __init__(self, around: Variables | None, *, lexical: bool = False) -> None:
        self.around = around
        self.lexical = lexical
        """Whether `this` and `arguments` are those of the function around, as in arrow functions."""
        self.taken: set[str] = set()
        self.captured: set[str] = set()
        self.used: set[str] = set()
        """Which of `this` and `arguments` are used."""

    def scope(self, name: str) -> Scope:
        """Say whose a variable of this function is."""
        if self.around is None:
            return Scope.MODULE
        return Scope.SHARED if name in self.captured else Scope.LOCAL


class Block:
    """A piece of a function with variables of its own."""

    def __init__(self, variables: Variables, around: Block | None) -> None:
        self.variables = variables
        self.around = around
        self.bindings: dict[str, str] = {}

    def declare(self, name: str, node: Node) -> None:
        """Bind a name, under another one if the function has a variable of this name already."""
        if name not in self.bindings:
            own = name if name not in self.variables.taken else f"{name}@{node.start}"
            self.variables.taken.add(own)
            self.bindings[name] = own

    def find(self, name: str) -> tuple[str, Variables] | None:
        """Find the variable of a name; None for what the module does not define."""
        block: Block | None = self
        while block is not None:
            if name in block.bindings:
                return block.bindings[name], block.variables
            block = block.around
        return None


class Scopes:
    """The blocks of a module by the nodes they belong to."""

    def __init__(self, text: str, root: Node) -> None:
        self.text = text
        self.blocks: dict[Node, Block] = {}
        self.module = Block(Variables(None), None)
        self.blocks[root] = self.module
        self.module.variables.taken.update(self._aliases(root))
        _declare_vars(self, root, self.module)
        _declare(self, root.parts, self.module)
        for child in root.children:
            self._visit(child, self.module)

    def name(self, node: Node) -> str:
        """Return the text of a node."""
        return self.text[node.start : node.end]

    def _aliases(self, root: Node) -> Iterator[str]:
        """List the names under which the module exports what it calls otherwise."""
        for statement in root.parts:
            for clause in statement.parts if statement.type == "export_statement" else ():
                for specifier in clause.parts if clause.type == "export_clause" else ():
                    alias, name = specifier.field("alias"), specifier.field("name")
                    if alias and name and self.name(alias) != self.name(name):
                        yield self.name(alias)

    def _visit(self, root: Node, block: Block) -> None:
        pending = [root]
        while pending:
            node = pending.pop()
            if node.type in FUNCTIONS:
                self._function(node, block)
            elif node.type in FIELDS:
                self._field(node, block)
            elif node.type in _BLOCKS or (node.type in NAMESPACES and node.field("body")):
                self._block(node, block)
            else:
                if node.type in _NAMES:
                    self._use(node, block)
                pending += reversed(node.children)

    def _function(self, node: Node, block: Block) -> None:
        inner = Block(Variables(block.variables, lexical=node.type == ARROW), block)
        self.blocks[node] = inner
        name = node.field("name")
        if name and node.type in EXPRESSIONS:
            inner.declare(self.name(name), name)
        elif name and node.type == METHOD:
            self._visit(name, block)
        for each in (node.field("parameters"), node.field("parameter")):
            for bound in bound_in(each) if each else ():
                inner.declare(self.name(bound), bound)
        body = node.field("body")
        if body is not None and body.type == "statement_block":
            _declare_vars(self, body, inner)
            _declare(self, body.parts, inner)
        for child in node.children:
            if child is body and child.type == "statement_block":
                for each in child.children:
                    self._visit(each, inner)
            elif child is not name:
                self._visit(child, inner)

    def _field(self, node: Node, block: Block) -> None:
        """Give the value of a field a function of its own, for it is made when the constructor runs."""
        inner = Block(Variables(block.variables), block)
        self.blocks[node] = inner
        for child in node.children:
            self._visit(child, inner if child is node.field("value") else block)

    def _block(self, node: Node, around: Block) -> None:
        block = Block(around.variables, around)
        self.blocks[node] = block
        if node.type in CLASSES and (name := node.field("name")) and node.type == "class":
            block.declare(self.name(name), name)
        if node.type == "catch_clause" and (parameter := node.field("parameter")):
            for bound in bound_in(parameter):
                block.declare(self.name(bound), bound)
        _declare(self, _statements(node), block)
        body = node.field("body") if node.type in NAMESPACES else None
        for child in (*node.children, *(body.children if body else ())):
            if child is not body:  # what a namespace holds is in its own block
                self._visit(child, block)

    def _use(self, node: Node, block: Block) -> None:
        name = self.name(node)
        if name in ("this", "arguments"):
            _bind_receiver(name, node, block)
        found = block.find(name)
        if found and found[1] is not block.variables:
            found[1].captured.add(found[0])


def _bind_receiver(name: str, node: Node, block: Block) -> None:
    """Bind `this` or `arguments` in the function around that has its own."""
    top: Block | None = block
    while top is not None and (
        top.variables.lexical or (top.around is not None and top.around.variables is top.variables)
    ):
        top = top.around
    if top is not None and top.variables.around is not None and block.find(name) is None:
        top.declare(name, node)
        top.variables.used.add(name)
    elif top is not None:
        top.variables.used.add(name)


def _statements(node: Node) -> list[Node]:
    if node.type == "switch_body":
        return [child for case in node.parts for child in case.parts]
    if node.type == "for_in_statement":
        return [node]
    if node.type in CLASSES or node.type == "catch_clause":
        return []
    if node.type in NAMESPACES:
        body = node.field("body")
        return body.parts if body else []
    return node.parts


def _declare(scopes: Scopes, statements: list[Node], block: Block) -> None:
    """Bind what statements declare in their block."""
    for statement in statements:
        node = statement
        if node.type == "export_statement":
            node = node.field("declaration") or node
        elif node.type == "expression_statement" and node.parts and node.parts[0].type in NAMESPACES:
            node = node.parts[0]
        if node.type in ("lexical_declaration", "import_statement") or node.type == "for_in_statement":
            if node.type == "for_in_statement" and not _kind(scopes, node, ("const", "let")):
                continue
            for bound in _bound_by(node):
                block.declare(scopes.name(bound), bound)
        elif node.type in _NAMED and (name := node.field("name")):
            block.declare(scopes.name(name), name)


def _declare_vars(scopes: Scopes, root: Node, block: Block) -> None:
    """Bind what is declared by `var` anywhere in a function."""
    for node in descendants(root, without=frozenset(_OWN_SCOPE)):
        if node.type == "variable_declaration" or (
            node.type == "for_in_statement" and _kind(scopes, node, ("var",))
        ):
            for bound in _bound_by(node):
                block.declare(scopes.name(bound), bound)


def _kind(scopes: Scopes, node: Node, kinds: tuple[str, ...]) -> bool:
    kind = node.field("kind")
    return kind is not None and scopes.name(kind) in kinds


def _bound_by(node: Node) -> Iterator[Node]:
    match node.type:
        case "import_statement":
            yield from _imported(node)
        case "for_in_statement":
            left = node.field("left")
            yield from bound_in(left) if left else ()
        case _:
            for declarator in node.parts:
                name = declarator.field("name")
                yield from bound_in(name) if name else ()


def _imported(node: Node) -> Iterator[Node]:
    """List the names that an import binds."""
    for clause in node.parts:
        if clause.type == "import_require_clause":
            yield from clause.parts[:1]
        for part in clause.parts if clause.type == "import_clause" else ():
            if part.type == "identifier":
                yield part
            elif part.type == "namespace_import":
                yield from part.parts
            else:
                for specifier in part.parts:
                    bound = specifier.field("alias") or specifier.field("name")
                    if bound:
                        yield bound


def bound_in(pattern: Node) -> Iterator[Node]:
    """List the names that a pattern, or a list of parameters, binds."""
    pending = [pattern]
    while pending:
        node = pending.pop()
        match node.type:
            case "identifier" | "shorthand_property_identifier_pattern":
                yield node
            case "assignment_pattern" | "object_assignment_pattern":
                pending += [each for each in (node.field("left"),) if each]
            case "pair_pattern":
                pending += [each for each in (node.field("value"),) if each]
            case "required_parameter" | "optional_parameter":
                pending += [each for each in (node.field("pattern"),) if each]
            case "object_pattern" | "array_pattern" | "rest_pattern" | "formal_parameters":
                pending += reversed(node.parts)
            case _:
                pass
