"""What CloudTrail showed of a function, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lamward.facts.covering import covered
from lamward.facts.needs.least import Least
from lamward.facts.needs.used import GAP
from lamward.model.access import Truth
from lamward.report.escape import visible
from lamward.report.layout import wrapped

_WOULD = {
    Truth.YES: "the trail would have shown it",
    Truth.NO: "the trail could not show it",
    Truth.UNKNOWN: "the trail may not show it",
}


def lines(least: Least, width: int) -> Iterator[str]:
    """Tell what was seen, what was not, and what was denied."""
    if least.trail is None:
        return
    yield "  seen in the trail"
    for line in _said(least):
        yield from wrapped("    ", visible(line), width, indent=6)


def _said(least: Least) -> Iterator[str]:
    found = least.trail
    if found is None:
        return
    seen, window = found.seen, found.seen.window
    days = f"{window.first:%Y-%m-%d} to {window.last:%Y-%m-%d}" if window else "no events"
    if seen.ambiguous:
        names = ", ".join(each.split(":")[6] for each in seen.ambiguous)
        yield f"it may be any of {names}: nothing is taken from the trail; `--stack` says which"
    elif not seen.names:
        yield f"not at all ({days}): it may not be in use"
    else:
        yield f"as {', '.join(each.split(':')[6] for each in seen.names)}, {days}"
    for access in least.needs.accesses:
        if GAP in access.unknowns:
            yield f"used, but not found in the code: {access.action} on {_text(access.resource)}"
    for truth in Truth:
        actions = dict.fromkeys(access.action for access, shows in found.unexercised if shows is truth)
        if actions and seen.names:
            yield f"needed, but not seen ({_WOULD[truth]}): {', '.join(actions)}"
    for row in seen.denied:
        times = f"{row.denied} time{'' if row.denied == 1 else 's'}"
        yield f"denied {times}, and not granted: {row.action} on {covered(row.resource) or '*'}"
    if seen.names:
        for truth, count in found.unused.items():
            if count:
                yield f"granted, neither needed nor seen ({_WOULD[truth]}): {count} actions"


def _text(value: object) -> str:
    return str(getattr(value, "value", value))


def data(least: Least) -> dict[str, Any] | None:
    """Give the same for programs; None where no trail was looked at."""
    found = least.trail
    if found is None:
        return None
    seen = found.seen
    return {
        "seen_as": seen.names,
        "ambiguous": seen.ambiguous,
        "from": seen.window.first.isoformat() if seen.window else None,
        "to": seen.window.last.isoformat() if seen.window else None,
        "used": [
            {
                "action": each.action,
                "resource": covered(each.resource),
                "count": each.count,
                "certainty": each.certainty.value,
            }
            for each in seen.used
        ],
        "denied": [
            {"action": each.action, "resource": covered(each.resource), "count": each.denied}
            for each in seen.denied
        ],
        "not_in_code": [
            {"action": each.action, "resource": _text(each.resource)}
            for each in least.needs.accesses
            if GAP in each.unknowns
        ],
        "not_seen": [
            {"action": access.action, "resource": _text(access.resource), "would_show": shows.name.lower()}
            for access, shows in found.unexercised
        ],
        "seen_on": [
            {
                "action": each.access.action,
                "granted_on": _text(each.access.resource),
                "resource": covered(each.resource),
                "count": each.event.count,
                "first": each.event.first,
                "last": each.event.last,
            }
            for each in found.sightings
        ],
        "unused": {truth.name.lower(): count for truth, count in found.unused.items()},
    }
