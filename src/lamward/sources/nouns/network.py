"""Security groups with all their rules, and subnets. Source: CloudFormation Template Reference, "AWS::EC2::*"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lamward.model.application import Resource, SecurityGroup, SecurityRule, Subnet
from lamward.model.location import Location
from lamward.model.value import Absent, Guard, Value, at, elements, location_of, referent, text_of


def security_groups(resources: Iterable[Resource]) -> Iterator[SecurityGroup]:
    """Make the security groups; rules that are resources of their own join the group they name."""
    listed = list(resources)
    separate = [
        one
        for one in listed
        if one.type in {"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"}
    ]
    for resource in listed:
        if resource.type != "AWS::EC2::SecurityGroup":
            continue
        egress = at(resource.properties, "SecurityGroupEgress")
        own = [rule for rule in separate if _names(rule, resource)]
        rules = [
            *_inline(resource, "SecurityGroupIngress", ingress=True),
            *_inline(resource, "SecurityGroupEgress", ingress=False),
            *(
                _rule(one.properties, one.location, one.when, ingress=one.type.endswith("Ingress"))
                for one in own
            ),
        ]
        yield SecurityGroup(
            id=resource.id,
            location=resource.location,
            rules=tuple(rules),
            egress=egress,
            separate_egress=any(one.type.endswith("Egress") for one in own),
            when=resource.when,
        )


def _names(rule: Resource, group: Resource) -> bool:
    for name in ("GroupId", "GroupName"):
        value = at(rule.properties, name)
        reference = referent(value)
        if reference is not None and reference.target == group.id:
            return True
        if text_of(value) is not None and text_of(value) == text_of(at(group.properties, "GroupName")):
            return True
    return False


def _inline(resource: Resource, section: str, *, ingress: bool) -> Iterator[SecurityRule]:
    for case in elements(at(resource.properties, section), resource.when):
        yield _rule(case.value, location_of(case.value), case.when, ingress=ingress)


def _rule(value: Value, location: Location, when: Guard, *, ingress: bool) -> SecurityRule:
    return SecurityRule(
        location=location,
        ingress=ingress,
        protocol=at(value, "IpProtocol"),
        from_port=at(value, "FromPort"),
        to_port=at(value, "ToPort"),
        peers=(at(value, "CidrIp"), at(value, "CidrIpv6")),
        when=when,
    )


def subnet(resource: Resource) -> Subnet:
    """Make a subnet."""
    zone = at(resource.properties, "AvailabilityZone")
    if isinstance(zone, Absent):
        zone = at(resource.properties, "AvailabilityZoneId")
    return Subnet(id=resource.id, location=resource.location, zone=zone, when=resource.when)
