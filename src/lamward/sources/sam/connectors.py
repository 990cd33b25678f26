"""Connectors: the policies and permissions that `AWS::Serverless::Connector` and `Connectors` attributes grant.

Source: SAM specification, "AWS::Serverless::Connector"; the profiles come packed from the transform itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import Fields, Guard, Value, at, cases, elements, location_of, text_of
from lamward.sources.cloudformation.conditions import assume
from lamward.sources.cloudformation.template import ResourceDeclaration
from lamward.sources.node import Mapping as MappingNode
from lamward.sources.sam import profiles
from lamward.sources.sam.compose import fields, items, known, plain, present
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.profiles import End, Profile

_POLICIES = {
    "AWS_IAM_ROLE_MANAGED_POLICY": ("Policy", "AWS::IAM::ManagedPolicy", "Roles", "RoleName"),
    "AWS_SNS_TOPIC_POLICY": ("TopicPolicy", "AWS::SNS::TopicPolicy", "Topics", "Arn"),
    "AWS_SQS_QUEUE_POLICY": ("QueuePolicy", "AWS::SQS::QueuePolicy", "Queues", "QueueUrl"),
}
"""By kind of profile: the made resource's suffix and type, the property that says whose it is, and which of an end."""


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector wherever it is written. `cause` is the resource whose template entry holds it."""

    id: str
    cause: Resource
    source: Value
    destination: Value
    permissions: Value
    location: Location
    when: Guard


def expand(expansion: Expansion) -> None:
    """Add what the connectors of a template make."""
    for connector in (*_embedded(expansion), *_declared(expansion)):
        connect(expansion, connector)


def _declared(expansion: Expansion) -> Iterator[Connector]:
    for resource in expansion.declared.values():
        if resource.type == "AWS::Serverless::Connector":
            yield Connector(
                id=resource.id,
                cause=resource,
                source=at(resource.properties, "Source"),
                destination=at(resource.properties, "Destination"),
                permissions=at(resource.properties, "Permissions"),
                location=resource.location,
                when=resource.when,
            )


def _embedded(expansion: Expansion) -> Iterator[Connector]:
    for declaration in expansion.template.resources.values():
        node = declaration.node.get("Connectors")
        host = expansion.declared.get(expansion.prefix + declaration.id)
        if host is not None and isinstance(node, MappingNode):
            yield from _attached(expansion, declaration, host, node)


def _attached(
    expansion: Expansion, declaration: ResourceDeclaration, host: Resource, node: MappingNode
) -> Iterator[Connector]:
    """Read the `Connectors` attribute of a resource, which is the source of all of them."""
    evaluator = expansion.template.evaluator
    path = ("Resources", declaration.id, "Connectors")
    with evaluator.assuming(host.when), evaluator.binding(dict(declaration.bindings)):
        written = evaluator.value(node, path)
    entries = written.fields if isinstance(written, Fields) else {}
    for name, value in entries.items():
        where = node.keys[name].location((*path, name)) if name in node.keys else location_of(value)
        properties = at(value, "Properties")
        condition = text_of(at(value, "Condition"))
        reference = at(properties, "SourceReference")
        source: dict[str, Value] = {"Id": known(declaration.id, where)}
        if isinstance(reference, Fields):
            source |= {key: child for key, child in reference.fields.items() if key != "Id"}
        yield Connector(
            id=host.id + name,
            cause=host,
            source=fields(source, where),
            destination=at(properties, "Destination"),
            permissions=at(properties, "Permissions"),
            location=where,
            when=assume(condition, holds=True) if condition else host.when,
        )


def connect(expansion: Expansion, connector: Connector) -> None:
    """Add what one connector grants: one resource, or one per permission, for each of its destinations."""
    several = any(not isinstance(case.value, Fields) for case in cases(connector.destination))
    for index, case in enumerate(elements(connector.destination, connector.when)):
        suffix = f"Destination{index}" if several else ""
        problem = _Connection(expansion, connector, case.value, case.when, suffix).grant()
        if problem:
            where = location_of(case.value) if several else connector.location
            expansion.fail(f"the connector `{connector.id}` {problem}", where)


class _Connection:
    """One source and one destination of a connector."""

    def __init__(
        self, expansion: Expansion, connector: Connector, destination: Value, when: Guard, suffix: str
    ) -> None:
        self.expansion = expansion
        self.connector = connector
        self.destination = destination
        self.when = when
        self.suffix = suffix

    def grant(self) -> str:
        """Add what the connection needs; say what is wrong with it, if something is."""
        ends = []
        for name, value, other in (
            ("source", self.connector.source, self.destination),
            ("destination", self.destination, self.connector.source),
        ):
            end = profiles.end(self.expansion, value, other)
            if end is None:
                return f"names no {name} that is in the template"
            ends.append(end)
        source, destination = ends
        profile = profiles.profile(source.type, destination.type)
        if profile is None:
            return f"cannot connect `{source.type}` to `{destination.type}`"
        wanted = self._wanted()
        unknown = [name for name in wanted if name not in profile.access]
        if unknown or not wanted:
            return f"needs permissions out of {', '.join(profile.access)}"
        names = profiles.names(source, destination)
        missing = profile.missing(names, wanted)
        if missing:
            return f"needs {missing}"
        subject = source if profile.of_source else destination
        if profile.kind == "AWS_LAMBDA_PERMISSION":
            return self._permissions(profile, subject, names, wanted)
        return self._policy(profile, subject, names, wanted)

    def _wanted(self) -> dict[str, Location]:
        """Give the permissions asked for and where each is written."""
        found = elements(self.connector.permissions)
        return {text_of(case.value) or "unknown": location_of(case.value) for case in found}

    def _policy(
        self, profile: Profile, subject: End, names: Mapping[str, Value], wanted: Mapping[str, Location]
    ) -> str:
        suffix, kind, target, needed = _POLICIES[profile.kind]
        held_by = subject.property(needed)
        if not present(held_by):
            return f"cannot tell the {needed} of its {'source' if profile.of_source else 'destination'}"
        where = self.connector.location
        statements = [
            profiles.filled(statement, names, wanted[name])
            for name, access in profile.access.items()
            if name in wanted
            for statement in access.get("Statement", ())
        ]
        made: dict[str, Value] = {
            target: items([held_by], where),
            "PolicyDocument": plain({"Version": "2012-10-17", "Statement": statements}, where),
        }
        self._add(suffix, kind, made)
        return ""

    def _permissions(
        self, profile: Profile, subject: End, names: Mapping[str, Value], wanted: Mapping[str, Location]
    ) -> str:
        if not present(subject.arn):
            return "cannot tell the function's ARN"
        for name, access in profile.access.items():
            if name in wanted:
                allowed = profiles.filled(access, names, wanted[name])
                made = dict(allowed.fields) if isinstance(allowed, Fields) else {}
                made["FunctionName"] = subject.arn
                self._add(f"{name}LambdaPermission", "AWS::Lambda::Permission", made)
        return ""

    def _add(self, suffix: str, kind: str, properties: dict[str, Value]) -> None:
        self.expansion.add(
            self.connector.id + suffix + self.suffix,
            kind,
            fields(properties, self.connector.location),
            self.connector.cause,
            at=self.connector.location,
            when=self.when,
        )
