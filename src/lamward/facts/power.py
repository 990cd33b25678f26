"""What a role really may, asked of the engine: whatever else its policies deny, and its boundary, counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.deployment import Deployment, deploy
from lamward.facts.grants import attached_to
from lamward.model.access import Truth
from lamward.model.application import Role
from lamward.model.policy import Effect, Policy
from lamward.model.value import Absent

if TYPE_CHECKING:
    from lamward.iam.escalation import Power


@fact
def imagined(facts: Facts) -> Deployment:
    """Make up one deployment that all questions share."""
    return deploy(facts)


def able(facts: Facts, role: Role, action: str, resource: str = "") -> Truth:
    """Tell whether a role that has a statement for an action may do it: on a resource, or on any at all."""
    if not _held_back(facts, role):
        return Truth.YES
    held = power(facts, role)
    return (held.can(action, resource) if resource else held.can_anywhere(action)).truth


@fact
def _held_back(facts: Facts, role: Role) -> bool:
    """Tell whether anything can take away what a statement gives: only then is the engine worth its start."""
    return not isinstance(role.boundary, Absent) or any(
        statement.effect is Effect.DENY
        for policy in documents_of(facts, role)
        for statement in policy.statements
    )


def documents_of(facts: Facts, role: Role) -> Iterator[Policy]:
    """List the documents of a role, its own and those of the application that are attached to it."""
    yield from role.policies
    for attached in attached_to(facts, role):
        yield attached.policy


@fact
def power(facts: Facts, role: Role) -> Power:
    """Give what a role may do, to be asked action by action."""
    # The engine behind this takes a moment to load, and few roles are held back by anything.
    from lamward.facts.reach import entity
    from lamward.iam.documents import policy
    from lamward.iam.escalation import Power

    whole = entity(facts, role, imagined(facts))
    account = whole.arn.split(":")[4]
    # Nothing is known of the policies of keys and roles elsewhere; the common ones leave it to the account.
    delegating = policy(
        {"Statement": {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "*", "Resource": "*"}}
    )
    return Power(replace(whole, policies=replace(whole.policies, resource=delegating)))
