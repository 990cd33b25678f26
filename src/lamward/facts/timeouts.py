"""How long functions may run, and whether somebody waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import triggers_of
from lamward.facts.places import Shared, shared
from lamward.model.application import Function, Invocation
from lamward.model.trigger import Trigger
from lamward.model.value import Case, Symbolic, Unknown, cases, number_of

MAXIMUM: Final = 900
"""Seconds; Lambda takes no longer timeout."""


class Timeout(Struct, frozen=True):
    """A place that sets a function's timeout; `seconds` is None when it cannot be told."""

    place: Shared
    seconds: float | None


@fact
def timeouts(facts: Facts) -> tuple[Timeout, ...]:
    """List where timeouts are set, Globals once for all functions; Lambda's default of 3 seconds is nowhere."""
    return tuple(Timeout(place, number_of(place.case.value)) for place in shared(_settings(facts)))


def _settings(facts: Facts) -> Iterator[tuple[Function, Case]]:
    for function in facts.application.functions:
        for case in cases(function.timeout, function.when):
            if number_of(case.value) is not None or isinstance(case.value, Symbolic | Unknown):
                yield function, case


def awaited_by(facts: Facts, function: Function) -> Trigger | None:
    """Give a trigger that waits for the function's answer."""
    waiting = (each for each in triggers_of(facts, function) if each.invocation is Invocation.SYNCHRONOUS)
    return next(waiting, None)
