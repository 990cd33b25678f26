"""APIs, their routes and stages: who may call a route, and what is written down of the calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.links import functions_named, of_type
from lamward.facts.strangers import openings
from lamward.model.application import Api, ApiKind, Route, Stage
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Case,
    Fields,
    Guard,
    Symbolic,
    Unknown,
    Value,
    at,
    both,
    cases,
    elements,
    referent,
    text_of,
    truth_of,
)

_WITH_BODY: Final = frozenset({"PATCH", "POST", "PUT"})

_DOMAINS: Final = frozenset({"AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName"})

_HARMLESS: Final = frozenset(
    {
        "favicon.ico",
        "health",
        "health-check",
        "healthcheck",
        "healthz",
        "heartbeat",
        "live",
        "liveness",
        "ping",
        "readiness",
        "ready",
        "robots.txt",
        "status",
        "version",
    }
)
"""Last parts of paths that answer everybody by their nature."""


class Access(StrEnum):
    """Who may call a route as far as API Gateway decides."""

    OPEN = "open"
    AUTHORISED = "authorised"
    UNKNOWN = "unknown"


class RouteAccess(Struct, frozen=True):
    """Who may call a route in one branch of the template."""

    route: Route
    access: Access
    case: Case

    @property
    def needs_key(self) -> bool:
        """Whether a caller must at least show an API key."""
        return truth_of(self.route.api_key) is True

    @property
    def reads_only(self) -> bool:
        """Whether the method promises to change nothing."""
        return self.route.method in {"GET", "HEAD"}

    @property
    def is_harmless(self) -> bool:
        """Whether the path is one that answers everybody by its nature."""
        return self.reads_only and self.route.path.rstrip("/").rpartition("/")[2].lower() in _HARMLESS


@fact
def routes_of(facts: Facts) -> dict[str, tuple[Route, ...]]:
    """Index by API the routes that lead to a function, or to a service by the API's own role.

    What other integrations lead to, servers above all, asks its callers itself. Of a WebSocket API all routes count,
    as the first one connects to all of them.
    """
    index: dict[str, list[Route]] = defaultdict(list)
    for route in facts.application.routes:
        if route.kind is ApiKind.WEBSOCKET or _leads_to_service(facts, route):
            index[route.api].append(route)
    return {api: tuple(routes) for api, routes in index.items()}


def _leads_to_service(facts: Facts, route: Route) -> bool:
    targets = [written(case.value) for case in cases(route.function)]
    # The integration of an API with a service: arn:aws:apigateway:REGION:SERVICE:path/… or :action/…
    named = any(":lambda:" in text or ":apigateway:" in text for text in targets)
    return named or any(True for _ in functions_named(facts, route.function, route.when))


def access_to(facts: Facts, api: Api) -> Iterator[RouteAccess]:
    """Tell who may call each route; preflight requests and the later messages of a connection are left out."""
    for route in routes_of(facts).get(api.id, ()):
        if route.method == "OPTIONS" or (route.kind is ApiKind.WEBSOCKET and route.path != "$connect"):
            continue
        for case in cases(route.authorisation, route.when):
            if text_of(case.value) == "NONE":
                yield RouteAccess(route, Access.OPEN, case)
            elif isinstance(case.value, Symbolic | Unknown):
                yield RouteAccess(route, Access.UNKNOWN, case)
            else:
                yield RouteAccess(route, Access.AUTHORISED, case)


def connects_unasked(facts: Facts, api: Api) -> bool:
    """Tell whether a WebSocket API has no `$connect` route, where alone it could ask who connects."""
    routes = routes_of(facts).get(api.id, ())
    return (
        api.kind is ApiKind.WEBSOCKET and bool(routes) and all(route.path != "$connect" for route in routes)
    )


class Closed(Struct, frozen=True):
    """What keeps strangers from an API as a whole: nothing (False), its policy or network (True), or a doubt.

    `public` lists the branches of the template in which the API is not in a private network.
    """

    closed: bool
    doubt: str = ""
    public: tuple[Guard, ...] = ()


@fact
def closed_to_strangers(facts: Facts, api: Api) -> Closed:
    """Tell whether an API's endpoint or resource policy keeps strangers out, whatever its routes say."""
    public = tuple(_public_branches(api))
    if not public or _asks_for_certificates(facts, api):
        return Closed(closed=True)
    return replace(_closed_by_policy(facts, api), public=public)


