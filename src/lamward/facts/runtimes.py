"""When AWS stops looking after each Lambda runtime, from a dated table kept by hand."""

from __future__ import annotations

import datetime
import re
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = Path(__file__).with_name("data") / "runtimes.toml"

_FAMILY: Final = re.compile(r"(?P<family>python(?=3)|nodejs(?=\d)|ruby|java)[\d.]+(x|al2)?")

# AWS itself sends word 180 days before it deprecates a runtime.
NOTICE_DAYS: Final = 180


class Package(StrEnum):
    """How a function that uses the runtime is packed."""

    ZIP = "zip"
    IMAGE = "image"


class Phase(StrEnum):
    """Where in its life a runtime is on some day, in order."""

    SUPPORTED = "supported"
    NEAR_END = "near end"
    DEPRECATED = "deprecated"
    CREATE_BLOCKED = "create blocked"
    UPDATE_BLOCKED = "update blocked"


class Lifecycle(Struct, frozen=True):
    """The days on which a runtime is deprecated, and creating, then updating, functions with it is blocked.

    A date is None when AWS has announced none. Container images are never blocked.
    """

    identifier: str
    deprecated: datetime.date | None = None
    create_blocked: datetime.date | None = None
    update_blocked: datetime.date | None = None
    package: Package = Package.ZIP

    def phase(self, today: datetime.date, *, notice: int = NOTICE_DAYS) -> Phase:
        """Return the phase on a day; the end is near from `notice` days before deprecation."""
        steps = (
            (Phase.UPDATE_BLOCKED, self.update_blocked),
            (Phase.CREATE_BLOCKED, self.create_blocked),
            (Phase.DEPRECATED, self.deprecated),
            (Phase.NEAR_END, self.deprecated and self.deprecated - datetime.timedelta(days=notice)),
        )
        return next((phase for phase, since in steps if since and since <= today), Phase.SUPPORTED)


def as_of() -> datetime.date:
    """Return the day the table was last held against what AWS says."""
    return _file().as_of


def identifiers() -> tuple[str, ...]:
    """Return the identifiers of all runtimes in the table."""
    return tuple(_file().runtimes)


def lifecycle(identifier: str) -> Lifecycle | None:
    """Return the lifecycle of a runtime by its exact identifier, or None if the table does not have it."""
    return _file().runtimes.get(identifier)


@cache
def successor(identifier: str, today: datetime.date) -> str:
    """Return the newest runtime of the same language that will be looked after for a while, "" if there is none.

    "" also where the code must be built anew or written otherwise: for .NET, Go's own runtime and Python 2.
    """
    family = _FAMILY.fullmatch(identifier)
    candidates = [
        (_version(other.identifier), other.identifier)
        for other in _file().runtimes.values()
        if family
        and other.package is Package.ZIP
        and other.phase(today) is Phase.SUPPORTED
        and (again := _FAMILY.fullmatch(other.identifier)) is not None
        and again["family"] == family["family"]
    ]
    newest = max(candidates, default=((0,), ""))
    return newest[1] if newest[0] > _version(identifier) else ""


def _version(identifier: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", identifier.partition(".al")[0]))


class _File(Struct, frozen=True):
    as_of: datetime.date
    runtimes: dict[str, Lifecycle]


@cache
def _file() -> _File:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    runtimes = {identifier: {"identifier": identifier} | row for identifier, row in table["runtimes"].items()}
    return msgspec.convert(table | {"runtimes": runtimes}, _File)
