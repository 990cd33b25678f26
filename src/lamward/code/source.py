"""One file of source code: its text, and how a piece of it becomes a span."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from msgspec import Struct

from lamward.model.location import Location, Span

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Extent(Struct, frozen=True, gc=False):
    """A half-open piece of a text, in code points. An instruction keeps this; a report gets a `Span`."""

    start: int
    end: int


class Source:
    """The decoded text of a file, without its byte-order mark."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def lines(self) -> list[int]:
        """The offset at which each line starts."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def span(self, extent: Extent) -> Span:
        """Say where a piece of the text is."""
        line, column = self._position(extent.start)
        end_line, end_column = self._position(extent.end)
        return Span(self.file, extent.start, extent.end, line, column, end_line, end_column)

    def location(self, extent: Extent) -> Location:
        """Say where a piece of the text is, as findings want it."""
        return Location(self.span(extent))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1
