"""Is a box covered by others? A search on integers that gives a point outside when it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lamward.iam.prove.answers import Budget

Box = Mapping[str, int]
"""For each dimension the atoms inside; a dimension that is not there is not narrowed."""

Point = dict[str, int]
"""One box that no other box meets: any atom of each dimension will do."""


def uncovered(box: dict[str, int], others: Sequence[Box], budget: Budget) -> Point | None:
    """Give a part of the box that lies outside all others, or None if they cover it."""
    budget.spend()
    meeting = [other for other in others if _meets(box, other)]
    if not meeting:
        return box
    fewest = min(meeting, key=lambda other: _free(box, other))
    narrowed = dict(box)
    rest = [other for other in meeting if other is not fewest]
    for name, inside in fewest.items():
        outside = narrowed[name] & ~inside
        if outside:
            found = uncovered({**narrowed, name: outside}, rest, budget)
            if found is not None:
                return found
        narrowed[name] &= inside
    return None


def meet(first: dict[str, int], second: Box) -> dict[str, int] | None:
    """Give the common part of two boxes; None if there is none."""
    found = dict(first)
    for name, inside in second.items():
        found[name] &= inside
        if not found[name]:
            return None
    return found


def common_parts(start: dict[str, int] | None, layers: list[list[Box]]) -> Iterator[dict[str, int]]:
    """List what is common to a box and one box of every layer."""
    if start is None:
        return
    if not layers:
        yield start
        return
    for box in layers[0]:
        yield from common_parts(meet(start, box), layers[1:])


def _meets(box: Mapping[str, int], other: Box) -> bool:
    return all(box[name] & inside for name, inside in other.items())


def _free(box: Mapping[str, int], other: Box) -> int:
    """Count the dimensions in which the box sticks out of the other."""
    return sum(1 for name, inside in other.items() if box[name] & ~inside)
