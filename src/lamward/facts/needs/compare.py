"""What a function is granted beside what it needs: what is missing, what is too much, what is too broad."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import functions_of_roles, roles_of
from lamward.facts.needs.deployed import filled
from lamward.facts.needs.held import Answer, Granted, held_by
from lamward.facts.needs.needed import Needed, needed
from lamward.facts.power import imagined
from lamward.facts.reach import policies_of
from lamward.iam import catalogue, pattern
from lamward.model.access import Policies, Truth
from lamward.model.application import Function, Role
from lamward.model.policy import Effect, Policy, Statement
from lamward.model.value import Case, Known, Symbolic, text_of

Wanted = dict[str, list[str]]
"""The resources that are needed, by action."""


class Surplus(Struct, frozen=True):
    """A statement that allows more than is needed.

    `actions` are those that are not needed at all, as they are written; `spare` counts all that these stand for.
    `broad` are actions that are needed, on fewer resources than the statement allows.
    """

    statement: Statement
    policy: Policy
    actions: tuple[str, ...]
    spare: int
    broad: tuple[str, ...]


class Comparison(Struct, frozen=True):
    """A function's role beside its needs.

    `granted` counts the actions that the role allows on anything, `needed` those that are needed. What could not be
    read of the role is in `unreadable`.
    """

    function: Function
    role: Role
    needs: Needed
    answers: tuple[Answer, ...]
    surplus: tuple[Surplus, ...]
    granted: int
    unreadable: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Answer, ...]:
        """The needs that are not granted."""
        return tuple(each for each in self.answers if each.granted is Granted.NO)


@fact
def compare(facts: Facts, function: Function) -> Comparison | None:
    """Compare what a function is granted with what it needs; None where its role is not in the application."""
    roles = roles_of(facts, function)
    if len(roles) != 1:
        return None
    role = roles[0][0]
    needs, held = needed(facts, function), held_by(facts, role)
    answers = held.answers(needs.accesses)
    surplus = tuple(surpluses(held.policies, wanted_by(facts, needs)))
    policies = policies_of(facts, role)
    return Comparison(
        function,
        role,
        needs,
        answers,
        surplus,
        len(allowed(policies)),
        tuple(dict.fromkeys(_unreadable(policies))),
    )


def allowed(held: Policies) -> set[str]:
    """Name the actions of the catalogue that policies allow on anything."""
    return {
        action.name
        for document in held.identity
        for statement in document.statements
        if statement.effect is Effect.ALLOW
        for written in _written(statement.actions)
        for action in catalogue.matching(written)
    }


def _written(cases: tuple[Case, ...] | None) -> Iterator[str]:
    for case in cases or ():
        text = text_of(case.value)
        if text is not None:
            yield text


def _unreadable(held: Policies) -> Iterator[str]:
    for document in held.identity:
        yield from (each.reason for each in document.unreadable)
        for statement in document.statements:
            yield from (each.reason for each in statement.unreadable)


def wanted_by(facts: Facts, *needs: Needed) -> Wanted:
    """Index the resources that are needed by action, as one deployment has them."""
    wanted: dict[str, list[str]] = {}
    for each in needs:
        for access in (*each.accesses, *each.advice):
            wanted.setdefault(access.action, []).append(imagined(facts).text(access.resource))
    return wanted


@fact
def spare(facts: Facts, role: Role) -> tuple[Surplus, ...] | None:
    """List what no function of a role needs of it; None where not all that they need is known."""
    needs = [needed(facts, function) for function in functions_of_roles(facts).get(role.id, ())]
    if not needs or not all(each.whole for each in needs):
        return None
    return tuple(surpluses(held_by(facts, role).policies, wanted_by(facts, *needs)))


def surpluses(held: Policies, wanted: Wanted) -> Iterator[Surplus]:
    """List the statements that allow more than is wanted."""
    for document in filled(held).identity:
        for statement in document.statements:
            if statement.effect is Effect.ALLOW and statement.actions is not None:
                found = _of(statement, document, wanted)
                if found.actions or found.broad:
                    yield found


def _of(statement: Statement, document: Policy, wanted: Wanted) -> Surplus:
    unused: list[str] = []
    broad: dict[str, None] = {}
    spare = 0
    for written in _written(statement.actions):
        names = [action.name for action in catalogue.matching(written)]
        needed_here = [name for name in names if name in wanted]
        spare += len(names) - len(needed_here)
        if not needed_here:
            unused.append(written)
        elif len(needed_here) < len(names) or not _as_narrow(statement, needed_here, wanted):
            broad |= dict.fromkeys(needed_here)
    return Surplus(statement, document, tuple(unused), spare, tuple(broad))


def _as_narrow(statement: Statement, names: list[str], wanted: Wanted) -> bool:
    """Tell whether every resource of a statement is within what is needed of each of the actions."""
    return all(
        any(_within(case, resource) for resource in wanted[name])
        for case in statement.resources or (Case(Known("*")),)
        for name in names
    )


def _within(case: Case, resource: str) -> bool:
    match case.value:
        case Known(value=value):
            return pattern.covers(resource, str(value)) is Truth.YES
        case Symbolic() as written:
            return pattern.covers(resource, written) is Truth.YES
        case _:
            return False