def _asks_for_certificates(facts: Facts, api: Api) -> bool:
    """Tell whether an API is reached by domains alone that want a client's certificate."""
    resources = facts.application.resources
    disabled = (
        at(resources[api.id].properties, "DisableExecuteApiEndpoint") if api.id in resources else Absent()
    )
    domains = [each for each in resources.values() if each.type in _DOMAINS]
    return (
        truth_of(disabled) is True
        and bool(domains)
        and all(isinstance(at(each.properties, "MutualTlsAuthentication"), Fields) for each in domains)
    )


def _closed_by_policy(facts: Facts, api: Api) -> Closed:
    if api.policy is None:
        return Closed(closed=False)
    found = openings(facts, api.policy)
    if any(not opening.doubt for opening in found):
        return Closed(closed=False)
    return Closed(closed=not found, doubt=found[0].doubt if found else "")


def in_public(access: RouteAccess, closed: Closed) -> Iterator[RouteAccess]:
    """Give the access to a route in each branch of the template in which its API is not in a private network."""
    for guard in closed.public:
        joined = both(access.case.when, guard)
        if joined is not None:
            yield replace(access, case=Case(access.case.value, joined))


def _public_branches(api: Api) -> Iterator[Guard]:
    """List the branches of the template in which an API can be reached from outside a VPC."""
    for case in cases(api.endpoint, api.when):
        types = at(case.value, "Types") if isinstance(case.value, Fields) else case.value
        if isinstance(types, Absent):
            types = at(case.value, "Type")
        said = list(elements(types, case.when))
        if not said:
            yield case.when
        yield from (each.when for each in said if text_of(each.value) != "PRIVATE")


class UnloggedStage(Struct, frozen=True):
    """A stage that writes no access log; `setting` is where in its resource one belongs, () if nowhere.

    `now` is what the setting says.
    """

    location: Location
    when: Guard
    setting: tuple[str, ...] = ()
    now: Value = Absent()


def unlogged_stages(facts: Facts, api: Api) -> Iterator[UnloggedStage]:
    """Find the stages of an API without an access log; a deployment may make a stage as well."""
    for stage in _stages(facts).get(api.id, ()):
        for case in cases(at(stage.access_log, "DestinationArn"), stage.when):
            if isinstance(case.value, Absent):
                setting = "AccessLogSetting" if stage.kind is ApiKind.REST else "AccessLogSettings"
                yield UnloggedStage(stage.location, case.when, (setting,), case.value)
    own = facts.application.resources.get(api.id)
    if own is not None and not isinstance(at(own.properties, "Target"), Absent):
        # An API that is created by naming its target gets a stage along with its route.
        yield UnloggedStage(api.location, api.when)
    for resource in of_type(facts, "AWS::ApiGateway::Deployment"):
        if not _names(resource.properties, api):
            continue
        log = at(resource.properties, "StageDescription", "AccessLogSetting", "DestinationArn")
        if not isinstance(at(resource.properties, "StageName"), Absent):
            for case in cases(log, resource.when):
                if isinstance(case.value, Absent):
                    inside = ("StageDescription", "AccessLogSetting")
                    yield UnloggedStage(resource.location, case.when, inside, case.value)


@fact
def logs_some_calls(facts: Facts) -> bool:
    """Tell whether somebody decided to log the calls of some stage."""
    return any(
        not isinstance(case.value, Absent)
        for stage in facts.application.stages
        for case in cases(at(stage.access_log, "DestinationArn"), stage.when)
    )


@fact
def _stages(facts: Facts) -> dict[str, tuple[Stage, ...]]:
    index: dict[str, list[Stage]] = defaultdict(list)
    for stage in facts.application.stages:
        reference = referent(stage.api)
        if reference is not None:
            index[reference.target].append(stage)
    return {api: tuple(stages) for api, stages in index.items()}


def _names(properties: Value, api: Api) -> bool:
    reference = referent(at(properties, "RestApiId"))
    return reference is not None and reference.target == api.id


def unvalidated_routes(facts: Facts, api: Api) -> Iterator[Route]:
    """Find the routes of a REST API whose method has a body that no validator looks at."""
    for route in routes_of(facts).get(api.id, ()) if api.kind is ApiKind.REST else ():
        takes_body = route.method in _WITH_BODY and not route.path.endswith("+}")
        if takes_body and any(isinstance(case.value, Absent) for case in cases(route.validator, route.when)):
            yield route
