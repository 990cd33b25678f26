"""Functions that authorise calls of APIs: how long API Gateway keeps their answers, and by what it finds them again.

Source: API Gateway Developer Guide, "Use API Gateway Lambda authorizers", "Control access to HTTP APIs with AWS Lambda
authorizers".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.apis import routes_of
from lamward.facts.links import resources_named
from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Guard,
    Items,
    Known,
    Value,
    at,
    cases,
    elements,
    entries,
    number_of,
    text_of,
)

_DEFAULT: Final = 300
"""Seconds for which REST APIs keep an answer when nothing is said; HTTP APIs keep none."""

_NAMES_ROUTE: Final = (
    "context.path",
    "context.resource",
    "context.route",
    "context.httpmethod",
    "request.path",
)

_SOURCES: Final = (("Headers", "header"), ("QueryStrings", "querystring"), ("Context", "context"))
"""What SAM has identity sources written under, and what is before them elsewhere."""


class Kept(Struct, frozen=True):
    """An authoriser whose answers are kept, for so many seconds, and then hold for all routes of an API."""

    location: Location
    seconds: int
    api: str
    when: Guard


@fact
def kept_for_all_routes(facts: Facts) -> tuple[Kept, ...]:
    """List the authorisers whose kept answers are given to calls of other routes than they were made for."""
    routes = routes_of(facts)
    return tuple(each for each in _kept(facts) if len(routes.get(each.api, ())) > 1)


def _kept(facts: Facts) -> Iterator[Kept]:
    for resource in facts.application.resources.values():
        properties = resource.properties
        match resource.type:
            case "AWS::ApiGateway::Authorizer" | "AWS::ApiGatewayV2::Authorizer":
                rest = resource.type == "AWS::ApiGateway::Authorizer"
                kind = text_of(at(properties, "Type" if rest else "AuthorizerType"))
                for api, when in resources_named(
                    facts, at(properties, "RestApiId" if rest else "ApiId"), resource.when
                ):
                    ttl, sources = (
                        at(properties, "AuthorizerResultTtlInSeconds"),
                        at(properties, "IdentitySource"),
                    )
                    if kind in {"TOKEN", "REQUEST"}:
                        yield from _answers(api, resource.location, ttl, sources, when)
            case "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api":
                yield from _defined(resource)
                yield from _written_for_sam(resource)
            case _:
                pass


def _defined(api: Resource) -> Iterator[Kept]:
    """List the authorisers in an API's definition."""
    for place in (("securityDefinitions",), ("components", "securitySchemes")):
        for _, key, scheme, when in entries(at(api.properties, "Body", *place), api.when):
            authoriser = at(scheme, "x-amazon-apigateway-authorizer")
            if text_of(at(authoriser, "type")) in {"token", "request"}:
                ttl = at(authoriser, "authorizerResultTtlInSeconds")
                yield from _answers(api, key, ttl, at(authoriser, "identitySource"), when)


def _written_for_sam(api: Resource) -> Iterator[Kept]:
    """List the authorisers that are written as SAM has it."""
    for _, key, authoriser, when in entries(at(api.properties, "x-lamward-authorisers"), api.when):
        identity = at(authoriser, "Identity")
        sources = [
            Known(f"{prefix}.{text_of(case.value)}")
            for kind, prefix in _SOURCES
            for case in elements(at(identity, kind))
        ]
        if not isinstance(at(authoriser, "FunctionArn"), Absent):
            yield from _answers(api, key, at(identity, "ReauthorizeEvery"), Items(tuple(sources)), when)


def _answers(api: Resource, where: Location, ttl: Value, sources: Value, when: Guard) -> Iterator[Kept]:
    named = " ".join((text_of(case.value) or str(case.value)).lower() for case in elements(sources))
    if any(name in named for name in _NAMES_ROUTE):
        return
    for case in cases(ttl, when):
        unsaid = _DEFAULT if api.type == "AWS::ApiGateway::RestApi" else 0
        seconds = unsaid if isinstance(case.value, Absent) else int(number_of(case.value) or 0)
        if seconds:
            yield Kept(where, seconds, api.id, case.when)
