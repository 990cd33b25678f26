"""A ledger kept in a file, with the names and hashes of the log files it has counted.

The file is an SQLite database. Everything that one run adds is added in one transaction, together with the memory of
what was read: an interrupted run leaves the ledger as it was, and a repeated one adds nothing.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lamward.errors import UsageError
from lamward.trail.gather import Memory, Read
from lamward.trail.ledger import (
    Attribution,
    Certainty,
    Generalised,
    Key,
    Ledger,
    Outcome,
    Principal,
    Resources,
    Stream,
    Tally,
)
from lamward.trail.reduce import EVERYTHING, Scope

VERSION: Final = 1
"""The version of the tables; a file of a newer one is refused."""

_MARK: Final = 0x4C57_544C  # "LWTL": SQLite's own place for what a database is for
_TABLES: Final = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
    sha256 BLOB PRIMARY KEY, name TEXT NOT NULL, records INTEGER NOT NULL, bad INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE stream (
    account TEXT NOT NULL, region TEXT NOT NULL, source TEXT NOT NULL, category TEXT NOT NULL,
    count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL
);
CREATE TABLE used (
    account TEXT NOT NULL, role TEXT NOT NULL, function TEXT NOT NULL, attribution TEXT NOT NULL,
    action TEXT NOT NULL, outcome TEXT NOT NULL, certainty TEXT NOT NULL, via TEXT NOT NULL,
    resource TEXT NOT NULL, container TEXT, count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL
);
"""
"""`container` is null for a resource by name; else `resource` is what those of the container begin with."""

_ANOTHER: Final = "name another file; a new one is made"


