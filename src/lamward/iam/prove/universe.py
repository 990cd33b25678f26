"""The catalogue's actions as bits of an integer: all of them, or those of some services."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lamward.iam import catalogue, platform


class Universe:
    """Actions in order of service and name, each a bit."""

    def __init__(self, services: tuple[str, ...]) -> None:
        self._services = services
        self._actions: list[catalogue.Action] = []
        self._offsets: dict[str, int] = {}
        for prefix in services:
            self._offsets[prefix] = len(self._actions)
            self._actions += _actions(prefix)
        self.everything = (1 << len(self._actions)) - 1
        self._on: dict[str, int] | None = None
        self._masks: dict[str, int] = {}
        self._names: dict[frozenset[str], int] = {}
        self._parts: dict[bool, tuple[int, ...]] = {}

    def action(self, mask: int) -> catalogue.Action:
        """Give the first action of some."""
        return self._actions[(mask & -mask).bit_length() - 1]

    def actions(self, mask: int) -> Iterator[catalogue.Action]:
        """List some actions, in order of name."""
        while mask:
            low = mask & -mask
            yield self._actions[low.bit_length() - 1]
            mask ^= low

    def on(self, service: str) -> int:
        """Give the actions on resources whose ARNs may name a service."""
        if self._on is None:
            self._on = {}
            for prefix in self._services:
                for name, inside in _on(prefix).items():
                    self._on[name] = self._on.get(name, 0) | inside << self._offsets[prefix]
        return self._on.get(service, 0) | self._on.get("", 0)

    def mask(self, text: str) -> int:
        """Give the actions that a pattern in lower case matches."""
        found = self._masks.get(text)
        if found is None:
            if len(self._masks) >= KEPT:
                self._masks.clear()
            found = 0
            for prefix, inside in _matching(text):
                if prefix in self._offsets:
                    found |= inside << self._offsets[prefix]
            self._masks[text] = found
        return found

    def names(self, names: frozenset[str]) -> int:
        """Give the actions of some names in lower case."""
        found = self._names.get(names)
        if found is None:
            found = self._names[names] = sum({self.mask(name) for name in names})
        return found

    def parts(self, *, layered: bool) -> tuple[int, ...]:
        """Cut everything by what AWS treats in ways of its own.

        That is whether an action knows resources, keys and trust policies, and the reach of resource control policies
        where there are such layers.
        """
        found = self._parts.get(layered)
        if found is None:
            groups: dict[tuple[str, str, bool], int] = {}
            for prefix in self._services:
                for (resource, special, controlled), inside in _special(prefix):
                    key = resource, special, layered and controlled
                    groups[key] = groups.get(key, 0) | inside << self._offsets[prefix]
            found = self._parts[layered] = tuple(groups.values())
        return found


KEPT = 4096


@lru_cache(maxsize=256)
def of(services: tuple[str, ...] | None) -> Universe:
    """Give the universe of some services, or of all."""
    return Universe(catalogue.services() if services is None else services)


def _actions(prefix: str) -> tuple[catalogue.Action, ...]:
    found = catalogue.service(prefix)
    return () if found is None else found.actions


@lru_cache(maxsize=1024)
def _places(prefix: str) -> dict[str, int]:
    return {each.name: 1 << index for index, each in enumerate(_actions(prefix))}


@lru_cache(maxsize=4096)
def _matching(text: str) -> tuple[tuple[str, int], ...]:
    """Give for each service which of its actions a pattern matches."""
    found: dict[str, int] = {}
    for action in catalogue.matching(text):
        prefix = action.name.partition(":")[0]
        found[prefix] = found.get(prefix, 0) | _places(prefix)[action.name]
    return tuple(found.items())


@lru_cache(maxsize=1024)
def _on(prefix: str) -> dict[str, int]:
    """Give for each service that ARNs name the actions on them; "" is for ARNs that may name any."""
    found: dict[str, int] = {}
    known = catalogue.service(prefix)
    patterns = {} if known is None else {each.name: each.patterns for each in known.resource_types}
    for index, action in enumerate(_actions(prefix)):
        for use in action.resource_types:
            for shape in patterns.get(use.name, ()):
                parts = shape.split(":")
                service = parts[2] if len(parts) > 2 and not set("*?") & set(parts[2]) else ""
                found[service] = found.get(service, 0) | 1 << index
    return found


def special(name: str) -> str:
    """Name what AWS treats an action by in a way of its own: it is one on keys, or takes on a role."""
    lowered = name.lower()
    if lowered.startswith("kms:"):
        return "kms"
    return lowered if platform.governed_by_resource(name, "x:role/") else ""


_GOVERNED: Final = frozenset({"kms", "sts"})
"""The services that know resources whose own policy must allow."""


@lru_cache(maxsize=1024)
def _special(prefix: str) -> tuple[tuple[tuple[str, str, bool], int], ...]:
    found: dict[tuple[str, str, bool], int] = {}
    reached = platform.has_resource_control(f"{prefix}:")
    for index, action in enumerate(_actions(prefix)):
        controlled = reached and platform.has_resource_control(action.name)
        governed = special(action.name) if prefix in _GOVERNED else ""
        key = platform.resource_of(action), governed, controlled
        found[key] = found.get(key, 0) | 1 << index
    return tuple(found.items())
