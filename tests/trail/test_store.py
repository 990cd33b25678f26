"""Ledgers in files, and reading that adds nothing twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from lamward.errors import UsageError
from lamward.trail import files, store
from lamward.trail.gather import Batch, Read, gather
from lamward.trail.ledger import Ledger, merge
from lamward.trail.reduce import EVERYTHING, Scope
from tests.trail.made import event, text, write
from tests.trail.test_ledger import ledgers


@given(ledgers())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, ledger: Ledger) -> None:
    path = tmp_path_factory.mktemp("ledger") / "l"
    with store.opened(path) as opened:
        opened.save(ledger, [Read("a", b"1", 5, 2)])
    with store.shown(path) as shown:
        assert shown.load() == ledger
        assert shown.files() == (1, 5, 2)
        assert shown.memory().names == {"a": b"1"}


def read(path: Path, folder: Path, *, jobs: int = 1, scope: Scope = EVERYTHING) -> list[Batch]:
    with store.opened(path, scope) as opened:
        batches = list(gather(files.find(folder)[0], scope=scope, memory=opened.memory(), jobs=jobs))
        found = [each for batch in batches for each in batch.read]
        opened.save(merge([opened.load(), *(batch.ledger for batch in batches)]), found)
        return batches


def loaded(path: Path) -> Ledger:
    with store.shown(path) as shown:
        return shown.load()


def told(batches: list[Batch]) -> tuple[list[str], list[str], list[str]]:
    """Name the files that were read, read before, and not read."""
    return (
        sorted(Path(each.name).name for batch in batches for each in batch.read),
        sorted(Path(name).name for batch in batches for name in batch.before),
        sorted(Path(each.name).name for batch in batches for each in batch.unread),
    )


def test_reading_again_adds_nothing(tmp_path: Path) -> None:
    folder, ledger = tmp_path / "logs", tmp_path / "l"
    write(folder / "a.json.gz", event())
    write(folder / "b.json", event("s3", "ListBuckets"))
    assert told(read(ledger, folder)) == (["a.json.gz", "b.json"], [], [])
    once = loaded(ledger)
    assert told(read(ledger, folder)) == ([], ["a.json.gz", "b.json"], [])
    assert loaded(ledger) == once
    write(folder / "c.json", event("sts", "AssumeRole"))
    assert told(read(ledger, folder)) == (["c.json"], ["a.json.gz", "b.json"], [])


def test_a_copy_counts_once(tmp_path: Path) -> None:
    for name in ("a.json", "copy.json"):
        write(tmp_path / "logs" / name, event())
    assert told(read(tmp_path / "l", tmp_path / "logs")) == (["a.json"], ["copy.json"], [])
    (tmp_path / "logs/a.json").rename(tmp_path / "logs/moved.json")
    assert told(read(tmp_path / "l", tmp_path / "logs")) == ([], ["copy.json", "moved.json"], [])


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_copy_in_another_batch_counts_once(tmp_path: Path, jobs: int) -> None:
    several = [event(time=f"2026-10-{number + 1:02}T00:00:00Z") for number in range(20)]
    for number, each in enumerate(several):
        write(tmp_path / "logs" / f"{number:02}.json", each)
        write(tmp_path / "once" / f"{number:02}.json", each)
    write(tmp_path / "logs/z-copy.json", several[0])
    write(tmp_path / "logs/z-new.json", several[0], several[1])
    write(tmp_path / "once/z-new.json", several[0], several[1])
    found, before, unread = told(read(tmp_path / "l", tmp_path / "logs", jobs=jobs))
    assert (len(found), before, unread) == (21, ["z-copy.json"], [])
    read(tmp_path / "other", tmp_path / "once")
    assert loaded(tmp_path / "l") == loaded(tmp_path / "other")


def test_a_file_that_changed_is_told_and_not_counted_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "logs" / "a.json", event())
    read(tmp_path / "l", tmp_path / "logs")
    path.write_bytes(text(event(), event()))
    (batch,) = read(tmp_path / "l", tmp_path / "logs")
    (unread,) = batch.unread
    assert "changed" in unread.reason
    assert batch.ledger == Ledger()


def test_several_processes_come_to_the_same(tmp_path: Path) -> None:
    for number in range(12):
        write(
            tmp_path / "logs" / f"{number}.json.gz",
            *[event(time=f"2026-10-{number + 1:02}T00:00:00Z")] * number,
        )
    (tmp_path / "logs/broken.json").write_bytes(b"{")
    one, two = read(tmp_path / "one", tmp_path / "logs"), read(tmp_path / "two", tmp_path / "logs", jobs=2)
    assert one == two
    assert told(one)[2] == ["broken.json"]
    assert loaded(tmp_path / "one") == loaded(tmp_path / "two")


def test_a_ledger_keeps_its_scope(tmp_path: Path) -> None:
    scope = Scope(frozenset({"111122223333"}))
    with store.opened(tmp_path / "l", scope):
        pass
    with (
        pytest.raises(UsageError, match="counts accounts 111122223333, all days, not all accounts"),
        store.opened(tmp_path / "l"),
    ):
        pass
    with store.shown(tmp_path / "l") as shown:
        assert shown.scope == scope


def test_two_runs_do_not_change_one_ledger(tmp_path: Path) -> None:
    with store.opened(tmp_path / "l") as one:
        one.save(Ledger(), [])
        with pytest.raises(UsageError, match="in use"), store.opened(tmp_path / "l"):
            pass


def test_an_interrupted_run_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "logs/a.json", event())
    read(tmp_path / "l", tmp_path / "logs")
    before = loaded(tmp_path / "l")
    twice = Read("b", b"1")
    with pytest.raises(UsageError), store.opened(tmp_path / "l") as opened:
        opened.save(Ledger(), [twice, twice])  # the second breaks the transaction
    assert loaded(tmp_path / "l") == before


def _other(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()


def _newer(path: Path) -> None:
    with store.opened(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()


def _nonsense(path: Path) -> None:
    with store.opened(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO stream VALUES ('1', 'r', 's', 'c', 1, 'x', 'y')")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.write_text("no database, and long enough to be none" * 9), "no ledger"),
        (_other, "no ledger"),
        (_newer, "of version 9"),
        (_nonsense, "no ledger"),
        (lambda _: None, "no ledger"),
    ],
)
def test_what_is_no_ledger_is_refused(tmp_path: Path, spoil: Callable[[Path], Any], reason: str) -> None:
    path = tmp_path / "l"
    spoil(path)
    with pytest.raises(UsageError, match=reason), store.shown(path) as shown:
        shown.load()
