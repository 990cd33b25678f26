"""What an application grants and connects, in a normal form that two ways of reading it can be compared by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lamward.model.application import Application, Resource
from lamward.model.value import (
    ALWAYS,
    Absent,
    Assumption,
    AssumptionKind,
    Fields,
    Guard,
    Items,
    Known,
    OneOf,
    Reference,
    Symbolic,
    Unknown,
    Value,
    at,
    cases,
    elements,
    entries,
)
from tests.sources.translator import REGION

_PSEUDO = {"AWS::Region": REGION, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
_BOTH = re.compile(r"(.+?)AND(.+?)[0-9a-f]{10}")
_NEGATED = re.compile(r"NOT(.+?)(?:[0-9a-f]{10})?")
_HASHED = re.compile(r"[0-9a-f]{10}$")

Normal = Any
"""Nested tuples and text, which compare and sort."""

Facts = dict[tuple[str, str], Normal]
"""By subject (a logical id) and aspect, such as `role` or `permissions`: what is so."""

_PERMISSION = ("Action", "Principal", "SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
_OPEN = ("FunctionUrlAuthType", "InvokedViaFunctionUrl")

_OTHERS = {
    "AWS::ApiGatewayV2::Integration": ("ApiId", "IntegrationType", "IntegrationUri"),
    "AWS::ApiGatewayV2::Authorizer": ("ApiId", "AuthorizerType", "AuthorizerUri"),
    "AWS::AppSync::ApiKey": ("ApiId",),
    "AWS::AppSync::DataSource": ("ApiId", "Type", "ServiceRoleArn", "LambdaConfig", "DynamoDBConfig"),
    "AWS::AppSync::GraphQLApi": ("AuthenticationType", "AdditionalAuthenticationProviders"),
    "AWS::Cognito::UserPool": ("LambdaConfig",),
    "AWS::Events::Rule": ("EventBusName", "EventPattern", "ScheduleExpression", "State", "Targets"),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", "Roles"),
    "AWS::IoT::TopicRule": ("TopicRulePayload",),
    "AWS::Logs::SubscriptionFilter": ("LogGroupName", "DestinationArn"),
    "AWS::S3::Bucket": ("NotificationConfiguration",),
    "AWS::SNS::Subscription": ("Protocol", "Endpoint", "TopicArn", "FilterPolicy", "Region"),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SQS::Queue": ("FifoQueue",),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
    "AWS::Scheduler::Schedule": ("ScheduleExpression", "State", "Target", "GroupName"),
    "AWS::StepFunctions::StateMachine": ("RoleArn", "LoggingConfiguration", "TracingConfiguration"),
}
"""By resource type: the properties compared of it, beyond functions and what belongs to them."""

_NAMES = {"PolicyName", "Id", "Sid"}
"""Keys whose values only name something."""

_CONFIGURED = (
    "CodeSigningConfigArn",
    "DeadLetterConfig",
    "Environment",
    "FunctionName",
    "Handler",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "ReservedConcurrentExecutions",
    "Runtime",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)
"""The settings of a function itself that the transform passes on or makes."""


def facts(application: Application) -> Facts:
    """List what is so of every function, role, route and what else the transform makes."""
    return _Reader(application).facts()


class _Reader:
    def __init__(self, application: Application) -> None:
        self.application = application
        self.resources = application.resources
        self.aliases = {
            one.id: function
            for one in self.resources.values()
            if one.type == "AWS::Lambda::Alias"
            for function in _targets(at(one.properties, "FunctionName"))
        }

    def facts(self) -> Facts:
        found: Facts = {}
        roles = set()
        for function in self._of("AWS::Lambda::Function"):
            role = at(function.properties, "Role")
            roles.update(_targets(role))
            found[function.id, "exists"] = _guard(function.when)
            found[function.id, "role"] = self._roles(role)
            found[function.id, "settings"] = _picked(function, _CONFIGURED)
            for aspect, kind, name in (
                ("permissions", "AWS::Lambda::Permission", "FunctionName"),
                ("mappings", "AWS::Lambda::EventSourceMapping", "FunctionName"),
                ("urls", "AWS::Lambda::Url", "TargetFunctionArn"),
                ("destinations", "AWS::Lambda::EventInvokeConfig", "FunctionName"),
                ("aliases", "AWS::Lambda::Alias", "FunctionName"),
            ):
                found[function.id, aspect] = self._belonging(function.id, kind, name)
        for resource in self.resources.values():
            if resource.type == "AWS::IAM::Role" and resource.id not in roles:
                found[resource.id, "role"] = (_guard(resource.when), self._role(resource))
            elif resource.type in _OTHERS:
                aspect = resource.type.removeprefix("AWS::")
                picked = _picked(resource, _OTHERS[resource.type])
                found[resource.id, aspect] = (_guard(resource.when), picked)
        found.update(self._routes())
        found.update(self._stray())
        return found

    def _of(self, kind: str) -> list[Resource]:
        return [one for one in self.resources.values() if one.type == kind]

    def _belonging(self, function: str, kind: str, name: str) -> Normal:
        mine = [one for one in self._of(kind) if function in self._named(at(one.properties, name))]
        return _bag((_guard(one.when), _picked(one, _kept(one))) for one in mine)

    def _named(self, value: Value) -> set[str]:
        return {self.aliases.get(target, target) for target in _targets(value)}

    def _stray(self) -> Facts:
        """List the permissions for functions that are not in the template."""
        own = {one.id for one in self._of("AWS::Lambda::Function")}
        found: dict[str, list[Normal]] = {}
        for one in self._of("AWS::Lambda::Permission"):
            value = at(one.properties, "FunctionName")
            if not self._named(value) & own:
                found.setdefault(str(normal(value)), []).append((_guard(one.when), _picked(one, _kept(one))))
        return {(name, "permissions"): _bag(listed) for name, listed in found.items()}

    def _roles(self, value: Value) -> Normal:
        options = [(_guard(case.when), self._role_of(case.value)) for case in cases(value)]
        return options[0][1] if len(options) == 1 else _bag(options)

    def _role_of(self, value: Value) -> Normal:
        roles = [self.resources[one] for one in _targets(value) if one in self.resources]
        if len(roles) == 1 and roles[0].type == "AWS::IAM::Role":
            return (_guard(roles[0].when), self._role(roles[0]))
        return normal(value)

    def _role(self, role: Resource) -> Normal:
        properties = role.properties
        inline = [
            statement
            for case in elements(at(properties, "Policies"))
            for statement in _statements(at(case.value, "PolicyDocument"), case.when)
        ]
        return (
            ("trust", _statements(at(properties, "AssumeRolePolicyDocument"))),
            ("managed", _set(_guarded_elements(at(properties, "ManagedPolicyArns")))),
            ("inline", _set(inline)),
            ("boundary", normal(at(properties, "PermissionsBoundary"))),
            ("path", normal(at(properties, "Path"))),
        )

    def _routes(self) -> Facts:
        unread = {api.id for api in self.application.apis if api.unread_definition}
        found: Facts = {}
        for route in self.application.routes:
            if route.api in unread:
                continue
            aspect = f"route {route.method} {route.path}"
            found[route.api, aspect] = (
                ("authorisation", normal(route.authorisation)),
                ("api key", normal(route.api_key) not in {"", "false"}),
                ("validated", not isinstance(route.validator, Absent)),
                ("function", tuple(sorted(self._named(route.function)))),
            )
        for api in self.resources.values():
            if api.type == "AWS::ApiGateway::RestApi" and api.id not in unread:
                said = at(api.properties, "Policy")
                body = at(api.properties, "Body", "x-amazon-apigateway-policy")
                found[api.id, "API policy"] = _statements(body if isinstance(said, Absent) else said)
        return found


def _kept(resource: Resource) -> tuple[str, ...]:
    match resource.type:
        case "AWS::Lambda::Permission":
            return ("FunctionName", *_PERMISSION, *_OPEN)
        case "AWS::Lambda::Alias":
            return ("FunctionName", "Name", "ProvisionedConcurrencyConfig")
        case _:
            return tuple(resource.properties.fields) if isinstance(resource.properties, Fields) else ()


def _picked(resource: Resource, names: Iterable[str]) -> Normal:
    # What only labels a resource is not compared.
    kept = sorted(set(names) - {"Description", "Tags"})
    return tuple((name, worth) for name in kept if (worth := normal(at(resource.properties, name))))


def _targets(value: Value) -> set[str]:
    """Give the resources a value refers to."""
    return {
        part.target
        for case in cases(value)
        if isinstance(case.value, Symbolic)
        for part in case.value.references
        if not part.target.startswith("AWS::")
    }


def _statements(document: Value, when: Guard = ALWAYS) -> Normal:
    """Give a policy document's statements: without their order, one action or resource the same as a list of it."""
    found = []
    for case in cases(document, when):
        if not isinstance(case.value, Fields):
            found.append((_guard(case.when), normal(case.value)))
        for one in elements(at(case.value, "Statement"), case.when):
            keys = entries(one.value)
            said = tuple(
                sorted((name, _set(_guarded_elements(value, nested=True))) for name, _, value, _ in keys)
            )
            found.append((_guard(one.when), said))
    return _set(found)


