"""What a ledger shows in a case file, line by line.

    # logged: 2026-08-01 to 2026-11-20               log files of each of these days
    # used: orders ssm:GetParameter 2026-08-03       a function used an action on a day
    # used: orders s3:GetObject on ARN 2026-08-03 to 2026-11-20   … on a resource, first and last on these days
    # used: role/batch ssm:GetParameter 2026-08-03   a role did, no function is told
    # denied: orders ssm:PutParameter 2026-08-03     a function tried to

`in REGION` at the end of any says that it was in another region than the usual one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lamward.trail import store
from lamward.trail.gather import Read
from lamward.trail.ledger import Attribution, Key, Ledger, Outcome, Principal, Stream, Tally
from lamward.trail.observable import Visibility, observable
from tests.trail.made import ACCOUNT, REGION

_DAYS: Final = r"(?P<first>\d{4}-\d\d-\d\d)(?: to (?P<last>\d{4}-\d\d-\d\d))?(?: in (?P<region>[\w-]+))?"
_LOGGED: Final = re.compile(_DAYS)
_USED: Final = re.compile(rf"(?P<who>\S+) (?P<action>\S+:\S+)(?: on (?P<on>\S+))? {_DAYS}")


def written(lines: Iterable[tuple[str, str]], folder: Path) -> Path | None:
    """Write the ledger of a case into a folder; None for a case without one."""
    told = list(lines)
    if not told:
        return None
    ledger, read = Ledger(), list[Read]()
    for kind, line in told:
        if kind == "logged":
            read += _logged(ledger, line)
        else:
            _used(ledger, line, Outcome.USED if kind == "used" else Outcome.DENIED)
    path = folder / "trail.ledger"
    path.unlink(missing_ok=True)
    with store.opened(path) as opened:
        opened.save(ledger, read)
    return path


def _logged(ledger: Ledger, line: str) -> list[Read]:
    found = _LOGGED.fullmatch(line)
    assert found, f"this cannot be read: logged: {line}"
    tally, region = _tally(found), found["region"] or REGION
    ledger.saw(Stream(ACCOUNT, region, "sts", "Management"), tally)
    days = [
        tally.first.date() + datetime.timedelta(days=number)
        for number in range((tally.last - tally.first).days + 1)
    ]
    names = [f"{ACCOUNT}_CloudTrail_{region}_{day:%Y%m%d}T0005Z_aB3.json.gz" for day in days]
    return [Read(name, name.encode(), 1) for name in names]


def _used(ledger: Ledger, line: str, outcome: Outcome) -> None:
    found = _USED.fullmatch(line)
    assert found, f"this cannot be read: used: {line}"
    who, action, region, tally = found["who"], found["action"], found["region"] or REGION, _tally(found)
    if who.startswith("role/"):
        principal = Principal(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:{who}", "", Attribution.ROLE)
    else:
        function = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{who}"
        principal = Principal(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/{who}", function, Attribution.FUNCTION)
    ledger.add(Key(principal, action, outcome), found["on"] or "", tally)
    category = "Data" if observable(action).visibility is Visibility.DATA else "Management"
    ledger.saw(Stream(ACCOUNT, region, action.partition(":")[0], category), tally)


def _tally(found: re.Match[str]) -> Tally:
    first, last = (datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00") for day in _days(found))
    return Tally(1 if first == last else 2, first, last)


def _days(found: re.Match[str]) -> tuple[str, str]:
    return found["first"], found["last"] or found["first"]
