"""What the roles of functions are allowed: every statement with where it comes from and whom it serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.concerned import also_concerned
from lamward.facts.links import functions_of_roles, joined, resources_named, roles_by_id, roles_of
from lamward.facts.surroundings import functions_around
from lamward.facts.trust import may_be_taken_by
from lamward.iam import managed
from lamward.model.application import Function, IdentityPolicy, Role
from lamward.model.finding import Related
from lamward.model.location import NOWHERE, Location
from lamward.model.policy import Policy, Statement
from lamward.model.value import Case, Guard, Symbolic, both, elements, location_of, text_of

_CALLERS = ("events", "pipes", "scheduler", "states")
"""Services that call functions with a role of their own."""

SHOWN = 3
"""How many names a message lists before it only counts."""


class Grant(Struct, frozen=True):
    """A policy the application writes, and the execution roles it applies to; `when` is the policy's own guard."""

    policy: Policy
    roles: tuple[Role, ...]
    when: Guard

    @property
    def role(self) -> Role:
        """The first of the roles; there is always one."""
        return self.roles[0]


class Attachment(Struct, frozen=True):
    """A managed policy attached to an execution role by ARN: its `name`, "" when it cannot be told."""

    role: Role
    case: Case
    name: str
    location: Location


@fact
def execution_roles(facts: Facts) -> tuple[Role, ...]:
    """List the roles that functions run with: those of this application's functions, and those made for others."""
    used = functions_of_roles(facts)
    return tuple(
        role
        for role in facts.application.roles
        if role.id in used or may_be_taken_by(facts, role, "lambda", "edgelambda")
    )


@fact
def calling_roles(facts: Facts) -> tuple[Role, ...]:
    """List the roles by which services call functions here: their rights follow what functions and events say."""
    around = functions_around(facts)
    return tuple(
        role
        for role in facts.application.roles
        if around.get(role.id) and may_be_taken_by(facts, role, *_CALLERS) and not runs_functions(facts, role)
    )


@fact
def _ids_of_execution_roles(facts: Facts) -> frozenset[str]:
    return frozenset(role.id for role in execution_roles(facts))


def runs_functions(facts: Facts, role: Role) -> bool:
    """Tell whether a role is an execution role."""
    return role.id in _ids_of_execution_roles(facts)


@fact
def compute_roles(facts: Facts) -> tuple[Role, ...]:
    """List the execution roles and those of instances and containers: whoever breaks in there has the role."""
    chosen = _ids_of_execution_roles(facts)
    return tuple(
        role
        for role in facts.application.roles
        if role.id in chosen or may_be_taken_by(facts, role, "ec2", "ecs-tasks", "pods.eks")
    )


@fact
def grants(facts: Facts) -> tuple[Grant, ...]:
    """List the policies of the execution and calling roles that are written in the application."""
    return tuple(_grants(facts, (*execution_roles(facts), *calling_roles(facts))))


@fact
def compute_grants(facts: Facts) -> tuple[Grant, ...]:
    """List the policies of the compute roles that are written in the application."""
    return tuple(_grants(facts, compute_roles(facts)))


def _grants(facts: Facts, roles: tuple[Role, ...]) -> Iterator[Grant]:
    wanted = {role.id: role for role in roles}
    for role in roles:
        for policy in role.policies:
            guard = both(role.when, policy.when)
            if guard is not None:
                yield Grant(policy, (role,), guard)
    attached = _attached(facts)
    for resource in facts.application.identity_policies:
        holders = tuple(wanted[name] for name in attached.get(resource.id, ()) if name in wanted)
        if holders:
            yield Grant(resource.policy, holders, resource.when)


@fact
def _attached(facts: Facts) -> dict[str, tuple[str, ...]]:
    """List for each policy resource the roles it is attached to, from either side."""
    index: dict[str, dict[str, None]] = defaultdict(dict)
    known = roles_by_id(facts)
    policies = {policy.id for policy in facts.application.identity_policies}
    for policy in facts.application.identity_policies:
        for name in _roles_of(facts, policy):
            if name in known:
                index[policy.id][name] = None
    for role in facts.application.roles:
        for case in elements(role.managed, role.when):
            for resource, _ in resources_named(facts, case.value, case.when):
                if resource.id in policies:
                    index[resource.id][role.id] = None
    return {policy: tuple(names) for policy, names in index.items()}


def attached_to(facts: Facts, role: Role) -> tuple[IdentityPolicy, ...]:
    """List the policy resources of the application that are attached to a role."""
    return _attached_to(facts).get(role.id, ())


