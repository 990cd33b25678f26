"""How the SDK for Python spells the name of an operation."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_WORD: Final = re.compile(r"(.)([A-Z][a-z]+)")
_ACRONYM: Final = re.compile(r"([a-z0-9])([A-Z])")


@cache
def snake_case(name: str) -> str:
    """Spell `GetItem` as `get_item`. The few operations the SDK spells otherwise are in the packed data."""
    return _ACRONYM.sub(r"\1_\2", _WORD.sub(r"\1_\2", name)).lower()
