"""Columns of a terminal: how wide text shows, how it wraps, and the few colours there are."""

from __future__ import annotations

import unicodedata

_STYLES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "34",
    "strong": "1",
    "faint": "2",
}


def columns(text: str) -> int:
    """Count the columns that text takes on a terminal: wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(lead: str, text: str, width: int, *, indent: int) -> list[str]:
    """Break text behind its lead into lines; those after the first are indented.

    Words stay whole, so that paths and ARNs can be copied: one longer than the line sticks out.
    A continued line never starts with `::`, which GitHub would take for a command.
    """
    whole = harmless(lead + text)
    if columns(whole) <= width:
        return [whole.rstrip(" ")]
    lines: list[str] = []
    line = lead
    empty = True  # whether the line holds no word yet
    for word in text.split(" "):
        longer = harmless(line + word if empty else f"{line} {word}")
        if not empty and columns(longer) > width:
            lines.append(line.rstrip(" "))
            longer = harmless(" " * indent + word)
        line, empty = longer, False
    return [*lines, line.rstrip(" ")]


def harmless(line: str) -> str:
    """Show a `::` at the start of a line with a backslash, so that no build server obeys it."""
    start = len(line) - len(line.lstrip())
    return f"{line[:start]}\\{line[start:]}" if line.startswith("::", start) else line


def painted(text: str, style: str, *, colour: bool) -> str:
    """Wrap text in the escape codes of a style, when colour is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour and text else text
