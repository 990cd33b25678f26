"""What formats may show of the audited files: the lines of the findings, every secret in them covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lamward.facts.covering import COVER, cover
from lamward.model.finding import Finding
from lamward.model.location import Span
from lamward.sources.file import SourceFile

SHOWN_LINES: Final = 8
"""No format shows more lines of a span than this."""

_VISIBLE: Final = re.compile(r"[^\r\n]")


def redacted(
    files: Mapping[str, SourceFile], findings: Iterable[Finding], secrets: Iterable[Span] = ()
) -> dict[str, str]:
    """Give the text of each file with the known secrets covered, and whatever looks like one where a finding points.

    The text keeps its length and its lines, so that spans still point.
    """
    shown: dict[str, set[int]] = {}
    for finding in findings:
        for span in _spans(finding):
            shown.setdefault(span.file, set()).update(_lines(span))
    places: dict[str, list[Span]] = {}
    for span in secrets:
        places.setdefault(span.file, []).append(span)
    return {
        name: _covered(_without(file.text, places.get(name, [])), file.starts, shown.get(name, set()))
        for name, file in files.items()
    }


def _without(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    end = 0
    for span in sorted(spans, key=lambda each: each.start):
        start, stop = max(span.start, end), max(span.end, end)
        pieces += [text[end:start], _VISIBLE.sub(COVER, text[start:stop])]
        end = stop
    return "".join([*pieces, text[end:]])


def _spans(finding: Finding) -> Iterator[Span]:
    yield finding.location.span
    yield from (related.location.span for related in finding.related)


def _lines(span: Span) -> range:
    return range(span.line, min(span.end_line, span.line + SHOWN_LINES) + 1)


def _covered(text: str, starts: list[int], numbers: set[int]) -> str:
    pieces: list[str] = []
    end = 0
    for number in sorted(numbers):
        if number > len(starts):
            continue
        start = starts[number - 1]
        stop = starts[number] if number < len(starts) else len(text)
        pieces += [text[end:start], cover(text[start:stop])]
        end = stop
    return "".join([*pieces, text[end:]])
