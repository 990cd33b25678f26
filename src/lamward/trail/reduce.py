"""From the records of one file to a ledger: pure, so that many files are read at once, anywhere, and merged.

Most records of a file repeat each other, so the costly questions (who is this, what did the call need) are asked once
for each different answer; the loop only looks up and counts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import astuple

from lamward.trail import mapping
from lamward.trail.attribution import Caller, caller, in_lambda
from lamward.trail.events import MAX_NAME, Operation, hostname, operation
from lamward.trail.ledger import Key, Ledger, Outcome, Stream, Tally, collected
from lamward.trail.record import Record

_NONE: Final = b"null"
_ABSENT: Final = Raw(b"")
_FIRST_YEAR: Final = 2013
_LAST_YEAR: Final = 2100
"""CloudTrail is no older, and what claims to come from the far future would keep everything used for ever."""

_CALLS: Final = frozenset({"Management", "Data"})
"""The categories that are calls; network activity repeats them, and insights are about their number."""

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

_Seen = tuple[Any, ...]


def reduce(records: Iterable[Record], scope: Scope = EVERYTHING) -> tuple[Ledger, int]:
    """Make a ledger of the records of a file; also tell how many of them make no sense."""
    counted: dict[_Seen, list[Any]] = {}
    observe = _Observer()
    bad = 0
    for record in records if scope == EVERYTHING else (each for each in records if _counts(each, scope)):
        try:
            seen = observe(record)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            bad += 1
            continue
        time = record.event_time
        if not _FIRST_YEAR <= time.year < _LAST_YEAR:
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
    ledger, nonsense = _ledger(counted)
    return ledger, bad + nonsense


def _counts(record: Record, scope: Scope) -> bool:
    if scope.since is not None and record.event_time < scope.since:
        return False
    return not scope.accounts or record.recipient_account_id in scope.accounts


class _Observer:
    """Gives all of a record that makes a difference, and nothing else; remembers who and what it has met."""

    def __init__(self) -> None:
        self._callers: dict[bytes, Caller | None] = {}
        self._choosers: dict[tuple[str, str], tuple[Operation, _Chooser]] = {}
        self._agents: dict[bytes, bool] = {}

    def __call__(self, record: Record) -> _Seen:
        source = record.event_source
        category = record.event_category or record.category
        identity = bytes(record.user_identity)
        try:
            who = self._callers[identity]
        except KeyError:
            who = self._callers[identity] = caller(identity)
        if who is None or category not in _CALLS:
            return (source, category, record.aws_region, record.recipient_account_id)
        try:
            what, choose = self._choosers[source, record.event_name]
        except KeyError:
            what, choose = self._new(source, record.event_name)
        principal = who.principal
        if who.in_lambda is not None and self._is_lambda(bytes(record.user_agent)):
            principal = who.in_lambda
        seen = (
            source,
            category,
            record.aws_region,
            record.recipient_account_id,
            principal,
            who.via,
            what,
            choose(record.request_parameters),
            bytes(record.resources),
        )
        code = record.error_code
        return seen if code is None else (*seen, code, bytes(record.error_message))

    def _new(self, source: str, event: str) -> tuple[Operation, _Chooser]:
        what = operation(source, event)
        self._choosers[source, event] = what, _chooser(what)
        return self._choosers[source, event]

    def _is_lambda(self, agent: bytes) -> bool:
        known = self._agents.get(agent)
        if known is None:
            known = self._agents[agent] = in_lambda(agent)
        return known


_Chooser = Callable[[Raw], tuple[bytes, ...]]


@cache
def _chooser(what: Operation) -> _Chooser:
    """Make what takes the parameters that matter out of a call's, undecoded."""
    names = mapping.fields(what)
    if not names:
        return lambda _: ()
    decode = _picker(names)
    rare = mapping.rare_fields(what)
    others = [(at, name, f'"{name}"'.encode()) for at, several in enumerate(rare) for name in several]

    if not others:
        return decode

    def choose(given: Raw) -> tuple[bytes, ...]:
        chosen = decode(given)
        if b"" not in chosen:
            return chosen
        text = bytes(given)
        for at, name, written in others:
            if written in text and not chosen[at]:
                chosen = (*chosen[:at], *_picker((name,))(given), *chosen[at + 1 :])
        return chosen

    return choose


@cache
def _picker(names: tuple[str, ...]) -> _Chooser:
    """Make what takes members of these names out of an object; empty where one is not there, or null."""
    members = [(f"f{at}", Raw, msgspec.field(default=_ABSENT, name=name)) for at, name in enumerate(names)]
    decode = msgspec.json.Decoder(msgspec.defstruct("Members", members, gc=False) | None).decode
    nothing = (b"",) * len(names)

    def pick(given: Raw) -> tuple[bytes, ...]:
        read = decode(given)
        if read is None:
            return nothing
        found = tuple([bytes(each) if each is not _ABSENT else b"" for each in astuple(read)])
        return tuple(each if each != _NONE else b"" for each in found) if _NONE in found else found

    return pick


def _ledger(counted: dict[_Seen, list[Any]]) -> tuple[Ledger, int]:
    """Ask of each different observation what it used, and add up."""
    tallies: dict[Key, list[tuple[str, Tally]]] = {}
    streams: dict[_Seen, Tally] = {}
    bad = 0
    for seen, (count, first, last) in counted.items():
        tally = Tally(count, first.astimezone(datetime.UTC), last.astimezone(datetime.UTC))
        stream = seen[:4]
        known = streams.get(stream)
        if known is None and max(map(len, stream)) > MAX_NAME:
            bad += count
            continue
        streams[stream] = tally if known is None else known + tally
        if len(seen) > len(stream):
            for key, resource in _uses(seen):
                tallies.setdefault(key, []).append((resource, tally))
    ledger = Ledger({key: collected(found) for key, found in tallies.items()})
    for (source, category, region, account), tally in streams.items():
        ledger.saw(Stream(account, region, hostname(source), category), tally)
    return ledger, bad


def _uses(seen: _Seen) -> Iterable[tuple[Key, str]]:
    _, _, region, account, principal, via, what, parameters, resources, *error = seen
    failure = _plain(error[0]) if error else ""
    if failure.startswith(_UNAUTHENTICATED):
        return []
    call = mapping.Call(what, region, account or principal.account, parameters, resources)
    if failure.startswith(_DENIED):
        denied = mapping.denied(msgspec.structs.replace(call, message=error[1]))
        return [
            (Key(principal, each.action, Outcome.DENIED, each.certainty, via), each.resource)
            for each in denied
        ]
    return [
        (Key(principal, each.action, Outcome.USED, each.certainty, via), each.resource)
        for each in mapping.used(call)
    ]


def _plain(code: str) -> str:
    """Compare codes as they are meant: services write `Client.`, `KMS.` and `Exception` around them."""
    return code.rpartition(".")[2].lower()
