"""What the stages of APIs say of their routes: logs, caches, limits; for all routes, or for some.

Source: CloudFormation Template Reference, "AWS::ApiGateway::Stage MethodSetting", "AWS::ApiGatewayV2::Stage
RouteSettings".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named
from lamward.facts.surroundings import functions_around
from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Case,
    Fields,
    Guard,
    Symbolic,
    at,
    cases,
    elements,
    entries,
    location_of,
    text_of,
    truth_of,
)

REST_STAGE: Final = "AWS::ApiGateway::Stage"
STAGE: Final = "AWS::ApiGatewayV2::Stage"
GRAPHQL: Final = "AWS::AppSync::GraphQLApi"
_EVERY_PATH: Final = frozenset({"*", "/*", "/"})


class RouteSettings(Struct, frozen=True):
    """Settings of a stage, where they stand, and whether they are for all of its routes."""

    case: Case
    location: Location
    whole: bool

    def told(self, name: str) -> Iterator[Case]:
        """List what one of the settings says, branch by branch."""
        return cases(at(self.case.value, name), self.case.when)


def settings_of(stage: Resource) -> Iterator[RouteSettings]:
    """List the settings of a stage, those for all routes among them."""
    if stage.type == REST_STAGE:
        for case in elements(at(stage.properties, "MethodSettings"), stage.when):
            path, method = at(case.value, "ResourcePath"), at(case.value, "HttpMethod")
            whole = text_of(path) in _EVERY_PATH and text_of(method) == "*"
            yield RouteSettings(case, location_of(case.value), whole)
        return
    for case in cases(at(stage.properties, "DefaultRouteSettings"), stage.when):
        if not isinstance(case.value, Absent):
            yield RouteSettings(case, location_of(case.value), whole=True)
    for _, key, value, when in entries(at(stage.properties, "RouteSettings"), stage.when):
        for case in cases(value, when):
            yield RouteSettings(case, key, whole=False)


def before_functions(facts: Facts, resource: Resource) -> bool:
    """Tell whether functions depend on a resource."""
    return bool(functions_around(facts).get(resource.id))


def is_of_http_api(facts: Facts, stage: Resource) -> bool:
    """Tell whether a stage is one of an HTTP API, or of one that is not in the application."""
    if stage.type != STAGE:
        return False
    apis = [api for api, _ in resources_named(facts, at(stage.properties, "ApiId"))]
    return not apis or any(text_of(at(api.properties, "ProtocolType")) == "HTTP" for api in apis)


def without(stage: Resource, name: str, *fine: str) -> Iterator[Guard]:
    """List the branches in which no setting for all routes of a stage is one of the texts, or there at all."""
    branches: list[tuple[Guard, bool]] = [(stage.when, False)]
    for settings in settings_of(stage):
        if settings.whole:
            branches = [
                (case.when, met or _meets(case, fine))
                for when, met in branches
                for case in cases(at(settings.case.value, name), when)
            ]
    yield from (when for when, met in branches if not met)


def _meets(case: Case, fine: tuple[str, ...]) -> bool:
    if isinstance(case.value, Absent):
        return False
    return not fine or text_of(case.value) in fine or text_of(case.value) is None


@fact
def guarded_by_firewall(facts: Facts) -> frozenset[str]:
    """Collect the ids of all that a web ACL is associated with, if the ACL has any rules that can be seen."""
    found: set[str] = set()
    for resource in facts.application.resources.values():
        if resource.type not in {"AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation"}:
            continue
        if any(_is_empty(acl) for acl, _ in resources_named(facts, at(resource.properties, "WebACLArn"))):
            continue
        for case in cases(at(resource.properties, "ResourceArn")):
            if isinstance(case.value, Symbolic):
                found |= {reference.target for reference in case.value.references}
    return frozenset(found)


def _is_empty(acl: Resource) -> bool:
    """Tell whether a web ACL lets everything through: no rules, and what is left is allowed."""
    allows = isinstance(at(acl.properties, "DefaultAction", "Allow"), Fields)
    return acl.type == "AWS::WAFv2::WebACL" and allows and not list(elements(at(acl.properties, "Rules")))


class Domain(Struct, frozen=True):
    """A domain of an API's own."""

    resource: Resource
    asks_for_certificates: bool


@fact
def domains_of(facts: Facts) -> dict[str, tuple[Domain, ...]]:
    """Index by API the domains that are mapped to it, in this application."""
    found: dict[str, dict[str, Domain]] = {}
    for mapping in facts.application.resources.values():
        if mapping.type not in {"AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"}:
            continue
        rest = mapping.type == "AWS::ApiGateway::BasePathMapping"
        for api, _ in resources_named(facts, at(mapping.properties, "RestApiId" if rest else "ApiId")):
            for domain, _ in resources_named(facts, at(mapping.properties, "DomainName")):
                asks = isinstance(at(domain.properties, "MutualTlsAuthentication"), Fields)
                found.setdefault(api.id, {})[domain.id] = Domain(domain, asks)
    return {api: tuple(domains.values()) for api, domains in found.items()}


def is_on(case: Case) -> bool:
    """Tell whether a setting is switched on."""
    return truth_of(case.value) is True
