"""What functions choose for a property, each place once: Globals for all its functions."""

from __future__ import annotations

from lamward.facts import Facts
from lamward.facts.places import Shared, shared
from lamward.model.value import Absent, at, cases


def chosen(facts: Facts, *steps: str) -> tuple[Shared, ...]:
    """List where a property of functions is set, whatever to."""
    return shared(
        (function, case)
        for function in facts.application.functions
        for case in cases(at(function.properties, *steps), function.when)
        if not isinstance(case.value, Absent)
    )
