"""What `AWS::Include` puts into a template: which file includes which, and two mappings made one."""

from __future__ import annotations

from lamward.sources.node import Mapping, Node

MAX_INCLUDES = 500
"""Files may include files that include files: without an end to it, a few of them make millions."""


class Includes:
    """The includes of one template, which must come to an end."""

    def __init__(self) -> None:
        self._count = 0
        self._above: dict[str, set[str]] = {}

    def allow(self, includer: str, included: str) -> bool:
        """Note that a file includes another; false when that would never end."""
        self._count += 1
        above = {includer} | self._above.get(includer, set())
        self._above.setdefault(included, set()).update(above)
        return included not in above and self._count <= MAX_INCLUDES


def merged(first: Mapping, second: Mapping) -> Mapping:
    """Give a template with the sections of both; of entries with the same name, the second's counts."""
    made = _joined(first, second)
    for name, node in second.entries.items():
        before = first.entries.get(name)
        if isinstance(before, Mapping) and isinstance(node, Mapping):
            made.entries[name] = _joined(before, node)
    return made


def _joined(first: Mapping, second: Mapping) -> Mapping:
    made = Mapping()
    for name in (*Node.__slots__, "flow"):
        setattr(made, name, getattr(first, name))
    made.shadowed = list(first.shadowed)
    made.entries = first.entries | second.entries
    made.keys = first.keys | second.keys
    return made
