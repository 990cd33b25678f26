"""Templates as plain data: what their authors wrote, intrinsics in their long form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lamward.fixes.content import content
from lamward.model.location import Location
from lamward.sources.file import SourceFile
from lamward.sources.node import parse

_VARIABLE: Final = re.compile(r"\$\{([^!}][^}]*)\}")


class Texts:
    """The files of applications, each read when it is first asked for."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self._files = files
        self._read: dict[str, Any] = {}

    def at(self, where: Location, *steps: str) -> Any:
        """Give what stands at a place, or below it; None where nothing is written there."""
        found = self._whole(where.span.file)
        for step in (*where.path, *steps):
            found = _child(found, step)
        return found

    def _whole(self, file: str) -> Any:
        if file not in self._read:
            source = self._files.get(file)
            root = parse(source).root if source is not None else None
            self._read[file] = content(root) if root is not None else None
        return self._read[file]


def _child(data: Any, step: str | int) -> Any:
    """Take a step; a model's path leaves out the names of intrinsics."""
    if isinstance(data, dict) and step not in data and len(data) == 1:
        ((name, argument),) = data.items()
        data = argument if name.startswith("Fn::") else data
    if isinstance(data, dict):
        return data.get(str(step))
    return data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None


def referred(data: Any) -> Iterator[str]:
    """List the names that data refers to, anywhere in it."""
    match data:
        case {"Ref": str(name), **rest} if not rest:
            yield name
        case {"Fn::GetAtt": [str(name), *_], **rest} if not rest:
            yield name.partition(".")[0]
        case {"Fn::Sub": str(text), **rest} if not rest:
            yield from _in_text(text)
        case {"Fn::Sub": [str(text), dict(given)], **rest} if not rest:
            yield from (name for name in _in_text(text) if name not in given)
            yield from referred(list(given.values()))
        case dict():
            for child in data.values():
                yield from referred(child)
        case list():
            for child in data:
                yield from referred(child)
        case _:
            pass


def _in_text(text: str) -> Iterator[str]:
    yield from (found.partition(".")[0] for found in _VARIABLE.findall(text))


def decider(data: Any) -> str:
    """Name a function that decides what data is, "" where it is plain but for references."""
    if isinstance(data, dict):
        for key, child in data.items():
            name = str(key)
            if name in {"Fn::If", "Fn::Transform"} or name.startswith("Fn::ForEach"):
                return name
            inner = decider(child)
            if inner:
                return inner
    if isinstance(data, list):
        return next((found for each in data if (found := decider(each))), "")
    return ""
