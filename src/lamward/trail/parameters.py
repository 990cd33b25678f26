"""The parameters of a recorded call: what `requestParameters` tell, in the words of the table of operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lamward.iam.operations.resources import MAX_RESOURCES
from lamward.model.access import Truth
from lamward.model.value import Known, Text, Unknown
from lamward.trail.events import spellings

_HIDDEN: Final = frozenset({"HIDDEN_DUE_TO_SECURITY_REASONS", "***", "****"})
_MAX_TEXT: Final = 2048
_ENOUGH: Final = MAX_RESOURCES + 1
"""More texts than this are told as `*` anyway, and a record may have thousands."""


class Recorded:
    """The parameters of one call; reads the paths of `operations.toml`."""

    def __init__(self, service: str, data: Mapping[str, Any]) -> None:
        self._service = service
        self._data = data

    def texts(self, path: str) -> tuple[Text, ...]:
        """Give the texts at a path, each once; what CloudTrail hides is unknown."""
        found: dict[Text, None] = {}
        for each in self._at(path):
            if isinstance(each, dict | list):
                continue
            found[_text(each)] = None
            if len(found) == _ENOUGH:
                break
        return tuple(found)

    def present(self, path: str) -> Truth:
        """Tell whether something is there."""
        return Truth.YES if next(self._at(path), None) is not None else Truth.NO

    def arn(self, text: Text) -> Text | None:  # noqa: ARG002 the protocol's
        """Nothing in a record refers to a resource of a template."""
        return None

    def _at(self, path: str) -> Iterator[Any]:
        at: Iterator[Any] = iter([self._data])
        for number, step in enumerate(path.split(".")):
            at = self._step(at, step, first=number == 0)
        return (each for each in at if each is not None)

    def _step(self, values: Iterator[Any], step: str, *, first: bool) -> Iterator[Any]:
        name = step.removesuffix("[]")
        for value in values:
            if not isinstance(value, dict):
                continue
            if name == "*":
                yield from value
                continue
            found = _member(value, spellings(self._service if first else "", name))
            if step.endswith("[]"):
                yield from found if isinstance(found, list) else ()
            elif found is not None:
                yield found


def _member(value: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((value[name] for name in names if name in value), None)


def _text(value: Any) -> Text:
    if isinstance(value, str):
        if value in _HIDDEN:
            return Unknown("CloudTrail hides it")
        if len(value) > _MAX_TEXT:
            return Unknown("it is too long for a name")
        return Known(value)
    return Known(value) if isinstance(value, int | float) else Unknown("it is no text")
