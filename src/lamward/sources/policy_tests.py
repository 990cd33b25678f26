"""Files of policy tests: read into a suite whose policies have their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from lamward.errors import LamwardError
from lamward.iam import suite
from lamward.iam.suite import Suite
from lamward.model.value import Fields, Items, Known, Value
from lamward.sources import file
from lamward.sources.policies import Reader, plain

_POLICIES: Final = frozenset({"policies", "first", "second"})
"""The keys of a case or property that hold a set of policies, or the name of one."""


def read(reader: Reader, path: Path) -> Suite | None:
    """Read a file of policy tests; None, and failures of the reader, where it cannot be read."""
    before = len(reader.failures)
    value = reader.value(path, file.MAX_BYTES)
    if len(reader.failures) > before:
        return None
    data = _Tests(reader, path).data(value)
    if len(reader.failures) > before:
        return None
    try:
        return suite.read(data)
    except LamwardError as problem:
        raise type(problem)(f"{path.as_posix()}: {problem.message}", problem.hint) from None


class _Tests:
    """One file on its way from values to a suite."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self.reader = reader
        self.path = path

    def data(self, value: Value) -> Any:
        """Give the file as plain data with the policies it names in their place."""
        if not isinstance(value, Fields):
            return plain(value)
        found: dict[str, Any] = {}
        for key, held in value.fields.items():
            if key == "policies" and isinstance(held, Fields):
                found[key] = {name: self._set(each) for name, each in held.fields.items()}
            elif isinstance(held, Items):
                found[key] = [self._entry(each) for each in held.items]
            else:
                found[key] = plain(held)
        return found

    def _entry(self, value: Value) -> Any:
        if not isinstance(value, Fields):
            return plain(value)
        return {key: self._part(key, held) for key, held in value.fields.items()}

    def _part(self, key: str, value: Value) -> Any:
        if key in _POLICIES:
            return self._set(value)
        return self.reader.request(value) if key == "request" else plain(value)

    def _set(self, value: Value) -> Any:
        """Give a set of policies; a text that is no file's name is the name of one."""
        is_file = isinstance(value, Known) and str(value.value).endswith((".json", ".yaml", ".yml"))
        if isinstance(value, Fields) or is_file:
            return self.reader.policies_data(value, self.path)
        return plain(value)