@fact
def _attached_to(facts: Facts) -> dict[str, tuple[IdentityPolicy, ...]]:
    attached = _attached(facts)
    index: dict[str, list[IdentityPolicy]] = defaultdict(list)
    for policy in facts.application.identity_policies:
        for role in attached.get(policy.id, ()):
            index[role].append(policy)
    return {role: tuple(policies) for role, policies in index.items()}


def _roles_of(facts: Facts, policy: IdentityPolicy) -> Iterator[str]:
    for case in elements(policy.roles, policy.when):
        for resource, _ in resources_named(facts, case.value, case.when):
            yield resource.id


def attachments(facts: Facts, role: Role) -> Iterator[Attachment]:
    """List the managed policies attached to a role that the application does not write itself."""
    for case in elements(role.managed, role.when):
        if not any(resources_named(facts, case.value, case.when)):
            yield Attachment(role, case, _aws_name(case), location_of(case.value))


def attached_at(facts: Facts, role: Role, policy: str) -> Location:
    """Find where a managed policy is attached, whose own statements stand in no file."""
    return next((each.location for each in attachments(facts, role) if each.name == policy), NOWHERE)


def _aws_name(case: Case) -> str:
    """Give the name of an AWS managed policy, in whatever partition."""
    shown = str(case.value) if isinstance(case.value, Symbolic) else text_of(case.value) or ""
    arn = shown.replace("${AWS::Partition}", "aws")
    if ":iam::aws:policy/" in arn:
        return arn.rpartition("/")[2]
    return arn if managed.arn_of(arn) else ""


def statements(facts: Facts) -> Iterator[tuple[Grant, Statement]]:
    """List the statements of `grants` that can be in force together with their policy and role."""
    yield from _statements(grants(facts))


@fact
def _statements_of(facts: Facts) -> dict[str, list[tuple[int, tuple[Grant, Statement]]]]:
    index: dict[str, list[tuple[int, tuple[Grant, Statement]]]] = defaultdict(list)
    for position, (grant, statement) in enumerate(statements(facts)):
        for role in grant.roles:
            index[role.id].append((position, (grant, statement)))
    return dict(index)


def statements_of(facts: Facts, roles: Iterable[Role]) -> tuple[tuple[Grant, Statement], ...]:
    """List the statements of some of the execution roles that can be in force."""
    return joined(_statements_of(facts), (role.id for role in roles))


def compute_statements(facts: Facts) -> Iterator[tuple[Grant, Statement]]:
    """List the statements of the compute roles."""
    yield from _statements(compute_grants(facts))


def _statements(granted: tuple[Grant, ...]) -> Iterator[tuple[Grant, Statement]]:
    for grant in granted:
        for statement in grant.policy.statements:
            if both(grant.when, statement.when) is not None:
                yield grant, statement


def functions_of(facts: Facts, roles: tuple[Role, ...]) -> tuple[Function, ...]:
    """List the functions that run with any of some roles."""
    used = functions_of_roles(facts)
    found = {function.id: function for role in roles for function in used.get(role.id, ())}
    return tuple(found.values())


@fact
def _uses(facts: Facts) -> dict[str, tuple[tuple[Function, Guard], ...]]:
    index: dict[str, list[tuple[Function, Guard]]] = defaultdict(list)
    for function in facts.application.functions:
        for role, when in roles_of(facts, function):
            index[role.id].append((function, when))
    return {role: tuple(uses) for role, uses in index.items()}


def uses_of(facts: Facts, role: Role) -> tuple[tuple[Function, Guard], ...]:
    """List the functions that run with a role, each with the branch in which it does."""
    return _uses(facts).get(role.id, ())


def holder(facts: Facts, roles: tuple[Role, ...]) -> str:
    """Name who holds what roles are allowed: the functions, or the role where no function here runs with it."""
    functions = functions_of(facts, roles)
    if not functions:
        return f"role `{roles[0].declared_by or roles[0].id}`"
    return listed([f"`{function.declared_by or function.id}`" for function in functions])


def listed(names: list[str]) -> str:
    """Write a few names, and how many more there are."""
    unique = list(dict.fromkeys(names))
    if len(unique) > SHOWN + 1:
        return f"{', '.join(unique[:SHOWN])} and {len(unique) - SHOWN} more"
    return " and ".join(filter(None, (", ".join(unique[:-1]), unique[-1])))


def holders(facts: Facts, roles: tuple[Role, ...], but: Location) -> tuple[Related, ...]:
    """Point at the functions that run with roles, unless the finding is inside the only one."""
    return also_concerned(but, functions_of(facts, roles), note="runs with this role")
