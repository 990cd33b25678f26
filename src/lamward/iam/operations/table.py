"""The table of operations: what names tell, packed by `tools/refresh_operations.py`, and what is written by hand."""

from __future__ import annotations

import datetime
import gzip
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

_FOLDER: Final = Path(__file__).parent.with_name("data")
PACKED: Final = _FOLDER / "operations.json.gz"
BY_HAND: Final = _FOLDER / "operations.toml"


class Entry(Struct, frozen=True):
    """One thing an operation needs: actions on resources, each a template with parameters in braces.

    `untold` says, of an entry without actions, what cannot be told of what the service does for the caller. `likely`
    marks what a name lets us think, and nobody wrote down.

    `when` are the parameters that must be there (see the data file); `condition` maps context keys to a text or to a
    parameter in braces; `advice` marks what a call works without, though it is told less.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    when: tuple[str, ...] = ()
    condition: Mapping[str, str] = {}
    advice: bool = False
    by_hand: bool = False
    untold: str = ""
    likely: bool = False


class _File(Struct, frozen=True):
    as_of: datetime.date
    services: dict[str, msgspec.Raw]


class _Service(Struct, frozen=True, array_like=True):
    prefix: str
    templates: tuple[str, ...]
    operations: dict[str, tuple[int | str, ...]]


def as_of() -> datetime.date:
    """Return the day the packed table shows AWS on."""
    return _file().as_of


def services() -> tuple[str, ...]:
    """Return the names of all services, as botocore calls them, in order."""
    return tuple(sorted(_file().services))


def prefix(service: str) -> str:
    """Return the prefix of a service's actions; "" for a service that is not known or has none."""
    return _service(service).prefix if service in _file().services else ""


def operations(service: str) -> tuple[str, ...]:
    """Return the operations of a service that the table knows, in order."""
    known = set(_written().get("operations", {}).get(service, ()))
    if service in _file().services:
        known |= _service(service).operations.keys()
    return tuple(sorted(known))


@cache
def entries(service: str, operation: str) -> tuple[Entry, ...] | None:
    """Return what an operation needs, () for nothing; None where no action is known for it."""
    instead = _by_hand(service, operation, "operations")
    told = _by_name(service, operation) if instead is None else instead
    if not told:
        return told
    written = (*told, *(_by_hand(service, operation, "besides") or ()))
    known = {action for each in written for action in each.actions}
    made = told[0].resources if operation.startswith("Create") else ("*",)
    likely = _likely(service, operation, made)
    return (*written, *(each for each in likely if not known & {*each.actions}))


def _by_name(service: str, operation: str) -> tuple[Entry, ...] | None:
    if service not in _file().services:
        return None
    known = _service(service)
    if operation not in known.operations:
        return None
    packed = known.operations[operation]
    texts = (each for each in packed if isinstance(each, str) and "=" not in each)
    named = next(texts, f"{known.prefix}:{operation}")
    templates = tuple(known.templates[each] for each in packed if isinstance(each, int))
    return (Entry((_spelled(named),), templates or ("*",)),)


_ROLE: Final = "arn:${Partition}:iam::${Account}:role/"
_TAGGED_IN_EC2: Final = "arn:${Partition}:ec2:${Region}:${Account}:*/*"


def _likely(service: str, operation: str, resources: tuple[str, ...]) -> Iterator[Entry]:
    """Say what parameters ask for besides, by what they are called: a role that is handed over, tags that are put on.

    Most services ask whether the caller may pass the role, and may tag what is made.
    """
    packed = _service(service).operations.get(operation, ()) if service in _file().services else ()
    for each in packed:
        parameter, mark, action = each.partition("=") if isinstance(each, str) else ("", "", "")
        if not mark:
            continue
        if action == "iam:PassRole":
            yield Entry((action,), (f"{_ROLE}{{{parameter}}}",), (parameter,), likely=True)
        elif action == "ec2:CreateTags":
            made = {"ec2:CreateAction": operation}
            yield Entry((action,), (_TAGGED_IN_EC2,), (parameter,), made, likely=True)
        else:
            yield Entry((action,), resources, (parameter,), likely=True)


def _spelled(action: str) -> str:
    """Spell an action as AWS does: operations differ from actions in letter case here and there."""
    from lamward.iam import catalogue

    known = catalogue.action(action)
    return known.name if known else action


def _by_hand(service: str, operation: str, section: str) -> tuple[Entry, ...] | None:
    described = _written().get(section, {}).get(service, {}).get(operation)
    if isinstance(described, str):
        return _by_hand(service, described, section)
    if described is None:
        return None
    names = _written()["resources"].get(prefix(service), {})
    return tuple(_entry(each, names) for each in described)


def _entry(described: Mapping[str, Any], names: Mapping[str, str]) -> Entry:
    resources = _listed(described.get("on", "*"))
    return Entry(
        actions=_listed(described.get("action", ())),
        resources=tuple(names.get(each, each) for each in resources),
        when=tuple(described.get("when", ())),
        condition=described.get("condition", {}),
        advice=described.get("advice", False),
        by_hand=True,
        untold=described.get("untold", ""),
    )


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@cache
def _file() -> _File:
    return msgspec.json.decode(gzip.decompress(PACKED.read_bytes()), type=_File)


@cache
def _service(name: str) -> _Service:
    return msgspec.json.decode(_file().services[name], type=_Service)


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads(BY_HAND.read_text(encoding="utf-8"))
