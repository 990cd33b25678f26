"""The lines of a source that a finding is about, cut to the width, with the span underlined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from lamward.model.finding import Finding
from lamward.model.location import Span
from lamward.report.escape import LOG_COMMAND, visible
from lamward.report.layout import columns

MAX_LINES = 4
"""A span over more lines shows the first of them and how many follow."""

_TAB = 4
_CUT = "..."


class ExcerptLine(Struct, frozen=True):
    """One line of an excerpt: the gutter, the source as shown, and whether the text is the underline."""

    gutter: str
    text: str
    underline: bool = False


class Sources:
    """Source text by file name, split into lines once for each file."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}

    def lines(self, file: str) -> Sequence[str]:
        """Give the lines of a file; none when its text is not here."""
        if file not in self._lines:
            text = self._texts.get(file, "")
            self._lines[file] = text.removeprefix("\ufeff").split("\n") if text else []
        return self._lines[file]

    def excerpt(self, finding: Finding) -> Sequence[str]:
        """Give the lines of a finding's span."""
        span = finding.location.span
        return self.lines(span.file)[span.line - 1 : _last_line(span)]


def _last_line(span: Span) -> int:
    """Give the last line of which a half-open span has a character."""
    return span.end_line - 1 if span.end_column == 1 and span.end_line > span.line else span.end_line


def excerpt_lines(span: Span, lines: Sequence[str], width: int) -> Iterator[ExcerptLine]:
    """Show the lines of a span, of which `lines[0]` is the first; nothing when there are none."""
    if not lines:
        return
    wanted = _last_line(span) - span.line + 1
    shown = lines[: wanted if wanted <= MAX_LINES else MAX_LINES - 1]
    digits = max(2, len(str(span.line + len(shown) - 1)))
    available = width - digits - len("   | ")
    if wanted == 1:
        until = span.end_column if span.end_line == span.line else len(lines[0]) + 1
        text, offset, length = window(lines[0].rstrip("\r"), span.column - 1, until - 1, available)
        yield ExcerptLine(f"  {span.line:>{digits}} |", text)
        yield ExcerptLine(f"  {'':>{digits}} |", " " * offset + "^" * length, underline=True)
        return
    for number, line in enumerate(shown, span.line):
        yield ExcerptLine(f"  {number:>{digits}} >", window(line.rstrip("\r"), 0, 0, available)[0])
    if wanted > len(shown):
        yield ExcerptLine(f"  {'':>{digits}} >", f"{_CUT} {wanted - len(shown)} more lines")


def window(line: str, start: int, end: int, available: int) -> tuple[str, int, int]:
    """Cut a line so that the span from `start` to `end` (0-based, half-open) is seen.

    Returns the text, and the column and the width of the underline.
    """
    start, end = min(start, len(line)), min(end, len(line))
    first = max(0, start - available)  # a line may have a million characters: look only around the span
    cells = _cells(line[first : start + 2 * available])
    start, end = start - first, min(end - first, len(cells))
    widths = [columns(cell) for cell in cells]
    left = _left(widths, start, end, available)
    lead = _CUT if first or left else ""
    budget = available - len(lead)
    right = _right(widths, left, budget)
    tail = ""
    if right < len(cells) or len(line) > first + len(cells):
        tail = _CUT
        right = _right(widths, left, budget - len(tail))
    offset = len(lead) + sum(widths[left:start])
    length = max(1, sum(widths[start : min(end, right)]))
    text = (lead + "".join(cells[left:right])).rstrip(" ") + tail
    return text, min(offset, available - 1), min(length, max(1, available - offset))


def _cells(line: str) -> list[str]:
    """Give each character as it is shown; a tab fills up to the next stop."""
    if line.isascii() and line.isprintable() and "##" not in line:
        return list(line)
    commands = {match.start() for match in LOG_COMMAND.finditer(line)}
    cells: list[str] = []
    column = 0
    for index, character in enumerate(line):
        shown = "#\\" if index in commands else visible(character)
        cell = " " * (_TAB - column % _TAB) if character == "\t" else shown
        cells.append(cell)
        column += columns(cell)
    return cells


def _left(widths: Sequence[int], start: int, end: int, available: int) -> int:
    """Choose the first cell to show: the start of the line if the span fits, else a little before the span."""
    if sum(widths[:end]) <= available - len(_CUT) or sum(widths) <= available:
        return 0
    room = available - 2 * len(_CUT) - min(sum(widths[start:end]), available // 2)
    left = start
    while left > 0 and sum(widths[left - 1 : start]) <= min(room, available // 3):
        left -= 1
    return left


def _right(widths: Sequence[int], left: int, budget: int) -> int:
    """Find the cell before which a budget of columns is used up."""
    right = left
    while right < len(widths) and budget >= widths[right]:
        budget -= widths[right]
        right += 1
    return right
