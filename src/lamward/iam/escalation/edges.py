"""Edges: which entity can become which other, by which way of the catalogue, under which conditions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Final

from msgspec import Struct

from lamward.iam import evaluate
from lamward.iam.account import Account, Entity, FunctionNode, Workload
from lamward.iam.escalation.catalogue import Target, Way, ways
from lamward.iam.escalation.power import UNABLE, Able, Power, Trust
from lamward.model.access import Caller, CallerKind, Determining, Policies, Request, Truth, Verdict
from lamward.model.policy import Effect, PrincipalKind

ADMINISTRATOR: Final = "administrator"


class Edge(Struct, frozen=True):
    """One step. `target` is the ARN of the entity gained, `administrator`, or a class of capabilities.

    `via` is the function, workload or policy it goes through. An empty `guard` says that it always holds.
    """

    way: str
    title: str
    source: str
    target: str
    via: str = ""
    statements: tuple[Determining, ...] = ()
    guard: tuple[str, ...] = ()

    @property
    def gains_entity(self) -> bool:
        """Whether it leads to another entity."""
        return self.target.startswith("arn:")


class Edges:
    """The edges of an account, found entity by entity and remembered."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.entities = {entity.arn: entity for entity in account.entities}
        self._edges: dict[str, tuple[Edge, ...]] = {}
        self._powers: dict[str, Power] = {}
        self._trusts: dict[str, Trust | None] = {}
        self._trusting: dict[str, tuple[tuple[Entity, Able], ...]] = {}

    def of(self, arn: str) -> tuple[Edge, ...]:
        """Give the edges that start at an entity."""
        found = self._edges.get(arn)
        if found is None:
            found = self._edges[arn] = self.by(self.power(arn))
        return found

    def power(self, arn: str) -> Power:
        """Give what an entity can do by itself."""
        found = self._powers.get(arn)
        if found is None:
            found = self._powers[arn] = Power(self.entities[arn])
        return found

    def by(self, power: Power) -> tuple[Edge, ...]:
        """Give the edges that start at an entity, or would if this were its power."""
        return tuple(self._find(power, ways()))

    def leading(self, power: Power) -> tuple[Edge, ...]:
        """Give those of them that lead to other entities or to all permissions."""
        return tuple(self._find(power, _leading()))

    def _find(self, power: Power, known: tuple[Way, ...]) -> Iterator[Edge]:
        """Follow every way; one that surely makes an administrator makes the others pointless."""
        for first in (True, False):
            for way in known:
                own = way.target in (Target.SELF, Target.ACCOUNT)
                if own is first and self._worth_a_look(power, way):
                    for edge in self._follow(power, way):
                        yield edge
                        if edge.target == ADMINISTRATOR and not edge.guard:
                            return

    def _worth_a_look(self, power: Power, way: Way) -> bool:
        entity = power.entity
        if way.caller and (way.caller == "role") is not entity.is_role:
            return False
        if way.bounded and entity.policies.boundary is None:
            return False
        if way.denied and not _denies(entity):
            return False
        if way.tagged and not any(key.startswith("aws:principaltag/") for key in power.keys):
            return False
        trusted = way.trust and way.target is Target.ROLE
        return all(power.may(action) or (trusted and action == "sts:AssumeRole") for action in way.actions)

    def _follow(self, power: Power, way: Way) -> Iterator[Edge]:
        match way.target:
            case Target.PASSED_ROLE:
                yield from self._pass(power, way)
            case Target.FUNCTION:
                for function in self._deployed if "artifact" in way.on.values() else self.account.functions:
                    yield from self._thing(power, way, function, function.artifact)
            case Target.WORKLOAD:
                for workload in self.account.workloads:
                    if workload.service == way.service:
                        yield from self._thing(power, way, workload, "")
            case Target.ROLE | Target.USER:
                for other in self._others(power.entity, way):
                    yield from self._other(power, way, other)
            case Target.SELF:
                able = _all(self._on_entity(power, way, action, power.entity) for action in way.actions)
                yield from self._edge(power, way, able, way.result)
            case Target.ACCOUNT:
                able = _all(power.can_anywhere(action) for action in way.actions)
                yield from self._edge(power, way, able, way.result)

    def _trusts_of(self, entity: Entity) -> Trust | None:
        """Prepare the trust policy of a role; None when it can let in nobody but services."""
        if entity.arn not in self._trusts:
            self._trusts[entity.arn] = Trust(entity) if _is_open(entity) else None
        return self._trusts[entity.arn]

    def _others(self, entity: Entity, way: Way) -> Iterator[Entity]:
        """List the entities that a way may lead to: those to be assumed must let in somebody else than services."""
        wanted = self._welcoming if "sts:AssumeRole" in way.actions else self.account.entities
        for other in wanted:
            if other.is_role is (way.target is Target.ROLE) and other.arn != entity.arn:
                yield other

    @cached_property
    def _deployed(self) -> tuple[FunctionNode, ...]:
        """The functions whose code lies where somebody may be allowed to put other code."""
        return tuple(each for each in self.account.functions if each.artifact)

    @cached_property
    def _welcoming(self) -> tuple[Entity, ...]:
        return tuple(filter(_is_open, self.account.entities))

    def _pass(self, power: Power, way: Way) -> Iterator[Edge]:
        rest = _all(power.can_anywhere(action) for action in way.actions if action != "iam:PassRole")
        if rest.truth is Truth.NO:
            return
        for role, trusting in self._roles_for(way.service):
            if role.arn != power.entity.arn:
                passed = power.can("iam:PassRole", role.arn, service=way.service)
                yield from self._edge(power, way, _all((passed, rest, trusting)), role.arn)

    def _roles_for(self, service: str) -> tuple[tuple[Entity, Able], ...]:
        """Give the roles whose trust policy lets a service assume them."""
        found = self._trusting.get(service)
        if found is None:
            pairs = ((entity, _trusts(entity, service)) for entity in self.account.entities)
            found = self._trusting[service] = tuple(pair for pair in pairs if pair[1].truth is not Truth.NO)
        return found

    def _thing(self, power: Power, way: Way, thing: FunctionNode | Workload, artifact: str) -> Iterator[Edge]:
        own = way.result == "target" and thing.role == power.entity.arn
        if own or (way.result == "target" and thing.role not in self.entities):
            return
        able = _all(_on_thing(power, way, action, thing, artifact) for action in way.actions)
        yield from self._edge(
            power, way, able, thing.role if way.result == "target" else way.result, thing.arn
        )

    def _other(self, power: Power, way: Way, other: Entity) -> Iterator[Edge]:
        if "sts:AssumeRole" in way.actions:
            trust = self._trusts_of(other)
            if trust is None or not (trust.names_somebody or power.may("sts:AssumeRole")):
                return
        able = _all(self._on_entity(power, way, action, other) for action in way.actions)
        yield from self._edge(
            power, way, able, other.arn if way.result == "target" else way.result, other.arn
        )

    def _on_entity(self, power: Power, way: Way, action: str, entity: Entity) -> Able:
        match way.on.get(action, ""):
            case "attached":
                return _any(power.can(action, policy) for policy in entity.attached)
            case "group":
                return _any(power.can(action, group) for group in entity.groups)
            case _ if action == "sts:AssumeRole":
                trust = self._trusts_of(entity)
                return UNABLE if trust is None else power.can_assume(entity, trust)
            case _:
                return power.can(action, entity.arn)

    def _edge(self, power: Power, way: Way, able: Able, target: str, via: str = "") -> Iterator[Edge]:
        if able.truth is not Truth.NO:
            yield Edge(way.id, way.title, power.entity.arn, target, via, able.statements, able.guard)


