"""The catalogue of ways to gain permissions, and the classes of what permissions are good for."""

from __future__ import annotations

import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = Path(__file__).parent.with_name("data") / "escalation.toml"


class Target(StrEnum):
    """What a path needs besides permissions."""

    PASSED_ROLE = "passed-role"
    FUNCTION = "function"
    WORKLOAD = "workload"
    ROLE = "role"
    USER = "user"
    SELF = "self"
    ACCOUNT = "account"


class Way(Struct, frozen=True, forbid_unknown_fields=True):
    """One path: the actions it takes, on what, and what it gives.

    `on` names for an action another place than the target: `any` resource, the `attached` policies of the target,
    its `group`s, the `artifact` of the function.
    """

    id: str
    title: str
    target: Target
    actions: tuple[str, ...]
    result: str
    service: str = ""
    caller: str = ""
    on: dict[str, str] = {}
    trust: bool = True
    bounded: bool = False
    denied: bool = False
    tagged: bool = False
    references: tuple[str, ...] = ()
    note: str = ""


class Capability(Struct, frozen=True, forbid_unknown_fields=True):
    """A class of harm and the actions that do it."""

    title: str
    actions: tuple[str, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    as_of: datetime.date
    path: tuple[Way, ...]
    capability: dict[str, Capability]


@cache
def _file() -> _File:
    import tomllib

    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), _File)


def ways() -> tuple[Way, ...]:
    """Return all paths, in the order of the file."""
    return _file().path


def capabilities() -> dict[str, Capability]:
    """Return the classes of harm by name."""
    return _file().capability


def as_of() -> datetime.date:
    """Return the day the catalogue was last looked through."""
    return _file().as_of
