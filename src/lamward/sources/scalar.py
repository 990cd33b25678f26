"""What a plain scalar means, as YAML 1.1 reads it."""

from __future__ import annotations

import re

from lamward.model.value import Scalar

_TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})
_FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?\Z")


def plain(text: str) -> Scalar:
    """Resolve a plain scalar as YAML 1.1 does, leaving dates and odd numbers as text."""
    if not text:
        return None
    first = text[0]
    if first in "0123456789-+.":
        if _INTEGER.match(text) and len(text) < 19:
            return int(text)
        if _FLOAT.match(text) and len(text) < 40:
            return float(text)
        return text
    if first in "tTyYoOfFnN~":
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if text in _NULL:
            return None
    return text
