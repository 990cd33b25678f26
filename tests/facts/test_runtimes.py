"""Runtimes grow old by their dates, on whatever day one looks."""

from __future__ import annotations

import datetime

import pytest

from lamward.facts import runtimes
from lamward.facts.runtimes import Lifecycle, Package, Phase

DAY = datetime.timedelta(days=1)
ZIPPED = Lifecycle(
    "made.up",
    deprecated=datetime.date(2030, 6, 30),
    create_blocked=datetime.date(2030, 7, 31),
    update_blocked=datetime.date(2030, 8, 31),
)


def known() -> list[Lifecycle]:
    found = [runtimes.lifecycle(identifier) for identifier in runtimes.identifiers()]
    return [each for each in found if each]


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (datetime.date(2030, 5, 30), Phase.SUPPORTED),
        (datetime.date(2030, 5, 31), Phase.NEAR_END),
        (datetime.date(2030, 6, 29), Phase.NEAR_END),
        (datetime.date(2030, 6, 30), Phase.DEPRECATED),
        (datetime.date(2030, 7, 31), Phase.CREATE_BLOCKED),
        (datetime.date(2030, 8, 30), Phase.CREATE_BLOCKED),
        (datetime.date(2030, 8, 31), Phase.UPDATE_BLOCKED),
        (datetime.date(2099, 1, 1), Phase.UPDATE_BLOCKED),
    ],
)
def test_each_phase_begins_on_its_day(today: datetime.date, phase: Phase) -> None:
    assert ZIPPED.phase(today, notice=30) is phase


def test_a_runtime_without_dates_is_supported() -> None:
    assert Lifecycle("made.up").phase(datetime.date(2099, 1, 1)) is Phase.SUPPORTED


@pytest.mark.parametrize("lifecycle", known(), ids=lambda lifecycle: str(lifecycle.identifier))
def test_a_known_runtime_only_ever_grows_older(lifecycle: Lifecycle) -> None:
    dates = (lifecycle.deprecated, lifecycle.create_blocked, lifecycle.update_blocked)
    announced = [date for date in dates if date]
    assert announced == sorted(announced)
    days = sorted(day for date in announced for day in (date - DAY, date, date + DAY))
    ages = [list(Phase).index(lifecycle.phase(day)) for day in days]
    assert ages == sorted(ages)


@pytest.mark.parametrize("lifecycle", known(), ids=lambda lifecycle: str(lifecycle.identifier))
def test_a_known_runtime_has_the_dates_its_package_can_have(lifecycle: Lifecycle) -> None:
    assert lifecycle.deprecated
    blocked = (lifecycle.create_blocked, lifecycle.update_blocked)
    assert all(blocked) if lifecycle.package is Package.ZIP else blocked == (None, None)


def test_the_oldest_and_the_newest_are_where_they_should_be_as_of_the_table() -> None:
    phases = {each.phase(runtimes.as_of()) for each in known()}
    assert phases == set(Phase)


def test_time_travel() -> None:
    first_of_all = min(each.deprecated for each in known() if each.deprecated)
    assert {each.phase(first_of_all - 365 * DAY) for each in known()} == {Phase.SUPPORTED}
    last_of_all = max(each.update_blocked for each in known() if each.update_blocked)
    assert {each.phase(last_of_all) for each in known() if each.package is Package.ZIP} == {
        Phase.UPDATE_BLOCKED
    }


@pytest.mark.parametrize("identifier", ["", "python", "Python3.12", "python3.99", "nodejs24", "python3.12 "])
def test_nothing_is_said_of_what_is_not_in_the_table(identifier: str) -> None:
    assert runtimes.lifecycle(identifier) is None
