"""What was used, by whom, how often and when: a ledger, which merges with others in any order and grouping.

A ledger is a summary of a set of events that does not depend on how they were split: `merge` is associative and
commutative, and an empty ledger changes nothing. So files may be read by several processes, or machines, or days.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from msgspec import Struct, field

MAX_RESOURCES: Final = 50
"""Above this many resources of one container (a bucket, the tables of an account) only their beginning is told."""

MAX_CONTAINERS: Final = 20
"""Above this many containers, only what all resources of an action begin with is told."""

_ANYWHERE: Final = ""

Value = TypeVar("Value", "Tally", "Generalised")


class _Word(StrEnum):
    """A word that is hashed as often as records are counted, which an enum does slowly."""

    __hash__ = str.__hash__


class Attribution(_Word):
    """How it is known who called.

    `FUNCTION`: Lambda wrote into the credentials which function they were issued to. `SESSION`: the session is named
    like a function, as Lambda names them, and the caller ran in Lambda; somebody else may have taken the name, such
    as a function that assumed another role. `ROLE`: only the role is known.
    """

    FUNCTION = "function"
    SESSION = "session"
    ROLE = "role"


class Certainty(_Word):
    """How sure an action is.

    `EXACT`: the call needs it. `PERHAPS`: the record hides what decides it, or several were needed and one of them was
    denied. `FREE`: the call needs no permission. `UNMAPPED`: no action is known for the event; its name stands for it.
    """

    EXACT = "exact"
    PERHAPS = "perhaps"
    FREE = "free"
    UNMAPPED = "unmapped"


class Outcome(_Word):
    """What became of the call: allowed (whatever else went wrong then), or denied."""

    USED = "used"
    DENIED = "denied"


class Principal(Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """Who called: the ARN of the role, and that of the function as far as it is known.

    `function` is empty where only the role is known. Its region is `*` where only the session's name tells it.
    """

    account: str
    role: str
    function: str
    attribution: Attribution


class Key(Struct, frozen=True, order=True, gc=False):
    """What is counted together. `via` is the AWS service that called in the principal's name, or empty."""

    principal: Principal
    action: str
    outcome: Outcome = Outcome.USED
    certainty: Certainty = Certainty.EXACT
    via: str = ""


class Stream(Struct, frozen=True, order=True, gc=False):
    """A kind of events that was in the trail: from which service and category, and for which account and region."""

    account: str
    region: str
    source: str
    category: str


class Tally(Struct, frozen=True, gc=False):
    """How often something happened, first and last."""

    count: int
    first: datetime.datetime
    last: datetime.datetime

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, min(self.first, other.first), max(self.last, other.last))


class Generalised(Struct, frozen=True, gc=False):
    """Too many resources to name: what all of them begin with."""

    prefix: str
    tally: Tally

    def __add__(self, other: Generalised) -> Generalised:
        return _sum([self, other])


class Resources(Struct, frozen=True):
    """The resources of an action: by name or, for containers with too many, by what they begin with."""

    exact: Mapping[str, Tally] = {}
    general: Mapping[str, Generalised] = {}

    def __add__(self, other: Resources) -> Resources:
        return _settled(_added(self.exact, other.exact.items()), _added(self.general, other.general.items()))

    def rows(self) -> Iterator[tuple[str, Tally, bool]]:
        """List the resources with their tallies, and whether each stands for many that are not named."""
        yield from ((arn, tally, False) for arn, tally in sorted(self.exact.items()))
        yield from ((f"{each.prefix}*", each.tally, True) for _, each in sorted(self.general.items()))

    @property
    def total(self) -> Tally:
        """The tally of all of them together."""
        return total([tally for _, tally, _ in self.rows()])


class Place(Struct, frozen=True, order=True):
    """A region of an account, of which log files tell. `account` is empty where its name does not say it."""

    account: str
    region: str


