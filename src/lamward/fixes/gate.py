"""The proof that edited text says what was intended: read again, and compared as a whole on plain data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from lamward.fixes.content import content, intended, same
from lamward.fixes.page import Page
from lamward.fixes.refusal import Reason, Refusal
from lamward.fixes.text import Draft, draft
from lamward.model.finding import Edit
from lamward.model.location import Location
from lamward.sources.file import SourceFile
from lamward.sources.node import Document, parse


class Proven(Struct, frozen=True):
    """A draft that was read again, and the document it makes."""

    draft: Draft
    document: Document

    @property
    def source(self) -> SourceFile:
        """The file as it shall be."""
        return self.document.source


def proven(document: Document, edits: Iterable[Edit], *, like: Page | None = None) -> Proven | Refusal:
    """Turn symbolic edits into a document that says exactly what was intended, or say why not."""
    made = draft(document, edits, like=like)
    if isinstance(made, Refusal):
        return made
    source = encoded(document.source, made.text)
    again = parse(source)
    start = Location(document.source.span(0, 0))
    worse = Counter(map(_kind, again.failures)) - Counter(map(_kind, document.failures))
    if worse or again.root is None or document.root is None or not _still_json(document.source, source):
        what = again.failures[0].message if again.failures else "it is no longer JSON"
        return Refusal(Reason.MALFORMED, f"the edited file could not be read again: {what}", start)
    if not same(content(again.root), intended(content(document.root), made.edits)):
        message = "the edited file would not say exactly what was intended"
        return Refusal(Reason.NOT_AS_INTENDED, message, start)
    return Proven(made, again)


def encoded(source: SourceFile, text: str) -> SourceFile:
    """Give a file other text; its byte-order mark stays."""
    mark = b"\xef\xbb\xbf" if source.bom else b""
    return SourceFile(source.name, mark + text.encode("utf-8", errors="surrogatepass"))


def _kind(failure: object) -> tuple[str, str]:
    return (getattr(failure, "kind", ""), getattr(failure, "message", ""))


def _still_json(before: SourceFile, after: SourceFile) -> bool:
    return not _is_json(before.text) or _is_json(after.text)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
