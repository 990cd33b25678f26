"""Patterns compiled into functions that tell whether a whole text matches."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lamward.iam.pieces import ARN_PARTS, Literal, Pattern, fold, split_arn


@lru_cache(maxsize=65_536)
def matcher(pattern: str, *, ignore_case: bool = False) -> Callable[[str], object]:
    """Compile a plain pattern into what tells whether it matches a whole text."""
    if "*" not in pattern and "?" not in pattern:
        return _equals(pattern, ignore_case=ignore_case)
    if pattern == "*":
        return _always
    return _expression((pattern,), ignore_case=ignore_case)


def _equals(pattern: str, *, ignore_case: bool) -> Callable[[str], object]:
    if not ignore_case:
        return pattern.__eq__
    folded = fold(pattern)
    return lambda text: fold(text) == folded


def _always(_text: str) -> bool:
    return True


def pieces_matcher(pattern: Pattern, *, ignore_case: bool = False) -> Callable[[str], object]:
    """Compile a pattern of settled pieces (no variables, no references)."""
    if len(pattern) == 1 and isinstance(pattern[0], str):
        return matcher(pattern[0], ignore_case=ignore_case)
    return _expression(pattern, ignore_case=ignore_case)


@lru_cache(maxsize=65_536)
def _expression(pattern: Pattern, *, ignore_case: bool) -> Callable[[str], object]:
    """Write the regular expression of a glob.

    Each part between two stars is taken at the first place it fits and never reconsidered (an atomic group): no match
    is lost, and a hostile pattern of many stars cannot run for ever.
    """
    parts = [""]
    for piece in pattern:
        if isinstance(piece, Literal):
            parts[-1] += re.escape(piece.text)
            continue
        for number, text in enumerate(str(piece).split("*")):
            escaped = re.escape(text).replace(r"\?", ".")
            parts[len(parts) :] = [escaped] if number else []
            parts[-1] += "" if number else escaped
    flags = re.DOTALL | (re.IGNORECASE | re.ASCII if ignore_case else 0)
    if len(parts) == 1:
        return re.compile(parts[0], flags).fullmatch
    middle = "".join(f"(?>.*?{part})" for part in parts[1:-1])
    return re.compile(f"{parts[0]}{middle}.*{parts[-1]}", flags).fullmatch


def arn_matcher(pattern: Pattern) -> Callable[[str], bool]:
    """Compile a pattern of settled pieces for the Arn operators."""
    parts = split_arn(pattern)
    if parts is None:
        return lambda _text: False
    compiled = [pieces_matcher(part) for part in parts]

    def matches(text: str) -> bool:
        found = text.split(":", ARN_PARTS - 1)
        return len(found) == ARN_PARTS and all(fits(part) for fits, part in zip(compiled, found, strict=True))

    return matches
