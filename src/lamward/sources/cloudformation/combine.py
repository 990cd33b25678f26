"""Values made of other values: every combination of branches, or an honest `Unknown`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lamward.model.location import Location
from lamward.model.value import (
    ALWAYS,
    MAX_CASES,
    Guard,
    Known,
    OneOf,
    Option,
    Part,
    Reference,
    ReferenceKind,
    Settled,
    Symbolic,
    Unknown,
    Value,
    both,
    cases,
    parts_of,
    symbolic,
)

MAX_TEXT = 2_000_000
"""No template may be longer, so no text made of one is: texts in texts can grow without measure."""

Origins = tuple[Location, ...]


def one_of(options: Sequence[Option], origins: Origins, *, exhaustive: bool = True) -> Value:
    """Make a value of its options, which may themselves be conditional; a single certain option stands for itself."""
    flat: list[Option] = []
    for option in options:
        flat.extend(Option(case.value, case.when) for case in cases(option.value, option.when))
        exhaustive = exhaustive and not (isinstance(option.value, OneOf) and not option.value.exhaustive)
    if len(flat) > MAX_CASES:
        return Unknown("it depends on too many conditions", origins)
    if not flat:
        return Unknown("no branch of it is possible", origins)
    if len(flat) == 1 and flat[0].when == ALWAYS:
        return flat[0].value
    return OneOf(tuple(flat), exhaustive, origins)


def combinations(values: Sequence[Value]) -> list[tuple[tuple[Settled, ...], Guard]] | None:
    """List the possible combinations of several values with their guards; None when there are too many."""
    found: list[tuple[tuple[Settled, ...], Guard]] = [((), ALWAYS)]
    for value in values:
        if not isinstance(value, OneOf):
            found = [((*settled, value), when) for settled, when in found]
            continue
        possible = list(cases(value))
        found = [
            ((*settled, case.value), joined)
            for settled, when in found
            for case in possible
            if (joined := both(when, case.when)) is not None
        ]
        if len(found) > MAX_CASES:
            return None
    return found


def combine(values: Sequence[Value], join: Callable[[tuple[Settled, ...]], Value], origins: Origins) -> Value:
    """Join several values into one, branch by branch."""
    found = combinations(values)
    if found is None:
        return Unknown("it depends on too many conditions", origins)
    exhaustive = all(not isinstance(value, OneOf) or value.exhaustive for value in values)
    return one_of([Option(join(settled), when) for settled, when in found], origins, exhaustive=exhaustive)


def text(values: Sequence[Value], origins: Origins) -> Value:
    """Concatenate values as text; what has too many possibilities stays a symbolic part of it."""
    pieces = list(values)
    if combinations(pieces) is None:
        pieces = [_summary(piece) for piece in pieces]
    # A text that holds a parameter's value comes from there, too.
    definitions = (
        origin for piece in pieces for origin in piece.origins if origin.path[:1] == ("Parameters",)
    )
    places = tuple(dict.fromkeys((*origins, *definitions)))
    return combine(pieces, lambda settled: _joined(settled, places), places)


def _summary(value: Value) -> Value:
    if not isinstance(value, OneOf):
        return value
    names = sorted({assumption.name for case in cases(value) for assumption in case.when})
    return Symbolic((Reference(ReferenceKind.PARAMETER, "/".join(names)),), value.origins)


def _joined(settled: tuple[Settled, ...], origins: Origins) -> Value:
    parts: list[Part] = []
    for piece in settled:
        match piece:
            case Known() | Symbolic():
                parts.extend(parts_of(piece))
            case Unknown(reason=reason):
                return Unknown(reason, origins)
            case _:
                return Unknown("a list or mapping stands where text belongs", origins)
    if sum(len(part) for part in parts if isinstance(part, str)) > MAX_TEXT or len(parts) > MAX_TEXT:
        return Unknown("the text is longer than any template may be", origins)
    return dynamic(symbolic(tuple(parts), origins))


def dynamic(value: Known | Symbolic) -> Known | Symbolic:
    """Turn `{{resolve:service:text}}` inside a text into references.

    Source: CloudFormation User Guide, "Get values stored in other services using dynamic references".
    """
    written = parts_of(value)
    if not any(isinstance(part, str) and "{{resolve:" in part for part in written):
        return value
    parts: list[Part] = []
    inside: list[str] | None = None
    for part in written:
        if not isinstance(part, str):
            if inside is None:
                parts.append(part)
            else:
                inside.append(str(part))
            continue
        rest = part
        while rest:
            if inside is None:
                before, opened, rest = rest.partition("{{resolve:")
                parts.append(before)
                if opened:
                    inside = []
            else:
                before, closed, rest = rest.partition("}}")
                inside.append(before)
                if closed:
                    parts.append(Reference(ReferenceKind.DYNAMIC, "".join(inside)))
                    inside = None
    if inside is not None:
        return value
    return symbolic(tuple(parts), value.origins)
