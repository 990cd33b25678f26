"""Whom a place concerns besides the function in which it stands: for Globals all, otherwise the others."""

from __future__ import annotations

from collections.abc import Sequence

from lamward.facts.places import others
from lamward.model.application import Function
from lamward.model.finding import Related
from lamward.model.location import Location

RESOURCE_STEPS = 2
"""`Resources` and the logical id: two locations that begin alike are in one resource."""


def also_concerned(where: Location, functions: Sequence[Function], *, note: str) -> tuple[Related, ...]:
    """Point at the functions that a setting reaches without being written in them."""
    resource = where.path[:RESOURCE_STEPS]
    return others(
        [each for each in functions if each.location.path[:RESOURCE_STEPS] != resource],
        note=note,
    )
