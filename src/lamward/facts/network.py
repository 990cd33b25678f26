"""The networks of functions: their security groups, who else uses them, and their availability zones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.places import Shared, shared
from lamward.model.application import Function, Resource, SecurityGroup, SecurityRule
from lamward.model.value import (
    Absent,
    AssumptionKind,
    Case,
    Fields,
    Items,
    OneOf,
    Symbolic,
    Unknown,
    Value,
    at,
    cases,
    elements,
    number_of,
    referent,
    text_of,
)

EVERYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
_LAST_PORT: Final = 65535

_NOT_USERS: Final = frozenset(
    {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::Lambda::Function",
    }
)


@fact
def functions_of_groups(facts: Facts) -> dict[str, tuple[Function, ...]]:
    """Index by security group the functions in it."""
    index: dict[str, dict[str, Function]] = defaultdict(dict)
    for function in facts.application.functions:
        for case in elements(at(function.vpc, "SecurityGroupIds"), function.when):
            reference = referent(case.value)
            if reference is not None:
                index[reference.target][function.id] = function
    return {group: tuple(functions.values()) for group, functions in index.items()}


@fact
def other_users_of(facts: Facts, group: SecurityGroup) -> tuple[Resource, ...]:
    """List what else than functions uses a security group."""
    return tuple(
        resource
        for resource in facts.application.resources.values()
        if resource.type not in _NOT_USERS and _mentions(resource.properties, group.id)
    )


def _mentions(value: Value, target: str) -> bool:
    match value:
        case Symbolic():
            return any(reference.target == target for reference in value.references)
        case Items(items=items):
            return any(_mentions(item, target) for item in items)
        case Fields(fields=fields):
            return any(_mentions(child, target) for child in fields.values())
        case OneOf(options=options):
            return any(_mentions(option.value, target) for option in options)
        case _:
            return False


def lets_everything_out(rule: SecurityRule) -> bool:
    """Tell whether a rule lets every protocol, or every port of one, out."""
    if rule.ingress:
        return False
    if text_of(rule.protocol) == "-1":
        return True
    ports = (number_of(rule.from_port), number_of(rule.to_port))
    return ports[0] in {0, 1} and ports[1] == _LAST_PORT


class Zones(Struct, frozen=True):
    """A place that puts functions into a network: in one zone, or (with `unknown`) nobody can tell how many."""

    place: Shared
    unknown: bool = False


@fact
def narrow_networks(facts: Facts) -> tuple[Zones, ...]:
    """Find the networks of functions that lie in one availability zone, or may, each place once."""
    narrow: list[tuple[Function, Case]] = []
    unknown: list[tuple[Function, Case]] = []
    for function in facts.application.functions:
        for case in cases(at(function.vpc, "SubnetIds"), function.when):
            # A default is an example as often as not; who deploys may give any list.
            assumed = any(each.kind is AssumptionKind.DEFAULT for each in case.when)
            if isinstance(case.value, Items) and not assumed and _in_one_zone(facts, case.value):
                narrow.append((function, case))
            elif isinstance(case.value, Symbolic | Unknown):
                unknown.append((function, case))
    return (
        *(Zones(place) for place in shared(narrow)),
        *(Zones(place, unknown=True) for place in shared(unknown)),
    )


def _in_one_zone(facts: Facts, subnets: Items) -> bool:
    named = {written(item) for item in subnets.items if not isinstance(item, Absent)}
    if any(isinstance(item, OneOf | Unknown) for item in subnets.items):
        return False
    zones = list(_zones(facts, subnets))
    return len(named) == 1 or (bool(zones) and len(zones) == len(subnets.items) and len(set(zones)) == 1)


def _zones(facts: Facts, subnets: Items) -> Iterator[str]:
    """List the zones of the subnets that the application declares, where they are told."""
    known = {subnet.id: subnet for subnet in facts.application.subnets}
    for item in subnets.items:
        reference = referent(item)
        zone = written(known[reference.target].zone) if reference and reference.target in known else ""
        if zone:
            yield zone
