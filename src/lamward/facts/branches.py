"""Branches of a template: what is left of one when another is taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lamward.facts import Facts
from lamward.model.value import Assumption, AssumptionKind, Guard, both


def together(facts: Facts, first: Guard, second: Guard) -> Guard | None:
    """Join two branches; None where no deployment is in both."""
    joined = both(first, second)
    return joined if joined is not None and facts.application.possible(joined) else None


def without(facts: Facts, whole: Guard, part: Guard) -> Iterator[Guard]:
    """List what is left of a branch when another is taken away.

    What is left of a parameter that has other values than the assumed one cannot be said, and is left out.
    """
    if together(facts, whole, part) is None:
        yield whole
        return
    for assumption in part:
        opposite = _negated(assumption)
        joined = together(facts, whole, (opposite,)) if opposite and assumption not in whole else None
        if joined is not None:
            yield joined


def outside(facts: Facts, whole: Guard, parts: Iterable[Guard]) -> tuple[Guard, ...]:
    """List what is left of a branch when several others are taken away."""
    left: tuple[Guard, ...] = (whole,)
    for part in parts:
        left = tuple(rest for each in left for rest in without(facts, each, part))
    return left


def _negated(assumption: Assumption) -> Assumption | None:
    if assumption.kind is not AssumptionKind.CONDITION:
        return None
    return Assumption(assumption.kind, assumption.name, "false" if assumption.value == "true" else "true")
