"""What a function surely needs and its role surely does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named, roles_of
from lamward.facts.needs.held import Granted, held_by
from lamward.facts.needs.needed import asked_for
from lamward.facts.rights import is_named, unreadable
from lamward.iam import catalogue
from lamward.model.application import Function, Role
from lamward.model.evidence import Access, Call, Evidence, Platform, Tier
from lamward.model.location import Location
from lamward.model.value import Known, Reference, Symbolic, elements

_ASKED_APART = ("logs:",)
"""What another check asks: whether a role may write logs."""


_GIVEN = frozenset({"VPC", "dead-letter queue", "destination", "event source", "queue", "tracing"})
"""What the SAM transform grants the roles it makes."""


class Lack(Struct, frozen=True):
    """Actions that are needed for one thing and not allowed: on which resources, what for, and where that is said.

    `bounded` is whether only the role's permissions boundary is in the way.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    purpose: str
    places: tuple[Location, ...]
    bounded: bool = False


def lacking(facts: Facts, function: Function) -> Iterator[Lack]:
    """List what is missing; what is only perhaps needed, or perhaps allowed elsewhere, is left out."""
    roles = roles_of(facts, function)
    if len(roles) != 1:
        return
    role = roles[0][0]
    # What CloudTrail saw was allowed, if not by the role then by a policy or a grant of the resource: it says nothing.
    wanted = [each for each in asked_for(facts, function) if _is_asked(facts, each, role)]
    if not wanted or unreadable(facts, role) is not None:
        return
    found: dict[tuple[str, bool], list[Access]] = {}
    held = held_by(facts, role)
    for answer in held.answers(wanted):
        if answer.granted is Granted.NO and _is_sure(facts, answer.access, role):
            kind = _purpose(answer.access), held.is_bounded(answer.access)
            found.setdefault(kind, []).append(answer.access)
    for (purpose, bounded), accesses in found.items():
        reasons = [each for access in accesses for each in access.evidence]
        yield Lack(
            tuple(dict.fromkeys(each.action for each in accesses)),
            tuple(dict.fromkeys(_shown(each.resource) for each in accesses)),
            purpose,
            tuple(dict.fromkeys(each.location for each in reasons if isinstance(each, Call | Platform))),
            bounded,
        )


def _is_asked(facts: Facts, access: Access, role: Role) -> bool:
    """Tell whether an access is worth the question: it is surely needed, and not what SAM grants the roles it makes."""
    if access.advice or access.tier is Tier.ASSUMED or access.action.startswith(_ASKED_APART):
        return False
    made_for = "" if role.id in facts.application.declared else role.declared_by
    return not (made_for and all(_is_given(each, made_for) for each in access.evidence))


def _is_given(evidence: Evidence, function: str) -> bool:
    """Tell whether the SAM transform grants something to a function's role because the function itself asks for it."""
    if not isinstance(evidence, Platform) or evidence.feature not in _GIVEN:
        return False
    return evidence.location.path[:1] == ("Globals",) or evidence.location.path[1:2] == (function,)


def _is_sure(facts: Facts, access: Access, role: Role) -> bool:
    if _has_policy(facts, access.resource):
        return False
    # Where any of many resources will do, narrower ones may be the right ones; some actions know no resources at all.
    known = catalogue.action(access.action)
    narrower = "*" in _shown(access.resource) and known is not None and known.supports_resources
    return not (narrower and is_named(facts, role, access.action))


def _purpose(access: Access) -> str:
    """Say what an access is for: a feature of Lambda's, or the operation that is called."""
    for each in access.evidence:
        if isinstance(each, Platform):
            return f"its {each.feature}"
        if isinstance(each, Call):
            return f"`{each.service}:{each.operation}`"
    return "what is declared"


def _shown(value: Known | Symbolic) -> str:
    return str(value.value) if isinstance(value, Known) else str(value)


def _has_policy(facts: Facts, resource: Known | Symbolic) -> bool:
    """Tell whether the resource has a policy of its own in the template, which may allow it too."""
    parts = resource.parts if isinstance(resource, Symbolic) else ()
    named = {part.target for part in parts if isinstance(part, Reference)}
    return bool(named & _guarded(facts))


@fact
def _guarded(facts: Facts) -> frozenset[str]:
    return frozenset(
        resource.id
        for written in facts.application.resource_policies
        for case in elements(written.targets, written.when)
        for resource, _ in resources_named(facts, case.value, case.when)
    )
