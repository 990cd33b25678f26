"""Places and conditions as JSON tells them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from lamward.model.location import Location
from lamward.model.value import AssumptionKind, Guard
from lamward.report.order import file_of

Position = Annotated[int, Meta(ge=1)]


class Place(Struct, frozen=True):
    """A half-open span: 1-based lines and columns in code points, and the path of the value in the document."""

    file: str
    line: Position
    column: Position
    end_line: Position
    end_column: Position
    path: tuple[str | int, ...]


class Assumption(Struct, frozen=True):
    """Something that must hold; all assumptions of a list must. `text` says it in words."""

    kind: AssumptionKind
    name: str
    value: str
    text: str


def place(location: Location, application: str = "") -> Place:
    """Tell a location; what no file says belongs to its application."""
    span = location.span
    file = file_of(location, application)
    return Place(file, span.line, span.column, span.end_line, span.end_column, location.path)


def when(guard: Guard) -> tuple[Assumption, ...]:
    """Tell a guard."""
    return tuple(Assumption(each.kind, each.name, each.value, str(each)) for each in guard)
