"""From records to a ledger: pure, so that many files are read at once, anywhere, and merged.

Most records of a file repeat each other, so the costly questions (who is this, what did the call need) are asked once
for each different answer; the loop only looks up and counts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from lamward.trail import mapping
from lamward.trail.ledger import Key, Ledger, Outcome, Stream, Tally, collected, total
from lamward.trail.mapping import Call
from lamward.trail.observe import Observer, Seen, Who
from lamward.trail.record import Record

_FIRST_YEAR: Final = 2013
_LAST_YEAR: Final = 2100
"""CloudTrail is no older, and what claims to come from the far future would keep everything used for ever."""

_AT_ONCE: Final = 100_000
"""Above this many different observations they are added up, to stay within bounds."""

_DENIED: Final = (
    "accessdenied",
    "unauthorizedoperation",
    "unauthorizedaccess",
    "authorizationerror",
    "notauthorized",
    "vpceaccessdenied",
    "forbidden",
)
_UNAUTHENTICATED: Final = (
    "expiredtoken",
    "invalidclienttokenid",
    "unrecognizedclient",
    "signaturedoesnotmatch",
    "invalidaccesskeyid",
    "incompletesignature",
    "missingauthenticationtoken",
    "authfailure",
)


class Scope(Struct, frozen=True):
    """What of a trail counts: these accounts (all if none is named), from this time on."""

    accounts: frozenset[str] = frozenset()
    since: datetime.datetime | None = None


EVERYTHING: Final = Scope()


class Reducer:
    """Takes in the records of one file after the other, and gives the ledger of all."""

    def __init__(self, scope: Scope = EVERYTHING) -> None:
        self._scope = scope
        self._observe = Observer()
        self._counted: dict[Seen, list[Any]] = {}
        self._ledger = Ledger()

    def add(self, parts: Iterable[Sequence[Record]]) -> tuple[int, int]:
        """Count the records of a file: all of them or, where `parts` raises something, none.

        Returns how many there were, and how many of them make no sense.
        """
        counted: dict[Seen, list[Any]] = {}
        records = bad = 0
        for part in parts:
            records += len(part)
            bad += self._count(counted, part)
        if self._counted:
            _join(self._counted, counted)
        else:
            self._counted = counted
        if len(self._counted) > _AT_ONCE:
            self.ledger()
        return records, bad

    def _count(self, counted: dict[Seen, list[Any]], records: Iterable[Record]) -> int:
        observe = self._observe.see
        bad = 0
        if self._scope != EVERYTHING:
            records = (each for each in records if _counts(each, self._scope))
        for record in records:
            try:
                seen = observe(record)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                bad += 1
                continue
            time = record.event_time
            if not _FIRST_YEAR <= time.year < _LAST_YEAR or not seen[0].sane:
                bad += 1
                continue
            known = counted.get(seen)
            if known is None:
                counted[seen] = [1, time, time]
                continue
            known[0] += 1
            if time < known[1]:
                known[1] = time
            elif time > known[2]:
                known[2] = time
        return bad

    def ledger(self) -> Ledger:
        """Give the ledger of all that was added."""
        self._ledger.absorb(_ledger(self._counted))
        self._counted.clear()
        return self._ledger


def _join(counted: dict[Seen, list[Any]], more: dict[Seen, list[Any]]) -> None:
    for seen, (count, first, last) in more.items():
        known = counted.get(seen)
        if known is None:
            counted[seen] = [count, first, last]
        else:
            known[:] = known[0] + count, min(known[1], first), max(known[2], last)


def reduce(records: Iterable[Record], scope: Scope = EVERYTHING) -> tuple[Ledger, int]:
    """Make a ledger of records; also tell how many of them make no sense."""
    reducer = Reducer(scope)
    _, bad = reducer.add([list(records)])
    return reducer.ledger(), bad


def _counts(record: Record, scope: Scope) -> bool:
    if scope.since is not None and record.event_time < scope.since:
        return False
    return not scope.accounts or record.recipient_account_id in scope.accounts


def _ledger(counted: Mapping[Seen, list[Any]]) -> Ledger:
    """Ask of each different observation what it used, and add up."""
    tallies: dict[Key, list[tuple[str, Tally]]] = {}
    streams: dict[Stream, list[Tally]] = {}
    for seen, (count, first, last) in counted.items():
        kind, who = seen[0], seen[1]
        tally = Tally(count, _utc(first), _utc(last))
        streams.setdefault(kind.stream, []).append(tally)
        if who is not None:
            for key, resource in _uses(seen, who):
                tallies.setdefault(key, []).append((resource, tally))
    ledger = Ledger({key: collected(found) for key, found in tallies.items()})
    for stream, several in streams.items():
        ledger.saw(stream, total(several))
    return ledger


def _utc(time: datetime.datetime) -> datetime.datetime:
    return time if time.tzinfo is datetime.UTC else time.astimezone(datetime.UTC)


def _uses(seen: Seen, who: Who) -> list[tuple[Key, str]]:
    kind, _, members, resources, code, message = seen
    failure = _plain(code) if code else ""
    if failure.startswith(_UNAUTHENTICATED):
        return []
    stream = kind.stream
    parameters = kind.pick.parameters(members) if kind.pick else ()
    call = Call(
        kind.what, stream.region, stream.account or who.principal.account, parameters, resources, message
    )
    outcome = Outcome.DENIED if failure.startswith(_DENIED) else Outcome.USED
    found = mapping.used(call) if outcome is Outcome.USED else mapping.denied(call)
    return [
        (Key(who.principal, each.action, outcome, each.certainty, who.via), each.resource) for each in found
    ]


def _plain(code: str) -> str:
    """Compare codes as they are meant: services write `Client.`, `KMS.` and `Exception` around them."""
    return code.rpartition(".")[2].lower()
