"""What a function is granted beside what it needs: what is missing, what is too much, what is too broad."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.assumed import assume
from lamward.facts.links import functions_of_roles, roles_of
from lamward.facts.needs.defaults import by_default
from lamward.facts.needs.needed import Needed, needed
from lamward.facts.power import imagined
from lamward.facts.reach import policies_of
from lamward.iam import catalogue, pattern
from lamward.iam.minimise import Allow, policy
from lamward.iam.worlds import bind, scalars
from lamward.model.access import Policies, Truth
from lamward.model.application import Function, Role
from lamward.model.evidence import Access, Platform
from lamward.model.policy import Effect, Policy, Statement
from lamward.model.value import Case, Guard, Known, Reference, ReferenceKind, Symbolic, text_of

Wanted = dict[str, list[str]]
"""The resources that are needed, by action."""


class Granted(StrEnum):
    """Whether an access is granted."""

    YES = "granted"
    NO = "missing"
    UNKNOWN = "unknown"


class Answer(Struct, frozen=True):
    """Whether the role grants an access that is needed."""

    access: Access
    granted: Granted
    reason: str = ""


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
    needs, held = needed(facts, function), policies_of(facts, role)
    bound = deployed(facts, held)
    answers = tuple(answer(facts, each, bound) for each in needs.accesses)
    surplus = tuple(surpluses(bound, wanted_by(facts, needs)))
    return Comparison(
        function,
        role,
        needs,
        answers,
        surplus,
        len(allowed(held)),
        tuple(dict.fromkeys(_unreadable(held))),
    )


def single(access: Access) -> Policies:
    """Give the policy that allows one access and nothing else."""
    return Policies(identity=(policy([Allow((access.action,), (access.resource,), access.conditions)]),))


def _asked(access: Access) -> Policies:
    """Give the requests that an access makes: those of Lambda itself do not come from the function's code."""
    conditions = access.conditions
    if all(isinstance(each, Platform) for each in access.evidence):
        conditions = (*conditions, ("Null", "lambda:SourceFunctionArn", Known("true")))
    return Policies(identity=(policy([Allow((access.action,), (access.resource,), conditions)]),))


def deployed(facts: Facts, held: Policies) -> Policies:
    """Give policies as one deployment has them, so that a table's name and its ARN are known to be the same table."""
    return Policies(
        identity=tuple(_bound(facts, each) for each in held.identity),
        boundary=None if held.boundary is None else tuple(_bound(facts, each) for each in held.boundary),
    )


def _bound(facts: Facts, document: Policy) -> Policy:
    """Fill in all references to resources; one whose ARN nobody lists is called by its own name everywhere."""
    known = imagined(facts).bindings
    unlisted = {
        each: each.target
        for each in _references(document)
        if each.kind is ReferenceKind.RESOURCE and each not in known
    }
    return bind(by_default(document), {**known, **unlisted} if unlisted else known)


def _filled(held: Policies) -> Policies:
    """Call parameters and imports by their own names, as the needs do: the same stands for the same."""
    return replace(
        held,
        identity=tuple(
            bind(document, {each: each.target.replace("::", "-") for each in _references(document)})
            for document in held.identity
        ),
    )


def _references(document: Policy) -> Iterator[Reference]:
    for statement in document.statements:
        for case in scalars(statement):
            if isinstance(case.value, Symbolic):
                yield from case.value.references


def answer(facts: Facts, access: Access, held: Policies) -> Answer:
    """Tell whether policies, as one deployment has them, grant an access where what it is for exists."""
    held = _where(held, _presumed(facts, access))
    if _plainly(access, imagined(facts).text(access.resource), _filled(held)):
        return Answer(access, Granted.YES)
    # The engine behind this takes a moment to load.
    from lamward.iam import prove

    match prove.implies(deployed(facts, _asked(access)), held):
        case prove.Proved():
            return Answer(access, Granted.YES)
        case prove.Refuted():
            return Answer(access, Granted.NO)
        case prove.Undetermined(reason=reason):
            return Answer(access, Granted.UNKNOWN, reason)


def _presumed(facts: Facts, access: Access) -> Guard:
    """Give the conditions under which the resources that an access names are there."""
    resources = facts.application.resources
    named = access.resource.references if isinstance(access.resource, Symbolic) else ()
    guards = (resources[each.target].when for each in named if each.target in resources)
    return next((when for when in guards if when), ())


def _where(held: Policies, guard: Guard) -> Policies:
    if not guard:
        return held
    return replace(held, identity=tuple(filter(None, (assume(each, guard) for each in held.identity))))


def _plainly(access: Access, resource: str, held: Policies) -> bool:
    """Tell whether one statement allows an access outright: most are, and need no proof."""
    statements = [statement for document in held.identity for statement in document.statements]
    if held.boundary is not None or any(each.effect is Effect.DENY for each in statements):
        return False
    return any(
        not (each.conditions or each.unreadable or each.when)
        and any(_matches(written, access.action) for written in _written(each.actions))
        and any(not case.when and _covers(case, resource) for case in each.resources or ())
        for each in statements
    )


def _matches(written: str, action: str) -> bool:
    return pattern.match(written, action, ignore_case=True) is Truth.YES


def _covers(case: Case, resource: str) -> bool:
    return isinstance(case.value, Known) and pattern.covers(str(case.value.value), resource) is Truth.YES


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
    return tuple(surpluses(deployed(facts, policies_of(facts, role)), wanted_by(facts, *needs)))


def surpluses(held: Policies, wanted: Wanted) -> Iterator[Surplus]:
    """List the statements that allow more than is wanted."""
    for document in _filled(held).identity:
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
