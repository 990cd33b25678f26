"""What a fix does to a file's text, as formats show it: proved to say what was intended, and without secrets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lamward.fixes.gate import Proven, proven
from lamward.fixes.page import Page
from lamward.model.finding import Fix, TextChange
from lamward.model.location import Location

_LEAST: Final = 4
"""Shorter pieces of covered text are no secrets: they stand in half of all words."""


def changes_of(page: Page, fix: Fix, shown: str) -> tuple[TextChange, ...]:
    """Give the changes a fix makes to its one file; () where it is refused, or would show what `shown` covers.

    `shown` is the file's text with secrets covered, of the same length.
    """
    document, source = page.document, page.document.source
    if any(edit.location.span.file != source.name for edit in fix.edits):
        return ()
    outcome = proven(document, fix.edits, like=page)
    if not isinstance(outcome, Proven):
        return ()
    covered = _covered(source.text, shown)
    made = tuple(
        TextChange(Location(source.span(change.start, change.end)), change.text)
        for change in outcome.draft.changes
    )
    return () if any(word in change.text for change in made for word in covered) else made


@lru_cache(maxsize=1)
def _covered(text: str, shown: str) -> list[str]:
    """List the pieces of a text that are covered."""
    if len(text) != len(shown):
        return [text]
    hidden = "".join("x" if one != other else " " for one, other in zip(text, shown, strict=True))
    words = (text[found.start() : found.end()] for found in re.finditer("x+", hidden))
    return [word for word in words if len(word) >= _LEAST]
