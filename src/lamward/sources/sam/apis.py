"""APIs that SAM makes: implicit and explicit ones, their routes, authorisers, validators and stages.

What the transform writes into an OpenAPI body is written here as such a body too, so that generated and inline
definitions are read by one reader. Source: SAM specification, "AWS::Serverless::Api", "AWS::Serverless::HttpApi".
"""

from __future__ import annotations

import re

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Fields,
    Items,
    Known,
    OneOf,
    Option,
    Unknown,
    Value,
    at,
    cases,
    entries,
    location_of,
    referent,
    text_of,
    truth_of,
)
from lamward.sources.sam.compose import fields, known, plain, present, ref, text
from lamward.sources.sam.event import Event
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.globals import merged
from lamward.sources.sam.push import permit

IMPLICIT = {"Api": "ServerlessRestApi", "HttpApi": "ServerlessHttpApi"}

_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}"


def route(event: Event) -> None:
    """Add the permission of an `Api` or `HttpApi` event and remember its route for the API."""
    identifier, api = remember(event)
    path = text_of(event.property("Path")) or ("$default" if event.kind == "HttpApi" else "*")
    method = (text_of(event.property("Method")) or "any").upper()
    method = "*" if method in {"ANY", "X-AMAZON-APIGATEWAY-ANY-METHOD"} else method
    # A trailing slash is dropped, and each path parameter may be anything.
    shown = re.sub(r"\{[^/}]+\}", "*", re.sub(r"^(.+)/$", r"\1", path))
    resource = f"/*/{method}" if event.kind == "HttpApi" and path == "$default" else f"/*/{method}{shown}"
    source = text(_EXECUTE + resource, event.location, api=api)
    permit(event, "apigateway.amazonaws.com", source=source, suffix=_stage_suffix(event, identifier))


def remember(event: Event) -> tuple[str, Value]:
    """Keep an event's route for its API; give the API's logical id (or name) and the value that refers to it."""
    api = event.property("RestApiId" if event.kind == "Api" else "ApiId")
    if not present(api):
        api = ref(event.expansion.prefix + IMPLICIT[event.kind], event.location)
    reference = referent(api)
    identifier = reference.target if reference is not None else text_of(api) or ""
    event.expansion.routes.setdefault(identifier, []).append(event)
    return identifier, api


def _stage_suffix(event: Event, identifier: str) -> str:
    if event.kind == "HttpApi":
        return ""
    declared = event.expansion.declared.get(identifier)
    stage = text_of(at(declared.properties, "StageName")) if declared else "Prod"
    return stage if stage and stage.isalnum() else ""


def expand(expansion: Expansion) -> None:
    """Add the APIs: those declared, and the implicit ones that events need."""
    for resource in expansion.declared.values():
        if resource.type in {"AWS::Serverless::Api", "AWS::Serverless::HttpApi"}:
            _expand_api(expansion, resource, resource.properties)
    for kind, name in IMPLICIT.items():
        identifier = expansion.prefix + name
        events = expansion.routes.get(identifier)
        if events and identifier not in expansion.declared:
            cause = events[0].cause
            general = expansion.globals.get(kind, Absent())
            api = Resource(
                id=identifier,
                type=f"AWS::Serverless::{kind}",
                properties=merged(general, fields({}, events[0].location)),
                location=events[0].location,
                when=cause.when,
                declared_by=cause.id,
                metadata=cause.metadata,
            )
            _expand_api(expansion, api, api.properties)


def _expand_api(expansion: Expansion, resource: Resource, properties: Value) -> None:
    rest = resource.type == "AWS::Serverless::Api"
    where = resource.location
    auth = at(properties, "Auth")
    body = _body(expansion, resource, properties, auth)
    made: dict[str, Value] = {
        "Name": at(properties, "Name"),
        "Body": body,
        "CorsConfiguration": at(properties, "CorsConfiguration"),
        "DisableExecuteApiEndpoint": at(properties, "DisableExecuteApiEndpoint"),
    }
    if rest:
        made["EndpointConfiguration"] = at(properties, "EndpointConfiguration")
        made["Policy"] = _policy(at(auth, "ResourcePolicy"))
    kind = "AWS::ApiGateway::RestApi" if rest else "AWS::ApiGatewayV2::Api"
    if not rest:
        made["ProtocolType"] = known("HTTP", where)
    expansion.add(resource.id, kind, fields(made, where), resource)
    _stage(expansion, resource, properties, rest=rest)
    _authoriser_permissions(expansion, resource, auth, rest=rest)


