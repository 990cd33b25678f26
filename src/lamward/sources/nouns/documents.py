"""Documents written as JSON text: a policy in a string, perhaps with parts that the deployment fills in."""

from __future__ import annotations

import json
import re
from typing import Final

from lamward.model.location import Location
from lamward.model.value import Known, OneOf, Option, Part, Reference, Symbolic, Unknown, Value, symbolic
from lamward.sources.sam.compose import fields, items

# A private-use character around an index stands for what the deployment fills in while the text is decoded.
_HELD: Final = re.compile("\ue000([0-9]+)\ue000")


def structured(value: Value) -> Value:
    """Give the structure of a document that is written as JSON text; any other value as it is."""
    match value:
        case Known(value=str() as text) if text.lstrip().startswith(("{", "[")):
            return _decoded(text, (), value)
        case Symbolic(parts=parts) if isinstance(parts[0], str) and parts[0].lstrip().startswith(("{", "[")):
            references = tuple(part for part in parts if isinstance(part, Reference))
            numbers = iter(range(len(references)))
            text = "".join(
                part if isinstance(part, str) else f"\ue000{next(numbers)}\ue000" for part in parts
            )
            return _decoded(text, references, value)
        case OneOf(options=options, exhaustive=exhaustive, origins=origins):
            made = tuple(Option(structured(option.value), option.when) for option in options)
            return OneOf(made, exhaustive, origins)
        case _:
            return value


def _decoded(text: str, references: tuple[Reference, ...], written: Known | Symbolic) -> Value:
    origins = written.origins
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Unknown("the text is not a JSON document", origins)
    return _value(data, references, origins[0]) if origins else written


def _value(data: object, references: tuple[Reference, ...], where: Location) -> Value:
    match data:
        case dict():
            return fields(
                {str(name): _value(child, references, where) for name, child in data.items()}, where
            )
        case list():
            return items([_value(child, references, where) for child in data], where)
        case str():
            return symbolic(_parts(data, references), (where,))
        case bool() | int() | float() | None:
            return Known(data, (where,))
        case _:
            raise TypeError(type(data))


def _parts(text: str, references: tuple[Reference, ...]) -> tuple[Part, ...]:
    pieces = _HELD.split(text)
    return tuple(
        references[int(piece)] if index % 2 and int(piece) < len(references) else piece
        for index, piece in enumerate(pieces)
    )
