"""`lamward trail show`: what functions used, and what the trail could not show."""

from __future__ import annotations

import datetime
import itertools
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lamward.cli import options, terminal
from lamward.cli.codes import ExitCode
from lamward.errors import UsageError

if TYPE_CHECKING:
    from lamward.trail.ledger import Ledger, Principal
    from lamward.trail.usage import Coverage, Usage

VERSION: Final = 1
"""The version of the JSON; raised when a key changes its meaning or goes away."""

_RESOURCES: Final = 5
"""The most resources of an action that text shows; JSON has all."""

_HOW: Final = {
    "function": "Lambda issued its credentials to it",
    "session": "told by the name of the session only",
    "role": "the role; which function it was is not told",
}


@click.command(
    "show", epilog="Exit codes: 0 shown, 2 usage, 3 the ledger has nothing of the function, 70 bug."
)
@click.option("--ledger", metavar="FILE", required=True, help="The ledger that `lamward trail read` made.")
@click.option("--function", metavar="NAME", help="Only this function, by name or ARN, and its role.")
@click.option("--all", "everything", is_flag=True, help="Roles too that no function was seen with.")
@click.option("--format", "format_name", metavar="FORMAT", default="text", help="text (default) or json.")
@options.color_option
def command(*, ledger: str, function: str | None, everything: bool, format_name: str, color: str) -> int:
    """Show what functions used, how often and when, what they were denied, and what the trail could not show."""
    from lamward.trail.store import shown
    from lamward.trail.usage import coverage

    options.one_of("--format", format_name, ("text", "json"))
    colour = options.coloured(color)
    with shown(Path(ledger)) as store:
        files, content = store.files(), store.load()
    chosen, hidden = _chosen(content, function, everything=everything or format_name == "json")
    covered = coverage(content)
    if format_name == "json":
        _show_json(content, chosen, covered, files)
    else:
        _show_text(content, chosen, covered, files, hidden=hidden, colour=colour)
    return ExitCode.CLEAN if chosen or function is None else ExitCode.NOTHING


def _chosen(ledger: Ledger, function: str | None, *, everything: bool) -> tuple[list[Principal], int]:
    """Choose the principals to show; also count the roles that are left out."""
    from lamward.trail.usage import is_function, principals

    known = principals(ledger)
    if function is not None:
        if not function:
            raise UsageError("`--function` is empty", "name a function, or leave it out for all")
        found = [each for each in known if is_function(each, function)]
    else:
        found = [each for each in known if each.function]
    roles = {each.role for each in found}
    found += [each for each in known if not each.function and each.role in roles]
    others = [each for each in known if not each.function and each.role not in roles]
    if function is not None:
        return found, 0
    return (found + others, 0) if everything else (found, len(others))


def _show_text(
    ledger: Ledger,
    chosen: Sequence[Principal],
    covered: Coverage | None,
    files: tuple[int, int, int],
    *,
    hidden: int,
    colour: bool,
) -> None:
    from lamward.report.layout import wrapped
    from lamward.report.summary import counted
    from lamward.trail.usage import usage_of

    lines = _covered(covered, files)
    for principal in chosen:
        lines += [
            "",
            *_heading(principal, colour=colour),
            *_actions(usage_of(ledger, principal), colour=colour),
        ]
    if not chosen:
        lines += ["", "no function was seen"]
    if hidden:
        lines += ["", f"{counted(hidden, 'role')} that no function was seen with: `--all` shows them"]
    lines.append("")
    width = max(60, terminal.width(sys.stdout))
    for sentence in _unseen(covered):
        lines += wrapped("", sentence, width, indent=2)
    terminal.show("\n".join(lines))


def _covered(covered: Coverage | None, files: tuple[int, int, int]) -> list[str]:
    from lamward.report.escape import visible
    from lamward.report.summary import counted

    if covered is None:
        return [f"{counted(files[0], 'file')}, no events"]
    bad = f", {counted(files[2], 'record')} could not be read" if files[2] else ""
    return [
        f"{_days(covered.first, covered.last)}: {covered.events:,} events of {counted(files[0], 'file')}{bad}",
        visible(f"accounts {_joined(covered.accounts)}; regions {_joined(covered.regions)}"),
    ]


