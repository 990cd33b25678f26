"""Settings that several functions share: one place in a template, said once, with all it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from lamward.model.application import Function
from lamward.model.finding import Related
from lamward.model.location import Location
from lamward.model.value import Case, Guard, location_of


class Shared(Struct, frozen=True):
    """One place that gives the same setting to several functions, in the template's order."""

    location: Location
    case: Case
    functions: tuple[Function, ...]


def shared(uses: Iterable[tuple[Function | None, Case]]) -> tuple[Shared, ...]:
    """Group the uses of a setting by where it is written (Globals are written once) and when it holds."""
    found: dict[tuple[Location, Guard], list[tuple[Function | None, Case]]] = {}
    for function, case in uses:
        found.setdefault((location_of(case.value), case.when), []).append((function, case))
    return tuple(
        Shared(
            location,
            users[0][1],
            tuple({function.id: function for function, _ in users if function}.values()),
        )
        for (location, _), users in found.items()
    )


def first_by_name(functions: Sequence[Function]) -> Function:
    """Choose the function that speaks for several: by name, so that reordering a template changes nothing."""
    return min(functions, key=lambda function: function.id)


def others(
    functions: Sequence[Function], *, besides: Function | None = None, note: str
) -> tuple[Related, ...]:
    """Make the related places of the functions a problem also concerns."""
    return tuple(Related(each.location, note) for each in functions if each is not besides)


def count(number: int, noun: str) -> str:
    """Write a number of things: `1 function`, `3 functions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