@cache
def _leading() -> tuple[Way, ...]:
    return tuple(each for each in ways() if each.result in {"target", ADMINISTRATOR})


def _is_open(entity: Entity) -> bool:
    """Tell whether a trust policy names anyone but services."""
    trust = entity.trust
    return trust is not None and (
        bool(trust.unreadable)
        or any(
            principal.kind in (PrincipalKind.AWS, PrincipalKind.ANYONE)
            for statement in trust.statements
            for principal in (*(statement.principals or ()), *(statement.not_principals or ()))
        )
    )


def _on_thing(power: Power, way: Way, action: str, thing: FunctionNode | Workload, artifact: str) -> Able:
    place = way.on.get(action, "")
    if place == "artifact":
        return power.can(action, artifact) if artifact else UNABLE
    if place == "any":
        return power.can_anywhere(action)
    if thing.arn.split(":")[2] == action.partition(":")[0] or action.startswith(
        ("ssm:", "ec2-instance-connect:")
    ):
        return power.can(action, thing.arn)
    return power.can_anywhere(action)


def _denies(entity: Entity) -> bool:
    return any(
        statement.effect is Effect.DENY
        for policy in entity.policies.identity
        for statement in policy.statements
    )


def _trusts(entity: Entity, service: str) -> Able:
    if entity.trust is None:
        return UNABLE
    keys = tuple(entry.key.lower() for statement in entity.trust.statements for entry in statement.conditions)
    account = entity.arn.split(":")[4]
    request = Request(Caller(CallerKind.SERVICE, service), "sts:AssumeRole", entity.arn, {}, account, keys)
    decision = evaluate.decide(Policies(resource=entity.trust), request)
    match decision.verdict:
        case Verdict.ALLOWED:
            return Able(Truth.YES)
        case Verdict.UNKNOWN:
            return Able(Truth.UNKNOWN, guard=(f"if the trust policy of `{entity.arn}` lets `{service}` in",))
        case _:
            return UNABLE


def _all(parts: Iterator[Able] | tuple[Able, ...]) -> Able:
    """Join what all must hold."""
    statements: dict[Determining, None] = {}
    guard: dict[str, None] = {}
    truth = Truth.YES
    for able in parts:
        if able.truth is Truth.NO:
            return UNABLE
        truth = min(truth, able.truth)
        statements.update(dict.fromkeys(able.statements))
        guard.update(dict.fromkeys(able.guard))
    return Able(truth, tuple(statements), tuple(guard))


def _any(parts: Iterator[Able]) -> Able:
    return max(parts, key=lambda able: able.truth, default=UNABLE)