def _days(first: datetime.datetime, last: datetime.datetime) -> str:
    days = (f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}")
    return " to ".join(dict.fromkeys(days))


def _heading(principal: Principal, *, colour: bool) -> list[str]:
    from lamward.report.escape import visible

    name = principal.function.rpartition(":")[2] or principal.role.rpartition("/")[2]
    who = principal.function or "no function is told"
    return [
        terminal.heading(visible(name), colour=colour) + f"  ({_HOW[principal.attribution]})",
        visible(f"  {who}, {principal.role}"),
    ]


def _actions(usages: Iterable[Usage], *, colour: bool) -> list[str]:
    from lamward.report.escape import visible
    from lamward.report.layout import painted

    lines: list[str] = []
    for action, group in itertools.groupby(usages, key=lambda each: each.action):
        rows = list(group)
        count, denied = sum(each.count for each in rows), sum(each.denied for each in rows)
        times = _days(min(each.first for each in rows), max(each.last for each in rows))
        refused = "  " + painted(f"denied {denied:,}", "high", colour=colour) if denied else ""
        lines.append(f"  {visible(action):<40} {count:>10,}  {times}{refused}{_remarks(rows)}")
        resources = sorted({each.resource for each in rows} - {"*"})
        lines += [f"      {visible(each)}" for each in resources[:_RESOURCES]]
        if len(resources) > _RESOURCES:
            lines.append(f"      and {len(resources) - _RESOURCES} more")
    return lines


def _remarks(rows: Sequence[Usage]) -> str:
    words = {
        "perhaps": "perhaps",
        "free": "needs no permission",
        "unmapped": "an event that no action is known for",
    }
    told = [words[each] for each in words if any(row.certainty == each for row in rows)]
    told += sorted({f"through {each.via}" for each in rows if each.via})
    if any(each.generalised for each in rows):
        told.append("resources generalised, there were many")
    return terminal.harmless(f"  ({'; '.join(told)})") if told else ""


def _unseen(covered: Coverage | None) -> list[str]:
    """Say what a use would not have shown of."""
    from lamward.trail import observable

    hidden = observable.blind(covered.data if covered else ())
    sentences = []
    if hidden:
        sentences.append(
            f"Not in this trail: data events of {_joined(hidden)}. Whether their objects, items and messages were used "
            "cannot be told."
        )
    sentences.append(f"Never in a trail: {_joined(observable.never())}.")
    return sentences


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words) or "not told"


def _show_json(
    ledger: Ledger, chosen: Sequence[Principal], covered: Coverage | None, files: tuple[int, int, int]
) -> None:
    from lamward.report.encode import encode
    from lamward.trail import observable
    from lamward.trail.usage import usage_of

    terminal.show(
        encode(
            {
                "version": VERSION,
                "coverage": None if covered is None else _coverage_record(covered),
                "files": files[0],
                "records": files[1],
                "records_not_read": files[2],
                "no_data_events_of": list(observable.blind(covered.data if covered else ())),
                "never_logged": list(observable.never()),
                "principals": [
                    {
                        **_principal_record(each),
                        "usage": [_usage_record(row) for row in usage_of(ledger, each)],
                    }
                    for each in chosen
                ],
            }
        )
    )


def _coverage_record(covered: Coverage) -> dict[str, Any]:
    return {
        "first": covered.first.isoformat(),
        "last": covered.last.isoformat(),
        "events": covered.events,
        "accounts": list(covered.accounts),
        "regions": list(covered.regions),
        "data_events_of": list(covered.data),
    }


def _principal_record(principal: Principal) -> dict[str, Any]:
    return {
        "account": principal.account,
        "role": principal.role,
        "function": principal.function or None,
        "attribution": principal.attribution.value,
    }


def _usage_record(usage: Usage) -> dict[str, Any]:
    from lamward.trail.observable import observable

    return {
        "action": usage.action,
        "resource": usage.resource,
        "certainty": usage.certainty.value,
        "generalised": usage.generalised,
        "via": usage.via or None,
        "count": usage.count,
        "denied": usage.denied,
        "first": usage.first.isoformat(),
        "last": usage.last.isoformat(),
        "visibility": observable(usage.action).visibility.value,
    }