def _guarded_elements(value: Value, *, nested: bool = False) -> list[Normal]:
    """List the elements of a part of a statement; principals and conditions have lists below their keys."""
    found: list[Normal] = []
    for case in elements(value):
        if nested and isinstance(case.value, Fields):
            inner = [
                (name, _set(_guarded_elements(child, nested=True)))
                for name, _, child, _ in entries(case.value)
            ]
            found.append((_guard(case.when), tuple(sorted(inner, key=repr))))
        elif isinstance(case.value, Items):
            found += _guarded_elements(case.value, nested=nested)
        else:
            found.append((_guard(case.when), normal(case.value)))
    return found


def _set(values: Iterable[Normal]) -> Normal:
    return tuple(sorted(set(values), key=repr))


def _bag(values: Iterable[Normal]) -> Normal:
    return tuple(sorted(values, key=repr))


def _guard(when: Guard) -> Normal:
    # Parameters whose value is a list keep their default in one reading and are pasted in the other.
    kept = (one for one in when if one.kind is not AssumptionKind.DEFAULT)
    return tuple(sorted({said for one in kept for said in _plainly(one)}))


def _plainly(assumption: Assumption) -> list[str]:
    """Say a condition that the transform adds, `NOTa` or `aANDb` with a hash, as what it is made of."""
    kind, name, value = assumption.kind, assumption.name, assumption.value
    both, negated = _BOTH.fullmatch(name), _NEGATED.fullmatch(name)
    if kind is AssumptionKind.CONDITION and both is not None and value == "true":
        return [said for part in both.groups() for said in _plainly(Assumption(kind, part, value))]
    if kind is AssumptionKind.CONDITION and negated is not None:
        return [str(Assumption(kind, negated.group(1), "false" if value == "true" else "true"))]
    return [str(assumption)]


