"""Whether the silence of a ledger says anything of an application: where it was seen, and what would have shown there.

That nothing was seen is evidence only where log files are of every day, and where events of the same kind were seen in
the first and in the last of these days: a trail may leave out reads, the events of some services, or data events.

Source: CloudTrail User Guide, "Logging management events" (what a trail may leave out) and "CloudTrail concepts",
global service events; read in November 2026.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.needs.used import name_pattern, seen
from lamward.iam import catalogue, pattern
from lamward.iam.pattern import matcher
from lamward.model.access import Truth
from lamward.trail.ledger import Ledger, Place, Stream, Tally
from lamward.trail.observable import Visibility, is_called, is_of, observable

_GLOBAL: Final = frozenset({"cloudfront", "iam", "organizations", "route53"})
"""Services whose events are those of one region, whoever calls from wherever."""

_GLOBAL_REGION: Final = "us-east-1"
_LEFT_OUT: Final = frozenset({"kms", "rds-data"})
"""Services whose management events a trail may leave out."""

_EDGE: Final = datetime.timedelta(days=7)
"""What was seen in the first and the last days of the window, so many each, was on all the time."""

_READING: Final = frozenset({catalogue.Level.LIST, catalogue.Level.READ})
_SHOWN: Final = 3
_REGION: Final = 3
_NAMED: Final = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
_SEVERAL: Final = re.compile("[*?]")


class Sight(IntEnum):
    """Whether a use would have been seen: not surely, as far as the same kind of data events was, or surely."""

    NO = 0
    LIKELY = 1
    SURE = 2


class Watched(Struct, frozen=True):
    """Where an application was seen, as which stack if its functions' names say it, and since when there are log files.

    `doubt` says why the ledger's silence is no evidence, "" where it is.
    """

    places: tuple[Place, ...] = ()
    doubt: str = ""
    begins: datetime.date | None = None
    stack: str = ""


@fact
def window(facts: Facts) -> tuple[datetime.date, datetime.date]:
    """Give the first and the last day in which what is not unused was used; today is not over."""
    return facts.today - datetime.timedelta(days=facts.unused_days), facts.today - datetime.timedelta(days=1)


@fact
def watched(facts: Facts) -> Watched:
    """Find out where an application was seen, and whether the ledger tells of each day there."""
    ledger = facts.trail
    if ledger is None:
        return Watched(doubt="nobody gave a ledger")
    names = {name for function in facts.application.functions for name in seen(facts, function).names}
    stacks = _stacks(facts)
    if not names:
        stack = f" as part of `{facts.stack}`" if facts.stack else ""
        return Watched(
            doubt=f"no function of this application is in the ledger{stack}: it may be of another account or stack"
        )
    if len(stacks) > 1:
        listed = ", ".join(f"`{each}`" for each in stacks[:_SHOWN])
        return Watched(doubt=f"functions of several stacks may be meant ({listed}); `--stack` says which")
    places = tuple(sorted({place for name in names for place in _places(ledger, name)}))
    if not places:
        return Watched(doubt="the ledger does not tell in which region the functions are")
    doubt = next(filter(None, (gap(facts, place) for place in places)), "")
    begins = max(min(_read(ledger, place), default=facts.today) for place in places)
    return Watched(places, doubt, begins, next(iter(stacks), ""))


def _stacks(facts: Facts) -> list[str]:
    """List the stacks whose functions were taken for those of the application, by the names they were given."""
    found: set[str] = set()
    for function in facts.application.functions:
        # Those of a nested stack have a name of another form.
        for name in seen(facts, function).names if "/" not in function.id else ():
            matched = re.fullmatch(name_pattern(facts, function), name.split(":")[6])
            found |= {matched.groupdict().get("stack") or ""} if matched else set()
    return sorted(found - {""})


def _places(ledger: Ledger, function: str) -> Iterator[Place]:
    """Give the place of a function; where only its session's name was seen, the one region of its account."""
    region, account = function.split(":")[3:5]
    if region != "*":
        yield Place(account, region)
        return
    regions = {each.region for each in ledger.streams if each.account == account and each.region}
    if len(regions) == 1:
        yield Place(account, regions.pop())


def gap(facts: Facts, place: Place) -> str:
    """Say why a ledger's silence is no evidence in a place, "" where it is."""
    ledger, (first, last) = facts.trail, window(facts)
    where = f"{place.region} of {place.account}"
    if ledger is None or not any(_is_managed(each, place) for each in ledger.streams):
        return f"the ledger has no management events in {where}"
    read = _read(ledger, place)
    if not read:
        return "the names of the ledger's log files do not tell which days they are of"
    wanted = [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]
    missing = [day for day in wanted if day not in read]
    if not missing:
        return ""
    if max(read) < last:
        return f"the ledger ends on {max(read)} in {where}: read the log files up to {last}"
    if min(read) > first:
        return f"the ledger begins on {min(read)} in {where}, and {facts.unused_days} days begin on {first}"
    return f"the ledger has no log files of {_days(missing)} in {where}"


