"""Covers the secrets of a text that is to be shown: by a name beside them, by their form, by their look."""

from __future__ import annotations

import re
from typing import Final

from lamward.facts.secrets import by_format, by_name, entropy

COVER: Final = "*"
_ASSIGNED: Final = re.compile(
    # What follows other tags than `!Sub` says where the value is, as `!Ref` does.
    r"""(?P<key>[A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?:!Sub\s+)?(?P<value>"[^"]*"|'[^']*'|(?!![A-Za-z])[^\s,{}\[\]#]+)"""
)
_HOLDER: Final = re.compile(r"""(?P<key>[A-Za-z_][\w.-]*)["']?\s*:\s*\{(?P<body>[^{}]*)\}""")
_WORD: Final = re.compile(r"""[^\s"',;{}\[\]()]{8,}""")
_SPOKEN: Final = re.compile(r"""[^\s"',;{}\[\]()`]{8,}""")
"""A word of a sentence, in which backticks stand around what is quoted."""

_RANDOM: Final = re.compile(r"[A-Za-z0-9_+/=-]{20,}")
_DIGITS: Final = re.compile(r"[0-9]+")
_RANDOM_DIGITS: Final = 3
"""What was drawn at random has digits in more places than names have."""

_RANDOM_ENTROPY: Final = 3.5
_INSTEAD: Final = COVER * 8
"""What stands for a secret where nobody needs its length."""


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
    return line[:start] + COVER * (end - start) + line[end:]


def covered(sentence: str) -> str:
    """Cover what looks like a secret in a sentence about code, which quotes its constants."""
    said = _SPOKEN.sub(lambda found: _INSTEAD if _is_hidden(found[0]) else found[0], sentence)
    return said if by_format(said) is None else _INSTEAD


def _is_hidden(word: str) -> bool:
    if by_format(word) is not None:
        return True
    return not word.startswith("arn:") and any(map(_is_random, word.split(".")))


def _is_random(text: str) -> bool:
    return (
        _RANDOM.fullmatch(text) is not None
        and len(_DIGITS.findall(text)) >= _RANDOM_DIGITS
        and entropy(text) >= _RANDOM_ENTROPY
    )
