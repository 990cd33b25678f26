"""The resource policy of a REST API, as SAM writes it from lists of accounts, addresses and networks.

Source: SAM specification, "ResourcePolicyStatement".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lamward.model.location import Location
from lamward.model.value import Absent, Known, Value, at, elements, location_of, text_of
from lamward.sources.sam.compose import items, known, plain, present, text
from lamward.sources.sam.event import Event

_ACCOUNTS = (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny"))

_ADDRESSES = (("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress"))

_NETWORKS = (("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals"))

Paths = Mapping[str, Mapping[str, Value]]


def resource_policy(properties: Value, events: Sequence[Event], paths: Paths) -> Value:
    """Give the policy document that the API's `Auth` and its events' ask for; absent when none does."""
    statements: list[Value] = []
    whole = at(properties, "Auth", "ResourcePolicy")
    stage = at(properties, "StageName")
    if present(whole):
        for path, methods in paths.items():
            statements += _statements(whole, _resources(path, methods, stage, location_of(whole)))
        statements += _custom(whole)
    for event in events:
        own = event.property("Auth")
        policy = at(own, "ResourcePolicy")
        if present(policy):
            path = text_of(event.property("Path")) or "/"
            listed = _resources(
                path, paths.get(path, {}), _own_stage(stage, location_of(policy)), location_of(policy)
            )
            statements += _statements(policy, listed)
            statements += _custom(policy)
    if not statements:
        return Absent()
    where = location_of(statements[0])
    return plain({"Version": "2012-10-17", "Statement": statements}, where)


def _own_stage(stage: Value, where: Location) -> Value:
    """Give the stage an event's policy speaks of: SAM does not look behind a computed name and writes `Stage`."""
    return stage if isinstance(stage, Known) else known("Stage", where)


def _custom(policy: Value) -> list[Value]:
    return [case.value for case in elements(at(policy, "CustomStatements"))]


def _resources(path: str, methods: Mapping[str, Value], stage: Value, where: Location) -> Value:
    listed = []
    for method in methods:
        said = "*" if method.lower() in {"any", "x-amazon-apigateway-any-method"} else method.upper()
        listed.append(text("execute-api:/${stage}/" + said + _shown(path), where, stage=stage))
    return items(listed, where)


def _shown(path: str) -> str:
    """Give a path with anything for each of its parameters."""
    pieces = ["*" if piece.startswith("{") and piece.endswith("}") else piece for piece in path.split("/")]
    return "/".join(pieces)


def _statements(policy: Value, resources: Value) -> Iterator[Value]:
    for name, effect in _ACCOUNTS:
        accounts = at(policy, name)
        if present(accounts):
            yield _statement(effect, resources, {"AWS": accounts}, location_of(accounts))
    for name, operator in _ADDRESSES:
        ranges = at(policy, name)
        if present(ranges):
            yield from _except(resources, {operator: {"aws:SourceIp": ranges}}, location_of(ranges))
    for list_, operator in _NETWORKS:
        where = location_of(policy)
        said = [case.value for case in elements(at(policy, f"SourceVpc{list_}"))]
        networks = [one for one in said if (text_of(one) or "").startswith("vpc-")]
        endpoints = [one for one in said if (text_of(one) or "").startswith("vpce-")]
        networks += [case.value for case in elements(at(policy, f"IntrinsicVpc{list_}"))]
        endpoints += [case.value for case in elements(at(policy, f"IntrinsicVpce{list_}"))]
        named = {"aws:SourceVpc": networks, "aws:SourceVpce": endpoints}
        condition = {key: values for key, values in named.items() if values}
        if condition:
            yield from _except(resources, {operator: condition}, where)


def _except(resources: Value, condition: dict[str, object], where: Location) -> Iterator[Value]:
    """Allow everybody, and deny where the condition holds."""
    yield _statement("Allow", resources, "*", where)
    yield _statement("Deny", resources, "*", where, condition)


def _statement(
    effect: str,
    resources: Value,
    principal: object,
    where: Location,
    condition: dict[str, object] | None = None,
) -> Value:
    made = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resources, "Principal": principal}
    return plain(made | ({"Condition": condition} if condition else {}), where)
