"""`lamward trail read`: add log files to a ledger."""

from __future__ import annotations

import datetime
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lamward.cli import terminal
from lamward.cli.codes import ExitCode
from lamward.errors import NothingToAudit, UsageError

if TYPE_CHECKING:
    from lamward.trail.files import Item, Unread
    from lamward.trail.gather import Batch, Read
    from lamward.trail.reduce import Scope
    from lamward.trail.store import Store

_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)
_AT_ONCE: Final = 2000
"""After so many files what was read is written down: an interrupted run loses no more."""

_NAMED: Final = 20
"""The most files that are named when they could not be read; the rest is counted."""

MOST_JOBS: Final = 64

ledger_option = click.option(
    "--ledger", "ledger", metavar="FILE", required=True, help="The ledger; it is made if it does not exist."
)


@click.command(
    "read",
    epilog="Exit codes: 0 all was read, 2 usage, 3 nothing to read, 4 something could not be read, 70 bug.",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@ledger_option
@click.option(
    "--account", "accounts", metavar="ID", multiple=True, help="Count only this account. Repeatable."
)
@click.option("--since", metavar="DATE", help="Count only events from this day on: 2026-09-01.")
@click.option("--jobs", metavar="N", type=int, help="Processes to read with. Default: one a processor.")
@click.option("--allow-partial", is_flag=True, help="Exit with 0 even if something could not be read.")
def command(
    paths: tuple[str, ...],
    ledger: str,
    accounts: tuple[str, ...],
    since: str | None,
    jobs: int | None,
    *,
    allow_partial: bool,
) -> int:
    """Add log files to a ledger of what was used.

    PATH is a file or folder of CloudTrail's log files, packed or not, `s3://BUCKET/PREFIX`, or `event-history:REGION`
    for the last 90 days (these two need the extra `aws`). Files that the ledger has counted are left out.
    """
    from lamward.trail.store import opened

    scope = _scope(accounts, since)
    items, unread = _items(paths, scope)
    if not items and not unread:
        raise NothingToAudit("no log files were found", "name files or folders with .json or .json.gz files")
    with opened(Path(ledger), scope) as store:
        tally = _Tally(unread)
        _read(store, items, scope, _jobs(jobs), tally)
        tally.tell()
    return ExitCode.CLEAN if tally.complete or allow_partial else ExitCode.INCOMPLETE


class _Tally:
    """What became of the files."""

    def __init__(self, unread: Sequence[Unread]) -> None:
        self.read = self.before = self.records = self.bad = 0
        self.unread = list(unread)
        self.spoilt: list[tuple[str, int]] = []

    @property
    def complete(self) -> bool:
        """Whether all was read."""
        return not self.unread and not self.bad

    def add(self, batch: Batch) -> None:
        """Count files."""
        self.unread += batch.unread
        self.before += len(batch.before)
        for each in batch.read:
            self.read += 1
            self.records += each.records
            self.bad += each.bad
            if each.bad:
                self.spoilt.append((each.name, each.bad))

    def tell(self) -> None:
        """Say it: the result on stdout, what is missing on stderr."""
        for each in self.unread[:_NAMED]:
            terminal.complain(f"{each.name}: {each.reason}")
        for name, bad in self.spoilt[:_NAMED]:
            terminal.complain(f"{name}: {_counted(bad, 'record')} could not be read")
        more = len(self.unread[_NAMED:]) + len(self.spoilt[_NAMED:])
        if more:
            terminal.note(f"and {_counted(more, 'more file')}")
        before = f", {_counted(self.before, 'file')} counted before" if self.before else ""
        missing = f", {_counted(len(self.unread), 'file')} not read" if self.unread else ""
        terminal.show(
            f"read {_counted(self.records, 'record')} of {_counted(self.read, 'file')}{before}{missing}"
        )


def _read(store: Store, items: Sequence[Item], scope: Scope, jobs: int, tally: _Tally) -> None:
    """Read the files, writing down now and then what they held."""
    from lamward.trail.account import HistoryDay
    from lamward.trail.gather import gather

    memory = store.memory()
    ledger = store.load()
    # Looking up a day takes minutes; what is in a file is known only when it is read.
    known = [each for each in items if isinstance(each, HistoryDay) and each.name in memory.names]
    tally.before += len(known)
    left = [each for each in items if each not in known] if known else items
    files: list[Read] = []
    for batch in _watched(gather(left, scope=scope, memory=memory, jobs=jobs), len(left)):
        tally.add(batch)
        ledger.absorb(batch.ledger)
        files += batch.read
        if len(files) >= _AT_ONCE:
            store.save(ledger, files)
            files = []
    if files:
        store.save(ledger, files)


def _watched(batches: Iterator[Batch], total: int) -> Iterator[Batch]:
    """Show how far it is, where somebody watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from batches
        return
    done = 0
    for batch in batches:
        done += len(batch)
        sys.stderr.write(f"\r{done} of {total} files")
        yield batch
    sys.stderr.write("\r\x1b[K")


def _items(paths: Sequence[str], scope: Scope) -> tuple[list[Item], list[Unread]]:
    from lamward.trail import account, files

    items: list[Item] = []
    unread: list[Unread] = []
    for path in paths:
        if account.is_address(path):
            items += account.find(path, scope.since, datetime.datetime.now(tz=datetime.UTC))
            continue
        if not path or not Path(path).exists():
            raise UsageError(f"`{path}` does not exist", "name a log file or a folder with log files")
        found, refused = files.find(Path(path), scope.since)
        items += found
        unread += refused
    return list(dict.fromkeys(items)), unread


def _scope(accounts: Sequence[str], since: str | None) -> Scope:
    from lamward.audit.convert import as_date
    from lamward.trail.reduce import Scope

    for account in accounts:
        if not _ACCOUNT.fullmatch(account):
            raise UsageError(f"`--account` is not an account: `{account}`", "write its 12 digits")
    if since is None:
        return Scope(frozenset(accounts))
    day = as_date(since)
    if day is None:
        raise UsageError(f"`--since` is not a date: `{since}`", "write year, month and day: 2026-09-01")
    return Scope(frozenset(accounts), datetime.datetime.combine(day, datetime.time(), datetime.UTC))


def _jobs(given: int | None) -> int:
    if given is None:
        return min(MOST_JOBS, os.cpu_count() or 1)
    if not 1 <= given <= MOST_JOBS:
        raise UsageError(f"`--jobs` must be from 1 to {MOST_JOBS}, not `{given}`")
    return given


def _counted(number: int, noun: str) -> str:
    from lamward.report.summary import counted

    return counted(number, noun)
