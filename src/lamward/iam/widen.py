"""Statements made wider so that they fit, step by step: neighbouring resources give way to what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Final

import msgspec
from msgspec.structs import replace

from lamward.iam.minimise import Allow
from lamward.iam.packing import Widening, size
from lamward.model.value import Known, Symbolic

_TYPED: Final = 5
"""Colons in an ARN before its resource: what is widened stays in its service."""

_NONE: Final = -1
_GONE: Final = -2
"""What is beside the last resource, and beside one that gave way to another."""


def widen(statements: Sequence[Allow], limit: int) -> tuple[tuple[Allow, ...], tuple[Widening, ...]]:
    """Put what neighbouring resources have in common in their place, the longest common start first.

    Never across services or types of resource, never a statement under conditions, never less than a type: what is
    before the first name stays.
    """
    rows = [_Row(each) for each in statements]
    left = size(statements) - limit
    steps: list[Widening] = []
    while left > 0:
        widest = max(rows, key=lambda each: (len(each.closest), each.closest), default=None)
        if widest is None or not widest.closest:
            break
        step, spared = widest.widen()
        left -= spared
        steps.append(step)
    return tuple(each.allow() for each in rows), tuple(steps)


_Pair = tuple[int, int, int, str, str]
"""How long the common start of two neighbours is, negated; which two, and their texts."""


class _Row:
    """The resources of a statement; those that are written out are neighbours in the order of their texts."""

    def __init__(self, allow: Allow) -> None:
        self._allow = allow
        self._resources: dict[int, Known | Symbolic] = dict(enumerate(allow.resources))
        self._fresh = count(len(allow.resources))
        known = [
            (str(each.value), place) for place, each in self._resources.items() if isinstance(each, Known)
        ]
        known.sort(key=lambda each: each[0].rstrip("*"))
        self._texts = [text for text, _ in known]
        self._places = [place for _, place in known]
        self._after = [*range(1, len(known)), _NONE]
        self._before = [_NONE, *range(len(known) - 1)]
        self._pairs: list[_Pair] = []
        for right in range(1, len(known)):
            self._meet(right - 1, right)

    @property
    def closest(self) -> str:
        """The longest start of a name that two resources have in common; "" where none may be widened."""
        while self._pairs:
            length, left, right, one, other = self._pairs[0]
            if self._after[left] == right and (self._texts[left], self._texts[right]) == (one, other):
                return one[:-length]
            heappop(self._pairs)
        return ""

    def widen(self) -> tuple[Widening, int]:
        """Put the longest common start in the place of all that begin with it, and count the characters it spares."""
        prefix, first = self.closest, self._pairs[0][1]
        while self._begins(self._before[first], prefix):
            first = self._before[first]
        members, after = [first], self._after[first]
        while self._begins(after, prefix):
            members.append(after)
            after = self._after[after]
        texts = [self._texts[each] for each in members]
        made, before = f"{prefix}*", len(self._resources)
        self._replace(members, after, made)
        spared = sum(_taken(each) + 1 for each in texts) - _taken(made) - 1
        spared += len("[]") if before > 1 == len(self._resources) else 0
        return Widening(self._allow.actions, made, tuple(sorted(texts))), spared

    def allow(self) -> Allow:
        """Give the statement as it is now."""
        return replace(self._allow, resources=tuple(self._resources.values()))

    def _begins(self, place: int, prefix: str) -> bool:
        return place >= 0 and self._texts[place].startswith(prefix)

    def _replace(self, members: Sequence[int], after: int, text: str) -> None:
        for each in members:
            del self._resources[self._places[each]]
            self._after[each] = _GONE
        first = members[0]
        self._texts[first], self._places[first] = text, next(self._fresh)
        self._resources[self._places[first]] = Known(text)
        self._after[first] = after
        if after >= 0:
            self._before[after] = first
            self._meet(first, after)
        if self._before[first] >= 0:
            self._meet(self._before[first], first)

    def _meet(self, left: int, right: int) -> None:
        """Note what two neighbours have in common, if that may stand for them."""
        one, other = self._texts[left], self._texts[right]
        start = _common_start(one.rstrip("*"), other.rstrip("*"))
        if start.count(":") >= _TYPED and start[-1] not in ":/" and not self._allow.conditions:
            heappush(self._pairs, (-len(start), left, right, one, other))


def _taken(text: str) -> int:
    """Count the characters that a resource takes."""
    return len(msgspec.json.encode(text))


def _common_start(one: str, other: str) -> str:
    differs = (at for at, (mine, yours) in enumerate(zip(one, other, strict=False)) if mine != yours)
    return one[: next(differs, min(len(one), len(other)))]
