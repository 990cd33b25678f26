"""Text that is put together, whatever the language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lamward.code.calls.values import NOTHING, Texts, Value, bounded, texts_of
from lamward.code.pattern import Context, EventField, Pattern, Result, Unknown, text

MAX_COMBINATIONS: Final = 64

ORIGINS: Final = (EventField, Context, Result)
"""Where a text may be from that says something about it."""


def concatenated(pieces: Iterable[Texts]) -> Value:
    """Give every text that is one of each of the pieces in a row."""
    texts: list[Pattern] = [Pattern(())]
    for piece in pieces:
        if not piece:
            return NOTHING
        if len(texts) * len(piece) > MAX_COMBINATIONS:
            piece = frozenset((text(Unknown("it may be one of too many texts")),))  # noqa: PLW2901
        texts = [text(*head.parts, *tail.parts) for head in texts for tail in piece]
    return bounded(frozenset(texts))


def path_join(values: tuple[Value, ...]) -> Value:
    """Join pieces of a path with slashes."""
    pieces: list[Texts] = []
    for value in values:
        texts = texts_of(value)
        if pieces:
            pieces.append(frozenset((text("" if _ends_in_slash(pieces[-1]) else "/"),)))
        pieces.append(texts)
    return concatenated(pieces)


def _ends_in_slash(texts: Texts) -> bool:
    return all(
        not pattern.parts or (isinstance(pattern.parts[-1], str) and pattern.parts[-1].endswith("/"))
        for pattern in texts
    )
