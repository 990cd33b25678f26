"""From an event's source and name to the operation of an SDK.

Three things differ: the host is that of an endpoint, a signature or of nothing else (`monitoring`), names carry the
date of the API (`GetFunction20150331v2`, `GetDistribution2020_05_31`), and S3 has names of its own.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from lamward.iam import catalogue
from lamward.iam.operations import table

_FOLDER: Final = Path(__file__).with_name("data")
SOURCES: Final = _FOLDER / "sources.json"
BY_HAND: Final = _FOLDER / "events.toml"

MAX_NAME: Final = 128
"""No event or host has a longer name."""

# The date of the API, and its revision. A bare `V2` is part of a name, as in `ListObjectsV2`.
_DATE: Final = re.compile(r"(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d+)?$")
_SUFFIXES: Final = (".amazonaws.com", ".amazonaws.com.cn", ".aws.internal", ".amazonaws.eu")


class Operation(Struct, frozen=True, cache_hash=True, gc=False):
    """What an event stands for: an operation as botocore names it.

    `known` is whether the table of operations has it. Where it has not, the operation is what the event says, and
    `action` is the action of that name, if there is one.
    """

    host: str
    service: str
    name: str
    known: bool = True
    action: str = ""


class _Sources(Struct, frozen=True):
    as_of: datetime.date
    sources: Mapping[str, tuple[str, ...]]


def as_of() -> datetime.date:
    """Return the day of the older of the two data files."""
    by_hand: datetime.date = _written()["as_of"]
    return min(_derived().as_of, by_hand)


@lru_cache(maxsize=8192)
def operation(source: str, event: str) -> Operation:
    """Find the operation of an event; an event that nobody knows keeps its name."""
    host = hostname(source)
    candidates = services(host)
    for service in candidates:
        for name in _names(service, event):
            if table.entries(service, name) is not None:
                return Operation(host, service, name)
    service = candidates[0] if candidates else ""
    return Operation(host, service, event, known=False, action=_action(host, candidates, event))


def hostname(source: str) -> str:
    """Take what is not the same for all services from the end of a host."""
    host = source[:MAX_NAME].lower()
    for suffix in _SUFFIXES:
        host = host.removesuffix(suffix)
    return host


def services(host: str) -> tuple[str, ...]:
    """List the services that may write under a host, the likeliest first."""
    by_hand = _written()["sources"].get(host, ())
    return tuple(dict.fromkeys((*by_hand, *_derived().sources.get(host, ()))))


@lru_cache(maxsize=8192)
def spellings(service: str, parameter: str) -> tuple[str, ...]:
    """List the names that a parameter of a service may have in a record, the likeliest first.

    Records write the first letter small, or all letters of an acronym at the start of the name.
    """
    by_hand: list[str] = _written()["parameters"].get(service, {}).get(parameter, [])
    if by_hand:
        return tuple(by_hand)
    camel = parameter[:1].lower() + parameter[1:]
    acronym = re.sub(r"^[A-Z]+(?=[A-Z][a-z]|$)", lambda found: found[0].lower(), parameter)
    return tuple(dict.fromkeys((camel, parameter, acronym)))


def _names(service: str, event: str) -> tuple[str, ...]:
    renamed = _written()["names"].get(service, {}).get(event)
    return tuple(name for name in dict.fromkeys((event, renamed, _undated(event))) if name)


def _undated(event: str) -> str:
    return _DATE.sub("", event)


def _action(host: str, candidates: tuple[str, ...], event: str) -> str:
    """Find an action that is called like the event, where no operation is."""
    prefixes = dict.fromkeys((*map(table.prefix, candidates), host))
    for prefix in prefixes:
        for name in (event, _undated(event)):
            known = catalogue.action(f"{prefix}:{name}") if prefix and name else None
            if known is not None:
                return known.name
    return ""


@cache
def _derived() -> _Sources:
    return msgspec.json.decode(SOURCES.read_bytes(), type=_Sources)


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads(BY_HAND.read_text(encoding="utf-8"))
