"""What the stages of APIs say of their routes: logs, caches, limits; for all routes, or for some.

Source: CloudFormation Template Reference, "AWS::ApiGateway::Stage MethodSetting", "AWS::ApiGatewayV2::Stage
RouteSettings".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.apis import Access, access_to, closed_to_strangers, in_public
from lamward.facts.links import resources_named
from lamward.facts.surroundings import functions_around
from lamward.model.application import Api, Resource, Route
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Case,
    Fields,
    Guard,
    Items,
    Symbolic,
    Value,
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
_MAPPINGS: Final = {"AWS::ApiGateway::BasePathMapping": "RestApiId", "AWS::ApiGatewayV2::ApiMapping": "ApiId"}
_EVERY_PATH: Final = frozenset({"*", "/*", "/"})


class RouteSettings(Struct, frozen=True):
    """Settings of a stage, where they stand, and whether they are for all of its routes."""

    value: Value
    when: Guard
    location: Location
    whole: bool

    def told(self, name: str, when: Guard | None = None) -> Iterator[Case]:
        """List what one of the settings says, branch by branch."""
        return cases(at(self.value, name), self.when if when is None else when)


def settings_of(stage: Resource) -> Iterator[RouteSettings]:
    """List the settings of a stage, those for all routes among them."""
    for block in blocks(stage):
        yield from _in(stage, block)
    for _, key, value, when in entries(at(stage.properties, "RouteSettings"), stage.when):
        yield RouteSettings(value, when, key, whole=False)


def blocks(stage: Resource) -> Iterator[Case]:
    """List what a stage says of all of its routes, in whatever branch."""
    name = "MethodSettings" if stage.type == REST_STAGE else "DefaultRouteSettings"
    return cases(at(stage.properties, name), stage.when)


def _in(stage: Resource, block: Case) -> Iterator[RouteSettings]:
    match block.value:
        case Items(items=items) if stage.type == REST_STAGE:
            for item in items:
                paths = {text_of(case.value) for case in cases(at(item, "ResourcePath"))}
                methods = {text_of(case.value) for case in cases(at(item, "HttpMethod"))}
                whole = "*" in methods and not paths.isdisjoint(_EVERY_PATH)
                yield RouteSettings(item, block.when, location_of(item), whole)
        case Fields():
            yield RouteSettings(block.value, block.when, location_of(block.value), whole=True)
        case _:
            pass


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
    for block in blocks(stage):
        branches: list[tuple[Guard, bool]] = [(block.when, False)]
        for settings in _in(stage, block):
            if settings.whole:
                branches = [
                    (case.when, met or _meets(case, fine))
                    for when, met in branches
                    for case in settings.told(name, when)
                ]
        yield from (when for when, met in branches if not met)


def _meets(case: Case, fine: tuple[str, ...]) -> bool:
    if isinstance(case.value, Absent):
        return False
    return not fine or text_of(case.value) in fine or text_of(case.value) is None


def unencrypted_caching(stage: Resource) -> Iterator[tuple[RouteSettings, Case]]:
    """List the settings of a stage that use its cache, with what they say of encryption where it is not on."""
    for settings in settings_of(stage):
        for cluster in cases(at(stage.properties, "CacheClusterEnabled"), settings.when):
            has_cache = not isinstance(cluster.value, Absent) and truth_of(cluster.value) is not False
            for caching in settings.told("CachingEnabled", cluster.when) if has_cache else ():
                for case in settings.told("CacheDataEncrypted", caching.when) if is_on(caching) else ():
                    if not is_on(case):
                        yield settings, case


@fact
def guarded_by_firewall(facts: Facts) -> frozenset[str]:
    """Collect the ids of all that a web ACL is associated with, if the ACL has any rules that can be seen."""
    return frozenset(one for one, empty in _firewalls(facts) if empty is None)


@fact
def empty_firewalls(facts: Facts) -> dict[str, Resource]:
    """Index by what they are associated with the web ACLs that let everything through."""
    return {one: empty for one, empty in _firewalls(facts) if empty is not None}


def _firewalls(facts: Facts) -> Iterator[tuple[str, Resource | None]]:
    """Give each id that a web ACL is associated with, and the ACL if it is an empty one."""
    for resource in facts.application.resources.values():
        if resource.type not in {"AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation"}:
            continue
        acls = (acl for acl, _ in resources_named(facts, at(resource.properties, "WebACLArn")))
        empty = next((acl for acl in acls if _is_empty(acl)), None)
        for case in cases(at(resource.properties, "ResourceArn")):
            if isinstance(case.value, Symbolic):
                yield from ((reference.target, empty) for reference in case.value.references)


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
    for mapping, api in _mappings(facts):
        for one, _ in resources_named(facts, api):
            for domain, _ in resources_named(facts, at(mapping.properties, "DomainName")):
                asks = isinstance(at(domain.properties, "MutualTlsAuthentication"), Fields)
                found.setdefault(one.id, {})[domain.id] = Domain(domain, asks)
    return {api: tuple(domains.values()) for api, domains in found.items()}


@fact
def domains_of_other_apis(facts: Facts) -> frozenset[str]:
    """Collect the domains that are mapped to an API which is not in this application: what is behind it is not told."""
    return frozenset(
        domain.id
        for mapping, api in _mappings(facts)
        if not any(True for _ in resources_named(facts, api))
        for domain, _ in resources_named(facts, at(mapping.properties, "DomainName"))
    )


def _mappings(facts: Facts) -> Iterator[tuple[Resource, Value]]:
    """List the mappings of domains to APIs, each with what names the API."""
    for resource in facts.application.resources.values():
        if resource.type in _MAPPINGS:
            yield resource, at(resource.properties, _MAPPINGS[resource.type])


def is_on(case: Case) -> bool:
    """Tell whether a setting is switched on."""
    return truth_of(case.value) is True


def answers_anybody(facts: Facts, api: Api) -> bool:
    """Tell whether an API in public has a route that asks nobody who they are."""
    closed = closed_to_strangers(facts, api)
    open_routes = (each for each in access_to(facts, api) if each.access is Access.OPEN)
    return not closed.closed and any(True for each in open_routes for _ in in_public(each, closed))


@fact
def apis_by_id(facts: Facts) -> dict[str, Api]:
    """Index the APIs."""
    return {api.id: api for api in facts.application.apis}


def apis_of(facts: Facts, stage: Resource) -> tuple[Api, ...]:
    """Find the APIs a stage belongs to."""
    name = "RestApiId" if stage.type == REST_STAGE else "ApiId"
    index = apis_by_id(facts)
    found = (api.id for api, _ in resources_named(facts, at(stage.properties, name), stage.when))
    return tuple(index[one] for one in found if one in index)


@fact
def planned(facts: Facts) -> frozenset[str]:
    """Collect the ids of the APIs whose callers have usage plans with limits."""
    found: set[str] = set()
    for plan in facts.application.resources.values():
        limited = not isinstance(at(plan.properties, "Throttle"), Absent)
        if plan.type == "AWS::ApiGateway::UsagePlan" and limited:
            for case in elements(at(plan.properties, "ApiStages")):
                found |= {api.id for api, _ in resources_named(facts, at(case.value, "ApiId"))}
    return frozenset(found)


def calls_servers(facts: Facts, api: Api) -> bool:
    """Tell whether an API hands requests of any route to a server over HTTP."""
    return any(
        written(case.value).startswith(("http://", "https://"))
        for route in _routes(facts).get(api.id, ())
        for case in cases(route.function)
    )


@fact
def _routes(facts: Facts) -> dict[str, list[Route]]:
    index: dict[str, list[Route]] = defaultdict(list)
    for route in facts.application.routes:
        index[route.api].append(route)
    return dict(index)