def _stage(expansion: Expansion, resource: Resource, properties: Value, *, rest: bool) -> None:
    name = at(properties, "StageName")
    shown = text_of(name)
    api = ref(resource.id, resource.location)
    if rest:
        stage = {
            "RestApiId": api,
            "StageName": name if present(name) else known("Prod", resource.location),
            "AccessLogSetting": at(properties, "AccessLogSetting"),
            "TracingEnabled": at(properties, "TracingEnabled"),
            "MethodSettings": at(properties, "MethodSettings"),
            "Variables": at(properties, "Variables"),
            "CacheClusterEnabled": at(properties, "CacheClusterEnabled"),
        }
        identifier = f"{resource.id}{shown or 'Prod'}Stage"
        expansion.add(identifier, "AWS::ApiGateway::Stage", fields(stage, resource.location), resource)
        return
    stage = {
        "ApiId": api,
        "StageName": name if present(name) else known("$default", resource.location),
        "AccessLogSettings": at(properties, "AccessLogSettings"),
        "DefaultRouteSettings": at(properties, "DefaultRouteSettings"),
        "RouteSettings": at(properties, "RouteSettings"),
        "StageVariables": at(properties, "StageVariables"),
        "AutoDeploy": Known(True, (resource.location,)),
    }
    identifier = f"{resource.id}{shown or 'ApiGatewayDefault'}Stage"
    expansion.add(identifier, "AWS::ApiGatewayV2::Stage", fields(stage, resource.location), resource)


def _body(expansion: Expansion, resource: Resource, properties: Value, auth: Value) -> Value:
    """Give the API's OpenAPI body: the inline definition, or the generated one, with authorisation filled in."""
    where = resource.location
    definition = at(properties, "DefinitionBody")
    if present(at(properties, "DefinitionUri")):
        return expansion.definition(at(properties, "DefinitionUri"))
    paths: dict[str, dict[str, Value]] = {}
    keys: dict[str, Location] = {}
    if present(definition):
        if not isinstance(definition, Fields):
            return Unknown("the API's definition cannot be read", (location_of(definition),))
        for path, key, methods, _ in entries(at(definition, "paths")):
            keys[path] = key
            if isinstance(methods, Fields):
                paths[path] = {name: _secured(op, name, auth) for name, op in methods.fields.items()}
    manages = not present(definition) or present(at(properties, "MergeDefinitions"))
    for event in expansion.routes.get(resource.id, []) if manages else []:
        path = text_of(event.property("Path")) or ("$default" if event.kind == "HttpApi" else "/")
        method = (text_of(event.property("Method")) or "any").lower()
        method = "x-amazon-apigateway-any-method" if method == "any" else method
        paths.setdefault(path, {})[method] = _operation(event, auth)
        keys.setdefault(path, event.location)
    rest = dict(definition.fields) if isinstance(definition, Fields) else {}
    rest["paths"] = Fields(
        {path: fields(methods, keys[path]) for path, methods in paths.items()}, keys, (where,)
    )
    return fields(rest, where)


def _operation(event: Event, auth: Value) -> Value:
    where = event.location
    own = event.property("Auth")
    made: dict[str, Value] = {
        "x-amazon-apigateway-integration": fields({"uri": event.target_arn}, where),
        "x-amazon-apigateway-auth": fields({"type": _authorisation(own, auth, where)}, where),
    }
    key = at(own, "ApiKeyRequired")
    made["x-lamward-api-key"] = key if present(key) else at(auth, "ApiKeyRequired")
    model = event.property("RequestModel")
    if truth_of(at(model, "ValidateBody")) or truth_of(at(model, "ValidateParameters")):
        made["x-amazon-apigateway-request-validator"] = known("validator", location_of(model))
    for case in cases(event.property("RequestParameters")):
        if isinstance(case.value, Items) and any(
            truth_of(at(setting, "Required"))
            for item in case.value.items
            for _, _, setting, _ in entries(item)
        ):
            made.setdefault(
                "x-amazon-apigateway-request-validator", known("validator", location_of(case.value))
            )
    return fields(made, where)


