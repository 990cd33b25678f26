"""What connectors of each pair of resource types grant, and what they must know of the two ends.

Packed from the transform's own profiles by `tools/refresh_sam.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Fields,
    OneOf,
    Option,
    Value,
    at,
    cases,
    elements,
    location_of,
    referent,
    text_of,
)
from lamward.sources.sam.compose import attribute, items, known, plain, present, ref, text
from lamward.sources.sam.expansion import Expansion

_MADE_OF = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
}

_NAME = re.compile(r"%\{(\w+)\.(\w+)\}")

_ENDS = ("Source", "Destination")


class Profile(Struct, frozen=True):
    """What a connector grants: its kind, whose policy it is, and plain data by permission (`Read`, `Write`)."""

    kind: str
    of_source: bool
    access: dict[str, dict[str, Any]]

    def missing(self, names: Mapping[str, Value], wanted: Mapping[str, Location]) -> str:
        """Name a property of an end that the wanted permissions mention and nobody said."""
        for permission in wanted:
            for end, name in _NAME.findall(str(self.access[permission])):
                if not present(names[end + name]):
                    return f"the {name} of its {end.lower()}"
        return ""


class End(Struct, frozen=True):
    """One end of a connector, with what is known of it."""

    type: str
    arn: Value = Absent()
    role_name: Value = Absent()
    queue_url: Value = Absent()
    resource_id: Value = Absent()
    name: Value = Absent()
    qualifier: Value = Absent()

    def property(self, name: str) -> Value:
        """Give a property by its name in a connector."""
        return {"Arn": self.arn, "RoleName": self.role_name, "QueueUrl": self.queue_url}[name]


class _Properties(Struct, frozen=True):
    inputs: dict[str, Any] = field(name="Inputs", default_factory=dict)
    outputs: dict[str, Any] = field(name="Outputs", default_factory=dict)


class _Details(Struct, frozen=True):
    of_source: bool = field(name="SourcePolicy")
    access: dict[str, dict[str, Any]] = field(name="AccessCategories")


class _Permission(Struct, frozen=True):
    kind: str = field(name="Type")
    details: _Details = field(name="Properties")


class _Packed(Struct, frozen=True):
    permissions: dict[str, dict[str, _Permission]]
    properties: dict[str, _Properties]


@cache
def _packed() -> _Packed:
    file = Path(__file__).with_name("data") / "connectors.json"
    return msgspec.json.decode(file.read_bytes(), type=_Packed)


def profile(source: str, destination: str) -> Profile | None:
    """Give the profile of a pair of resource types, None when SAM connects no such resources."""
    found = _packed().permissions.get(source, {}).get(destination)
    if found is None:
        return None
    return Profile(found.kind, found.details.of_source, found.details.access)


def end(expansion: Expansion, written: Value, other: Value) -> End | None:
    """Resolve one end: a logical id, or type and ARN said outright. `other` is the opposite end."""
    identifier = text_of(at(written, "Id"))
    if identifier is None:
        kind = text_of(at(written, "Type"))
        if kind is None:
            return None
        return End(
            type=_MADE_OF.get(kind, kind),
            arn=at(written, "Arn"),
            role_name=at(written, "RoleName"),
            queue_url=at(written, "QueueUrl"),
            resource_id=at(written, "ResourceId"),
            name=at(written, "Name"),
            qualifier=at(written, "Qualifier"),
        )
    resource = expansion.resources.get(expansion.prefix + identifier)
    if resource is None:
        return None
    return _of_resource(expansion, resource, written, other)


def _of_resource(expansion: Expansion, resource: Resource, written: Value, other: Value) -> End:
    where = location_of(at(written, "Id"))
    properties = _packed().properties.get(resource.type, _Properties())
    qualifier = at(written, "Qualifier")

    def output(name: str) -> Value:
        match properties.outputs.get(name):
            case {"Ref": _}:
                return ref(resource.id, where)
            case {"Fn::GetAtt": [_, str() as wanted]}:
                return attribute(resource.id, wanted, where)
            case str() as literal:
                return known(literal, where)
            case _:
                return Absent()

    return End(
        type=resource.type,
        arn=output("Arn"),
        role_name=_role_name(expansion, resource, properties.inputs.get("Role"), other),
        queue_url=output("Url"),
        resource_id=output("Id"),
        name=output("Name"),
        qualifier=qualifier if present(qualifier) else output("Qualifier"),
    )


def _role_name(expansion: Expansion, resource: Resource, wanted: object, other: Value) -> Value:
    """Give the name of the role a resource takes, which `Ref` yields for a role of the template."""
    match wanted:
        case str() as name:
            role = at(resource.properties, name)
        case {"Function": "GetEventsRuleRole"}:
            role = _rule_role(expansion, resource, other)
        case _:
            return Absent()
    options = [
        Option(ref(reference.target, location_of(case.value)), case.when)
        for case in cases(role)
        if (reference := referent(case.value)) is not None
    ]
    if len(options) <= 1:
        return options[0].value if options else Absent()
    return OneOf(tuple(options), exhaustive=True, origins=role.origins)


def _rule_role(expansion: Expansion, rule: Resource, other: Value) -> Value:
    """Give the role with which an event rule reaches the connector's other end."""
    identifier, arn = text_of(at(other, "Id")), at(other, "Arn")
    for case in elements(at(rule.properties, "Targets")):
        target = at(case.value, "Arn")
        reference = referent(target)
        named = reference is not None and reference.target == expansion.prefix + (identifier or "")
        if named or (present(arn) and text_of(arn) is not None and text_of(arn) == text_of(target)):
            return at(case.value, "RoleArn")
    return Absent()


def names(source: End, destination: End) -> dict[str, Value]:
    """Give the values of the names that profiles mention, such as `SourceArn` for `%{Source.Arn}`."""
    return {
        prefix + name: value
        for prefix, one in zip(_ENDS, (source, destination), strict=True)
        for name, value in (
            ("Arn", one.arn),
            ("ResourceId", one.resource_id),
            ("Name", one.name),
            ("Qualifier", one.qualifier),
        )
    }


def filled(template: object, given: Mapping[str, Value], where: Location) -> Value:
    """Make a value of a profile's plain data, names replaced."""
    match template:
        case dict():
            made = {str(name): filled(child, given, where) for name, child in template.items()}
            return Fields(made, {}, (where,))
        case list():
            return items([filled(child, given, where) for child in template], where)
        case str():
            whole = _NAME.fullmatch(template)
            if whole:
                return given[whole.group(1) + whole.group(2)]
            return text(_NAME.sub(r"${\1\2}", template), where, **given)
        case _:
            return plain(template, where)
