"""Which days log files are of, by their names: CloudTrail's own, and days of the event history."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from lamward.trail import days, store
from lamward.trail.account import HistoryDay
from lamward.trail.gather import Read
from lamward.trail.ledger import Ledger, Place, merge
from lamward.trail.reduce import Scope
from tests.trail.made import ACCOUNT, REGION

HERE = Place(ACCOUNT, REGION)
FIRST, SECOND = datetime.date(2026, 10, 1), datetime.date(2026, 10, 2)
DELIVERED = f"{ACCOUNT}_CloudTrail_{REGION}_20261001T2355Z_aBcD1234.json.gz"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (f"logs/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/10/01/{DELIVERED}", {HERE: {FIRST}}),
        (f"s3://trail/AWSLogs/o-1/{ACCOUNT}/CloudTrail/{DELIVERED}", {HERE: {FIRST}}),
        (HistoryDay(REGION, SECOND).name, {Place("", REGION): {SECOND}}),
        ("events.json", {}),
        (DELIVERED.replace("20261001", "20261301"), {}),
        (f"{DELIVERED}/notes.txt", {}),
        (DELIVERED.replace("CloudTrail", "CloudTrail-Digest"), {}),
    ],
)
def test_a_name_tells_account_region_and_day_or_nothing(
    name: str, found: dict[Place, set[datetime.date]]
) -> None:
    assert days.days_of([name]) == found


def test_what_a_ledger_does_not_count_is_not_read() -> None:
    names = [DELIVERED, DELIVERED.replace("20261001", "20261002")]
    midnight = datetime.datetime(2026, 10, 2, tzinfo=datetime.UTC)
    assert days.days_of(names, Scope(since=midnight)) == {HERE: {SECOND}}
    assert days.days_of(names, Scope(accounts=frozenset({"999999999999"}))) == {}


def test_a_ledger_is_read_with_its_days(tmp_path: Path) -> None:
    with store.opened(tmp_path / "l") as opened:
        opened.save(Ledger(), [Read(DELIVERED, b"1"), Read("other.json", b"2")])
    assert days.read(tmp_path / "l").days == {HERE: {FIRST}}


def test_ledgers_that_are_merged_know_the_days_of_both() -> None:
    one, other = Ledger(days={HERE: {FIRST}}), Ledger(days={HERE: {SECOND}})
    assert merge([one, other]).days == merge([other, one]).days == {HERE: {FIRST, SECOND}}
    assert one.days == {HERE: {FIRST}}
