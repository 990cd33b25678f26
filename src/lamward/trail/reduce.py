"""From records to a ledger: pure, so that many files are read at once, anywhere, and merged.

Most records of a file repeat each other, so the costly questions (who is this, what did the call need) are asked once
for each different answer; the loop only looks up and counts.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from lamward.trail import mapping
from lamward.trail.ledger import Certainty, Key, Ledger, Outcome, Tally, collected, total
from lamward.trail.mapping import Call
from lamward.trail.observe import Agents, Callers, Kind, Kinds, Seen, Who
from lamward.trail.record import Record

_BEGIN: Final = datetime.datetime(2013, 1, 1, tzinfo=datetime.UTC)
_END: Final = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
"""CloudTrail is no older, and what claims to come from the far future would keep everything used for ever."""

_AT_ONCE: Final = 100_000
"""Above this many records they are added up, to stay within bounds."""

_SENSELESS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
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

_Times = list[datetime.datetime]


class Reducer:
    """Takes in the records of one file after the other, and gives the ledger of all."""

    def __init__(self, scope: Scope = EVERYTHING) -> None:
        self._scope = scope
        self._kinds = Kinds()
        self._callers = Callers()
        self._agents = Agents()
        self._times: dict[Seen, _Times] = defaultdict(list)
        self._held = 0
        self._ledger = Ledger()

    def add(self, parts: Iterable[Sequence[Record]]) -> tuple[int, int]:
        """Count the records of a file: all of them or, where `parts` raises something, none.

        Returns how many there were, and how many of them make no sense.
        """
        added: list[_Times] = []
        records = bad = 0
        try:
            for part in parts:
                records += len(part)
                bad += self._sort(part, added)
        except BaseException:
            for times in added:
                times.pop()
            raise
        self._held += len(added)
        if self._held > _AT_ONCE:
            self.ledger()
        return records, bad

    def _sort(self, records: Iterable[Record], added: list[_Times]) -> int:
        """Put the time of each record to its observation; return how many records make no sense."""
        kinds, callers, agents, times = self._kinds, self._callers, self._agents, self._times
        if self._scope != EVERYTHING:
            records = [each for each in records if _counts(each, self._scope)]
        bad = 0
        for record in records:
            kind = kinds[
                record.event_name,
                record.event_source,
                record.aws_region,
                record.recipient_account_id,
                record.event_category,
                record.management_event,
            ]
            who, in_lambda = callers[record.user_identity]
            time = record.event_time
            if not (_BEGIN <= time < _END and kind.sane):
                bad += 1
                continue
            seen: Seen = kind
            if who is not None and kind.is_call:
                if in_lambda is not None and agents[bytes(record.user_agent)]:
                    who = in_lambda
                try:
                    members = kind.members(record.request_parameters)
                except _SENSELESS:
                    try:
                        members = kind.pick.members(record.request_parameters)
                    except _SENSELESS:
                        bad += 1
                        continue
                if record.error_code:
                    failure = record.error_code, bytes(record.error_message)
                    seen = (kind, who, members, bytes(record.resources), *failure)
                else:
                    seen = (kind, who, members, bytes(record.resources))
            several = times[seen]
            several.append(time)
            added.append(several)
        return bad

    def ledger(self) -> Ledger:
        """Give the ledger of all that was added."""
        self._ledger.absorb(_ledger(self._times))
        self._times.clear()
        self._held = 0
        return self._ledger


def reduce(records: Iterable[Record], scope: Scope = EVERYTHING) -> tuple[Ledger, int]:
    """Make a ledger of records; also tell how many of them make no sense."""
    reducer = Reducer(scope)
    _, bad = reducer.add([list(records)])
    return reducer.ledger(), bad


def _counts(record: Record, scope: Scope) -> bool:
    if scope.since is not None and record.event_time < scope.since:
        return False
    return not scope.accounts or record.recipient_account_id in scope.accounts


def _ledger(seen: Mapping[Seen, _Times]) -> Ledger:
    """Ask of each different observation what it used, and add up."""
    streams: dict[Kind, list[Tally]] = defaultdict(list)
    tallies: dict[tuple[Who, str, Outcome, Certainty], list[tuple[str, Tally]]] = defaultdict(list)
    for each, times in seen.items():
        if not times:  # of a file that could not be read to its end
            continue
        tally = _tally(times)
        if isinstance(each, Kind):
            streams[each].append(tally)
            continue
        kind, who, members, resources = each[:4]
        code, message = each[4:] or ("", b"")
        streams[kind].append(tally)
        outcome = _outcome(code)
        if outcome is None:
            continue
        account = kind.stream.account or who.principal.account
        call = Call(kind.what, kind.stream.region, account, kind.pick.parameters(members), resources, message)
        for used in mapping.used(call) if outcome is Outcome.USED else mapping.denied(call):
            tallies[who, used.action, outcome, used.certainty].append((used.resource, tally))
    ledger = Ledger()
    for (who, action, outcome, certainty), found in tallies.items():
        ledger.uses[Key(who.principal, action, outcome, certainty, who.via)] = collected(found)
    for kind, several in streams.items():
        ledger.saw(kind.stream, total(several))
    return ledger


def _tally(times: _Times) -> Tally:
    first, last = min(times), max(times)
    if first.tzinfo is not datetime.UTC or last.tzinfo is not datetime.UTC:
        first, last = first.astimezone(datetime.UTC), last.astimezone(datetime.UTC)
    return Tally(len(times), first, last)


@lru_cache(maxsize=1024)
def _outcome(code: str) -> Outcome | None:
    """Tell what became of a call; None where it is not known whose it was."""
    failure = _plain(code)
    if failure.startswith(_UNAUTHENTICATED):
        return None
    return Outcome.DENIED if failure.startswith(_DENIED) else Outcome.USED


def _plain(code: str) -> str:
    """Compare codes as they are meant: services write `Client.`, `KMS.` and `Exception` around them."""
    return code.rpartition(".")[2].lower()
