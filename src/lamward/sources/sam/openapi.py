"""The OpenAPI body of an API: the inline definition or the generated one, with the API's authorisation filled in.

What the transform writes into an OpenAPI body is written here as such a body too, so that generated and inline
definitions are read by one reader. Source: SAM specification, "AWS::Serverless::Api", "ApiAuth", "HttpApiAuth".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Fields,
    OneOf,
    Option,
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
from lamward.sources.sam.compose import attribute, fields, guarded, known, present, text
from lamward.sources.sam.event import Event
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.gateway_policy import resource_policy

ANY = "x-amazon-apigateway-any-method"
"""How API Gateway writes a method that stands for all."""

INTEGRATION = "x-amazon-apigateway-integration"

_START = "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"

Paths = dict[str, dict[str, Value]]


def path_of(event: Event) -> str:
    """Give the path of an API event as it is written."""
    return text_of(event.property("Path")) or ("$default" if event.kind == "HttpApi" else "/")


def method_of(event: Event) -> str:
    """Give the method of an API event in lower case, `ANY` as API Gateway writes it."""
    method = (text_of(event.property("Method")) or "any").lower()
    return ANY if method == "any" else method


def body(expansion: Expansion, resource: Resource) -> Value:
    """Give an API's OpenAPI document, Unknown when it cannot be read."""
    return _Body(expansion, resource).made()


