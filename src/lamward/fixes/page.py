"""A document's text as an editor sees it: lines, true ends of values, and the edits made so far."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from lamward.fixes.idiom import Idiom, observe
from lamward.fixes.place import own_keys, refuse_aliases
from lamward.fixes.refusal import Reason, refuse
from lamward.fixes.render import Pen
from lamward.fixes.scalars import is_plain
from lamward.sources.node import Document, Mapping, Node, Scalar, Sequence

_BLOCK_HEADER: Final = re.compile(r"[|>][-+0-9]*")
_ALIAS: Final = re.compile(r"\s*:\s*(\*[^\s,\[\]{}]+)")
_COLON: Final = re.compile(r"\s*:")
_COMMENT: Final = re.compile(r"[ \t]*(#.*)?$")


class TextEdit(Struct, frozen=True):
    """Replace the text from `start` to `end` (code points of the decoded text) by `text`."""

    start: int
    end: int
    text: str


def ordered(edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Sort edits by place; of several at one place what only inserts comes first, in the order it was noted."""
    return tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))


def changed(text: str, edits: Iterable[TextEdit]) -> str:
    """Apply edits that do not overlap and are in order."""
    pieces, position = [], 0
    for edit in edits:
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])


class Page:
    """The text of a document and where its parts begin and end; `like` is another page of the same document."""

    def __init__(self, document: Document, like: Page | None = None) -> None:
        self.document = document
        self.text = document.source.text
        self.idiom: Idiom = observe(document) if like is None else like.idiom
        self.apart: dict[int, bool] = {} if like is None else like.apart
        """Whether blank lines stand between the entries of a mapping, by its identity, once somebody has looked."""
        self.edits: list[TextEdit] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Note an edit; `text` has plain line ends, the place's own are put in."""
        self.edits.append(TextEdit(start, end, text.replace("\n", self.newline(start))))

    def newline(self, offset: int) -> str:
        """Give the line end used around an offset."""
        end = self.text.find("\n", offset)
        if end < 0:
            end = self.text.rfind("\n", 0, offset)
        return "\r\n" if end > 0 and self.text[end - 1] == "\r" else "\n"

    def line_start(self, offset: int) -> int:
        """Give the start of the line that holds an offset."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Give the end of the line that holds an offset, before its line end."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def next_line(self, offset: int) -> int:
        """Give the start of the line after the one that holds an offset."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def lead(self, offset: int) -> str:
        """Give what stands before an offset on its line."""
        return self.text[self.line_start(offset) : offset]

    def margin(self, offset: int) -> str:
        """Give the white space that the line of an offset begins with."""
        line = self.text[self.line_start(offset) : self.line_end(offset)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def rest(self, offset: int) -> str:
        """Give what follows an offset on its line."""
        return self.text[offset : self.line_end(offset)]

    def closed_line(self, node: Node, offset: int) -> int:
        """Give the end of the line a value ends on; refuse when more than a comment follows it."""
        if not _COMMENT.match(self.rest(offset)):
            refuse(Reason.SHAPE, "something else follows on the same line", node.location())
        return self.line_end(offset)

    def end_of(self, node: Node) -> int:
        """Give the true end of a value: that of its last descendant, and of all lines of a block scalar."""
        if isinstance(node, Scalar):
            return self._literal_end(node) if node.style in {"|", ">"} else node.end
        if isinstance(node, Mapping) and not node.flow:
            return self.entry_end(node, own_keys(node)[-1]) if own_keys(node) else node.end
        if isinstance(node, Sequence) and not node.flow and node.items:
            refuse_aliases(node, ())
            return self.end_of(node.items[-1])
        return node.end

    def entry_end(self, mapping: Mapping, name: str) -> int:
        """Give the true end of an entry, also where its value is an alias."""
        key, child = mapping.keys[name], mapping.entries[name]
        if child.start >= key.end:
            return self.end_of(child)
        alias = _ALIAS.match(self.text, key.end)
        if alias is None:
            refuse(Reason.SHARED, f"where `{name}` ends is not known", key.location())
        return alias.end()

    def after_colon(self, key: Scalar) -> int:
        """Give the offset behind the colon of a key."""
        colon = _COLON.match(self.text, key.end)
        if colon is None:
            refuse(Reason.SHAPE, f"the key `{key.text}` has no colon", key.location())
        return colon.end()

    def dash_of(self, item: Node) -> int:
        """Give the offset of the dash before an item of a block list."""
        lead = self.lead(item.start).rstrip(" ")
        start = self.line_start(item.start)
        while not lead.endswith("-"):
            if start == 0 or (lead.strip() and not lead.lstrip().startswith("#")):
                refuse(Reason.SHAPE, "the dash of this item is not found", item.location())
            start = self.line_start(start - 1)
            lead = re.sub(r"\s+#.*", "", self.text[start : self.line_end(start)]).rstrip()
        return start + len(lead) - 1

    def _literal_end(self, node: Scalar) -> int:
        """Give the end of a block scalar's last line; blank lines count where they are kept or reach further in."""
        header = _BLOCK_HEADER.search(self.text, node.start)
        if header is None:
            return node.end
        end = self.line_end(max(node.end, header.end()))
        inner = self._inner_column(header.end(), node.end)
        start = self.next_line(end)
        while start < len(self.text) and not self.text[start : self.line_end(start)].strip(" "):
            if "+" in header[0] or self.line_end(start) - start > inner:
                end = self.line_end(start)
            start = self.next_line(start)
        return end

    def _inner_column(self, header: int, end: int) -> int:
        """Give the indentation of a block scalar's content, that of its first line that is not blank."""
        first = re.compile(r"^( *)\S", re.MULTILINE).search(self.text, self.next_line(header), end)
        return len(first[1]) if first else len(self.text)

    def pen(self, holder: Mapping | Sequence | None) -> Pen:
        """Give the pen for writing into a collection: quotes as its neighbours have them."""
        if isinstance(holder, Mapping):
            names = own_keys(holder)
            values = [holder.entries[name] for name in names]
            return Pen(
                self.idiom, _shared_quote([holder.keys[name] for name in names]), _shared_quote(values)
            )
        return Pen(self.idiom, "", _shared_quote(holder.items if holder else []))


def _shared_quote(nodes: Iterable[Node], *, keys: bool = False) -> str:
    """Give the quotes that all the neighbouring texts are in without need, "" when some go without."""
    texts = [
        node
        for node in nodes
        if isinstance(node, Scalar)
        and (keys or isinstance(node.value, str))
        and not node.tag
        and node.style not in {"|", ">"}
        and is_plain(node.text, flow=False)
    ]
    styles = {node.style or "" for node in texts}
    return styles.pop() if len(styles) == 1 else ""
