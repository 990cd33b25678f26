"""Takes the parameters that matter out of those of a recorded call, which may have many more."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import astuple

from lamward.trail import mapping
from lamward.trail.events import Operation
from lamward.trail.mapping import Parameter

_ABSENT: Final = Raw(b"")

Members = Struct | None
"""The members of a call's parameters that may matter, in any spelling, to be compared; None where there are none."""


class Pick(Struct, frozen=True, eq=False):
    """Picks in two steps: `members` for each record, `parameters` for each different answer of it.

    `spellings` are for each parameter the places that it may have among the members, the likeliest first; those are
    also the first of all. `texts` decodes the members of nearly all records, whose parameters are texts.
    """

    texts: Callable[[Raw], Members]
    anything: Callable[[Raw], Members]
    made: Callable[..., Struct]
    spellings: tuple[tuple[int, ...], ...]

    def members(self, given: Raw) -> Members:
        """Take the members out; raises what msgspec raises where they make no sense."""
        try:
            return self.texts(given)
        except msgspec.ValidationError:  # a list, an object or a number: it stays as it is written
            read = self.anything(given)
            return None if read is None else self.made(*map(_undecoded, astuple(read)))

    def parameters(self, members: Members) -> tuple[Parameter, ...]:
        """Give each parameter as it is spelt here, in the order of `mapping.fields`."""
        if members is None:
            return (None,) * len(self.spellings)
        values: tuple[Parameter, ...] = astuple(members)
        likeliest = values[: len(self.spellings)]
        if None not in likeliest:
            return likeliest
        return tuple([_first(values, places) for places in self.spellings])


@lru_cache(maxsize=8192)
def pick(what: Operation) -> Pick | None:
    """Make what picks for an operation; None where no parameter matters."""
    fields, rare = mapping.fields(what), mapping.rare_fields(what)
    if not fields:
        return None
    names = list(dict.fromkeys((*fields, *(name for several in rare for name in several))))
    texts, anything = _members(names, str | None, None), _members(names, Raw, _ABSENT)
    return Pick(
        msgspec.json.Decoder(texts | None).decode,
        msgspec.json.Decoder(anything | None).decode,
        texts,
        tuple(tuple(map(names.index, (name, *others))) for name, others in zip(fields, rare, strict=True)),
    )


def _members(names: list[str], kind: Any, default: Any) -> Any:
    fields = [
        (f"member_{at}", kind, msgspec.field(default=default, name=name)) for at, name in enumerate(names)
    ]
    return msgspec.defstruct("Members", fields, frozen=True, gc=False)


def _first(values: tuple[Parameter, ...], places: tuple[int, ...]) -> Parameter:
    for at in places:
        if values[at] is not None:
            return values[at]
    return None


def _undecoded(value: Raw) -> Parameter:
    written = bytes(value)
    if written[:1] == b'"':
        text: str = msgspec.json.decode(written)
        return text
    return None if written in (b"", b"null") else written