class Ledger(Struct):
    """All that was used, and what kinds of events were there to see it by.

    `days` are those that log files are known to be of: events alone do not tell a quiet day from one that is missing.
    """

    uses: dict[Key, Resources] = field(default_factory=dict)
    streams: dict[Stream, Tally] = field(default_factory=dict)
    days: dict[Place, set[datetime.date]] = field(default_factory=dict)

    def add(self, key: Key, resource: str, tally: Tally) -> None:
        """Count a use."""
        self._add(key, Resources({resource: tally}))

    def saw(self, stream: Stream, tally: Tally) -> None:
        """Count events of a kind."""
        known = self.streams.get(stream)
        self.streams[stream] = tally if known is None else known + tally

    def absorb(self, other: Ledger) -> None:
        """Add all of another ledger to this one."""
        for key, resources in other.uses.items():
            self._add(key, resources)
        for stream, tally in other.streams.items():
            self.saw(stream, tally)
        for place, days in other.days.items():
            self.days.setdefault(place, set()).update(days)

    def _add(self, key: Key, resources: Resources) -> None:
        known = self.uses.get(key)
        self.uses[key] = resources if known is None else known + resources

    @property
    def window(self) -> tuple[datetime.datetime, datetime.datetime] | None:
        """The time of the first and of the last event; None when there was none."""
        tallies = self.streams.values()
        if not tallies:
            return None
        return min(each.first for each in tallies), max(each.last for each in tallies)


def merge(ledgers: Iterable[Ledger]) -> Ledger:
    """Make one ledger of several; their order and grouping make no difference."""
    merged = Ledger()
    for each in ledgers:
        merged.absorb(each)
    return merged


def total(tallies: Sequence[Tally]) -> Tally:
    """Add up tallies, of which there is at least one."""
    if len(tallies) == 1:
        return tallies[0]
    return Tally(
        sum([each.count for each in tallies]),
        min([each.first for each in tallies]),
        max([each.last for each in tallies]),
    )


def collected(tallies: Iterable[tuple[str, Tally]]) -> Resources:
    """Make resources of many tallies at once."""
    return _settled(_added({}, tallies), {})


def container(arn: str) -> str:
    """Give what resources are generalised within: the bucket, or the kind of resource in its account and region."""
    slash = arn.find("/")
    if slash >= 0:
        return arn[: slash + 1]
    return "".join(f"{part}:" for part in arn.split(":")[:5]) if arn.startswith("arn:") else arn


def _settled(exact: dict[str, Tally], general: dict[str, Generalised]) -> Resources:
    """Generalise what is too much. Whether it is depends on all resources alone, so the order of merging does not."""
    few = len(exact) <= MAX_RESOURCES and not general
    if few and (len(exact) <= MAX_CONTAINERS or len(set(map(container, exact))) <= MAX_CONTAINERS):
        return Resources(exact)
    grouped: dict[str, list[str]] = {}
    for arn in exact:
        grouped.setdefault(container(arn), []).append(arn)
    everything = _ANYWHERE in general or len(grouped.keys() | general.keys()) > MAX_CONTAINERS
    if everything:
        whole = [*general.values(), *(_generalised(arn, tally) for arn, tally in exact.items())]
        return Resources({}, {_ANYWHERE: _sum(whole)})
    for name, arns in grouped.items():
        if name in general or len(arns) > MAX_RESOURCES:
            known = [general[name]] if name in general else []
            general[name] = _sum([*known, *(_generalised(arn, exact.pop(arn)) for arn in arns)])
    return Resources(exact, general)


def _generalised(arn: str, tally: Tally) -> Generalised:
    """Begin as an ARN does, up to what is not known of it."""
    ends = [at for at in map(arn.find, ("*", "?", "${")) if at >= 0]
    return Generalised(arn[: min(ends)] if ends else arn, tally)


def _shared(texts: Sequence[str]) -> str:
    """Give what all texts begin with: what the first and the last of them in order begin with."""
    first, last = min(texts), max(texts)
    return next((first[:at] for at, letter in enumerate(first) if not last.startswith(letter, at)), first)


def _sum(several: Sequence[Generalised]) -> Generalised:
    return Generalised(_shared([each.prefix for each in several]), total([each.tally for each in several]))


def _added(known: Mapping[str, Value], more: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    added = dict(known)
    for name, value in more:
        added[name] = added[name] + value if name in added else value
    return added
