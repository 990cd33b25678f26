"""Pairs of surrogate escapes, by which JSON writes characters outside of the basic plane and which libyaml refuses."""

from __future__ import annotations

import re

_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def joined(text: str) -> tuple[str, list[int]]:
    """Replace JSON surrogate pairs, which libyaml refuses, by their character; give the new offsets."""
    if "\\u" not in text or not _PAIR.search(text):
        return text, []
    shifts: list[int] = []
    pieces: list[str] = []
    end = length = 0
    for pair in _PAIR.finditer(text):
        pieces.append(text[end : pair.start()])
        high, low = int(pair.group()[2:6], 16), int(pair.group()[8:12], 16)
        pieces.append(chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)))
        end = pair.end()
        length += len(pieces[-2]) + 1
        shifts.append(length)
    pieces.append(text[end:])
    return "".join(pieces), shifts
