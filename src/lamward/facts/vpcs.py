"""The networks functions stand in: their flow logs, access lists, endpoints and default security groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.branches import outside
from lamward.facts.compute import functions_of_providers
from lamward.facts.links import of_type, resources_named
from lamward.facts.network import is_everywhere
from lamward.facts.places import Shared, shared
from lamward.model.application import Function, Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Case,
    Fields,
    Guard,
    Symbolic,
    Unknown,
    Value,
    at,
    cases,
    elements,
    entries,
    location_of,
    text_of,
    truth_of,
)

_NETWORK: Final = "AWS::EC2::VPC"
_DEFAULT_GROUP: Final = "DefaultSecurityGroup"
_WITH_POLICY: Final = frozenset({None, "Gateway", "Interface"})
_OWN: Final = frozenset(
    f"aws:{whose}{unit}" for whose in ("principal", "resource") for unit in ("account", "orgid", "orgpaths")
)
"""Condition keys by which a denial keeps callers or resources of others out."""

_EVERY_PROTOCOL: Final = "-1"


@fact
def default_groups(facts: Facts) -> tuple[Shared, ...]:
    """Find the places that put functions into the default security group of their network."""
    return shared(
        (function, case)
        for function in facts.application.functions
        for case in elements(at(function.vpc, "SecurityGroupIds"), function.when)
        if isinstance(case.value, Symbolic)
        and any(reference.attribute == _DEFAULT_GROUP for reference in case.value.references)
    )


@fact
def functions_of_networks(facts: Facts) -> Mapping[str, tuple[Function, ...]]:
    """Index by network the functions in it, by the subnets and groups of their own or of the machines they run on."""
    found: dict[str, dict[str, Function]] = defaultdict(dict)
    for function, config in _configurations(facts):
        for name in ("SubnetIds", "SecurityGroupIds"):
            for case in elements(at(config, name), function.when):
                for place, _ in resources_named(facts, case.value):
                    network = place.id if place.type == _NETWORK else None
                    for named, _ in resources_named(facts, at(place.properties, "VpcId")):
                        network = named.id
                    if network is not None:
                        found[network][function.id] = function
    return {network: tuple(functions.values()) for network, functions in found.items()}


def _configurations(facts: Facts) -> Iterator[tuple[Function, Value]]:
    yield from ((function, function.vpc) for function in facts.application.functions)
    for provider, functions in functions_of_providers(facts).items():
        config = at(facts.application.resources[provider].properties, "VpcConfig")
        yield from ((function, config) for function, _ in functions)


def functions_in(facts: Facts, network: Value) -> tuple[Function, ...]:
    """List the functions in the network that a value names."""
    index = functions_of_networks(facts)
    return next((index[each.id] for each, _ in resources_named(facts, network) if each.id in index), ())


def functions_beside(facts: Facts, network: Value) -> tuple[Function, ...]:
    """List the functions whose network is brought to the template as this one is: most likely the same."""
    if any(True for _ in resources_named(facts, network)):
        return ()
    return tuple(
        function
        for function in facts.application.functions
        if not isinstance(subnets := at(function.vpc, "SubnetIds"), Absent)
        and not any(True for each in elements(subnets) for _ in resources_named(facts, each.value))
    )


def without_flow_log(facts: Facts, network: Resource) -> tuple[Guard, ...]:
    """List the branches of the template in which nobody records who talks to whom in a network."""
    recorded = [
        when
        for log in of_type(facts, "AWS::EC2::FlowLog")
        for each, when in resources_named(facts, at(log.properties, "ResourceId"), log.when)
        if each is network
    ]
    return outside(facts, network.when, recorded)


def lets_everything_in(facts: Facts, entry: Resource) -> Iterator[Guard]:
    """List the branches in which an entry of an access list around functions lets everybody in by every protocol."""
    properties = entry.properties
    lists = resources_named(facts, at(properties, "NetworkAclId"))
    if not any(functions_in(facts, at(each.properties, "VpcId")) for each, _ in lists):
        return
    if truth_of(at(properties, "Egress")) or text_of(at(properties, "Protocol")) != _EVERY_PROTOCOL:
        return
    for case in cases(at(properties, "RuleAction"), entry.when):
        for source in (
            *cases(at(properties, "CidrBlock"), case.when),
            *cases(at(properties, "Ipv6CidrBlock"), case.when),
        ):
            if text_of(case.value) == "allow" and is_everywhere(source.value):
                yield source.when


class OpenStatement(Struct, frozen=True):
    """A statement of an endpoint's policy that lets anybody do what it says with anybody's resources.

    `written` is false for the policy AWS gives an endpoint without one; with a `doubt` nobody can tell.
    """

    location: Location
    when: Guard
    written: bool = True
    doubt: str = ""


def open_statements(endpoint: Resource) -> Iterator[OpenStatement]:
    """List the statements of an endpoint's policy that neither name a caller or resource nor have a condition.

    None of a policy that denies what is of other accounts or organisations, which binds what it allows at large; and
    none of endpoints that lead to one service or balancer that somebody made, as those take no policy.
    """
    if not _takes_policy(endpoint):
        return
    for case in cases(at(endpoint.properties, "PolicyDocument"), endpoint.when):
        statements = list(elements(at(case.value, "Statement"), case.when))
        if any(_denies_outsiders(each) for each in statements):
            continue
        if isinstance(case.value, Absent):
            yield OpenStatement(endpoint.location, case.when, written=False)
        elif not isinstance(case.value, Fields):
            reason = (
                case.value.reason
                if isinstance(case.value, Unknown)
                else "the policy is no document we can read"
            )
            yield OpenStatement(location_of(case.value), case.when, doubt=reason)
        for statement in statements:
            if _is_open(statement):
                yield OpenStatement(location_of(statement.value), statement.when)


def _takes_policy(endpoint: Resource) -> bool:
    kind = text_of(at(endpoint.properties, "VpcEndpointType"))
    return kind in _WITH_POLICY and ".vpce." not in written(at(endpoint.properties, "ServiceName"))


def _denies_outsiders(statement: Case) -> bool:
    keys = {
        name.lower()
        for _, _, compared, _ in entries(at(statement.value, "Condition"))
        for name, _, _, _ in entries(compared)
    }
    return text_of(at(statement.value, "Effect")) == "Deny" and not keys.isdisjoint(_OWN)


def _is_open(statement: Case) -> bool:
    def whole(*steps: str) -> bool:
        return any(
            text_of(each.value) == "*" for each in elements(at(statement.value, *steps), statement.when)
        )

    allows = text_of(at(statement.value, "Effect")) == "Allow"
    free = isinstance(at(statement.value, "Condition"), Absent)
    return allows and free and whole("Resource") and (whole("Principal") or whole("Principal", "AWS"))
