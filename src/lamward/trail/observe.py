"""From a record to an observation: all of it that makes a difference, and nothing that makes it look new.

A trail has few different observations for its many records. So what is done for each record only looks up and copies;
who and what it was is asked once for each different answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Raw, Struct

from lamward.trail.attribution import Identity, caller, in_lambda
from lamward.trail.events import MAX_NAME, Operation, hostname, operation
from lamward.trail.ledger import Principal, Stream
from lamward.trail.picks import Members, Pick, pick
from lamward.trail.record import category

CALLS: Final = frozenset({"Management", "Data"})
"""The categories that are calls; network activity repeats them, and insights are about their number."""


class Kind(Struct, frozen=True, eq=False):
    """A kind of events, one object each: where they are from, what they stand for, and what takes their members out.

    `sane` is false for what no service would write.
    """

    stream: Stream
    what: Operation
    pick: Pick
    members: Callable[[Raw], Members]
    sane: bool
    is_call: bool


class Who(Struct, frozen=True, eq=False):
    """Who called, one object each, and the service that did so in the principal's name."""

    principal: Principal
    via: str


Seen = Kind | tuple[Kind, Who, Members, bytes] | tuple[Kind, Who, Members, bytes, str, bytes]
"""An observation: who did what, with parameters and resources; where it failed, the error's code and message.

Of events that nobody who matters called, only the kind.
"""

_Named = tuple[str, str, str, str, str | None, bool | None]


class Kinds(dict[_Named, Kind]):
    """The kinds of events by name, source, region, account, category and whether they are of management."""

    def __missing__(self, named: _Named) -> Kind:
        event, source, region, account, said, management = named
        called = category(said, management)
        # What says its category in two ways is of one kind.
        plainly = (event, source, region, account, called, None)
        kind = self[plainly] if plainly != named else _kind(event, source, region, account, called)
        self[named] = kind
        return kind


class Callers(dict[Identity | None, tuple[Who | None, Who | None]]):
    """Who called, by identity; and who it was instead if the software that called ran in Lambda."""

    def __init__(self) -> None:
        self._known: dict[tuple[Principal, str], Who] = {}

    def __missing__(self, identity: Identity | None) -> tuple[Who | None, Who | None]:
        found = caller(identity)
        if found is None:
            callers: tuple[Who | None, Who | None] = (None, None)
        else:
            in_lambda = None if found.in_lambda is None else self._who(found.in_lambda, found.via)
            callers = self._who(found.principal, found.via), in_lambda
        self[identity] = callers
        return callers

    def _who(self, principal: Principal, via: str) -> Who:
        return self._known.setdefault((principal, via), Who(principal, via))


class Agents(dict[bytes, bool]):
    """Whether each agent ran in Lambda, asked once."""

    def __missing__(self, agent: bytes) -> bool:
        known = self[agent] = in_lambda(agent)
        return known


def _kind(event: str, source: str, region: str, account: str, category: str) -> Kind:
    sane = max(map(len, (event, source, region, account, category))) <= MAX_NAME
    what = operation(source, event)
    stream = Stream(account, region, hostname(source), category)
    picked = pick(what)
    return Kind(stream, what, picked, picked.usual, sane, category in CALLS)
