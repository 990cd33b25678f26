"""What a function surely needs and its role surely does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named
from lamward.facts.needs.compare import Granted, compare
from lamward.facts.rights import is_named
from lamward.iam import catalogue
from lamward.model.application import Function, Role
from lamward.model.evidence import Access, Call, Platform, Tier
from lamward.model.location import Location
from lamward.model.value import Known, Reference, Symbolic, elements

_ASKED_APART = ("logs:",)
"""What another check asks: whether a role may write logs."""


class Lack(Struct, frozen=True):
    """Actions that are needed for one thing and not allowed: on which resources, what for, and where that is said."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    purpose: str
    places: tuple[Location, ...]


def lacking(facts: Facts, function: Function) -> Iterator[Lack]:
    """List what is missing; what is only perhaps needed, or perhaps allowed elsewhere, is left out."""
    comparison = compare(facts, function)
    if comparison is None or comparison.unreadable:
        return
    found: dict[str, list[Access]] = {}
    for answer in comparison.answers:
        if answer.granted is Granted.NO and _is_sure(facts, answer.access, comparison.role):
            found.setdefault(_purpose(answer.access), []).append(answer.access)
    for purpose, accesses in found.items():
        reasons = [each for access in accesses for each in access.evidence]
        yield Lack(
            tuple(dict.fromkeys(each.action for each in accesses)),
            tuple(dict.fromkeys(_shown(each.resource) for each in accesses)),
            purpose,
            tuple(dict.fromkeys(each.location for each in reasons if isinstance(each, Call | Platform))),
        )


def _is_sure(facts: Facts, access: Access, role: Role) -> bool:
    if access.tier is Tier.ASSUMED or access.action.startswith(_ASKED_APART):
        return False
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
