"""Files of policy tests: read into a suite whose policies have their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from lamward.errors import LamwardError
from lamward.iam import suite
from lamward.iam.suite import Suite
from lamward.model.access import Policies
from lamward.model.policy import Policy
from lamward.model.value import Fields, Items, Known, Value
from lamward.sources import file
from lamward.sources.policies import Key, Reader, place, plain

_POLICIES: Final = frozenset({"policies", "first", "second"})
"""The keys of a case or property that hold a set of policies, or the name of one."""


def read(reader: Reader, path: Path) -> Suite | None:
    """Read a file of policy tests; None, and failures of the reader, where it cannot be read."""
    before = len(reader.failures)
    value = reader.value(path, file.MAX_BYTES)
    if len(reader.failures) > before:
        return None
    tests = _Tests(reader, path)
    data = tests.data(value)
    if len(reader.failures) > before:
        return None
    try:
        read_suite = suite.read(data)
    except LamwardError as problem:
        raise type(problem)(f"{path.as_posix()}: {problem.message}", problem.hint) from None
    return tests.placed(read_suite)


class _Tests:
    """One file on its way from values to a suite."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self.reader = reader
        self.path = path
        self.located: dict[Key, Policy] = {}
        self._placed: dict[int, tuple[Policies, Policies]] = {}

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
            return self.reader.policies_data(value, self.path, self.located)
        return plain(value)

    def placed(self, found: Suite) -> Suite:
        """Put places into a suite's policies; a set that is shared stays one."""
        cases = tuple(replace(case, policies=self._place(case.policies)) for case in found.cases)
        properties = tuple(
            replace(asked, policies=tuple(map(self._place_any, asked.policies))) for asked in found.properties
        )
        return replace(found, cases=cases, properties=properties)

    def _place_any(self, policies: Policies | Policy) -> Policies | Policy:
        if isinstance(policies, Policies):
            return self._place(policies)
        return self.located.get(("resource", policies.statements), policies)

    def _place(self, policies: Policies) -> Policies:
        known = self._placed.get(id(policies))
        if known is None:
            # The original is kept with its copy so that no other object can ever get its identity.
            known = self._placed[id(policies)] = (policies, place(policies, self.located))
        return known[1]
