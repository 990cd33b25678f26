"""Reach: all that an entity can come to, by itself and by becoming others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from lamward.iam import escalation
from lamward.iam.account import Account, Entity
from lamward.iam.escalation import ADMINISTRATOR, Edge, Edges, Power
from lamward.model.access import Determining, Truth


class Granted(Struct, frozen=True):
    """One action of a class of harm that an entity can do, where, and under which conditions."""

    capability: str
    action: str
    resource: str
    by: str
    statements: tuple[Determining, ...] = ()
    guard: tuple[str, ...] = ()


class Reach(Struct, frozen=True):
    """What an entity can come to.

    `paths` has for every entity gained (and for `administrator`) the steps to it: without conditions where there are
    such, else the fewest. `gained` are single capabilities that ways of the catalogue give. That something is missing
    here says that none of the listed ways leads to it, no more: `caveat` says which list that is.
    """

    start: str
    paths: Mapping[str, tuple[Edge, ...]]
    granted: tuple[Granted, ...]
    gained: tuple[Edge, ...]
    caveat: str

    @property
    def administrator(self) -> bool:
        """Whether it can have any permission, perhaps under conditions."""
        return ADMINISTRATOR in self.paths


class Extent(Struct, frozen=True):
    """How far an entity reaches: classes of harm it can do, other entities it can become, and whether everything."""

    capabilities: tuple[str, ...]
    entities: int
    administrator: bool


class Reaches:
    """Reach over one account; what is found for one entity serves the others."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.edges = Edges(account)
        self._granted: dict[str, tuple[Granted, ...]] = {}
        self._classes: dict[str, tuple[str, ...]] = {}
        self._leading: dict[str, tuple[Edge, ...]] = {}

    def of(self, arn: str) -> Reach:
        """Give the reach of an entity."""
        paths = self._paths(arn, self.edges.of(arn), self._edges_of)
        entities = (arn, *(target for target in paths if target in self.edges.entities))
        granted = tuple(each for entity in entities for each in self._capabilities(entity))
        gained = tuple(
            edge
            for entity in entities
            for edge in self.edges.of(entity)
            if not edge.gains_entity and edge.target != ADMINISTRATOR
        )
        caveat = f"of the {len(escalation.ways())} ways known on {escalation.as_of()}"
        return Reach(arn, paths, granted, gained, caveat)

    def extent(self, arn: str) -> Extent:
        """Say how far an entity reaches, without saying where and how."""
        return self._extent(arn, self._leads_of(arn), self._classes_of(arn))

    def extent_with(self, entity: Entity) -> Extent:
        """Say how far an entity of the account would reach with other policies: what the others can stays."""
        power = Power(entity)
        return self._extent(entity.arn, self.edges.leading(power), tuple(_classes(power)))

    def _extent(self, arn: str, first: tuple[Edge, ...], own: tuple[str, ...]) -> Extent:
        paths = self._paths(arn, first, self._leads_of)
        others = (self._classes_of(target) for target in paths if target in self.edges.entities)
        classes = dict.fromkeys(chain(own, *others))
        return Extent(tuple(classes), len(paths), ADMINISTRATOR in paths)

    def _paths(
        self, start: str, first: tuple[Edge, ...], after: Callable[[str], tuple[Edge, ...]]
    ) -> dict[str, tuple[Edge, ...]]:
        """Walk the edges, those that always hold first, so that a path with conditions is only a last resort."""
        found: dict[str, tuple[Edge, ...]] = {}
        for conditional in (False, True):
            queue = deque([start, *found])
            while queue:
                source = queue.popleft()
                for edge in first if source == start else after(source):
                    leads = edge.gains_entity or edge.target == ADMINISTRATOR
                    if (
                        leads
                        and edge.target not in found
                        and edge.target != start
                        and (conditional or not edge.guard)
                    ):
                        found[edge.target] = (*found.get(source, ()), edge)
                        queue.append(edge.target)
        return found

    def _edges_of(self, arn: str) -> tuple[Edge, ...]:
        return self.edges.of(arn) if arn in self.edges.entities else ()

    def _leads_of(self, arn: str) -> tuple[Edge, ...]:
        found = self._leading.get(arn)
        if found is None:
            known = arn in self.edges.entities
            found = self._leading[arn] = self.edges.leading(self.edges.power(arn)) if known else ()
        return found

    def _classes_of(self, arn: str) -> tuple[str, ...]:
        found = self._classes.get(arn)
        if found is None:
            found = self._classes[arn] = tuple(_classes(self.edges.power(arn)))
        return found

    def _capabilities(self, arn: str) -> tuple[Granted, ...]:
        found = self._granted.get(arn)
        if found is None:
            found = self._granted[arn] = tuple(capabilities(self.edges.power(arn)))
        return found


def capabilities(power: Power) -> Iterator[Granted]:
    """List what an entity can do by itself, by class of harm: one entry for each action and place."""
    for name, capability in escalation.capabilities().items():
        for action in capability.actions:
            for resource in power.places(action):
                able = power.can(action, resource)
                if able.truth is not Truth.NO:
                    yield Granted(name, action, resource, power.entity.arn, able.statements, able.guard)


def _classes(power: Power) -> Iterator[str]:
    """Name the classes of harm that an entity can do by itself, anywhere."""
    for name, capability in escalation.capabilities().items():
        if any(power.can_anywhere(action).truth is not Truth.NO for action in capability.actions):
            yield name


def reach(account: Account, arn: str) -> Reach:
    """Give the reach of one entity of an account."""
    return Reaches(account).of(arn)
