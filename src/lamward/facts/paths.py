"""Paths from outside to something worth having: through an open door, by a role, to the worst that the role may do."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.branches import together
from lamward.facts.doors import Door, doors
from lamward.facts.ends import End, end_of
from lamward.facts.links import roles_of
from lamward.model.application import Role
from lamward.model.value import Guard


class Path(Struct, frozen=True):
    """One way in, and where it ends; `when` both are there."""

    door: Door
    role: Role
    end: End
    when: Guard

    @property
    def doubt(self) -> str:
        """Why nobody can tell whether it is open, "" where it surely is."""
        return self.door.doubt or self.end.doubt


@fact
def paths(facts: Facts) -> tuple[Path, ...]:
    """List the paths of an application, door by door."""
    return tuple(path for door in doors(facts) for path in _paths(facts, door))


def _paths(facts: Facts, door: Door) -> Iterator[Path]:
    for role, guard in _roles(facts, door):
        when = together(facts, door.when, guard)
        end = end_of(facts, role) if when is not None else None
        if when is not None and end is not None:
            yield Path(door, role, end, when)


def _roles(facts: Facts, door: Door) -> tuple[tuple[Role, Guard], ...]:
    if door.role is not None:
        return ((door.role, door.role.when),)
    return roles_of(facts, door.function) if door.function is not None else ()
