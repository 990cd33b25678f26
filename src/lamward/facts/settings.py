"""Whether the settings of a resource meet a demand, branch by branch; what is left out has a meaning too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from lamward.model.application import Resource
from lamward.model.location import Location, Step
from lamward.model.value import (
    Absent,
    Case,
    Guard,
    Known,
    Settled,
    Symbolic,
    Unknown,
    at,
    cases,
    location_of,
    text_of,
    truth_of,
    why_unknown,
)

Meaning = Callable[[Settled], bool | None]
"""What a value that is there says of a demand: met, not met, or None where that cannot be told."""


class Way(Struct, frozen=True):
    """One property that can meet a demand: where it is, what its values mean, and what leaving it out means.

    Where another property decides what it means to leave this one out, `absent` is the way that asks for that.
    """

    path: tuple[Step, ...]
    means: Meaning
    absent: bool | Way = False


class Unmet(Struct, frozen=True):
    """A branch in which a demand is not met: `value` decides, at `location`; with a `doubt` it only may not be."""

    location: Location
    when: Guard
    value: Settled
    doubt: str = ""


def given(value: Settled) -> bool | None:
    """Tell whether a value is there at all: a key, a destination."""
    return None if isinstance(value, Unknown) else text_of(value) != ""


def on(value: Settled) -> bool | None:
    """Tell whether a switch is on."""
    return truth_of(value) if isinstance(value, Known) else None


def off(value: Settled) -> bool | None:
    """Tell whether a switch is off."""
    switched = on(value)
    return None if switched is None else not switched


def one_of(*texts: str) -> Meaning:
    """Make the question whether a value is one of some texts."""

    def means(value: Settled) -> bool | None:
        return text_of(value) in texts if isinstance(value, Known) else None

    return means


def none_of(*texts: str) -> Meaning:
    """Make the question whether a value is anything but some texts."""

    def means(value: Settled) -> bool | None:
        return text_of(value) not in texts if isinstance(value, Known) else None

    return means


def left_out(*path: Step) -> Way:
    """Make the way that is met where a property is not there at all."""
    return Way(path, lambda _: False, absent=True)


def own_key(value: Settled) -> bool | None:
    """Tell whether a key is the account's own, and none that a service keeps for it (`alias/aws/sqs`)."""
    if isinstance(value, Unknown):
        return None
    shown = str(value) if isinstance(value, Symbolic) else text_of(value) or ""
    return shown not in {"", "AWS_OWNED_KMS_KEY"} and "alias/aws/" not in shown


def unmet(resource: Resource, *ways: Way, unless: tuple[Way, ...] = ()) -> Iterator[Unmet]:
    """List the branches of the template in which none of the ways meets a demand that is made unless any of others."""
    asked = (*ways, *unless)
    for branch in _combined(
        resource, (*asked, *(way.absent for way in asked if isinstance(way.absent, Way)))
    ):
        told = [_told(way, branch.values) for way in asked]
        if any(met for met, _ in told):
            continue
        # What the author wrote is to blame before what is left out.
        own = [branch.values[way] for way in ways]
        unsure = [value for met, value in told if met is None]
        wrong = next((value for value in own if not isinstance(value, Absent)), own[0])
        value = unsure[0] if unsure else wrong
        where = resource.location if isinstance(value, Absent) else location_of(value)
        yield Unmet(where, branch.when, value, _reason(value) if unsure else "")


def _told(way: Way, values: Mapping[Way, Settled]) -> tuple[bool | None, Settled]:
    """Say whether a way is met, and by which value."""
    value = values[way]
    if not isinstance(value, Absent):
        return way.means(value), value
    return (way.absent, value) if isinstance(way.absent, bool) else _told(way.absent, values)


class _Branch(Struct, frozen=True):
    when: Guard
    values: Mapping[Way, Settled] = {}


def _combined(resource: Resource, ways: tuple[Way, ...]) -> list[_Branch]:
    branches = [_Branch(resource.when)]
    for way in ways:
        value = at(resource.properties, *way.path)
        branches = [
            _Branch(case.when, {**branch.values, way: case.value})
            for branch in branches
            for case in cases(value, branch.when)
        ]
    return branches


def _reason(value: Settled) -> str:
    return why_unknown(value) if isinstance(value, Symbolic | Unknown) else "the value is none that is known"


def case_of(answer: Unmet) -> Case:
    """Give what decides as a case, as fixes take it."""
    return Case(answer.value, answer.when)
