"""WebSocket APIs: each route with its integration, the permission to call its function, and the authoriser.

Source: SAM specification, "AWS::Serverless::WebSocketApi".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import Guard, Value, at, entries, location_of, text_of
from lamward.sources.sam.compose import attribute, fields, known, present, ref, text
from lamward.sources.sam.expansion import Expansion

_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}"
_INVOKE = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${function}/invocations"
)


def expand(expansion: Expansion, resource: Resource) -> None:
    """Add the API, its stage, and what each of its routes needs."""
    where, properties = resource.location, resource.properties
    passed = ("Name", "RouteSelectionExpression", "ApiKeySelectionExpression", "DisableExecuteApiEndpoint")
    made: dict[str, Value] = {name: at(properties, name) for name in passed}
    made["ProtocolType"] = known("WEBSOCKET", where)
    expansion.add(resource.id, "AWS::ApiGatewayV2::Api", fields(made, where), resource)
    for key, place, route, when in entries(at(properties, "Routes"), resource.when):
        _route(expansion, resource, key=key, place=place, route=route, when=when)
    _stage(expansion, resource)
    _authoriser(expansion, resource)


def _route(
    expansion: Expansion, resource: Resource, *, key: str, place: Location, route: Value, when: Guard
) -> None:
    prefix = resource.id + key.replace("$", "").capitalize()
    function, api = at(route, "FunctionArn"), ref(resource.id, place)
    made: dict[str, Value] = {
        "ApiId": api,
        "RouteKey": known(key, place),
        "ApiKeyRequired": at(route, "ApiKeyRequired"),
        "Target": text("integrations/${id}", place, id=ref(f"{prefix}Integration", place)),
    }
    auth = at(resource.properties, "Auth")
    if key == "$connect" and present(auth):
        made["AuthorizationType"] = at(auth, "AuthType")
        if text_of(at(auth, "AuthType")) == "CUSTOM":
            made["AuthorizerId"] = ref(f"{resource.id}ConnectAuthorizer", location_of(auth))
    expansion.add(
        f"{prefix}Route", "AWS::ApiGatewayV2::Route", fields(made, place), resource, at=place, when=when
    )
    integration: dict[str, Value] = {
        "ApiId": api,
        "IntegrationType": known("AWS_PROXY", place),
        "IntegrationUri": text(_INVOKE, place, function=function),
    }
    kind = "AWS::ApiGatewayV2::Integration"
    expansion.add(f"{prefix}Integration", kind, fields(integration, place), resource, at=place, when=when)
    stage = at(resource.properties, "StageName")
    allowed: dict[str, Value] = {
        "Action": known("lambda:InvokeFunction", place),
        "FunctionName": function,
        "Principal": known("apigateway.amazonaws.com", place),
        "SourceArn": text(
            _EXECUTE + "/${stage}/${key}",
            place,
            api=attribute(resource.id, "ApiId", place),
            stage=stage if present(stage) else known("default", place),
            key=known(key, place),
        ),
    }
    kind = "AWS::Lambda::Permission"
    expansion.add(f"{prefix}Permission", kind, fields(allowed, place), resource, at=place, when=when)


def _stage(expansion: Expansion, resource: Resource) -> None:
    where, properties = resource.location, resource.properties
    name = at(properties, "StageName")
    passed = ("AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables")
    made: dict[str, Value] = {
        **{setting: at(properties, setting) for setting in passed},
        "ApiId": ref(resource.id, where),
        "StageName": name if present(name) else known("default", where),
    }
    expansion.add(
        expansion.made(resource.id, "Stage"), "AWS::ApiGatewayV2::Stage", fields(made, where), resource
    )


def _authoriser(expansion: Expansion, resource: Resource) -> None:
    auth = at(resource.properties, "Auth")
    function = at(auth, "AuthArn")
    if text_of(at(auth, "AuthType")) != "CUSTOM" or not present(function):
        return
    where, role = location_of(auth), at(auth, "InvokeRole")
    made: dict[str, Value] = {
        "ApiId": ref(resource.id, where),
        "AuthorizerType": known("REQUEST", where),
        "AuthorizerUri": text(_INVOKE, where, function=function),
        "AuthorizerCredentialsArn": role,
        "IdentitySource": at(auth, "IdentitySource"),
    }
    identifier = f"{resource.id}ConnectAuthorizer"
    expansion.add(identifier, "AWS::ApiGatewayV2::Authorizer", fields(made, where), resource, at=where)
    if present(role):
        return
    allowed: dict[str, Value] = {
        "Action": known("lambda:InvokeFunction", where),
        "FunctionName": function,
        "Principal": known("apigateway.amazonaws.com", where),
        "SourceArn": text(_EXECUTE + "/authorizers/*", where, api=ref(resource.id, where)),
    }
    identifier = f"{resource.id}AuthorizerPermission"
    expansion.add(identifier, "AWS::Lambda::Permission", fields(allowed, where), resource, at=where)
