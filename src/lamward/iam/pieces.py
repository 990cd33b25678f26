"""What patterns are made of: text with wildcards, text without, and what stands for a text."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from lamward.model.value import Reference, ReferenceKind, Symbolic

ARN_PARTS: Final = 6


class Literal(Struct, frozen=True):
    """Text whose `*` and `?` mean themselves: `${*}`, or what a variable stands for."""

    text: str


class Variable(Struct, frozen=True):
    """A policy variable: the context key it stands for, and the text to take when the key is absent."""

    key: str
    default: str | None = None


class Without(Struct, frozen=True):
    """Any text that has none of some characters, as names of many kinds do not; perhaps no text at all."""

    characters: str
    empty: bool = True


Piece = str | Literal | Variable | Reference | Without
"""A piece of a pattern: text with wildcards, text without, or something that stands for a text."""

Pattern = tuple[Piece, ...]
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_DEFAULT: Final = re.compile(r"\s*([^,]*?)\s*,\s*'([^']*)'\s*")


def parse(value: str | Symbolic, *, variables: bool = False) -> Pattern:
    """Split a value into pieces; `variables` is whether `${…}` has a meaning (version 2012-10-17)."""
    if variables and isinstance(value, Symbolic) and any(_unclosed(part) for part in value.parts):
        # A variable whose very name is filled in by the deployment may stand for anything.
        return (Reference(ReferenceKind.DYNAMIC, str(value)),)
    pieces: list[Piece] = []
    for part in (value,) if isinstance(value, str) else value.parts:
        if isinstance(part, Reference) or not variables:
            pieces.append(part)
        else:
            pieces += _split(part)
    return tuple(pieces)


def _unclosed(part: str | Reference) -> bool:
    return isinstance(part, str) and part.rfind("${") > part.rfind("}")


def fold(text: str) -> str:
    """Make letter case irrelevant as IAM does: ASCII letters only [assumed; AWS does not say]."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def _split(text: str) -> Pattern:
    pieces: list[Piece] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        if found.start() > end:
            pieces.append(text[end : found.start()])
        pieces.append(_variable(found[1]))
        end = found.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)


def _variable(inside: str) -> Piece:
    if inside in ("*", "?", "$"):
        return Literal(inside)
    with_default = _DEFAULT.fullmatch(inside)
    if with_default:
        return Variable(with_default[1].lower(), with_default[2])
    return Variable(inside.strip().lower())


def split_arn(pattern: Pattern) -> tuple[Pattern, ...] | None:
    """Split a pattern at its first five colons; None when it has fewer, and so is no ARN."""
    parts: list[list[Piece]] = [[]]
    for piece in pattern:
        if not isinstance(piece, str | Literal):
            parts[-1].append(piece)
            continue
        literal = isinstance(piece, Literal)
        text = piece.text if isinstance(piece, Literal) else piece
        for number, part in enumerate(text.split(":", ARN_PARTS - len(parts))):
            if number:
                parts.append([])
            if part:
                parts[-1].append(Literal(part) if literal else part)
    return tuple(tuple(part) or ("",) for part in parts) if len(parts) == ARN_PARTS else None
