"""Which file systems functions mount, and how much of them through which access point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named
from lamward.model.application import Function, Resource
from lamward.model.value import (
    Absent,
    Case,
    Symbolic,
    Unknown,
    Value,
    at,
    cases,
    elements,
    number_of,
    text_of,
)

_POINT: Final = "AWS::EFS::AccessPoint"
_ROOT: Final = 0


class Width(Struct, frozen=True):
    """A way in which an access point gives more than a function's own directory: what it is, and where it says so."""

    what: str
    case: Case
    doubt: bool = False


@fact
def mounted(facts: Facts) -> dict[str, tuple[Function, ...]]:
    """List for each access point of the application the functions that mount it."""
    found: dict[str, dict[str, Function]] = {}
    for function in facts.application.functions:
        for case in elements(at(function.properties, "FileSystemConfigs"), function.when):
            for point, _ in resources_named(facts, at(case.value, "Arn"), case.when):
                if point.type == _POINT:
                    found.setdefault(point.id, {})[function.id] = function
    return {point: tuple(functions.values()) for point, functions in found.items()}


def widths(point: Resource) -> Iterator[Width]:
    """List how an access point gives more than needed: all of the file system, or the rights of its root user."""
    yield from _wide(point, at(point.properties, "RootDirectory", "Path"), "all of the file system", _is_all)
    yield from _wide(point, at(point.properties, "PosixUser", "Uid"), "the rights of root", _is_root)


def _wide(point: Resource, value: Value, what: str, wide: Callable[[Value], bool]) -> Iterator[Width]:
    for case in cases(value, point.when):
        if isinstance(case.value, Symbolic | Unknown):
            yield Width(what, case, doubt=True)
        elif wide(case.value):
            yield Width(what, case)


def _is_all(path: Value) -> bool:
    return isinstance(path, Absent) or text_of(path) == "/"


def _is_root(user: Value) -> bool:
    return number_of(user) == _ROOT
