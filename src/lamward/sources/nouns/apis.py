"""APIs with their routes and stages, whether written as resources or as an OpenAPI document.

Source: CloudFormation Template Reference, "AWS::ApiGateway::*", "AWS::ApiGatewayV2::*"; API Gateway Developer Guide,
"OpenAPI extensions for API Gateway".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lamward.iam import parse
from lamward.model.application import Api, ApiKind, Resource, Route, Stage
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Case,
    Fields,
    Known,
    Symbolic,
    Unknown,
    Value,
    at,
    cases,
    elements,
    entries,
    location_of,
    referent,
    text_of,
    truth_of,
    why_unknown,
)
from lamward.sources.nouns.documents import structured

_METHODS = frozenset(
    {"get", "put", "post", "delete", "options", "head", "patch", "trace", "x-amazon-apigateway-any-method"}
)

_NO_AUTHORISER = "NONE"
"""The scheme that SAM names where an operation opts out of the API's default authoriser."""


def kind_of(resource: Resource) -> ApiKind:
    """Tell the kind of an API."""
    if resource.type == "AWS::ApiGateway::RestApi":
        return ApiKind.REST
    return (
        ApiKind.WEBSOCKET if text_of(at(resource.properties, "ProtocolType")) == "WEBSOCKET" else ApiKind.HTTP
    )


def api(resource: Resource) -> Api:
    """Make an API."""
    policy = at(resource.properties, "Policy")
    body = at(resource.properties, "Body")
    if isinstance(policy, Absent) and isinstance(body, Fields):
        policy = at(body, "x-amazon-apigateway-policy")
    unread = ""
    if isinstance(body, Unknown | Symbolic):
        unread = why_unknown(body)
    elif not isinstance(at(resource.properties, "BodyS3Location"), Absent):
        unread = "its definition is in a bucket"
    return Api(
        id=resource.id,
        location=resource.location,
        kind=kind_of(resource),
        policy=None
        if isinstance(policy, Absent)
        else parse.policy(structured(policy), name=resource.id, when=resource.when),
        endpoint=at(resource.properties, "EndpointConfiguration"),
        unread_definition=unread,
        when=resource.when,
        declared_by=resource.declared_by,
    )


def routes(resources: Mapping[str, Resource]) -> Iterator[Route]:
    """Make every route of every API."""
    for resource in resources.values():
        match resource.type:
            case "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api":
                yield from _defined(resource)
                yield from _quick(resource)
            case "AWS::ApiGateway::Method":
                yield _method(resource, resources)
            case "AWS::ApiGatewayV2::Route":
                yield _route(resource, resources)
            case _:
                pass


def _quick(resource: Resource) -> Iterator[Route]:
    """Make the only route of an HTTP API that is created by naming its target."""
    key = at(resource.properties, "RouteKey")
    for case in cases(at(resource.properties, "Target"), resource.when):
        if isinstance(case.value, Absent):
            continue
        method, _, path = (text_of(key) or "$default").partition(" ")
        yield Route(
            id=resource.id,
            location=resource.location,
            api=resource.id,
            kind=kind_of(resource),
            method=method if path else "ANY",
            path=path or method,
            # Such a route has no authoriser until somebody changes it by hand.
            authorisation=Known(_NO_AUTHORISER, (resource.location,)),
            api_key=Absent(),
            validator=Absent(),
            function=case.value,
            when=case.when,
            declared_by=resource.declared_by,
        )


def _defined(resource: Resource) -> Iterator[Route]:
    body = at(resource.properties, "Body")
    for path, _, methods, path_when in entries(at(body, "paths"), resource.when):
        for method, key, operation, when in entries(methods, path_when):
            if method.lower() not in _METHODS:
                continue
            for case in cases(operation, when):
                if not isinstance(case.value, Absent):
                    yield _operation(resource, path, method, key, case)


def _operation(resource: Resource, path: str, method: str, key: Location, case: Case) -> Route:
    body, operation = at(resource.properties, "Body"), case.value
    return Route(
        id=resource.id,
        location=key,
        api=resource.id,
        kind=kind_of(resource),
        method="ANY" if method.startswith("x-") else method.upper(),
        # An exported definition has the default route of an HTTP API below a slash, and says so beside it.
        path="$default" if truth_of(at(operation, "isDefaultRoute")) else path,
        authorisation=_security(operation, body),
        api_key=_api_key(operation, body),
        validator=_validator(operation, body),
        function=at(operation, "x-amazon-apigateway-integration", "uri"),
        when=case.when,
        declared_by=resource.declared_by,
    )


def _api_key(operation: Value, body: Value) -> Value:
    """Tell whether a caller needs an API key: SAM's event says so, or a security scheme that is only that."""
    said = at(operation, "x-lamward-api-key")
    if not isinstance(said, Absent):
        return said
    security = at(operation, "security")
    for case in elements(at(body, "security") if isinstance(security, Absent) else security):
        for name, key, _, _ in entries(case.value):
            scheme = _scheme(body, name)
            if text_of(at(scheme, "type")) == "apiKey" and _scheme_kind(scheme, key) is None:
                return Known(value=True, origins=(key,))
    return Absent((location_of(operation),))


def _validator(operation: Value, body: Value) -> Value:
    """Give the validator of an operation's bodies; one that looks at parameters only is none."""
    own = at(operation, "x-amazon-apigateway-request-validator")
    chosen = at(body, "x-amazon-apigateway-request-validator") if isinstance(own, Absent) else own
    name = text_of(chosen)
    listed = at(body, "x-amazon-apigateway-request-validators", name) if name else Absent()
    return Absent(chosen.origins) if _skips_bodies(listed, "validateRequestBody") else chosen


