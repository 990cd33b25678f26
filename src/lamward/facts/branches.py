"""Branches of a template: what is left of one when another is taken away."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.model.value import Assumption, AssumptionKind, Guard, both


def without(whole: Guard, part: Guard) -> Iterator[Guard]:
    """List what is left of a branch when another is taken away.

    What is left of a parameter that has other values than the assumed one cannot be said, and is left out.
    """
    if both(whole, part) is None:
        yield whole
        return
    for assumption in part:
        opposite = _negated(assumption)
        joined = both(whole, (opposite,)) if opposite and assumption not in whole else None
        if joined is not None:
            yield joined


def _negated(assumption: Assumption) -> Assumption | None:
    if assumption.kind is not AssumptionKind.CONDITION:
        return None
    return Assumption(assumption.kind, assumption.name, "false" if assumption.value == "true" else "true")
