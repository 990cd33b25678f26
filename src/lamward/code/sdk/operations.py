"""The services that AWS's SDKs can call: their operations, and the names methods give them.

The file is made by `tools/refresh_sdk.py`. A service is decoded when it is first asked for.
"""

from __future__ import annotations

import datetime
import gzip
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.code.sdk.names import snake_case

FILE: Final = Path(__file__).with_name("data") / "operations.json.gz"

MULTIPART: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
"""What managed transfers of both SDKs call for an object that is sent in parts."""


class Service(Struct, frozen=True, array_like=True, dict=True):
    """A service: AWS's id of it (`S3`), its operations, the methods that are spelt oddly, and its waiters."""

    id: str
    operations: tuple[str, ...]
    odd_methods: Mapping[str, str]
    waiters: Mapping[str, str]

    @cached_property
    def methods(self) -> Mapping[str, str]:
        """The operation of every method of the SDK for Python: `put_item` → `PutItem`."""
        odd = set(self.odd_methods.values())
        plain = {snake_case(operation): operation for operation in self.operations if operation not in odd}
        return {**plain, **self.odd_methods}


class _File(Struct, frozen=True):
    as_of: datetime.date
    services: dict[str, msgspec.Raw]


def as_of() -> datetime.date:
    """Return the day the packed facts were taken."""
    return _file().as_of


def services() -> frozenset[str]:
    """Return the names of all services, as `boto3.client` takes them."""
    return frozenset(_file().services)


@cache
def service(name: str) -> Service | None:
    """Return a service by the name `boto3.client` takes, or None if there is none."""
    packed = _file().services.get(name)
    return None if packed is None else msgspec.json.decode(packed, type=Service)


def offering(method: str) -> tuple[tuple[str, str], ...]:
    """Return the service and operation of every client method of this name, in order."""
    alike = _by_letters().get(method.replace("_", ""), ())
    return tuple(
        (name, operation)
        for name, operation in alike
        if (known := service(name)) is not None and known.methods.get(method) == operation
    )


@cache
def _by_letters() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Index operations by their lower-case letters, which is much quicker than to spell them all as methods."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(services()):
        known = service(name)
        for operation in known.operations if known else ():
            found.setdefault(operation.lower(), []).append((name, operation))
    return {letters: tuple(alike) for letters, alike in found.items()}


@cache
def _file() -> _File:
    return msgspec.json.decode(gzip.decompress(FILE.read_bytes()), type=_File)
