"""What CloudTrail would show of an action: always, only where a selector asks for it, or never.

That nothing was seen of an action says that it is not used only where it would have been seen.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.model.access import Truth
from lamward.trail.events import services
from lamward.trail.ledger import Ledger

FILE: Final = Path(__file__).with_name("data") / "observable.toml"


class Visibility(StrEnum):
    """When CloudTrail writes an event: by default, where data events are selected, never, or nobody says."""

    MANAGEMENT = "management"
    DATA = "data"
    NEVER = "never"
    UNKNOWN = "unknown"


class Observable(Struct, frozen=True):
    """When an action is seen, the resource type that must be selected for it, and what else there is to know."""

    visibility: Visibility
    selector: str = ""
    note: str = ""


class _Service(Struct, frozen=True, forbid_unknown_fields=True):
    rest: Visibility
    selector: str = ""
    data: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    note: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    as_of: datetime.date
    service: Mapping[str, _Service]


def as_of() -> datetime.date:
    """Return the day the data was read in AWS's documentation."""
    return _file().as_of


def listed() -> tuple[str, ...]:
    """Return all actions that the data names, for tests to compare with the catalogue."""
    return tuple(
        f"{prefix}:{name}"
        for prefix, service in _file().service.items()
        for name in (*service.data, *service.never, *service.unknown)
    )


@cache
def never() -> tuple[str, ...]:
    """Name the actions that no event is written for; a service of which this is true of all, by `*`."""
    found = [f"{prefix}:{name}" for prefix, service in _file().service.items() for name in service.never]
    found += [
        f"{prefix}:*" for prefix, service in _file().service.items() if service.rest is Visibility.NEVER
    ]
    return tuple(sorted(found))


def blind(data: Iterable[str]) -> tuple[str, ...]:
    """Name the services whose data events were not among those of these event sources."""
    sources = tuple(data)
    return tuple(
        sorted(
            prefix
            for prefix, service in _file().service.items()
            if service.data and not any(is_of(source, prefix) for source in sources)
        )
    )


@lru_cache(maxsize=8192)
def observable(action: str) -> Observable:
    """Tell when CloudTrail shows an action."""
    prefix, _, name = action.partition(":")
    service = _file().service.get(prefix.lower())
    if service is None:
        return Observable(Visibility.UNKNOWN)
    name = name.lower()
    for visibility, names in (
        (Visibility.DATA, service.data),
        (Visibility.NEVER, service.never),
        (Visibility.UNKNOWN, service.unknown),
    ):
        if name in (each.lower() for each in names):
            selector = service.selector if visibility is Visibility.DATA else ""
            return Observable(visibility, selector, service.note)
    return Observable(service.rest, note=service.note)


def is_called(action: str) -> bool:
    """Tell whether an action has a call of its own, or one that always needs it.

    What services ask for besides, as tagging what is made, and what only policies know, need not show.
    """
    return action.lower() in _called(action.partition(":")[0].lower())


@cache
def _called(prefix: str) -> frozenset[str]:
    from lamward.iam.operations import table

    return frozenset(
        action.lower()
        for service in table.services()
        if table.prefix(service) == prefix
        for operation in table.operations(service)
        for entry in table.entries(service, operation) or ()
        if not (entry.advice or entry.likely)
        for action in entry.actions
        if not entry.when or action.partition(":")[2].lower() == operation.lower()
    )


def would_show(ledger: Ledger, action: str, account: str = "") -> Truth:
    """Tell whether the trail that a ledger was made of would have shown a use of an action.

    UNKNOWN where data events of the service were there, as they may have been selected for other resources only, and
    where AWS does not say. `account` limits it to the events of one account.
    """
    streams = [each for each in ledger.streams if not account or each.account in ("", account)]
    match observable(action).visibility:
        case Visibility.MANAGEMENT:
            return Truth.YES if any(each.category == "Management" for each in streams) else Truth.NO
        case Visibility.DATA:
            prefix = action.partition(":")[0]
            seen = any(each.category == "Data" and is_of(each.source, prefix) for each in streams)
            return Truth.UNKNOWN if seen else Truth.NO
        case Visibility.NEVER:
            return Truth.NO
        case Visibility.UNKNOWN:
            return Truth.UNKNOWN


@cache
def is_of(source: str, prefix: str) -> bool:
    """Tell whether an event source is that of the service with a prefix."""
    from lamward.iam.operations import table

    return source == prefix or any(table.prefix(service) == prefix for service in services(source))


@cache
def _file() -> _File:
    return msgspec.toml.decode(FILE.read_bytes(), type=_File)