def _skips_bodies(validator: Value, setting: str) -> bool:
    """Tell whether a validator that can be read leaves bodies alone, as it does unless told otherwise."""
    return isinstance(validator, Fields) and (
        truth_of(at(validator, setting)) is False or isinstance(at(validator, setting), Absent)
    )


def _security(operation: Value, body: Value) -> Value:
    """Give the effective authorisation of an operation of an OpenAPI document."""
    said = at(operation, "x-amazon-apigateway-auth", "type")
    if not isinstance(said, Absent):
        return said
    where = location_of(operation)
    security = at(operation, "security")
    if isinstance(security, Absent):
        security = at(body, "security")
    if isinstance(security, Unknown | Symbolic):
        return Unknown(why_unknown(security), security.origins)
    for case in elements(security):
        for name, key, _, _ in entries(case.value):
            if name == _NO_AUTHORISER:
                continue
            scheme = _scheme(body, name)
            found = _scheme_kind(scheme, key)
            if found is not None:
                return found
    return Known("NONE", (where,))


def _scheme(body: Value, name: str) -> Value:
    old = at(body, "securityDefinitions", name)
    return at(body, "components", "securitySchemes", name) if isinstance(old, Absent) else old


def _scheme_kind(scheme: Value, where: Location) -> Value | None:
    """Tell the authorisation a security scheme stands for; None for a plain API key, which authorises nobody."""
    match text_of(at(scheme, "x-amazon-apigateway-authtype")):
        case "awsSigv4":
            return Known("AWS_IAM", (where,))
        case "cognito_user_pools":
            return Known("COGNITO_USER_POOLS", (where,))
        case _:
            pass
    authoriser = at(scheme, "x-amazon-apigateway-authorizer")
    match text_of(at(authoriser, "type")):
        case "jwt":
            return Known("JWT", (where,))
        case "cognito_user_pools":
            return Known("COGNITO_USER_POOLS", (where,))
        case None if isinstance(authoriser, Absent):
            pass
        case _:
            return Known("CUSTOM", (where,))
    if text_of(at(scheme, "type")) in {"oauth2", "openIdConnect"}:
        return Known("JWT", (where,))
    if isinstance(scheme, Absent):
        return Unknown("the security scheme is not in the definition", (where,))
    return None


def _method(resource: Resource, resources: Mapping[str, Resource]) -> Route:
    properties = resource.properties
    authorisation = at(properties, "AuthorizationType")
    return Route(
        id=resource.id,
        location=resource.location,
        api=_target(at(properties, "RestApiId")),
        kind=ApiKind.REST,
        method=text_of(at(properties, "HttpMethod")) or "ANY",
        path=_path(at(properties, "ResourceId"), resources),
        authorisation=Known("NONE", (resource.location,))
        if isinstance(authorisation, Absent)
        else authorisation,
        api_key=at(properties, "ApiKeyRequired"),
        validator=_validator_named(at(properties, "RequestValidatorId"), resources),
        function=at(properties, "Integration", "Uri"),
        when=resource.when,
        declared_by=resource.declared_by,
    )


def _validator_named(value: Value, resources: Mapping[str, Resource]) -> Value:
    reference = referent(value)
    found = resources.get(reference.target) if reference else None
    if found is not None and _skips_bodies(found.properties, "ValidateRequestBody"):
        return Absent((location_of(value),))
    return value


def _path(value: Value, resources: Mapping[str, Resource], depth: int = 0) -> str:
    reference = referent(value)
    found = resources.get(reference.target) if reference else None
    if found is None or found.type != "AWS::ApiGateway::Resource" or depth > 30:
        return "/"
    before = _path(at(found.properties, "ParentId"), resources, depth + 1)
    return f"{before.rstrip('/')}/{text_of(at(found.properties, 'PathPart')) or '*'}"


def _route(resource: Resource, resources: Mapping[str, Resource]) -> Route:
    properties = resource.properties
    key = text_of(at(properties, "RouteKey")) or ""
    method, _, path = key.partition(" ")
    named = _target(at(properties, "ApiId"))
    parent = resources.get(named)
    kind = kind_of(parent) if parent else ApiKind.HTTP if path or key == "$default" else ApiKind.WEBSOCKET
    authorisation = at(properties, "AuthorizationType")
    return Route(
        id=resource.id,
        location=resource.location,
        api=named,
        kind=kind,
        method=method if path else "ANY",
        path=path or key,
        authorisation=Known("NONE", (resource.location,))
        if isinstance(authorisation, Absent)
        else authorisation,
        api_key=at(properties, "ApiKeyRequired"),
        validator=Absent(),
        function=_integration(at(properties, "Target"), resources),
        when=resource.when,
        declared_by=resource.declared_by,
    )


def _integration(target: Value, resources: Mapping[str, Resource]) -> Value:
    references = target.references if isinstance(target, Symbolic) else ()
    for reference in references:
        found = resources.get(reference.target)
        if found is not None and found.type == "AWS::ApiGatewayV2::Integration":
            return at(found.properties, "IntegrationUri")
    return Absent()


def _target(value: Value) -> str:
    reference = referent(value)
    return reference.target if reference else text_of(value) or ""


def stage(resource: Resource) -> Stage:
    """Make a stage."""
    properties = resource.properties
    rest = resource.type == "AWS::ApiGateway::Stage"
    return Stage(
        id=resource.id,
        location=resource.location,
        api=at(properties, "RestApiId" if rest else "ApiId"),
        kind=ApiKind.REST if rest else ApiKind.HTTP,
        access_log=at(properties, "AccessLogSetting" if rest else "AccessLogSettings"),
        tracing=at(properties, "TracingEnabled"),
        variables=at(properties, "Variables" if rest else "StageVariables"),
        when=resource.when,
        declared_by=resource.declared_by,
    )
