"""What literals mean: escapes in strings and templates, and the ways to write a number."""

from __future__ import annotations

import re
from typing import Final

from lamward.code.ir import LiteralValue

_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL
)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS: Final = frozenset({"\n", "\r\n", "\r", "\u2028", "\u2029"})
_HIGHEST: Final = 0x10FFFF


def unescaped(text: str) -> str:
    """Say what a piece of a string or template means."""
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def _meant(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is None:
        return "" if found[4] in _LINE_ENDS else _ESCAPED.get(found[4], found[4])
    number = int(code, 16)
    return chr(number) if number <= _HIGHEST else "\ufffd"


def number(written: str) -> LiteralValue:
    """Read a number."""
    text = written.replace("_", "").rstrip("n")
    for read in (lambda each: int(each, 0), int, float):
        try:
            value: LiteralValue = read(text)
        except (ValueError, OverflowError):
            continue
        return value
    return text
