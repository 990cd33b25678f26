"""Takes the parameters that matter out of those of a recorded call, which may have many more.

Of a parameter that is a list or an object only that is kept which the table of operations looks at: two writes of other
items to the same tables are the same observation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct, field
from msgspec.structs import astuple

from lamward.trail.events import Operation
from lamward.trail.mapping import Parameter
from lamward.trail.paths import decoder, looked, struct

_PARAMETER: Final = frozenset({str, bytes, type(None)})
_ABSENT: Final = Raw(b"")

Members = Struct | None
"""The members of a call's parameters that may matter, in any spelling, to be compared; None where there are none."""


class Pick(Struct, frozen=True, eq=False):
    """Picks in two steps: `members` for each record, `parameters` for each different answer of it.

    `spellings` are for each parameter the places that it may have among the members, the likeliest first; those are
    also the first of all. `usual` decodes the members of nearly all records, which are as the table of operations
    thinks.
    """

    usual: Callable[[Raw], Members]
    anything: Callable[[Raw], Members]
    made: Callable[..., Struct]
    spellings: tuple[tuple[int, ...], ...]

    def members(self, given: Raw) -> Members:
        """Take the members out; raises what msgspec raises where they make no sense."""
        try:
            return self.usual(given)
        except msgspec.ValidationError:  # such as a number for a text: it stays as it is written
            read = self.anything(given)
            return None if read is None else self.made(*map(_undecoded, astuple(read)))

    def parameters(self, members: Members) -> tuple[Parameter, ...]:
        """Give each parameter as it is spelt here, in the order of `looked(…).fields`."""
        if members is None:
            return (None,) * len(self.spellings)
        values = astuple(members)
        if not set(map(type, values)) <= _PARAMETER:
            values = tuple([_written(each) for each in values])
        count = len(self.spellings)
        rare = values[count:]
        if rare.count(None) == len(rare):
            return values[:count]
        return tuple([_first(values, places) for places in self.spellings])


def _nothing(_: Raw) -> Members:
    return None


_NOTHING: Final = Pick(_nothing, _nothing, Struct, ())
"""Picks where no parameter matters, and so does not look at them."""


@lru_cache(maxsize=8192)
def pick(what: Operation) -> Pick:
    """Make what picks for an operation."""
    wanted = looked(what)
    if not wanted.fields:
        return _NOTHING
    written = [(name, *others) for name, others in zip(wanted.fields, wanted.rare, strict=True)]
    steps = dict(zip(wanted.fields, wanted.steps, strict=True))
    for several, further in zip(wanted.rare, wanted.steps, strict=True):
        steps |= {name: further for name in several if name not in steps}
    names = list(steps)
    usual = struct(steps)
    anything = msgspec.defstruct(
        "Anything",
        [(f"member_{at}", Raw, field(default=_ABSENT, name=name)) for at, name in enumerate(names)],
    )
    return Pick(
        decoder(usual | None),
        decoder(anything | None),
        usual,
        tuple(tuple(map(names.index, each)) for each in written),
    )


def _first(values: tuple[Parameter, ...], places: tuple[int, ...]) -> Parameter:
    for at in places:
        if values[at] is not None:
            return values[at]
    return None


def _written(value: Any) -> Parameter:
    """Write what is no text as JSON."""
    return value if value is None or isinstance(value, str | bytes) else msgspec.json.encode(value)


def _undecoded(value: Raw) -> Parameter:
    written = bytes(value)
    if written[:1] == b'"':
        text: str = msgspec.json.decode(written)
        return text
    return None if written in (b"", b"null") else written
