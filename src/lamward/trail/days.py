"""Which days the log files of a ledger are of, by their names: without a file of a day, silence says nothing.

Source: CloudTrail User Guide, "CloudTrail log file examples" (the names of log files), read in November 2026.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lamward.trail.account import HISTORY
from lamward.trail.ledger import Ledger, Place
from lamward.trail.reduce import EVERYTHING, Scope
from lamward.trail.store import shown

_DELIVERED: Final = re.compile(r"(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{8})T\d{4}Z_[^/\\]*$")
_LOOKED_UP: Final = re.compile(rf"{HISTORY}([a-z0-9-]+)/(\d{{4}}-\d{{2}}-\d{{2}})$")


def read(path: Path) -> Ledger:
    """Read a ledger from its file to ask it what was not used: with the days its log files are of."""
    with shown(path) as store:
        ledger = store.load()
        ledger.days = days_of((each.name for each in store.each_file()), store.scope)
    return ledger


def days_of(names: Iterable[str], scope: Scope = EVERYTHING) -> dict[Place, set[datetime.date]]:
    """Tell which days files are of, as far as the ledger counts these; a name that tells none adds none."""
    found: dict[Place, set[datetime.date]] = {}
    for name in names:
        told = _told(name)
        if told is not None and _counts(*told, scope):
            place, day = told
            found.setdefault(place, set()).add(day)
    return found


def _told(name: str) -> tuple[Place, datetime.date] | None:
    delivered, looked_up = _DELIVERED.search(name), _LOOKED_UP.match(name)
    try:
        if delivered:
            return Place(delivered[1], delivered[2]), datetime.date.fromisoformat(delivered[3])
        if looked_up:
            return Place("", looked_up[1]), datetime.date.fromisoformat(looked_up[2])
    except ValueError:  # no day of any calendar
        return None
    return None


def _counts(place: Place, day: datetime.date, scope: Scope) -> bool:
    if scope.since is not None and day < scope.since.date():
        return False
    return not scope.accounts or not place.account or place.account in scope.accounts
