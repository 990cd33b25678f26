"""Least-privilege roles in words: a table of functions, then each with its policy, evidence and what is too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lamward.code.analysis import Unresolved
from lamward.facts.needs.compare import Answer, Comparison, Granted, Surplus
from lamward.facts.needs.least import Extent, Least
from lamward.iam.minimise import Allow
from lamward.model.evidence import Call, Declared, Event, Evidence, Platform
from lamward.model.location import Location
from lamward.model.value import Known, Symbolic
from lamward.report.escape import visible
from lamward.report.layout import columns, painted, wrapped

SHOWN: Final = 6
"""How many actions a line lists before it only counts."""


def text(found: Sequence[Least], *, colour: bool, width: int) -> str:
    """Tell of functions; the table comes first where there are several."""
    lines = list(_table(found)) if len(found) > 1 else []
    for each in found:
        lines += (
            ["", *_function(each, colour=colour, width=width)]
            if lines
            else _function(each, colour=colour, width=width)
        )
    return "\n".join(lines) + "\n"


def explained(found: Sequence[Least], action: str) -> str:
    """Tell why functions need an action, and where that is granted today."""
    lines: list[str] = []
    for each in found:
        for access in (*each.needs.accesses, *each.needs.advice):
            if access.action.lower() == action.lower():
                lines.append(
                    f"{_name(each)} needs {access.action} on {shown(access.resource)} ({access.tier})"
                )
                lines += [f"  {visible(line)}" for line in map(evidence, access.evidence)]
                lines += [f"  not known: {visible(reason)}" for reason in access.unknowns]
    return (
        "\n".join(lines or [f"no function needs `{visible(action)}`, as far as its code and settings tell"])
        + "\n"
    )


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
        "all" if least.needs.complete else least.needs.code.missing or "in part",
    )


def _reaches(before: Extent | None, after: Extent | None) -> str:
    if before is None or after is None:
        return "-"
    return f"{_count(before)} → {_count(after)}"


def _count(extent: Extent) -> str:
    return "everything" if extent.administrator else str(len(extent.capabilities))


def _function(least: Least, *, colour: bool, width: int) -> list[str]:
    lines = [painted(_name(least), "strong", colour=colour)]
    lines += _known(least, width)
    if least.statements:
        lines += ["", "  least policy", *_policy(least, width)]
    lines += [
        f"  {_verdict(proof.holds)} {proof.claim}{f': {visible(proof.reason)}' if proof.reason else ''}"
        for proof in least.proofs
    ]
    if least.comparison is not None:
        lines += _compared(least.comparison, width)
    if least.before and least.after:
        lines += [
            "",
            *_extent("reach today", least.before, width),
            *_extent("reach with it", least.after, width),
        ]
    return lines


def _known(least: Least, width: int) -> Iterator[str]:
    code = least.needs.code
    if code.missing:
        yield from wrapped(
            "  ", f"{visible(code.missing)}: only what Lambda itself needs is known", width, indent=4
        )
        return
    for each in code.unresolved:
        yield from wrapped("  ", _open(each), width, indent=4)
    for failure in code.analysis.failures if code.analysis else ():
        yield from wrapped("  ", visible(f"{place(failure.location)} {failure.message}"), width, indent=4)


def _open(each: Unresolved) -> str:
    return visible(f"not resolved: {place(each.location)} {each.reason}")


def _policy(least: Least, width: int) -> Iterator[str]:
    for allow in least.statements:
        yield from wrapped("    ", visible(", ".join(allow.actions)), width, indent=6)
        for resource in allow.resources:
            yield from wrapped("      on ", visible(shown(resource)), width, indent=9)
        for operator, key, value in allow.conditions:
            yield from wrapped("      if ", visible(f"{key} {operator} {shown(value)}"), width, indent=9)
        for line in dict.fromkeys(_reasons(least, allow)):
            yield from wrapped("        ", visible(line), width, indent=10)


def _reasons(least: Least, allow: Allow) -> Iterator[str]:
    for access in least.needs.accesses:
        if access.action in allow.actions and access.resource in allow.resources:
            yield from map(evidence, access.evidence)
            yield from (f"not known: {reason}" for reason in access.unknowns)


def evidence(each: Evidence) -> str:
    """Say in a line why something is needed."""
    match each:
        case Call(location=location, service=service, operation=operation):
            return f"{place(location)} {service}:{operation}"
        case Platform(feature=feature, location=location):
            return f"{place(location)} {feature}"
        case Event(count=count, first=first, last=last):
            return f"used {count} times, {first} to {last}"
        case Declared(location=location, reason=reason):
            return f"{place(location)} declared: {reason}"


def place(location: Location) -> str:
    """Write a place as `file:line`."""
    return f"{location.span.file}:{location.span.line}"


def shown(value: Known | Symbolic) -> str:
    """Write a text with its references."""
    return str(value.value) if isinstance(value, Known) else str(value)


def _verdict(holds: bool | None) -> str:  # noqa: FBT001 - one of three answers
    return {True: "proved:", False: "not so:", None: "cannot tell whether"}[holds]


def _compared(comparison: Comparison, width: int) -> Iterator[str]:
    missing = [each for each in comparison.answers if each.granted is not Granted.YES]
    if missing:
        yield ""
        yield "  not granted today"
        for each in missing:
            yield from wrapped("    ", visible(_lacking(each)), width, indent=6)
    if comparison.surplus:
        yield ""
        yield "  more than is needed"
        for surplus in comparison.surplus:
            yield from wrapped("    ", visible(_too_much(surplus)), width, indent=6)
    for reason in comparison.unreadable:
        yield from wrapped("  ", visible(f"not known of the role: {reason}"), width, indent=4)


def _lacking(answer: Answer) -> str:
    access = answer.access
    doubt = f" (cannot tell: {answer.reason})" if answer.granted is Granted.UNKNOWN else ""
    return f"{access.action} on {shown(access.resource)}{doubt}; {evidence(access.evidence[0])}"


def _too_much(surplus: Surplus) -> str:
    where = place(surplus.statement.location) if surplus.statement.location.span.file else surplus.policy.name
    parts = []
    if surplus.spare:
        named = _listed(surplus.actions) if surplus.actions else "its wildcards"
        parts.append(f"{surplus.spare} actions nothing needs ({named})")
    if surplus.broad:
        parts.append(f"{_listed(surplus.broad)} on more than is needed")
    return f"{where}: {'; '.join(parts)}"


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _extent(title: str, extent: Extent, width: int) -> list[str]:
    can = (
        "everything" if extent.administrator else ", ".join(extent.capabilities) or "nothing of the catalogue"
    )
    more = f"; can become {extent.entities} others" if extent.entities else ""
    return wrapped("  ", f"{title}: {can}{more}", width, indent=4)
