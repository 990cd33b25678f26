"""The object layer of the SDK for Python: what a `Table`, a `Bucket` or a `Queue` does, operation by operation.

The file is made by `tools/refresh_sdk.py`. A service is decoded when it is first asked for.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = Path(__file__).with_name("data") / "resources.json.gz"


class Binding(Struct, frozen=True, array_like=True):
    """Where a parameter or an identifier comes from.

    `source` is `identifier` (of the resource, by name), `input` (an argument, by position), `requestParameter` (of
    the call, by name), `response` (its answer, by path), `data` (the resource's own state) or `string` (`value`).
    """

    target: str
    source: str
    value: str


class Made(Struct, frozen=True, array_like=True):
    """A resource that comes of something: its type and its identifiers."""

    type: str
    identifiers: tuple[Binding, ...]


class Action(Struct, frozen=True, array_like=True):
    """What a method calls, what it fills in, and the resource it gives."""

    operation: str
    parameters: tuple[Binding, ...]
    gives: Made | None = None


class Identifier(Struct, frozen=True, array_like=True):
    """What names a resource, and the two attributes that tell it."""

    name: str
    attribute: str
    member: str


class ResourceType(Struct, frozen=True):
    """A kind of resource, and what can be done with one. `load` is what reading one of `attributes` calls."""

    identifiers: tuple[Identifier, ...]
    load: Action | None
    attributes: frozenset[str]
    actions: Mapping[str, Action]
    batch: Mapping[str, Action]
    children: Mapping[str, Made]
    references: Mapping[str, Made]
    collections: Mapping[str, Action]
    waiters: Mapping[str, Action]


ROOT: Final = ""
"""The type of the service itself: what `boto3.resource` gives."""


class _File(Struct, frozen=True):
    resources: dict[str, msgspec.Raw]


def services() -> frozenset[str]:
    """Return the services that have resources."""
    return frozenset(_file().resources)


def resource_type(service: str, name: str) -> ResourceType | None:
    """Return a type of resource, or None if there is none of this name."""
    return _types(service).get(name)


@cache
def _types(service: str) -> Mapping[str, ResourceType]:
    packed = _file().resources.get(service)
    return {} if packed is None else msgspec.json.decode(packed, type=dict[str, ResourceType])


@cache
def _file() -> _File:
    return msgspec.json.decode(gzip.decompress(FILE.read_bytes()), type=_File)
