"""Ways by which a role comes to more than it was given, by one of the known paths; few roles have any."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lamward.facts import Facts, fact
from lamward.facts.actions import step_services
from lamward.facts.breadth import administers, allows, plain
from lamward.facts.grants import attached_to, attachments, execution_roles
from lamward.facts.managed_policies import Extent, judge
from lamward.iam import documents
from lamward.model.application import Role
from lamward.model.policy import Policy, PrincipalKind, Statement

if TYPE_CHECKING:
    from lamward.facts.ascent import Ascent


@fact
def ascents(facts: Facts) -> tuple[Ascent, ...]:
    """List for each execution role the surest and shortest path to more, if there is one."""
    roles = [role for role in execution_roles(facts) if _may_step(facts, role)]
    suspects = [role for role in roles if not is_administrator(facts, role)]
    if not suspects:
        return ()
    # The engine behind this takes a moment to load, and nearly no role gets here.
    from lamward.facts.ascent import find

    return tuple(found for role in suspects if (found := find(facts, role)) is not None)


@fact
def is_administrator(facts: Facts, role: Role) -> bool:
    """Tell whether a role is allowed everything by a statement or an attached policy (on some branch at least)."""
    return any(
        any(administers(statement)) for policy in own_policies(facts, role) for statement in policy.statements
    ) or any(
        judged.extent is Extent.EVERYTHING
        for attached in attachments(facts, role)
        if attached.name and (judged := judge(attached.name)) is not None
    )


def own_policies(facts: Facts, role: Role) -> tuple[Policy, ...]:
    """List the policies of a role that are written in the application."""
    return (*role.policies, *(each.policy for each in attached_to(facts, role)))


def _may_step(facts: Facts, role: Role) -> bool:
    """Tell cheaply whether a role may do anything that a path to more could begin with."""
    services = frozenset[str]().union(
        *(_steps(statement) for policy in own_policies(facts, role) for statement in policy.statements),
        *(_managed_steps(attached.name) for attached in attachments(facts, role) if attached.name),
    )
    # Who may only assume roles needs one that lets it in.
    return bool(services - {"sts"}) or (
        bool(services) and any(each is not role and _is_open(each) for each in facts.application.roles)
    )


def _is_open(role: Role) -> bool:
    """Tell whether a trust policy names anyone but services, or cannot be read."""
    return role.trust is not None and (
        bool(role.trust.unreadable)
        or any(
            principal.kind is not PrincipalKind.SERVICE
            for statement in role.trust.statements
            for principal in statement.principals or ()
        )
        or any(statement.not_principals or statement.unreadable for statement in role.trust.statements)
    )


@lru_cache(maxsize=512)
def _managed_steps(name: str) -> frozenset[str]:
    # Another check reads what is attached anyway.
    policy = documents.managed_policy(name)
    return frozenset[str]().union(*map(_steps, policy.statements if policy else ()))


def _steps(statement: Statement) -> frozenset[str]:
    """List the services of the first steps a statement allows."""
    if not allows(statement):
        return frozenset()
    if statement.not_actions is not None:
        return frozenset({"iam"})
    return frozenset[str]().union(*(step_services(plain(case)) for case in statement.actions or ()))
