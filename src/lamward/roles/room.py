"""How much a role can still hold: characters of inline policies together, and managed policies.

Source: IAM User Guide, "IAM and AWS STS quotas".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from lamward.facts import Facts
from lamward.facts.grants import attached_to
from lamward.facts.links import resources_named
from lamward.iam.minimise import Allow
from lamward.iam.packing import (
    INLINE_LIMIT,
    MANAGED_POLICIES,
    Packing,
    pack_exactly,
    size,
    written_size,
)
from lamward.model.application import Role
from lamward.model.location import Location
from lamward.model.policy import Policy, Statement
from lamward.model.value import elements
from lamward.roles.placing import Unwritable
from lamward.roles.told import too_many


class Room:
    """What is left of a role, less with every policy that is put into it."""

    def __init__(self, characters: int = INLINE_LIMIT, policies: int = MANAGED_POLICIES) -> None:
        self.characters, self.policies = characters, policies

    def take(self, statements: Sequence[Allow]) -> Packing:
        """Find room for statements, without widening any; raises `Unwritable`."""
        packing = pack_exactly(statements, limit=self.characters)
        count = len(packing.managed)
        if not packing.fits or count > self.policies:
            raise Unwritable(f"its statements {too_many(count, self.policies)}")
        self.characters -= size(packing.inline) if packing.inline else 0
        self.policies -= count
        return packing


def room_of(facts: Facts, role: Role, gone: Collection[Location]) -> Room:
    """Tell what is left of a role without the statements and attachments that stand at some places."""
    attached = attached_to(facts, role)
    inline = [*role.policies, *(each.policy for each in attached if not each.managed)]
    left = (replace(each, statements=_left(each, gone)) for each in inline)
    listed = [
        case for case in elements(role.managed, role.when) if not set(case.value.origins[:1]) & set(gone)
    ]
    named = {resource.id for case in listed for resource, _ in resources_named(facts, case.value, case.when)}
    others = [each for each in attached if each.managed and each.id not in named]
    return Room(
        INLINE_LIMIT - sum(written_size(each) for each in left if each.statements),
        MANAGED_POLICIES - len(listed) - len(others),
    )


def _left(policy: Policy, gone: Collection[Location]) -> tuple[Statement, ...]:
    return tuple(each for each in policy.statements if each.location not in gone)
