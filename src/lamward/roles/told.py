"""Least-privilege roles in words: a table of functions, then each with its policy, evidence and what is too much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lamward.code.analysis import Unresolved
from lamward.facts.covering import covered
from lamward.facts.needs.compare import Comparison, Surplus
from lamward.facts.needs.held import Answer, Granted
from lamward.facts.needs.least import Least
from lamward.facts.places import count
from lamward.iam.minimise import Allow
from lamward.iam.packing import MANAGED_LIMIT, MANAGED_POLICIES, MANAGED_POLICIES_RAISED
from lamward.iam.reach import Extent
from lamward.model.application import Role
from lamward.model.evidence import Call, Declared, Event, Evidence, Platform
from lamward.model.location import Location
from lamward.model.value import Known, Symbolic
from lamward.report.escape import visible
from lamward.report.layout import columns, harmless, painted, wrapped
from lamward.roles import trail

SHOWN: Final = 4
"""How many actions or places a line lists before it only counts."""

REASONS: Final = 3
"""How many places, reasons and sightings are given for a statement; `--explain` and JSON give all."""

_HEAD: Final = re.compile(
    r"^arn:\$\{AWS::Partition\}:[a-z0-9-]+:(\$\{AWS::Region\})?:(\$\{AWS::AccountId\})?:"
)


def text(found: Sequence[Least], *, idle: Sequence[Role] = (), colour: bool, width: int) -> str:
    """Tell of functions; the table comes first where there are several. `idle` are roles that nothing has or used."""
    lines = list(_table(found)) if len(found) > 1 else []
    for each in found:
        lines += (
            ["", *_function(each, colour=colour, width=width)]
            if lines
            else _function(each, colour=colour, width=width)
        )
    for role in idle:
        said = f"{place(role.location)} no function has the role {role.id}, and the trail did not show it"
        lines += ["", *wrapped("", visible(f"{said}: delete it if it is not in use"), width, indent=2)]
    if about_logs(found):
        lines += ["", *wrapped("", about_logs(found), width, indent=2)]
    return "\n".join([*map(harmless, lines), ""])


def about_logs(found: Sequence[Least]) -> str:
    """Say for which stacks the log groups of functions without a name are told right, "" where for all."""
    lengths = [each.right_up_to for each in found if each.right_up_to is not None]
    if not lengths:
        return ""
    return (
        f"log groups are right for stacks whose name has up to {min(lengths)} characters: CloudFormation cuts longer "
        "ones in the names of functions; see `--stack`"
    )


def explained(found: Sequence[Least], action: str) -> str:
    """Tell why functions need an action, and where that is granted today."""
    lines: list[str] = []
    for each in found:
        for access in (*each.needs.accesses, *each.needs.advice):
            if access.action.lower() == action.lower():
                said = f"{access.action} on {shown(access.resource)} ({access.tier})"
                lines.append(f"{_name(each)} needs {visible(said)}")
                lines += [f"  {visible(line)}" for line in map(evidence, access.evidence)]
                lines += [f"  {visible(_open_reason(reason))}" for reason in access.unknowns]
    none = f"no function needs `{visible(action)}`, as far as its code and settings tell"
    return "\n".join([*map(harmless, lines or [none]), ""])


def _name(least: Least) -> str:
    return visible(least.function.declared_by or least.function.id)


def _table(found: Sequence[Least]) -> Iterator[str]:
    rows = [("function", "granted", "needed", "excess", "missing", "reach", "known"), *map(_row, found)]
    widths = [max(columns(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        cells = (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _row(least: Least) -> tuple[str, ...]:
    comparison = least.comparison
    actions = {access.action for access in least.needs.accesses}
    return (
        _name(least),
        str(comparison.granted) if comparison else "-",
        str(len(actions)),
        str(max(0, comparison.granted - len(actions))) if comparison else "-",
        str(len(comparison.missing)) if comparison else "-",
        _reaches(least.before, least.after),
        "all" if least.needs.whole else least.needs.code.missing or "in part",
    )


def _reaches(before: Extent | None, after: Extent | None) -> str:
    if before is None or after is None:
        return "-"
    return f"{_count(before)} → {_count(after)}"


def _count(extent: Extent) -> str:
    return "everything" if extent.administrator else str(len(extent.capabilities))


def _function(least: Least, *, colour: bool, width: int) -> list[str]:
    location = least.function.location
    lines = [f"{painted(_name(least), 'strong', colour=colour)}  {visible(place(location))}"]
    lines += _known(least, width)
    if least.statements:
        lines += ["  grant", *_policy(least, width)]
    lines += [line for each in _fitting(least) for line in wrapped("  ", visible(each), width, indent=4)]
    if least.comparison is not None:
        lines += _compared(least, least.comparison, width)
    lines += trail.lines(least, width)
    lines += [line for proof in _proved(least) for line in wrapped("  ", visible(proof), width, indent=4)]
    if least.before and least.after:
        lines += wrapped("  ", f"reach: {_change(least.before, least.after)}", width, indent=4)
    return lines


def _known(least: Least, width: int) -> Iterator[str]:
    code = least.needs.code
    if code.missing:
        reason = f"{visible(code.missing)}: only what Lambda itself needs is known"
        yield from wrapped("  ", reason, width, indent=4)
        return
    for each in code.unresolved:
        yield from wrapped("  ", _open(each), width, indent=4)
    for failure in code.analysis.failures if code.analysis else ():
        yield from wrapped("  ", visible(f"{place(failure.location)} {failure.message}"), width, indent=4)
    if code.packages:
        named = f"not looked into: {', '.join(code.packages)}, which may call AWS too"
        yield from wrapped("  ", visible(named), width, indent=4)


def _open(each: Unresolved) -> str:
    return visible(f"not resolved: {place(each.location)} {each.reason}")


def _policy(least: Least, width: int) -> Iterator[str]:
    for allow in least.statements:
        resources = " and ".join(map(brief, allow.resources))
        conditions = "".join(f" if {key} is {brief(value)}" for _, key, value in allow.conditions)
        said = f"{', '.join(allow.actions)} on {resources}{conditions}"
        yield from wrapped("    ", visible(said), width, indent=6)
        for line in because(least, allow):
            yield from wrapped("      ", visible(line), width, indent=8)


def because(least: Least, allow: Allow) -> list[str]:
    """Say why a statement is there: a few places, and whatever the places are, what of it is not known."""
    resources = frozenset(allow.resources)
    accesses = [
        each for each in least.needs.accesses if each.action in allow.actions and each.resource in resources
    ]
    found = [each for access in accesses for each in access.evidence if not isinstance(each, Event)]
    sightings = [
        f"seen: {covered(each.resource)} {_times(each.event)}"
        for each in (least.trail.sightings if least.trail else ())
        if each.access in accesses
    ]
    reasons = [_open_reason(each) for access in accesses for each in access.unknowns]
    return [*_few(_places(found)), *_few(reasons), *_few(sightings)]


def _times(event: Event) -> str:
    return f"since {event.first}, {event.count} time{'' if event.count == 1 else 's'}"


def _places(found: Sequence[Evidence]) -> Iterator[str]:
    """Say where something is needed: the calls of a file together; which operation it is, the action tells."""
    calls: dict[str, dict[str, None]] = {}
    for each in found:
        if isinstance(each, Call):
            calls.setdefault(each.location.span.file, {})[str(each.location.span.line)] = None
    yield from (f"{file}:{_listed(list(lines))}" for file, lines in calls.items())
    yield from (evidence(each) for each in found if not isinstance(each, Call))


def _few(reasons: Iterable[str]) -> Iterator[str]:
    different = list(dict.fromkeys(reasons))
    yield from different[:REASONS]
    if len(different) > REASONS:
        yield f"and {len(different) - REASONS} more"


def _open_reason(reason: str) -> str:
    """Say what is not known; a reason that names no parameter is one of a part of a name."""
    return f"not known in part: {reason}" if reason.startswith("it ") else f"not known: {reason}"


def caveats(least: Least) -> Iterator[str]:
    """Say what a policy that is printed alone does not say: what is not known, and what was given up to fit."""
    if least.needs.unknown:
        yield f"not all that it needs is known: {least.needs.unknown}"
    yield from _given_up(least)


def _fitting(least: Least) -> Iterator[str]:
    """Say what becomes of statements that are too long."""
    number = len(least.packing.managed)
    if number and least.packing.fits:
        yield f"too long for inline policies: it takes {number} managed polic{'y' if number == 1 else 'ies'}"
    yield from _given_up(least)


def _given_up(least: Least) -> Iterator[str]:
    for each in least.packing.widened:
        instead = (
            f"{len(each.instead)} resources" if len(each.instead) > SHOWN else " and ".join(each.instead)
        )
        yield f"wider than is needed, to fit IAM's limits: {_listed(each.actions)} on {each.resource}, not {instead}"
    if not least.packing.fits:
        yield f"its statements {too_many(len(least.packing.managed), MANAGED_POLICIES)}"


def too_many(count: int, left: int) -> str:
    """Say why a role has no room for so many managed policies, where it may have some more."""
    if count <= left:
        return f"have one that is longer than the {MANAGED_LIMIT} characters of a managed policy"
    beside = "" if left == MANAGED_POLICIES else " besides what else the role has"
    if count <= left + MANAGED_POLICIES_RAISED - MANAGED_POLICIES:
        most = f"{MANAGED_POLICIES} unless that quota is raised"
    else:
        most = f"{MANAGED_POLICIES_RAISED} at most: split the function"
    return f"take {count} managed policies{beside}, and a role has {most}"


def evidence(each: Evidence) -> str:
    """Say in a line why something is needed."""
    match each:
        case Call(location=location, service=service, operation=operation):
            return f"{place(location)} {service}:{operation}"
        case Platform(feature=feature, location=location):
            return f"{place(location)} {feature}"
        case Event(count=count, first=first, last=last):
            return f"used {count} time{'' if count == 1 else 's'}, {first} to {last}"
        case Declared(location=location, reason=reason):
            return f"{place(location)} declared: {reason}"


def place(location: Location) -> str:
    """Write a place as `file:line`."""
    return f"{location.span.file}:{location.span.line}"


def shown(value: Known | Symbolic) -> str:
    """Write a text with its references."""
    return str(value.value) if isinstance(value, Known) else str(value)


def _proved(least: Least) -> Iterator[str]:
    """Sum up what is proved; what is not is told one by one."""
    first, *others = [proof.claim for proof in least.proofs if proof.holds] or [""]
    if first:
        yield f"proved: {_and([first, *(each.removeprefix('it allows ') for each in others)])}"
    lacks = least.comparison is not None and bool(least.comparison.missing)
    for proof in least.proofs:
        # That what is missing today would be new needs no saying.
        if not proof.holds and not (lacks and proof is least.proofs[-1]):
            word = "not so" if proof.holds is False else "cannot tell whether"
            yield f"{word}: {proof.claim}" + (f" ({proof.reason})" if proof.reason else "")


def _compared(least: Least, comparison: Comparison, width: int) -> Iterator[str]:
    lacking = [each for each in comparison.answers if each.granted is not Granted.YES]
    if lacking:
        yield "  missing today"
        for line in dict.fromkeys(map(_lacking, lacking)):
            yield from wrapped("    ", visible(line), width, indent=6)
    if comparison.surplus:
        yield "  too much today" if least.needs.whole else "  more than is known to be needed"
        for line in _too_much(comparison.surplus):
            yield from wrapped("    ", visible(line), width, indent=6)
    for reason in comparison.unreadable:
        yield from wrapped("  ", visible(f"not known of the role: {reason}"), width, indent=4)


def _lacking(answer: Answer) -> str:
    doubt = f" (cannot tell: {answer.reason})" if answer.granted is Granted.UNKNOWN else ""
    return f"{answer.access.action} on {brief(answer.access.resource)}{doubt}"


def _too_much(surplus: Sequence[Surplus]) -> Iterator[str]:
    """Tell of statements; those of one managed policy together."""
    groups: dict[str, list[Surplus]] = {}
    for each in surplus:
        location = each.statement.location
        groups.setdefault(place(location) if location.span.file else each.policy.name, []).append(each)
    for where, found in groups.items():
        parts = []
        spare = sum(each.spare for each in found)
        if spare:
            named = sorted(dict.fromkeys(action for each in found for action in each.actions), key=_breadth)
            parts.append(
                f"{count(spare, 'action')} nothing needs ({_listed(_brief_names(named)) or 'by wildcards'})"
            )
        broad = list(dict.fromkeys(action for each in found for action in each.broad))
        if broad:
            parts.append(f"{_listed(_brief_names(broad))} on more than is needed")
        yield f"{where}: {'; '.join(parts)}"


def _brief_names(actions: Sequence[str]) -> list[str]:
    """Name the service of actions that follow each other once."""
    services = [each.partition(":")[0] for each in actions]
    return [
        each.partition(":")[2] if before == own and ":" in each else each
        for each, own, before in zip(actions, services, ["", *services], strict=False)
    ]


def _breadth(written: str) -> bool:
    """Order what stands for many actions first."""
    return "*" not in written


def brief(value: Known | Symbolic) -> str:
    """Write a resource without what is the same in all: the partition, and where the function is."""
    return _HEAD.sub("", shown(value))


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _change(before: Extent, after: Extent) -> str:
    """Say how far a role with the least policy reaches, and how that differs from today."""
    if (before.administrator, set(before.capabilities), before.entities) == (
        after.administrator,
        set(after.capabilities),
        after.entities,
    ):
        return f"{_extent(after)}, as today"
    gone = ["everything"] if before.administrator else _without(before.capabilities, after.capabilities)
    if before.entities > after.entities:
        gone.append(count(before.entities - after.entities, "other role"))
    fresh = [] if before.administrator else _without(after.capabilities, before.capabilities)
    parts = [f"no longer {_and(gone)}" if gone else "", f"new: {_and(fresh)}" if fresh else ""]
    return "; ".join(filter(None, (_extent(after), *parts)))


def _without(names: Sequence[str], known: Sequence[str]) -> list[str]:
    return sorted(set(names) - set(known))


def _extent(extent: Extent) -> str:
    can = ["everything"] if extent.administrator else sorted(extent.capabilities)
    others = [count(extent.entities, "other role")] if extent.entities else []
    return _and([*can, *others]) or "nothing"


def _and(items: Sequence[str]) -> str:
    if len(items) < 3:
        return " and ".join(items)
    return f"{', '.join(items[:-1])}, and {items[-1]}"