def _read(ledger: Ledger, place: Place) -> set[datetime.date]:
    return ledger.days.get(place, set()) | ledger.days.get(Place("", place.region), set())


def _days(missing: list[datetime.date]) -> str:
    more = len(missing) - _SHOWN
    named = ", ".join(f"{day}" for day in missing[:_SHOWN])
    return f"{named} and {more} more days" if more > 0 else named


def sight(facts: Facts, action: str, resources: Iterable[str]) -> Sight:
    """Tell whether the ledger would have shown a use of an action, on resources that are given as patterns."""
    if not is_called(action):
        return Sight.NO
    match observable(action).visibility:
        case Visibility.MANAGEMENT:
            places = watched(facts).places
            elsewhere = {Place(place.account, region) for region in _regions(resources) for place in places}
            sure = all(_is_shown(facts, action, place) for place in places)
            return Sight.SURE if sure and not any(gap(facts, each) for each in elsewhere) else Sight.NO
        case Visibility.DATA:
            return Sight.LIKELY if _is_selected(facts, action, resources) else Sight.NO
        case Visibility.NEVER | Visibility.UNKNOWN:
            return Sight.NO


def _regions(resources: Iterable[str]) -> set[str]:
    """Name the regions that resources are said to be in: calls on them are logged there."""
    parts = (each.split(":") for each in resources)
    return {each[_REGION] for each in parts if len(each) > _REGION and _NAMED.fullmatch(each[_REGION])}


def _is_shown(facts: Facts, action: str, place: Place) -> bool:
    """Tell whether the management events of an action are logged: of its service where need be, and of its level."""
    prefix = action.partition(":")[0]
    where = place
    if prefix in _GLOBAL:
        where = Place(place.account, _GLOBAL_REGION)
        if gap(facts, where):
            return False
    if prefix in _GLOBAL | _LEFT_OUT and not is_throughout(facts, _of_service(facts, prefix, where)):
        return False
    return is_throughout(facts, _managed(facts).get((place.account, _reads(action)), ()))


def _of_service(facts: Facts, prefix: str, place: Place) -> list[Tally]:
    return [
        tally
        for stream, tally in (facts.trail.streams.items() if facts.trail else ())
        if _is_managed(stream, place) and is_of(stream.source, prefix)
    ]


@fact
def _managed(facts: Facts) -> dict[tuple[str, bool], list[Tally]]:
    """List the management events that somebody caused, by account and whether they read."""
    found: dict[tuple[str, bool], list[Tally]] = defaultdict(list)
    for key, resources in facts.trail.uses.items() if facts.trail else ():
        if observable(key.action).visibility is Visibility.MANAGEMENT:
            found[key.principal.account, _reads(key.action)].append(resources.total)
    return found


def _is_selected(facts: Facts, action: str, resources: Iterable[str]) -> bool:
    """Tell whether data events of a service that read, or that write, were seen of any of some resources."""
    meet = [_meeting(each) for each in resources]
    known = _data(facts).get((action.partition(":")[0], _reads(action)), ())
    return is_throughout(facts, [tally for name, tally in known if name and any(each(name) for each in meet)])


@fact
def _data(facts: Facts) -> dict[tuple[str, bool], list[tuple[str, Tally]]]:
    """List the data events that somebody caused, by service and whether they read, with their resources."""
    found: dict[tuple[str, bool], list[tuple[str, Tally]]] = defaultdict(list)
    for key, resources in facts.trail.uses.items() if facts.trail else ():
        if observable(key.action).visibility is Visibility.DATA:
            kind = (key.action.partition(":")[0], _reads(key.action))
            found[kind] += [(name, tally) for name, tally, _ in resources.rows()]
    return found


def is_throughout(facts: Facts, tallies: Iterable[Tally]) -> bool:
    """Tell whether something was seen both in the first and in the last days of the window."""
    first, last = window(facts)
    known = list(tallies)
    return (
        bool(known)
        and min(each.first for each in known).date() <= first + _EDGE
        and max(each.last for each in known).date() >= last - _EDGE
    )


def _meeting(general: str) -> Callable[[str], bool]:
    """Make what tells whether a resource, or some of those that are told together, is one of a pattern."""
    exactly = matcher(general, ignore_case=True)

    def meets(name: str) -> bool:
        if general == "*" or not _SEVERAL.search(name):
            return bool(exactly(name))
        return pattern.meets(general, name, ignore_case=True) is Truth.YES

    return meets


def _reads(action: str) -> bool:
    known = catalogue.action(action)
    return known is not None and known.level in _READING


def _is_managed(stream: Stream, place: Place) -> bool:
    return stream.category == "Management" and (stream.account, stream.region) == (
        place.account,
        place.region,
    )
