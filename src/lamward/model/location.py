"""Where something is written: a span of text in a file, and the path to it inside the document."""

from __future__ import annotations

from msgspec import Struct

Step = str | int
"""One step of a path inside a document: a mapping key or a list index."""


class Span(Struct, frozen=True, gc=False):
    """A half-open piece of a file. Lines and columns are 1-based; all are counted in code points.

    `start` and `end` are offsets into the decoded text (a byte-order mark not counted).
    """

    file: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


class Location(Struct, frozen=True):
    """A span and the path of its value inside the document, outermost key first."""

    span: Span
    path: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return f"{self.span.file}:{self.span.line}:{self.span.column}"


NOWHERE = Location(Span(file="", start=0, end=0, line=1, column=1, end_line=1, end_column=1))
"""The location of what no file says, such as a service's default."""
