"""Policies under assumptions: every way the template's conditions may turn out, and policies settled for one way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from typing import Final

from msgspec.structs import replace

from lamward.model.access import Decision, Policies, Request, Verdict
from lamward.model.policy import Policy, Principal, Statement
from lamward.model.value import (
    ALWAYS,
    MAX_CASES,
    Assumption,
    AssumptionKind,
    Case,
    Guard,
    Reference,
    Symbolic,
    symbolic,
)

Bindings = Mapping[Reference, str]
"""What references stand for in one deployment: `AWS::AccountId`, the ARN of a resource."""

_OTHER: Final = "\0other"


def every(policies: Policies) -> Iterator[Policy]:
    """List all the documents of a set."""
    yield from policies.identity
    yield from policies.boundary or ()
    yield from policies.session or ()
    yield from policies.endpoint or ()
    for level in (*policies.service_control, *policies.resource_control):
        yield from level
    if policies.resource is not None:
        yield policies.resource


def rewrite(policies: Policies, change: Callable[[Policy], Policy]) -> Policies:
    """Change every document of a set."""

    def many(documents: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(change(document) for document in documents)

    return replace(
        policies,
        identity=many(policies.identity),
        resource=None if policies.resource is None else change(policies.resource),
        boundary=None if policies.boundary is None else many(policies.boundary),
        session=None if policies.session is None else many(policies.session),
        service_control=tuple(many(level) for level in policies.service_control),
        resource_control=tuple(many(level) for level in policies.resource_control),
        endpoint=None if policies.endpoint is None else many(policies.endpoint),
    )


def worlds(documents: Iterable[Policy]) -> tuple[Guard, ...] | None:
    """List every combination of the assumptions that documents make; None when there are too many."""
    choices: dict[tuple[AssumptionKind, str], set[Assumption]] = {}
    for assumption in {each for document in documents for guard in _guards(document) for each in guard}:
        kind = (
            AssumptionKind.CONDITION
            if assumption.kind is AssumptionKind.CONDITION
            else AssumptionKind.PARAMETER
        )
        choices.setdefault((kind, assumption.name), set()).add(assumption)
    count = 1
    for (kind, name), found in choices.items():
        if kind is AssumptionKind.CONDITION:
            found |= {Assumption(kind, name, "true"), Assumption(kind, name, "false")}
        else:
            found.add(Assumption(AssumptionKind.PARAMETER, name, _OTHER))
        count *= len(found)
        if count > MAX_CASES:
            return None
    return tuple(tuple(sorted(world)) for world in product(*(sorted(found) for found in choices.values())))


def shown(world: Guard) -> str:
    """Describe a world in a clause."""
    return " and ".join(
        f"parameter `{each.name}` has another value" if each.value == _OTHER else str(each) for each in world
    )


def _guards(document: Policy) -> Iterator[Guard]:
    yield document.when
    for statement in document.statements:
        yield statement.when
        for case in scalars(statement):
            yield case.when
        for entry in statement.conditions:
            yield entry.when


def scalars(statement: Statement) -> Iterator[Case]:
    """List every scalar of a statement."""
    for group in (statement.actions, statement.not_actions, statement.resources, statement.not_resources):
        yield from group or ()
    for principal in (*(statement.principals or ()), *(statement.not_principals or ())):
        yield principal.value
    for entry in statement.conditions:
        yield from entry.values


def settle(document: Policy, world: Guard) -> Policy:
    """Give a document as it is in one world: no guard is left, a statement that is not there matches nothing."""
    held = frozenset(world)
    if not held.issuperset(document.when):
        return replace(document, statements=(), unreadable=(), when=ALWAYS)
    statements = tuple(
        _settle(each, held) if held.issuperset(each.when) else Statement(each.effect, actions=())
        for each in document.statements
    )
    return replace(document, statements=statements, when=ALWAYS)


def _settle(statement: Statement, held: frozenset[Assumption]) -> Statement:
    def keep(group: tuple[Case, ...] | None) -> tuple[Case, ...] | None:
        return group and tuple(Case(case.value) for case in group if held.issuperset(case.when))

    def keep_principals(group: tuple[Principal, ...] | None) -> tuple[Principal, ...] | None:
        return group and tuple(
            Principal(each.kind, Case(each.value.value)) for each in group if held.issuperset(each.value.when)
        )

    entries = (entry for entry in statement.conditions if held.issuperset(entry.when))
    return replace(
        statement,
        actions=keep(statement.actions),
        not_actions=keep(statement.not_actions),
        resources=keep(statement.resources),
        not_resources=keep(statement.not_resources),
        principals=keep_principals(statement.principals),
        not_principals=keep_principals(statement.not_principals),
        conditions=tuple(replace(entry, values=keep(entry.values) or (), when=ALWAYS) for entry in entries),
        when=ALWAYS,
    )


def bind(document: Policy, bindings: Bindings) -> Policy:
    """Put texts in the place of references, as one deployment would."""
    if not any(
        isinstance(case.value, Symbolic) for statement in document.statements for case in scalars(statement)
    ):
        # The same statements stay the same objects: what is found of them serves all who hold them.
        return document

    def change(case: Case) -> Case:
        if not isinstance(case.value, Symbolic):
            return case
        parts = tuple(
            bindings.get(part, part) if isinstance(part, Reference) else part for part in case.value.parts
        )
        return Case(symbolic(parts, case.value.origins), case.when)

    return replace(document, statements=tuple(_change(each, change) for each in document.statements))


def _change(statement: Statement, change: Callable[[Case], Case]) -> Statement:
    def many(group: tuple[Case, ...] | None) -> tuple[Case, ...] | None:
        return group and tuple(change(case) for case in group)

    def principals(group: tuple[Principal, ...] | None) -> tuple[Principal, ...] | None:
        return group and tuple(Principal(each.kind, change(each.value)) for each in group)

    return replace(
        statement,
        actions=many(statement.actions),
        not_actions=many(statement.not_actions),
        resources=many(statement.resources),
        not_resources=many(statement.not_resources),
        principals=principals(statement.principals),
        not_principals=principals(statement.not_principals),
        conditions=tuple(replace(entry, values=many(entry.values) or ()) for entry in statement.conditions),
    )


def across(policies: Policies, request: Request, decide: Callable[[Policies, Request], Decision]) -> Decision:
    """Decide in every world; an answer that is not the same in all of them is unknown, and says why."""
    found = worlds(every(policies))
    if found is None:
        return Decision(
            Verdict.UNKNOWN, unknowns=("the policies depend on too many conditions of the template",)
        )
    if found == ((),):
        return decide(policies, request)
    return combine(
        (world, decide(rewrite(policies, partial(settle, world=world)), request)) for world in found
    )


def combine(found: Iterable[tuple[Guard, Decision]]) -> Decision:
    """Join the decisions of all worlds; where they differ the answer is unknown, and says when it is what."""
    decisions = tuple(found)
    first = decisions[0][1]
    if all(decision.verdict is first.verdict for _, decision in decisions):
        return first
    if all(decision.verdict in _REFUSALS for _, decision in decisions):
        return Decision(Verdict.IMPLICITLY_DENIED, blocked_by=first.blocked_by)
    unknowns = dict.fromkeys(f"{decision.verdict} when {shown(world)}" for world, decision in decisions)
    return Decision(Verdict.UNKNOWN, unknowns=tuple(unknowns))


TOO_MANY: Final = Decision(
    Verdict.UNKNOWN, unknowns=("the policies depend on too many conditions of the template",)
)
_REFUSALS: Final = (Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED)
