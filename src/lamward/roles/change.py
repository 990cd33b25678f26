"""What writing did to roles, in words: for each function what it may do before and after, and what is proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from lamward.facts.needs.least import Least
from lamward.iam.reach import Extent
from lamward.model.evidence import Access
from lamward.report.escape import visible
from lamward.report.layout import painted, wrapped
from lamward.roles.plan import Plan
from lamward.roles.told import shown


class Change(Struct, frozen=True):
    """One role: the plan, whether it came to be (None: there was nothing to do), and its functions before and after.

    `refused` says why nothing was written, planned or not.
    """

    plan: Plan
    done: bool | None
    refused: str
    functions: tuple[tuple[Least, Least], ...]


def told(changes: Sequence[Change], *, tried: bool, colour: bool, width: int) -> str:
    """Tell of roles; `tried` where nothing was written."""
    lines = [line for each in changes for line in _change(each, tried=tried, colour=colour, width=width)]
    lines.append(_sum(changes, tried=tried))
    return "\n".join(lines) + "\n"


def _change(change: Change, *, tried: bool, colour: bool, width: int) -> Iterator[str]:
    location = change.plan.location
    head = f"{_verdict(change, tried=tried)} {location.span.file}:{location.span.line} {change.plan.name}"
    reason = f": {change.refused}" if change.refused else ""
    lead, *rest = wrapped("", visible(head + reason), width, indent=2)
    yield painted(lead, "strong", colour=colour)
    yield from rest
    for note in change.plan.notes:
        yield from wrapped("  ", visible(note), width, indent=4)
    for before, after in change.functions if not change.refused else ():
        name = before.function.declared_by or before.function.id
        figures = (
            _figures(before, before.before, before.after)
            if tried
            else _figures(after, before.before, after.before)
        )
        yield from wrapped("  ", visible(f"{name}: {', '.join(figures)}"), width, indent=4)
        yield from _details(after, width=width, done=change.done is True, tried=tried)


def _verdict(change: Change, *, tried: bool) -> str:
    if change.refused:
        return "left"
    if change.done is None:
        return "fine"
    return "would write" if tried else "wrote"


def _details(least: Least, *, width: int, done: bool, tried: bool) -> Iterator[str]:
    for access in least.needs.accesses if done else ():
        if access.unknowns and "*" in shown(access.resource):
            yield from wrapped("    ", visible(_wide(access)), width, indent=6)
    for proof in () if tried else proofs(least):
        yield from wrapped("    ", visible(proof), width, indent=6)


def _wide(access: Access) -> str:
    return f"as narrow as is known: {access.action} on {shown(access.resource)}, for {access.unknowns[0]}"


def _figures(least: Least, before: Extent | None, after: Extent | None) -> Iterator[str]:
    needed = len({each.action for each in least.needs.accesses})
    yield f"{needed} action{'' if needed == 1 else 's'} needed"
    if least.comparison is not None:
        yield f"{least.comparison.granted} granted"
    if before is not None and after is not None:
        one, other = _reach(before), _reach(after)
        yield f"reach {one} → {other}" if one != other else f"reach {one}"


def _reach(extent: Extent) -> str:
    if extent.administrator:
        return "everything"
    return ", ".join(extent.capabilities) or "nothing"


def proofs(least: Least) -> Iterator[str]:
    """Say what is proved of the role as it is now."""
    comparison = least.comparison
    if comparison is None:
        return
    missing = [each.access.action for each in comparison.answers if each.granted.value != "granted"]
    if missing:
        yield f"not proved: {', '.join(dict.fromkeys(missing))} may be missing"
    else:
        yield f"proved: the role allows all {len(comparison.answers)} accesses that are needed"
    if least.needs.whole:
        left = [each.policy.name for each in comparison.surplus]
        yield (
            f"more than is needed stays in {', '.join(dict.fromkeys(left))}"
            if left
            else ("proved: no statement allows anything else")
        )


def _sum(changes: Sequence[Change], *, tried: bool) -> str:
    done = sum(each.done is True and not each.refused for each in changes)
    fine = sum(each.done is None and not each.refused for each in changes)
    left = sum(bool(each.refused) for each in changes)
    verb = "would write" if tried else "wrote"
    as_is = "as it is" if fine == 1 else "as they are"
    return f"{verb} {done} role{'' if done == 1 else 's'}, {fine} fine {as_is}, left {left}"
