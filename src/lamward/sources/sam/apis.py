"""APIs that SAM makes: implicit and explicit ones, with their stages and what lets them call functions.

Source: SAM specification, "AWS::Serverless::Api", "AWS::Serverless::HttpApi".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lamward.model.application import Resource
from lamward.model.value import Absent, Guard, Value, at, entries, location_of, referent, text_of, truth_of
from lamward.sources.sam import openapi
from lamward.sources.sam.compose import fields, items, known, present, ref, switched, text
from lamward.sources.sam.event import Event
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.globals import merged

IMPLICIT = {"Api": "ServerlessRestApi", "HttpApi": "ServerlessHttpApi"}

AUTHORISERS = "x-lamward-authorisers"
"""The property of an API that keeps its authorisers as SAM has them written."""

_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}"


def source_of(event: Event) -> tuple[Value, str] | None:
    """Remember the route of an `Api` or `HttpApi` event; give the ARN that calls and the permission's suffix.

    None where the API's default route already lets it call the function.
    """
    identifier, api = remember(event)
    http, path = event.kind == "HttpApi", openapi.path_of(event)
    if http and path != "$default" and _has_default_route(event, identifier):
        return None
    method = openapi.method_of(event)
    method = "*" if method == openapi.ANY else method.upper()
    # A trailing slash is dropped, and each path parameter may be anything.
    shown = re.sub(r"\{[^/}]+\}", "*", re.sub(r"^(.+)/$", r"\1", path))
    if http and path == "$default":
        shown = ""
    resource = f"/*{shown}" if http and method == "*" and shown == "/$default" else f"/*/{method}{shown}"
    suffix = "" if http else _stage_suffix(event, identifier)
    return text(_EXECUTE + resource, event.location, api=api), suffix


def _has_default_route(event: Event, identifier: str) -> bool:
    """Tell whether the same function has the API's default route: its permission is for every route.

    The transform does not look behind an alias, and then writes both permissions.
    """
    if event.target != ref(event.cause.id, location_of(event.target)):
        return False
    for _, _, value, _ in entries(at(event.cause.properties, "Events")):
        if text_of(at(value, "Type")) == "HttpApi":
            other = replace(event, properties=at(value, "Properties"))
            route = (openapi.path_of(other), openapi.method_of(other), _api_of(other)[0])
            if route == ("$default", openapi.ANY, identifier):
                return True
    return False


def remember(event: Event) -> tuple[str, Value]:
    """Keep an event's route for its API; give the API's logical id (or name) and the value that refers to it."""
    identifier, api = _api_of(event)
    event.expansion.routes.setdefault(identifier, []).append(event)
    return identifier, api


def _api_of(event: Event) -> tuple[str, Value]:
    api = event.property("RestApiId" if event.kind == "Api" else "ApiId")
    if not present(api):
        api = ref(event.expansion.prefix + IMPLICIT[event.kind], event.location)
    reference = referent(api)
    return reference.target if reference is not None else text_of(api) or "", api


def _stage_suffix(event: Event, identifier: str) -> str:
    declared = event.expansion.declared.get(identifier)
    if declared is None:
        return "Prod"
    stage = text_of(at(declared.properties, "StageName"))
    return stage if stage and stage.isalnum() else "Stage"


def expand(expansion: Expansion) -> None:
    """Add the APIs: those declared, and the implicit ones that events need."""
    for resource in expansion.declared.values():
        if resource.type in {"AWS::Serverless::Api", "AWS::Serverless::HttpApi"}:
            _expand_api(expansion, resource)
    for kind, name in IMPLICIT.items():
        identifier = expansion.prefix + name
        events = expansion.routes.get(identifier)
        if events and identifier not in expansion.declared:
            general = expansion.globals.get(kind, Absent())
            made = {"StageName": known("Prod" if kind == "Api" else "$default", events[0].location)}
            api = Resource(
                id=identifier,
                type=f"AWS::Serverless::{kind}",
                properties=merged(general, fields(made, events[0].location)),
                location=events[0].location,
                when=_shared([event.when for event in events]),
                declared_by=events[0].cause.id,
                metadata=events[0].cause.metadata,
            )
            _expand_api(expansion, api)


def _shared(guards: Sequence[Guard]) -> Guard:
    """Give what holds whenever any of several things exists, as far as that is one guard."""
    first, *others = guards
    return tuple(assumption for assumption in first if all(assumption in other for other in others))


def _expand_api(expansion: Expansion, resource: Resource) -> None:
    rest = resource.type == "AWS::Serverless::Api"
    where, properties = resource.location, resource.properties
    auth = at(properties, "Auth")
    made: dict[str, Value] = {
        "Name": at(properties, "Name"),
        "Body": openapi.body(expansion, resource),
        "DisableExecuteApiEndpoint": at(properties, "DisableExecuteApiEndpoint"),
        # What the body says of them is not needed; whom they ask and how long they remember is.
        AUTHORISERS: at(auth, "Authorizers"),
    }
    if rest:
        made["EndpointConfiguration"] = at(properties, "EndpointConfiguration")
        made["Policy"] = at(properties, "Policy")
    else:
        made["CorsConfiguration"] = at(properties, "CorsConfiguration")
        made["ProtocolType"] = known("HTTP", where)
    kind = "AWS::ApiGateway::RestApi" if rest else "AWS::ApiGatewayV2::Api"
    expansion.add(resource.id, kind, fields(made, where), resource)
    _stage(expansion, resource, rest=rest)
    _domain(expansion, resource, rest=rest)
    _authoriser_permissions(expansion, resource, auth, rest=rest)


def _stage(expansion: Expansion, resource: Resource, *, rest: bool) -> None:
    where, properties = resource.location, resource.properties
    names = (
        ("AccessLogSetting", "CacheClusterEnabled", "MethodSettings", "TracingEnabled", "Variables")
        if rest
        else ("AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables")
    )
    name = at(properties, "StageName")
    stage: dict[str, Value] = {
        **{setting: at(properties, setting) for setting in names},
        "RestApiId" if rest else "ApiId": ref(resource.id, where),
        "StageName": name if present(name) else known("Prod" if rest else "$default", where),
    }
    if not rest:
        stage["AutoDeploy"] = switched(where, on=True)
    kind = "AWS::ApiGateway::Stage" if rest else "AWS::ApiGatewayV2::Stage"
    expansion.add(expansion.made(resource.id, "Stage"), kind, fields(stage, where), resource)


def _domain(expansion: Expansion, resource: Resource, *, rest: bool) -> None:
    """Add the domain an API names and what maps it to the API; not the records in Route 53."""
    domain, key = at(resource.properties, "Domain"), location_of(at(resource.properties, "Domain"))
    name = at(domain, "DomainName")
    if not present(name):
        return
    chosen: dict[str, Value] = {
        "CertificateArn": at(domain, "CertificateArn"),
        "SecurityPolicy": at(domain, "SecurityPolicy"),
    }
    made: dict[str, Value] = {
        "DomainName": name,
        "MutualTlsAuthentication": at(domain, "MutualTlsAuthentication"),
    }
    made |= chosen if rest else {"DomainNameConfigurations": items([fields(chosen, key)], key)}
    identifier = expansion.made(resource.id, "DomainName")
    kind = "AWS::ApiGateway::DomainName" if rest else "AWS::ApiGatewayV2::DomainName"
    expansion.add(identifier, kind, fields(made, key), resource, at=key)
    mapping = {
        "DomainName": ref(identifier, key),
        "RestApiId" if rest else "ApiId": ref(resource.id, key),
        "Stage": ref(expansion.made(resource.id, "Stage"), key),
    }
    kind = "AWS::ApiGateway::BasePathMapping" if rest else "AWS::ApiGatewayV2::ApiMapping"
    expansion.add(f"{identifier}Mapping", kind, fields(mapping, key), resource, at=key)


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
        made: dict[str, Value] = {
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