def _secured(operation: Value, method: str, auth: Value) -> Value:
    """Apply the API's default authoriser to a method of an inline definition that says nothing itself."""
    if not isinstance(operation, Fields) or method == "options" or not present(at(auth, "DefaultAuthorizer")):
        return operation
    if {"security", "x-amazon-apigateway-auth"} & operation.fields.keys():
        return operation
    where = location_of(operation)
    secured = fields({"type": _authorisation(Absent(), auth, where)}, where)
    return Fields(
        {**operation.fields, "x-amazon-apigateway-auth": secured}, operation.keys, operation.origins
    )


def _authorisation(own: Value, auth: Value, where: Location) -> Value:
    """Give the effective authorisation of a route: its own authoriser, else the API's default, else none."""
    chosen = at(own, "Authorizer")
    default = at(auth, "DefaultAuthorizer")
    options: list[Option] = []
    for case in cases(chosen):
        if isinstance(case.value, Absent):
            options += [
                Option(_kind(inner.value, auth, where), inner.when) for inner in cases(default, case.when)
            ]
        else:
            options.append(Option(_kind(case.value, auth, where), case.when))
    if len(options) == 1 and not options[0].when:
        return options[0].value
    return OneOf(tuple(options), exhaustive=True, origins=(where,))


def _kind(name: Value, auth: Value, where: Location) -> Value:
    if isinstance(name, Absent):
        return known("NONE", where)
    at_name = location_of(name)
    match text_of(name):
        case None:
            return Unknown("the authoriser's name is not known", (at_name,))
        case "NONE":
            return known("NONE", at_name)
        case "AWS_IAM":
            return known("AWS_IAM", at_name)
        case written:
            authoriser = at(auth, "Authorizers", written)
    if present(at(authoriser, "UserPoolArn")):
        return known("COGNITO_USER_POOLS", at_name)
    if present(at(authoriser, "JwtConfiguration")) or present(at(authoriser, "OpenIdConnectUrl")):
        return known("JWT", at_name)
    if present(authoriser):
        return known("CUSTOM", at_name)
    return Unknown(f"the API has no authoriser `{written}`", (at_name,))


def _authoriser_permissions(expansion: Expansion, resource: Resource, auth: Value, *, rest: bool) -> None:
    for name, key, authoriser, when in entries(at(auth, "Authorizers"), resource.when):
        function = at(authoriser, "FunctionArn")
        wanted = (
            truth_of(at(authoriser, "DisableFunctionDefaultPermissions")) is not True
            if rest
            else truth_of(at(authoriser, "EnableFunctionDefaultPermissions")) is True
        )
        if not present(function) or not wanted:
            continue
        source = text(_EXECUTE + "/authorizers/*", key, api=ref(resource.id, key))
        made = {
            "Action": known("lambda:InvokeFunction", key),
            "FunctionName": function,
            "Principal": known("apigateway.amazonaws.com", key),
            "SourceArn": source,
        }
        expansion.add(
            f"{resource.id}{name}AuthorizerPermission",
            "AWS::Lambda::Permission",
            fields(made, key),
            resource,
            at=key,
            when=when,
        )


def _policy(resource_policy: Value) -> Value:
    """Give the API's resource policy where SAM's shorthand makes one."""
    if not present(resource_policy):
        return Absent()
    where = location_of(resource_policy)
    custom = at(resource_policy, "CustomStatements")
    if present(custom):
        statements = custom if isinstance(custom, Items) else plain([custom], where)
        return fields({"Version": known("2012-10-17", where), "Statement": statements}, where)
    return Unknown("SAM writes the API's resource policy from lists of addresses and networks", (where,))
