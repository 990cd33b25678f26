"""From a record to an observation: all of it that makes a difference, and nothing that makes it look new.

A trail has few different observations for its many records. So this, which is done for each record, only looks up and
copies; who and what it was is asked once for each different answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import astuple

from lamward.trail import mapping
from lamward.trail.attribution import caller, in_lambda
from lamward.trail.events import MAX_NAME, Operation, hostname, operation
from lamward.trail.ledger import Principal, Stream
from lamward.trail.mapping import Parameter
from lamward.trail.record import Record

_ABSENT: Final = Raw(b"")

CALLS: Final = frozenset({"Management", "Data"})
"""The categories that are calls; network activity repeats them, and insights are about their number."""

Pick = Callable[[Raw], tuple[Parameter, ...]]


class Kind(Struct, frozen=True, eq=False):
    """A kind of events, one object each: where they are from, and what they stand for.

    `sane` is false for what no service would write.
    """

    stream: Stream
    what: Operation
    pick: Pick
    sane: bool
    is_call: bool


class Who(Struct, frozen=True, eq=False):
    """Who called, one object each, and the service that did so in the principal's name."""

    principal: Principal
    via: str


Seen = tuple[Kind, Who | None, tuple[Parameter, ...], bytes, str, bytes]
"""An observation: the last two are the error's code and message, empty where there is none."""


class Observer:
    """Gives the observations of records; remembers whom and what it has met."""

    def __init__(self) -> None:
        self._callers: dict[bytes, tuple[Who, Who | None] | None] = {}
        self._known: dict[tuple[Principal, str], Who] = {}
        self._kinds: dict[tuple[str, str, str, str, str], Kind] = {}
        self._agents: dict[bytes, bool] = {}

    def __call__(self, record: Record) -> Seen:
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
            return (kind, None, (), b"", "", b"")
        who, otherwise = callers
        if otherwise is not None and self._is_lambda(bytes(record.user_agent)):
            who = otherwise
        code = record.error_code
        return (
            kind,
            who,
            kind.pick(record.request_parameters),
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

    def _is_lambda(self, agent: bytes) -> bool:
        known = self._agents.get(agent)
        if known is None:
            known = self._agents[agent] = in_lambda(agent)
        return known


def _kind(event: str, source: str, region: str, account: str, category: str) -> Kind:
    sane = max(map(len, (event, source, region, account, category))) <= MAX_NAME
    what = operation(source, event)
    stream = Stream(account, region, hostname(source), category)
    return Kind(stream, what, picker(what), sane, category in CALLS)


@lru_cache(maxsize=8192)
def picker(what: Operation) -> Pick:
    """Make what takes the parameters that matter out of a call's."""
    names = mapping.fields(what)
    if not names:
        return lambda _: ()
    pick = _members(names)
    rare = mapping.rare_fields(what)
    others = [(at, name, f'"{name}"'.encode()) for at, several in enumerate(rare) for name in several]
    if not others:
        return pick

    def choose(given: Raw) -> tuple[Parameter, ...]:
        chosen = pick(given)
        if None not in chosen:
            return chosen
        written = bytes(given)
        for at, name, quoted in others:
            if quoted in written and chosen[at] is None:
                chosen = (*chosen[:at], *_members((name,))(given), *chosen[at + 1 :])
        return chosen

    return choose


@cache
def _members(names: tuple[str, ...]) -> Pick:
    """Make what takes members of these names out of an object; None where one is not there."""
    texts, anything = _decoder(names, str | None, None), _decoder(names, Raw, _ABSENT)
    nothing = (None,) * len(names)

    def pick(given: Raw) -> tuple[Parameter, ...]:
        try:
            read = texts(given)
        except msgspec.ValidationError:  # a list, an object or a number: it stays as it is written
            read = anything(given)
            return nothing if read is None else tuple(map(_undecoded, astuple(read)))
        return nothing if read is None else astuple(read)

    return pick


def _decoder(names: tuple[str, ...], kind: object, default: object) -> Callable[[Raw], Struct | None]:
    members = [
        (f"member_{at}", kind, msgspec.field(default=default, name=name)) for at, name in enumerate(names)
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Members", members, gc=False) | None).decode


def _undecoded(value: Raw) -> Parameter:
    written = bytes(value)
    if written[:1] == b'"':
        text: str = msgspec.json.decode(written)
        return text
    return None if written in (b"", b"null") else written
