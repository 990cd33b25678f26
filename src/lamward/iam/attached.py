"""What AWS attaches by itself: resource control policies always have `RCPFullAWSAccess` among them.

Only that policy may allow, and nobody can detach it (AWS Organizations User Guide, "RCP syntax"): a level whose
documents only deny is one whose `RCPFullAWSAccess` was left out as a matter of course.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from lamward.model.access import Policies
from lamward.model.policy import Effect, Policy, Principal, PrincipalKind, Statement
from lamward.model.value import Case, Known

_EVERYTHING: Final = (Case(Known("*")),)
FULL_ACCESS: Final = Policy(
    (
        Statement(
            Effect.ALLOW,
            actions=_EVERYTHING,
            resources=_EVERYTHING,
            principals=(Principal(PrincipalKind.ANYONE, _EVERYTHING[0]),),
        ),
    ),
    name="RCPFullAWSAccess",
    version="2012-10-17",
)


def with_attached(policies: Policies) -> Policies:
    """Give a set of policies with what AWS attaches to its levels of resource control policies."""
    if all(map(_may_allow, policies.resource_control)):
        return policies
    levels = (level if _may_allow(level) else (*level, FULL_ACCESS) for level in policies.resource_control)
    return replace(policies, resource_control=tuple(levels))


def _may_allow(level: tuple[Policy, ...]) -> bool:
    return any(
        document.unreadable or any(each.effect is Effect.ALLOW for each in document.statements)
        for document in level
    )
