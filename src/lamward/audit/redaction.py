"""What formats may show of the audited files: the lines of the findings, every secret in them covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lamward.facts.secrets import by_format, by_name
from lamward.model.finding import Finding
from lamward.model.location import Span
from lamward.sources.file import SourceFile

SHOWN_LINES: Final = 8
"""No format shows more lines of a span than this."""

_COVER: Final = "*"
_VISIBLE: Final = re.compile(r"[^\r\n]")
_ASSIGNED: Final = re.compile(
    # What follows other tags than `!Sub` says where the value is, as `!Ref` does.
    r"""(?P<key>[A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?:!Sub\s+)?(?P<value>"[^"]*"|'[^']*'|(?!![A-Za-z])[^\s,{}\[\]#]+)"""
)
_HOLDER: Final = re.compile(r"""(?P<key>[A-Za-z_][\w.-]*)["']?\s*:\s*\{(?P<body>[^{}]*)\}""")
_WORD: Final = re.compile(r"""[^\s"',;{}\[\]()]{8,}""")


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
    for span in spans:
        hidden = _VISIBLE.sub(_COVER, text[span.start : span.end])
        text = text[: span.start] + hidden + text[span.end :]
    return text


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


def cover(line: str) -> str:
    """Cover the secrets of a line: what a name says is one, and what has the form of one."""
    for found in list(_ASSIGNED.finditer(line)):
        value = found["value"].strip("\"'")
        if by_name(found["key"], value) is not None:
            line = _cover(line, found.start("value"), found.end("value"))
    for holder in list(_HOLDER.finditer(line)):
        # What a name says is a secret may stand one step below it: `Password: {Value: ...}`.
        for found in list(_ASSIGNED.finditer(holder["body"])):
            if by_name(holder["key"], found["value"].strip("\"'")) is not None:
                start = holder.start("body")
                line = _cover(line, start + found.start("value"), start + found.end("value"))
    if by_format(line) is not None:
        for found in list(_WORD.finditer(line)):
            if by_format(found[0]) is not None:
                line = _cover(line, found.start(), found.end())
    if by_format(line) is not None:
        # The form spans several words: nothing but the indentation is shown.
        indentation = len(line) - len(line.lstrip())
        line = _cover(line, indentation, len(line.rstrip("\r\n")))
    return line


def _cover(line: str, start: int, end: int) -> str:
    return line[:start] + _COVER * (end - start) + line[end:]