def normal(value: Value) -> Normal:
    """Give a value's normal form: text where it is a scalar, empty where it is nothing."""
    match value:
        case Known(value=None) | Absent():
            return ""
        case Known(value=bool() as flag):
            return str(flag).lower()
        case Known(value=scalar):
            return _number(scalar) if isinstance(scalar, int | float) else scalar
        case Symbolic(parts=parts):
            return "".join(_part(part) for part in parts)
        case Unknown():
            return "unknown"
        case Items(items=items):
            return tuple(worth for item in items if (worth := _there(item)) != "")
        case Fields(fields=fields) if "Statement" in fields:
            return _statements(value)
        case Fields(fields=fields):
            return _mapping(fields)
        case OneOf():
            found = [(_guard(case.when), normal(case.value)) for case in cases(value)]
            same = len(found) > 1 and len({worth for _, worth in found}) == 1
            return found[0][1] if same else _bag(found)


def _there(item: Value) -> Normal:
    """Give an item's normal form without the branches in which there is none."""
    worth = normal(item)
    return tuple(one for one in worth if one[1] != "") if isinstance(item, OneOf) else worth


def _mapping(fields: Mapping[str, Value]) -> Normal:
    found = ((name, normal(child)) for name, child in fields.items() if name not in _NAMES)
    return tuple(sorted((one for one in found if one[1] != ""), key=repr))


def _number(scalar: float) -> str:
    return str(int(scalar)) if float(scalar).is_integer() else str(scalar)


def _part(part: str | Reference) -> str:
    if isinstance(part, str):
        return part
    if part.target in _PSEUDO:
        return _PSEUDO[part.target]
    return str(part) if part.attribute else f"${{{_HASHED.sub('', part.target)}}}"
