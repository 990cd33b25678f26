"""Syntax trees of JavaScript and TypeScript: parsed whatever is wrong with the text, in code points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from lamward.code.source import Extent

if TYPE_CHECKING:
    import tree_sitter

MAX_ERRORS: Final = 20
"""How many errors of one file are told."""

_DROPPED: Final = frozenset(
    {
        "abstract_method_signature",
        "accessibility_modifier",
        "ambient_declaration",
        "comment",
        "function_signature",
        "hash_bang_line",
        "html_comment",
        "implements_clause",
        "index_signature",
        "interface_declaration",
        "method_signature",
        "override_modifier",
        "type_alias_declaration",
        "type_arguments",
        "type_parameters",
    }
)
"""What says nothing about what happens when the program runs."""


class Node:
    """A node of a syntax tree. `children` are all but comments and types; `fields` the first child of each name."""

    __slots__ = ("children", "end", "fields", "named", "start", "type")

    def __init__(self, type_: str, start: int, end: int, *, named: bool) -> None:
        self.type = type_
        self.start = start
        self.end = end
        self.named = named
        self.children: list[Node] = []
        self.fields: dict[str, Node] = {}

    @property
    def at(self) -> Extent:
        """The piece of the text it stands for."""
        return Extent(self.start, self.end)

    @property
    def parts(self) -> list[Node]:
        """The children that are more than punctuation."""
        return [child for child in self.children if child.named]

    def has(self, type_: str) -> bool:
        """Tell whether one of the children is of a type, such as a keyword."""
        return any(child.type == type_ for child in self.children)

    def field(self, name: str) -> Node | None:
        """Return the first child of this name."""
        return self.fields.get(name)


class Tree:
    """The syntax tree of a text, and the places that are no proper syntax."""

    def __init__(self, root: Node, errors: list[tuple[Extent, str]]) -> None:
        self.root = root
        self.errors = errors


def parse(text: str, *, dialect: str) -> Tree:
    """Parse a text; `dialect` is `javascript`, `typescript` or `tsx`."""
    import tree_sitter

    content = text.encode("utf-8", "surrogatepass")
    tree = tree_sitter.Parser(_language(dialect)).parse(content)
    return _converted(tree, _Offsets(text, content))


@cache
def _language(dialect: str) -> tree_sitter.Language:
    import tree_sitter

    if dialect == "javascript":
        import tree_sitter_javascript

        return tree_sitter.Language(tree_sitter_javascript.language())
    import tree_sitter_typescript

    if dialect == "tsx":
        return tree_sitter.Language(tree_sitter_typescript.language_tsx())
    return tree_sitter.Language(tree_sitter_typescript.language_typescript())


class _Offsets:
    """Turns offsets in UTF-8 into code points."""

    def __init__(self, text: str, content: bytes) -> None:
        self._ends: list[int] = []
        """The offset behind each character that takes more than one byte."""
        self._surplus: list[int] = [0]
        if len(text) == len(content):
            return
        surplus = 0
        for position, character in enumerate(text):
            if character >= "\x80":
                more = len(character.encode("utf-8", "surrogatepass")) - 1
                surplus += more
                self._ends.append(position + surplus + 1)
                self._surplus.append(surplus)

    def __call__(self, offset: int) -> int:
        return offset - self._surplus[bisect_right(self._ends, offset)] if self._ends else offset


def _converted(tree: tree_sitter.Tree, offset: _Offsets) -> Tree:
    """Copy a tree without what is of no interest, and without recursion."""
    cursor = tree.walk()
    errors: list[tuple[Extent, str]] = []
    top = Node("", 0, 0, named=True)
    path = [top]
    while True:
        found = cursor.node
        assert found is not None  # noqa: S101 a cursor always stands on a node
        node = Node(found.type, offset(found.start_byte), offset(found.end_byte), named=found.is_named)
        kept = node.type not in _DROPPED
        if kept:
            path[-1].children.append(node)
            if cursor.field_name is not None:
                path[-1].fields.setdefault(cursor.field_name, node)
        if (found.is_missing or node.type == "ERROR") and len(errors) < MAX_ERRORS:
            errors.append(
                (node.at, f"`{node.type}` is missing" if found.is_missing else "it is no JavaScript")
            )
        if kept and cursor.goto_first_child():
            path.append(node)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return Tree(top.children[0], errors)
            path.pop()


def descendants(root: Node, *, without: frozenset[str] = frozenset()) -> Iterator[Node]:
    """List a node and all below it, but nothing below nodes of some types."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if node is root or node.type not in without:
            pending += reversed(node.children)
