"""Values that the transform writes: plain data and references, each with the place that caused it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamward.model.location import Location
from lamward.model.value import (
    ALWAYS,
    Absent,
    Fields,
    Guard,
    Items,
    Known,
    OneOf,
    Option,
    Part,
    Reference,
    ReferenceKind,
    Symbolic,
    Unknown,
    Value,
    cases,
    symbolic,
)


def known(scalar: str | float, where: Location) -> Known:
    """Make a scalar."""
    return Known(scalar, (where,))


def switched(where: Location, *, on: bool) -> Known:
    """Make a truth value."""
    return Known(on, (where,))


def items(values: Sequence[Value], where: Location) -> Items:
    """Make a list."""
    return Items(tuple(values), (where,))


def fields(values: Mapping[str, Value], where: Location) -> Fields:
    """Make a mapping of those values that are there."""
    present = {name: value for name, value in values.items() if not isinstance(value, Absent)}
    return Fields(present, {}, (where,))


def plain(data: object, where: Location) -> Value:
    """Make a value of plain data; values inside it stay as they are."""
    match data:
        case Known() | Symbolic() | OneOf() | Unknown() | Absent() | Items() | Fields():
            return data
        case dict():
            return fields({str(name): plain(child, where) for name, child in data.items()}, where)
        case list() | tuple():
            return items([plain(child, where) for child in data], where)
        case str():
            return text(data, where)
        case int() | float() | bool() | None:
            return Known(data, (where,))
        case _:
            raise TypeError(type(data))


def text(template: str, where: Location, **names: Value) -> Value:
    """Fill a text: `${AWS::X}` are pseudo parameters, other `${name}` are the given values."""
    if "${" not in template:
        return Known(template, (where,))
    parts: list[Part] = []
    unknown: Unknown | None = None
    for piece in template.split("${"):
        name, closed, rest = piece.partition("}")
        if not parts and not closed:
            parts.append(piece)
            continue
        match names.get(name):
            case None if name.startswith("AWS::"):
                parts.append(Reference(ReferenceKind.PSEUDO, name))
            case Known(value=scalar):
                parts.append(str(scalar))
            case Symbolic(parts=inner):
                parts.extend(inner)
            case OneOf() as branches:
                return _branched(template, where, name, branches, names)
            case Unknown() as found:
                unknown = found
            case _:
                parts.append(piece if not closed else "")
        parts.append(rest)
    return unknown or symbolic(tuple(parts), (where,))


def _branched(
    template: str, where: Location, name: str, branches: OneOf, names: Mapping[str, Value]
) -> Value:
    options = [
        Option(text(template, where, **{**names, name: case.value}), case.when) for case in cases(branches)
    ]
    return OneOf(tuple(options), branches.exhaustive, (where,))


def ref(target: str, where: Location) -> Symbolic:
    """Make what `Ref` yields for a resource."""
    return Symbolic((Reference(ReferenceKind.RESOURCE, target),), (where,))


def attribute(target: str, name: str, where: Location) -> Symbolic:
    """Make what `Fn::GetAtt` yields for a resource."""
    return Symbolic((Reference(ReferenceKind.RESOURCE, target, name),), (where,))


def relocated(value: Value, where: Location) -> Value:
    """Give a value as if all of it were written at one place."""
    origins = (where,)
    match value:
        case Known(value=scalar):
            return Known(scalar, origins)
        case Symbolic(parts=parts):
            return Symbolic(parts, origins)
        case Unknown(reason=reason):
            return Unknown(reason, origins)
        case Absent():
            return Absent(origins)
        case Items(items=children):
            return Items(tuple(relocated(child, where) for child in children), origins)
        case Fields(fields=children):
            return Fields({name: relocated(child, where) for name, child in children.items()}, {}, origins)
        case OneOf(options=options, exhaustive=exhaustive):
            made = tuple(Option(relocated(option.value, where), option.when) for option in options)
            return OneOf(made, exhaustive, origins)


def guarded(value: Value, when: Guard, where: Location) -> Value:
    """Give a value that is there only under a guard."""
    return value if when == ALWAYS else OneOf((Option(value, when),), exhaustive=True, origins=(where,))


def present(value: Value) -> bool:
    """Tell whether a property is set in some branch, as the transform looks at it."""
    return any(not isinstance(case.value, Absent) and case.value != Known(None) for case in cases(value))