class Store:
    """An open ledger file, which nobody else can change meanwhile."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @property
    def scope(self) -> Scope:
        """What of the trail the ledger counts."""
        found = dict(self._connection.execute("SELECT name, value FROM setting"))
        since = found.get("since", "")
        return Scope(
            frozenset(found.get("accounts", "").split()),
            datetime.datetime.fromisoformat(since) if since else None,
        )

    def memory(self) -> Memory:
        """Tell which files were read."""
        rows = self._connection.execute("SELECT name, sha256 FROM file").fetchall()
        return Memory(frozenset(sha256 for _, sha256 in rows), dict(rows))

    def files(self) -> tuple[int, int, int]:
        """Count the files that were read, their records, and those of them that could not be read."""
        files, records, bad = self._connection.execute(
            "SELECT count(*), coalesce(sum(records), 0), coalesce(sum(bad), 0) FROM file"
        ).fetchone()
        return files, records, bad

    def each_file(self) -> list[Read]:
        """List the files that were read."""
        rows = self._connection.execute("SELECT name, sha256, records, bad FROM file ORDER BY name")
        return [Read(name, sha256, records, bad) for name, sha256, records, bad in rows]

    def load(self) -> Ledger:
        """Read the ledger."""
        try:
            return self._load()
        except (ValueError, TypeError):  # what no version of ours wrote
            raise UsageError(f"`{self._path}` is no ledger", _ANOTHER) from None

    def _load(self) -> Ledger:
        ledger = Ledger()
        for account, region, source, category, *tally in self._connection.execute("SELECT * FROM stream"):
            ledger.saw(Stream(account, region, source, category), _tally(*tally))
        exact: dict[Key, dict[str, Tally]] = {}
        general: dict[Key, dict[str, Generalised]] = {}
        for row in self._connection.execute("SELECT * FROM used"):
            key, resource, container, tally = _use(row)
            if container is None:
                exact.setdefault(key, {})[resource] = tally
            else:
                general.setdefault(key, {})[container] = Generalised(resource, tally)
        for key in exact.keys() | general.keys():
            ledger.uses[key] = Resources(exact.get(key, {}), general.get(key, {}))
        return ledger

    def save(self, ledger: Ledger, files: Iterable[Read]) -> None:
        """Replace the ledger, and remember files as read."""
        with self._connection:
            self._connection.execute("DELETE FROM stream")
            self._connection.execute("DELETE FROM used")
            self._connection.executemany(
                "INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?)", _stream_rows(ledger)
            )
            self._connection.executemany(
                "INSERT INTO used VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _use_rows(ledger)
            )
            self._connection.executemany(
                "INSERT INTO file (sha256, name, records, bad) VALUES (?, ?, ?, ?)",
                ((each.sha256, each.name, each.records, each.bad) for each in files),
            )


@contextmanager
def opened(path: Path, scope: Scope = EVERYTHING) -> Iterator[Store]:
    """Open a ledger to add to it, or make a new one; its scope is that of its making and stays the same."""
    with _connected(path, f"file:{_quoted(path)}?mode=rwc", "change") as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        store = Store(connection, path)
        if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            _create(connection, scope)
        _insist(connection, path)
        connection.commit()
        if store.scope != scope:
            raise UsageError(
                f"`{path}` counts {said(store.scope)}, not {said(scope)}",
                "what it left out cannot be added later: name the same accounts and day, or another ledger",
            )
        yield store


@contextmanager
def shown(path: Path) -> Iterator[Store]:
    """Open a ledger to read it."""
    if not path.is_file():
        raise UsageError(f"there is no ledger `{path}`", "`lamward trail read PATH --ledger FILE` makes one")
    with _connected(path, f"file:{_quoted(path)}?mode=ro", "read") as connection:
        _insist(connection, path)
        yield Store(connection, path)


def said(scope: Scope) -> str:
    """Say what a ledger counts."""
    whose = f"accounts {', '.join(sorted(scope.accounts))}" if scope.accounts else "all accounts"
    return f"{whose}, {f'since {scope.since:%Y-%m-%d}' if scope.since else 'all days'}"


@contextmanager
def _connected(path: Path, address: str, verb: str) -> Iterator[sqlite3.Connection]:
    connection = None
    try:
        connection = sqlite3.connect(address, uri=True, timeout=1)
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem):
            raise UsageError(f"`{path}` is in use", "wait until the other run is done") from None
        raise UsageError(f"cannot {verb} `{path}`: {problem}", "check the path and its permissions") from None
    except sqlite3.DatabaseError:
        raise UsageError(f"`{path}` is no ledger", _ANOTHER) from None
    finally:
        if connection is not None:
            connection.close()


def _create(connection: sqlite3.Connection, scope: Scope) -> None:
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_MARK}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    since = scope.since.isoformat() if scope.since else ""
    settings = [("accounts", " ".join(sorted(scope.accounts))), ("since", since)]
    connection.executemany("INSERT INTO setting VALUES (?, ?)", settings)


def _insist(connection: sqlite3.Connection, path: Path) -> None:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if mark != _MARK:
        raise UsageError(f"`{path}` is no ledger", _ANOTHER)
    if version != VERSION:
        raise UsageError(
            f"`{path}` is of version {version}, not {VERSION}", "update lamward, or make a new ledger"
        )


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path))


def _stream_rows(ledger: Ledger) -> Iterator[tuple[str | int, ...]]:
    for stream, tally in sorted(ledger.streams.items()):
        yield (stream.account, stream.region, stream.source, stream.category, *_written(tally))


def _use_rows(ledger: Ledger) -> Iterator[tuple[str | int | None, ...]]:
    for key, resources in sorted(ledger.uses.items()):
        who = key.principal
        start = (
            who.account,
            who.role,
            who.function,
            who.attribution.value,
            key.action,
            key.outcome.value,
            key.certainty.value,
            key.via,
        )
        for arn, tally in sorted(resources.exact.items()):
            yield (*start, arn, None, *_written(tally))
        for container, each in sorted(resources.general.items()):
            yield (*start, each.prefix, container, *_written(each.tally))


def _use(row: tuple[str, ...]) -> tuple[Key, str, str | None, Tally]:
    account, role, function, attribution, action, outcome, certainty, via, resource, container, *tally = row
    principal = Principal(account, role, function, Attribution(attribution))
    key = Key(principal, action, Outcome(outcome), Certainty(certainty), via)
    return key, resource, container, _tally(*tally)


def _written(tally: Tally) -> tuple[int, str, str]:
    return tally.count, tally.first.isoformat(), tally.last.isoformat()


def _tally(count: str, first: str, last: str) -> Tally:
    times = datetime.datetime.fromisoformat(first), datetime.datetime.fromisoformat(last)
    if None in (times[0].tzinfo, times[1].tzinfo):
        raise ValueError("a time without its zone")
    return Tally(int(count), *times)
