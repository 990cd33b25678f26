"""Which runtimes the functions use, where that is written, and where in their lives they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.places import Shared, shared
from lamward.facts.runtimes import Lifecycle, Phase, lifecycle, successor
from lamward.model.application import Function
from lamward.model.value import Absent, Case, at, both, cases, text_of


class RuntimeUse(Struct, frozen=True):
    """A place that chooses a runtime: its lifecycle and phase, None for both when the runtime is not known.

    `successor` is the runtime to move to, "" where the template alone cannot.
    """

    place: Shared
    identifier: str
    lifecycle: Lifecycle | None
    phase: Phase | None
    successor: str = ""


@fact
def runtime_uses(facts: Facts) -> tuple[RuntimeUse, ...]:
    """List where runtimes are chosen, Globals once for all functions. Images choose theirs in a Dockerfile."""
    return tuple(_use(facts.today, place) for place in shared(_choices(facts)))


def _choices(facts: Facts) -> Iterator[tuple[Function, Case]]:
    for function in facts.application.functions:
        archives = [
            case.when
            for case in cases(function.package_type, function.when)
            if text_of(case.value) != "Image"
        ]
        for case in cases(function.runtime, function.when):
            packed = any(both(case.when, when) is not None for when in archives)
            if not isinstance(case.value, Absent) and packed:
                yield function, case


def _use(today: datetime.date, place: Shared) -> RuntimeUse:
    identifier = text_of(place.case.value) or ""
    known = lifecycle(identifier)
    return RuntimeUse(
        place,
        identifier,
        known,
        known.phase(today) if known else None,
        "" if _is_written_for_old(place) else successor(identifier, today),
    )


def _is_written_for_old(place: Shared) -> bool:
    """Tell whether inline code needs what newer runtimes no longer have: Node's old SDK, or handlers with callbacks."""
    return any(
        marker in written(case.value)
        for function in place.functions
        for case in cases(at(function.code, "ZipFile"))
        for marker in ("aws-sdk", "callback", "cfn-response")
        if (text_of(place.case.value) or "").startswith("nodejs")
    )
