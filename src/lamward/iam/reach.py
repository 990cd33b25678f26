"""Reach: all that an entity can come to, by itself and by becoming others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

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


class Reaches:
    """Reach over one account; what is found for one entity serves the others."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.edges = Edges(account)
        self._granted: dict[str, tuple[Granted, ...]] = {}

    def of(self, arn: str) -> Reach:
        """Give the reach of an entity."""
        paths = self._paths(arn)
        entities = (arn, *(target for target in paths if target in self.edges.entities))
        granted = tuple(
            each for entity in entities for each in self._capabilities(self.edges.entities[entity])
        )
        gained = tuple(
            edge
            for entity in entities
            for edge in self.edges.of(entity)
            if not edge.gains_entity and edge.target != ADMINISTRATOR
        )
        caveat = f"of the {len(escalation.ways())} ways known on {escalation.as_of()}"
        return Reach(arn, paths, granted, gained, caveat)

    def _paths(self, start: str) -> dict[str, tuple[Edge, ...]]:
        """Walk the edges, those that always hold first, so that a path with conditions is only a last resort."""
        found: dict[str, tuple[Edge, ...]] = {}
        for conditional in (False, True):
            queue = deque([start, *found])
            while queue:
                source = queue.popleft()
                for edge in self.edges.of(source) if source in self.edges.entities else ():
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

    def _capabilities(self, entity: Entity) -> tuple[Granted, ...]:
        found = self._granted.get(entity.arn)
        if found is None:
            found = self._granted[entity.arn] = tuple(capabilities(entity))
        return found

    def who_can(self, action: str, resource: str) -> Iterator[tuple[str, tuple[Edge, ...], tuple[str, ...]]]:
        """List who can do an action on a resource: the entity, the steps to one that may, and all conditions."""
        direct = {}
        for entity in self.account.entities:
            able = Power(entity).can(action, resource)
            if able.truth is not Truth.NO:
                direct[entity.arn] = able
        for entity in self.account.entities:
            if entity.arn in direct:
                yield entity.arn, (), direct[entity.arn].guard
                continue
            paths = self._paths(entity.arn)
            ends = [end for end in (*direct, ADMINISTRATOR) if end in paths]
            if ends:
                steps = min(
                    (paths[end] for end in ends),
                    key=lambda path: (sum(len(e.guard) for e in path), len(path)),
                )
                yield entity.arn, steps, tuple(guard for edge in steps for guard in edge.guard)


def capabilities(entity: Entity) -> Iterator[Granted]:
    """List what an entity can do by itself, by class of harm: one entry for each action and place."""
    power = Power(entity)
    for name, capability in escalation.capabilities().items():
        for action in capability.actions:
            for resource in power.places(action):
                able = power.can(action, resource)
                if able.truth is not Truth.NO:
                    yield Granted(name, action, resource, entity.arn, able.statements, able.guard)


def reach(account: Account, arn: str) -> Reach:
    """Give the reach of one entity of an account."""
    return Reaches(account).of(arn)