class _Body:
    """The definition of one API while it is made."""

    def __init__(self, expansion: Expansion, resource: Resource) -> None:
        self.expansion = expansion
        self.where = resource.location
        self.properties = resource.properties
        self.rest = resource.type == "AWS::Serverless::Api"
        self.auth = at(resource.properties, "Auth")
        self.default = at(self.auth, "DefaultAuthorizer")
        self.definition = at(resource.properties, "DefinitionBody")
        self.events = expansion.routes.get(resource.id, [])
        self.paths: Paths = {}
        self.keys: dict[str, Location] = {}

    def made(self) -> Value:
        if present(at(self.properties, "DefinitionUri")):
            return self.expansion.definition(at(self.properties, "DefinitionUri"))
        if present(self.definition) and not isinstance(self.definition, Fields):
            return Unknown("the API's definition cannot be read", (location_of(self.definition),))
        self._inline()
        self._generated()
        if self.rest:
            self._preflight()
        rest = dict(self.definition.fields) if isinstance(self.definition, Fields) else {}
        rest["paths"] = Fields(
            {path: fields(methods, self.keys[path]) for path, methods in self.paths.items()},
            self.keys,
            (self.where,),
        )
        policy = resource_policy(self.properties, self.events, self.paths) if self.rest else Absent()
        if present(policy):
            rest["x-amazon-apigateway-policy"] = policy
        return fields(rest, self.where)

    def _inline(self) -> None:
        for path, key, methods, _ in entries(at(self.definition, "paths")):
            self.keys[path] = key
            found = methods.fields.items() if isinstance(methods, Fields) else ()
            self.paths[path] = {name: self._secured(operation, name) for name, operation in found}

    def _generated(self) -> None:
        """Add the routes of events: to an API of SAM's own making, or to an inline definition where SAM does so."""
        inline = present(self.definition)
        joins = not self.rest or truth_of(at(self.properties, "MergeDefinitions")) is True
        for event in self.events if joins or not inline else []:
            path, method = path_of(event), method_of(event)
            own = self.paths.setdefault(path, {})
            self.keys.setdefault(path, event.location)
            if not self.rest and present(at(own.get(method, Absent()), INTEGRATION)):
                continue
            made = guarded(self._operation(event), event.when, event.location)
            before = own.get(method, Absent())
            if isinstance(before, Fields) and isinstance(made, Fields):
                made = Fields({**before.fields, **made.fields}, before.keys, made.origins)
            own[method] = made

    def _operation(self, event: Event) -> Value:
        where, own = event.location, event.property("Auth")
        # What answers preflight requests on an HTTP API gets the default authoriser only where `Auth` is written.
        preflight = method_of(event) == "options" and not present(own)
        default = Absent() if preflight and not self._guards_preflight() else self.default
        options = [
            Option(inner.value, inner.when)
            for case in cases(at(own, "Authorizer"))
            for inner in cases(default if isinstance(case.value, Absent) else case.value, case.when)
        ]
        kinds = [Option(self._kind(option.value, where), option.when) for option in options]
        certain = len(kinds) == 1 and not kinds[0].when
        kind = kinds[0].value if certain else OneOf(tuple(kinds), exhaustive=True, origins=(where,))
        key = at(own, "ApiKeyRequired")
        made: dict[str, Value] = {
            INTEGRATION: self._integration(event),
            "x-amazon-apigateway-auth": fields({"type": kind}, where),
            "x-lamward-api-key": key if present(key) else at(self.auth, "ApiKeyRequired"),
            "x-amazon-apigateway-request-validator": _validator(event),
        }
        return fields(made, where)

    @staticmethod
    def _integration(event: Event) -> Value:
        where = event.location
        if event.cause.type != "AWS::Serverless::StateMachine":
            return fields({"uri": event.target_arn}, where)
        role = attribute(f"{event.id}Role", "Arn", where)
        return fields({"uri": text(_START, where), "credentials": role}, where)

    def _secured(self, operation: Value, method: str) -> Value:
        """Apply the API's authorisation to a method of an inline definition."""
        if not isinstance(operation, Fields) or INTEGRATION not in operation.fields:
            return operation
        where = location_of(operation)
        made = dict(operation.fields)
        kind = self._own_kind(operation, where)
        preflight = method.lower() == "options"
        guarded_by_default = present(self.default) and (not preflight or self._guards_preflight())
        if kind is None and guarded_by_default and not self._has_scheme(operation):
            kind = self._kind(self.default, where)
        if kind is not None:
            made["x-amazon-apigateway-auth"] = fields({"type": kind}, where)
        key = at(self.auth, "ApiKeyRequired")
        exempt = preflight and truth_of(at(self.auth, "AddApiKeyRequiredToCorsPreflight")) is False
        if self.rest and present(key) and not exempt:
            made["x-lamward-api-key"] = key
        return Fields(made, operation.keys, operation.origins)

    def _guards_preflight(self) -> bool:
        """Tell whether the default authoriser also guards preflight requests, which is so unless turned off."""
        return self.rest and truth_of(at(self.auth, "AddDefaultAuthorizerToCorsPreflight")) is not False

    def _own_kind(self, operation: Fields, where: Location) -> Value | None:
        """Give the authorisation an operation chooses among the API's authorisers, or `NONE` where it says so."""
        for name in _schemes(operation):
            if name in {"NONE", "AWS_IAM"} or present(at(self.auth, "Authorizers", name)):
                return self._kind(known(name, where), where)
        return None

    @staticmethod
    def _has_scheme(operation: Fields) -> bool:
        return "x-amazon-apigateway-auth" in operation.fields or bool(set(_schemes(operation)) - {"api_key"})

    def _preflight(self) -> None:
        """Add the `OPTIONS` method that answers browsers' preflight requests, once for each path."""
        cors = at(self.properties, "Cors")
        if not present(cors):
            return
        where, seen = location_of(cors), set()
        for path, methods in self.paths.items():
            plain_path = path.rstrip("/") or path
            if "options" not in methods and plain_path not in seen:
                integration = fields({INTEGRATION: fields({"type": known("mock", where)}, where)}, where)
                methods["options"] = self._secured(integration, "options")
            seen.add(plain_path)

    def _kind(self, name: Value, where: Location) -> Value:
        if isinstance(name, Absent):
            return known("NONE", where)
        at_name = location_of(name)
        match text_of(name):
            case None:
                return Unknown("the authoriser's name is not known", (at_name,))
            case "NONE" | "AWS_IAM" as built_in:
                return known(built_in, at_name)
            case written:
                authoriser = at(self.auth, "Authorizers", written)
        if present(at(authoriser, "UserPoolArn")):
            return known("COGNITO_USER_POOLS", at_name)
        if present(at(authoriser, "JwtConfiguration")) or present(at(authoriser, "OpenIdConnectUrl")):
            return known("JWT", at_name)
        if present(authoriser):
            return known("CUSTOM", at_name)
        return Unknown(f"the API has no authoriser `{written}`", (at_name,))


def _schemes(operation: Fields) -> list[str]:
    listed = elements(at(operation, "security"))
    return [name for case in listed for name, _, _, _ in entries(case.value)]


def _validator(event: Event) -> Value:
    """Name a validator where a `RequestModel` asks for one of bodies; one of parameters only is of no interest here."""
    model = event.property("RequestModel")
    if present(at(model, "Model")) and truth_of(at(model, "ValidateBody")):
        return known("validator", location_of(model))
    return Absent()
