"""The networks of functions: their security groups, who else uses them, and their availability zones."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.places import Shared, shared
from lamward.model.application import Function, Resource, SecurityGroup, SecurityRule, Subnet
from lamward.model.location import Location
from lamward.model.value import (
    MAX_CASES,
    Absent,
    AssumptionKind,
    Case,
    Fields,
    Guard,
    Items,
    OneOf,
    Reference,
    ReferenceKind,
    Settled,
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

_WIDEST: Final = 1
"""The longest prefix of a range that counts as everywhere: the two halves of the internet are a way to write it."""

_LAST_PORT: Final = 65535

_NOT_USERS: Final = frozenset(
    {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::Lambda::CapacityProvider",
        "AWS::Lambda::Function",
        "AWS::Lambda::NetworkConnector",
    }
)

_COMPUTE: Final = {
    "AWS::Lambda::CapacityProvider": ("capacity provider", ("VpcConfig",)),
    "AWS::Lambda::NetworkConnector": ("network connector", ("Configuration", "VpcEgressConfiguration")),
}
"""What else runs functions, web functions and MicroVMs in a network: its name, and where it names its groups."""


class Member(Struct, frozen=True):
    """Compute that is in a security group: what it is, and where."""

    kind: str
    location: Location


@fact
def compute_of_groups(facts: Facts) -> dict[str, tuple[Member, ...]]:
    """Index by security group the functions in it, and what else runs code for Lambda."""
    index: dict[str, dict[str, Member]] = defaultdict(dict)
    for function in facts.application.functions:
        for group in _groups(function.vpc, function.when):
            index[group][function.id] = Member("function", function.location)
    for resource in facts.application.resources.values():
        kind, path = _COMPUTE.get(resource.type, ("", ()))
        for group in _groups(at(resource.properties, *path), resource.when) if kind else ():
            index[group][resource.id] = Member(kind, resource.location)
    return {group: tuple(members.values()) for group, members in index.items()}


def _groups(config: Value, when: Guard) -> Iterator[str]:
    for case in elements(at(config, "SecurityGroupIds"), when):
        reference = referent(case.value)
        if reference is not None:
            yield reference.target


@fact
def other_users_of(facts: Facts, group: SecurityGroup) -> tuple[Resource, ...]:
    """List what else than compute of Lambda uses a security group."""
    return tuple(each for each in mentioning(facts).get(group.id, ()) if each.type not in _NOT_USERS)


def references_in(value: Value) -> Iterator[Reference]:
    """List all that a value refers to, anywhere in it."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case Symbolic() as text:
                yield from text.references
            case Items(items=items):
                waiting += items
            case Fields(fields=fields):
                waiting += fields.values()
            case OneOf(options=options):
                waiting += [option.value for option in options]
            case _:
                pass


def mentions(value: Value, target: str) -> bool:
    """Tell whether a value refers to something, anywhere in it."""
    return any(reference.target == target for reference in references_in(value))


@fact
def mentioning(facts: Facts) -> dict[str, tuple[Resource, ...]]:
    """Index by what is referred to the resources that refer to it."""
    index: dict[str, dict[str, Resource]] = defaultdict(dict)
    for resource in facts.application.resources.values():
        for reference in references_in(resource.properties):
            index[reference.target][resource.id] = resource
    return {target: tuple(resources.values()) for target, resources in index.items()}


def is_everywhere(value: Value) -> bool:
    """Tell whether an address range is the whole internet, or half of it, however it is written."""
    try:
        return ipaddress.ip_network((text_of(value) or "").strip(), strict=False).prefixlen <= _WIDEST
    except ValueError:
        return False


def is_anybodys_guess(value: Value) -> bool:
    """Tell whether only the deployment knows an address range; that of a resource, a VPC say, is never everywhere."""
    match value:
        case Symbolic():
            return all(reference.kind is not ReferenceKind.RESOURCE for reference in value.references)
        case _:
            return isinstance(value, Unknown)


def peers(rule: SecurityRule) -> Iterator[Case]:
    """List the address ranges of a rule in every branch of the template."""
    for peer in rule.peers:
        yield from cases(peer, rule.when)


def without_egress(group: SecurityGroup) -> Iterator[Guard]:
    """List the branches in which a group says nothing of egress, so that AWS's own rule lets everything out."""
    if group.separate_egress:
        return
    for case in cases(group.egress, group.when):
        empty = isinstance(case.value, Items) and not case.value.items
        if empty or isinstance(case.value, Absent):
            yield case.when


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
            if isinstance(case.value, Items) and not assumed:
                narrow += [(function, each) for each in _in_one_zone(facts, case.value, case.when)]
            elif isinstance(case.value, Symbolic | Unknown):
                unknown.append((function, case))
    return (
        *(Zones(place) for place in shared(narrow)),
        *(Zones(place, unknown=True) for place in shared(unknown)),
    )


def _in_one_zone(facts: Facts, subnets: Items, when: Guard) -> Iterator[Case]:
    """List the branches in which the subnets of a list lie in one zone."""
    choices = list(_choices(subnets, when))
    narrow = [guard for chosen, guard in choices if _is_narrow(facts, chosen)]
    for guard in (when,) if choices and len(narrow) == len(choices) else narrow:
        yield Case(subnets, guard)


def _is_narrow(facts: Facts, subnets: Sequence[Settled]) -> bool:
    if any(isinstance(item, Unknown) for item in subnets):
        return False
    zones = list(_zones(facts, subnets))
    same_zone = bool(zones) and len(zones) == len(subnets) and len(set(zones)) == 1
    return len({written(item) for item in subnets}) == 1 or same_zone


def _choices(subnets: Items, when: Guard) -> Iterator[tuple[tuple[Settled, ...], Guard]]:
    """List what a list of subnets may hold, its conditions decided; none where they are too many to tell."""
    found: list[tuple[tuple[Settled, ...], Guard]] = [((), when)]
    for item in subnets.items:
        found = [
            (chosen if isinstance(case.value, Absent) else (*chosen, case.value), case.when)
            for chosen, guard in found
            for case in cases(item, guard)
        ]
        if len(found) > MAX_CASES:
            return
    yield from found


def _zones(facts: Facts, subnets: Sequence[Settled]) -> Iterator[str]:
    """List the zones of the subnets that the application declares, where they are told."""
    known = _subnets_by_id(facts)
    for item in subnets:
        reference = referent(item)
        zone = written(known[reference.target].zone) if reference and reference.target in known else ""
        if zone:
            yield zone


@fact
def _subnets_by_id(facts: Facts) -> dict[str, Subnet]:
    return {subnet.id: subnet for subnet in facts.application.subnets}
