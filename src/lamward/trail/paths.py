"""At what of a call's parameters the table of operations looks: no other need be read, or remembered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import GenericAlias
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from lamward.iam.operations import table
from lamward.trail.events import Operation, spellings

_PARAMETER: Final = re.compile(r"(?<!\$)\{([^}]*)\}")
_KIND: Final = re.compile(r"[|=~].*", re.DOTALL)
_ITEMS: Final = "[]"
_NAMES: Final = "*"

Steps = dict[str, "Steps"]
"""Where the table goes on from a value: to members by name, to items of a list (`[]`), to names of members (`*`)."""


class Looked(Struct, frozen=True, eq=False):
    """What the table looks at, of an operation.

    `fields` are the members of `requestParameters`, `rare` other ways to spell each, and `steps` where the table goes
    on from each. `plain` tells that they only take their places in ARNs, and whether they are there is all that matters
    besides.
    """

    fields: tuple[str, ...]
    rare: tuple[tuple[str, ...], ...]
    steps: tuple[Steps, ...]
    plain: bool


@lru_cache(maxsize=8192)
def looked(operation: Operation) -> Looked:
    """Tell what the table looks at, of an operation."""
    paths = tuple(_paths(operation))
    first: Steps = {}
    for path in paths:
        at = first
        for step in _KIND.sub("", path).replace(_ITEMS, f".{_ITEMS}").split("."):
            at = at.setdefault(step, {})
    wanted = sorted(name for name in first if name)
    written = [spellings(operation.service, name) for name in wanted]
    return Looked(
        tuple(each[0] for each in written),
        tuple(each[1:] for each in written),
        tuple(first[name] for name in wanted),
        plain=operation.known and not any(mark in path for path in paths for mark in "|.[*~="),
    )


def _paths(operation: Operation) -> Iterator[str]:
    entries = table.entries(operation.service, operation.name) if operation.known else None
    for entry in entries or ():
        for template in entry.resources:
            yield from _PARAMETER.findall(template)
        yield from (atom.removeprefix("!") for atom in entry.when)


class _Object(Struct, frozen=True, gc=False):
    """An object of which nothing matters but that it is there."""


class _Names(dict[str, bool]):
    """An object of which the names of its members matter."""

    def __hash__(self) -> int:  # type: ignore[override]  # nobody changes it
        return hash(frozenset(self))


_ANYTHING: Final = str | None | _Object | tuple[str | _Object | None, ...]


def shape(steps: Steps) -> Any:
    """Give the type of a value, of which it decodes only what the table looks at; such values can be hashed."""
    if not steps:
        return _ANYTHING
    if _NAMES in steps:
        return _Names | None
    named: dict[str, list[Steps]] = {}
    for step, further in steps.items():
        for name in spellings("", step) if step != _ITEMS else ():
            named.setdefault(name, []).append(further)
    found = str | None | struct({name: _merged(several) for name, several in named.items()})
    return found | GenericAlias(tuple, (shape(steps[_ITEMS]), ...)) if _ITEMS in steps else found


def struct(members: Mapping[str, Steps]) -> Any:
    """Give the type of an object, with the members that the table looks at."""
    fields = [
        (f"member_{at}", shape(steps), msgspec.field(default=None, name=name))
        for at, (name, steps) in enumerate(members.items())
    ]
    return msgspec.defstruct("Members", fields, frozen=True, gc=False, omit_defaults=True)


def _merged(several: Sequence[Steps]) -> Steps:
    names = dict.fromkeys(name for each in several for name in each)
    return {name: _merged([each[name] for each in several if name in each]) for name in names}


def decoder(kind: Any) -> Callable[[Raw], Any]:
    """Give what decodes a type that has shapes in it."""
    return msgspec.json.Decoder(kind, dec_hook=_named).decode


def _named(_: type, value: Any) -> _Names:
    if not isinstance(value, dict):
        raise msgspec.ValidationError("no object")
    return _Names(dict.fromkeys(value, True))
