"""From a record to an observation: all of it that makes a difference, and nothing that makes it look new.

A trail has few different observations for its many records. So this, which is done for each record, only looks up and
copies; who and what it was is asked once for each different answer.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from lamward.trail.attribution import caller, in_lambda
from lamward.trail.events import MAX_NAME, Operation, hostname, operation
from lamward.trail.ledger import Principal, Stream
from lamward.trail.picks import Members, Pick, pick
from lamward.trail.record import Record

CALLS: Final = frozenset({"Management", "Data"})
"""The categories that are calls; network activity repeats them, and insights are about their number."""


class Kind(Struct, frozen=True, eq=False):
    """A kind of events, one object each: where they are from, and what they stand for.

    `sane` is false for what no service would write.
    """

    stream: Stream
    what: Operation
    pick: Pick | None
    sane: bool
    is_call: bool


class Who(Struct, frozen=True, eq=False):
    """Who called, one object each, and the service that did so in the principal's name."""

    principal: Principal
    via: str


Seen = tuple[Kind, Who | None, Members, bytes, str, bytes]
"""An observation: the last two are the error's code and message, empty where there is none."""


class Observer:
    """Gives the observations of records; remembers whom and what it has met."""

    def __init__(self) -> None:
        self._callers: dict[bytes, tuple[Who, Who | None] | None] = {}
        self._known: dict[tuple[Principal, str], Who] = {}
        self._kinds: dict[tuple[str, str, str, str, str], Kind] = {}
        self._agents = _Agents()

    def see(self, record: Record) -> Seen:
        """Observe a record; raises `msgspec.DecodeError` where it makes no sense."""
        kind_of = (
            record.event_name,
            record.event_source,
            record.aws_region,
            record.recipient_account_id,
            record.event_category or record.category,
        )
        kind = self._kinds.get(kind_of)
        if kind is None:
            kind = self._kinds[kind_of] = _kind(*kind_of)
        identity = bytes(record.user_identity)
        try:
            callers = self._callers[identity]
        except KeyError:
            callers = self._callers[identity] = self._met(identity)
        if callers is None or not kind.is_call:
            return (kind, None, None, b"", "", b"")
        who, otherwise = callers
        if otherwise is not None and self._agents[bytes(record.user_agent)]:
            who = otherwise
        code = record.error_code
        return (
            kind,
            who,
            kind.pick and kind.pick.members(record.request_parameters),
            bytes(record.resources),
            code or "",
            bytes(record.error_message) if code else b"",
        )

    def _met(self, identity: bytes) -> tuple[Who, Who | None] | None:
        found = caller(identity)
        if found is None:
            return None
        otherwise = None if found.in_lambda is None else self._who(found.in_lambda, found.via)
        return self._who(found.principal, found.via), otherwise

    def _who(self, principal: Principal, via: str) -> Who:
        return self._known.setdefault((principal, via), Who(principal, via))


class _Agents(dict[bytes, bool]):
    """Whether each agent ran in Lambda, asked once."""

    def __missing__(self, agent: bytes) -> bool:
        known = self[agent] = in_lambda(agent)
        return known


def _kind(event: str, source: str, region: str, account: str, category: str) -> Kind:
    sane = max(map(len, (event, source, region, account, category))) <= MAX_NAME
    what = operation(source, event)
    stream = Stream(account, region, hostname(source), category)
    return Kind(stream, what, pick(what), sane, category in CALLS)
