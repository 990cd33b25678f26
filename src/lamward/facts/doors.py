"""Ways in from outside: whom a function, or its role, answers, and what strangers can hand it through others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.apis import Access, RouteAccess, access_to, closed_to_strangers, in_public
from lamward.facts.branches import together
from lamward.facts.buckets import public_uses
from lamward.facts.compute import ENDPOINT, roles_of_endpoint
from lamward.facts.function_policies import function_policies, only_opens_public_urls, shut_urls
from lamward.facts.links import functions_named, resources_named
from lamward.facts.strangers import changes_something, openings
from lamward.facts.trust import Openness
from lamward.facts.trust import openings as takers
from lamward.model.application import (
    Api,
    Function,
    FunctionUrl,
    Resource,
    ResourcePolicy,
    ResourcePolicyKind,
    Role,
    TriggerKind,
)
from lamward.model.location import Location
from lamward.model.report import Entry
from lamward.model.value import (
    Absent,
    Guard,
    Symbolic,
    Unknown,
    at,
    cases,
    elements,
    location_of,
    text_of,
    why_unknown,
)

INTERNET: Final = "anyone on the internet"
ANY_ACCOUNT: Final = "any AWS account"
KEY_HOLDERS: Final = "whoever has an API key"


class DoorKind(StrEnum):
    """What stands open."""

    URL = "function URL"
    WEB = "web function"
    ROUTE = "route"
    PERMISSION = "permission"
    TRUST = "trust policy"
    QUEUE = "queue"
    TOPIC = "topic"
    BUCKET = "bucket"
    BUS = "event bus"


class Door(Struct, frozen=True):
    """A way in to a function, or to a role: who comes in, what they do, and the places that let them.

    `web` is the name of a web function. With a `doubt` nobody can tell whether it is open.
    """

    kind: DoorKind
    entry: Entry
    who: str
    does: str
    places: tuple[Location, ...]
    when: Guard
    function: Function | None = None
    role: Role | None = None
    web: str = ""
    doubt: str = ""

    @property
    def through(self) -> str:
        """The name of the function whose code stands between, "" for a role that is taken directly."""
        return self.web if self.function is None else self.function.declared_by or self.function.id


_GUARDED: Final[Mapping[ResourcePolicyKind, DoorKind]] = {
    ResourcePolicyKind.BUS: DoorKind.BUS,
    ResourcePolicyKind.QUEUE: DoorKind.QUEUE,
    ResourcePolicyKind.TOPIC: DoorKind.TOPIC,
}
_TRIGGERS: Final[Mapping[DoorKind, TriggerKind]] = {
    DoorKind.BUCKET: TriggerKind.BUCKET,
    DoorKind.QUEUE: TriggerKind.QUEUE,
    DoorKind.TOPIC: TriggerKind.TOPIC,
}
_VERBS: Final[Mapping[DoorKind, str]] = {
    DoorKind.BUCKET: "write to",
    DoorKind.BUS: "put events on",
    DoorKind.QUEUE: "send to",
    DoorKind.TOPIC: "publish to",
}


@fact
def doors(facts: Facts) -> tuple[Door, ...]:
    """List the doors that are open to strangers, and those of which that cannot be told."""
    application = facts.application
    return (
        *(door for url in application.urls for door in _of_url(facts, url)),
        *(door for each in application.resources.values() for door in _of_endpoint(facts, each)),
        *(door for api in application.apis for door in _of_api(facts, api)),
        *_of_permissions(facts),
        *_of_policies(facts),
        *_of_buckets(facts),
        *(door for role in application.roles for door in _of_role(role)),
    )


def _of_url(facts: Facts, url: FunctionUrl) -> Iterator[Door]:
    for case in cases(url.auth, url.when):
        undecided = isinstance(case.value, Symbolic | Unknown)
        is_open = text_of(case.value) == "NONE" and url.id not in shut_urls(facts)
        if not is_open and not undecided:
            continue
        for function, when in functions_named(facts, url.function, case.when):
            yield Door(
                DoorKind.URL,
                Entry.INVOKED,
                INTERNET,
                f"call the function URL of {_name(function)}",
                (location_of(case.value),),
                when,
                function,
                doubt=why_unknown(case.value) if isinstance(case.value, Symbolic | Unknown) else "",
            )


def _of_endpoint(facts: Facts, endpoint: Resource) -> Iterator[Door]:
    auth = at(endpoint.properties, "AuthType") if endpoint.type == ENDPOINT else Absent()
    for case in cases(auth, endpoint.when):
        undecided = isinstance(case.value, Symbolic | Unknown)
        if text_of(case.value) != "ApplicationManaged" and not undecided:
            continue
        name = endpoint.declared_by or endpoint.id
        for role, guard in roles_of_endpoint(facts, endpoint):
            when = together(facts, case.when, guard)
            if when is not None:
                yield Door(
                    DoorKind.WEB,
                    Entry.INVOKED,
                    INTERNET,
                    f"call the web function `{name}`",
                    (location_of(case.value),),
                    when,
                    role=role,
                    web=name,
                    doubt=why_unknown(case.value) if isinstance(case.value, Symbolic | Unknown) else "",
                )


def _of_api(facts: Facts, api: Api) -> Iterator[Door]:
    closed = closed_to_strangers(facts, api)
    if closed.closed:
        return
    for found in access_to(facts, api):
        if found.access is Access.AUTHORISED or found.is_harmless:
            continue
        unread = why_unknown(found.case.value) if isinstance(found.case.value, Symbolic | Unknown) else ""
        for each in in_public(found, closed):
            yield from _of_route(facts, api, each, closed.doubt or unread)


def _of_route(facts: Facts, api: Api, found: RouteAccess, doubt: str) -> Iterator[Door]:
    for function, when in functions_named(facts, found.route.function, found.case.when):
        yield Door(
            DoorKind.ROUTE,
            Entry.INVOKED,
            KEY_HOLDERS if found.needs_key else INTERNET,
            f"call `{found.route.method} {found.route.path}`, which {_name(function)} answers",
            (found.route.location, api.location),
            when,
            function,
            doubt=doubt,
        )


def _of_permissions(facts: Facts) -> Iterator[Door]:
    targets = {each.id: each.function for each in facts.application.permissions} | {
        each.id: each.targets for each in facts.application.resource_policies
    }
    for identifier, policy in function_policies(facts).items():
        resource = facts.application.resources[identifier]
        for opening in openings(facts, policy):
            if only_opens_public_urls(facts, resource, opening.statement):
                continue
            for function, when in functions_named(facts, targets[identifier], opening.when):
                yield Door(
                    DoorKind.PERMISSION,
                    Entry.INVOKED,
                    ANY_ACCOUNT,
                    f"invoke {_name(function)}",
                    (opening.statement.location,),
                    when,
                    function,
                    doubt=opening.doubt,
                )


def _of_policies(facts: Facts) -> Iterator[Door]:
    for written in facts.application.resource_policies:
        kind = _GUARDED.get(written.kind)
        for opening in openings(facts, written.policy) if kind is not None else ():
            if kind is None or not (opening.doubt or changes_something(opening)):
                continue
            places = (opening.statement.location,)
            for resource, when in _guarded(facts, written, opening.when):
                yield from _fed(facts, kind, resource, places=places, when=when, doubt=opening.doubt)


def _guarded(facts: Facts, written: ResourcePolicy, when: Guard) -> Iterator[tuple[Resource, Guard]]:
    """List the resources a policy is about; one that names none is the resource's own."""
    if isinstance(written.targets, Absent):
        yield facts.application.resources[written.id], when
    for case in elements(written.targets, when):
        yield from resources_named(facts, case.value, case.when)


def _of_buckets(facts: Facts) -> Iterator[Door]:
    for bucket in facts.application.buckets:
        resource = facts.application.resources[bucket.id]
        for use in public_uses(facts, bucket):
            if use.writes or use.doubt:
                places = (use.location,)
                yield from _fed(
                    facts, DoorKind.BUCKET, resource, places=places, when=use.when, doubt=use.doubt
                )


def _fed(
    facts: Facts,
    kind: DoorKind,
    resource: Resource,
    *,
    places: tuple[Location, ...],
    when: Guard,
    doubt: str,
) -> Iterator[Door]:
    """Follow what strangers put into a resource to the functions that it invokes."""
    shown = f"the {kind} `{resource.declared_by or resource.id}`"
    who = ANY_ACCOUNT if kind is DoorKind.BUS else INTERNET
    for function, guard in _fed_by(facts, kind).get(resource.id, ()):
        joined = together(facts, when, guard)
        if joined is not None:
            does = f"{_VERBS[kind]} {shown}, which {_name(function)} works on"
            yield Door(kind, Entry.FED, who, does, places, joined, function, doubt=doubt)


@fact
def _fed_by(facts: Facts, kind: DoorKind) -> dict[str, tuple[tuple[Function, Guard], ...]]:
    """List for each resource of one kind the functions that it invokes."""
    index: dict[str, dict[str, tuple[Function, Guard]]] = defaultdict(dict)
    for source, function, when in _behind_rules(facts) if kind is DoorKind.BUS else _triggered(facts, kind):
        index[source].setdefault(function.id, (function, when))
    return {source: tuple(found.values()) for source, found in index.items()}


def _triggered(facts: Facts, kind: DoorKind) -> Iterator[tuple[str, Function, Guard]]:
    for trigger in facts.application.triggers:
        if trigger.kind is not _TRIGGERS[kind]:
            continue
        sources = {trigger.declared_by, *(each.id for each, _ in resources_named(facts, trigger.source))}
        for function, when in functions_named(facts, trigger.function, trigger.when):
            yield from ((source, function, when) for source in sources)


def _behind_rules(facts: Facts) -> Iterator[tuple[str, Function, Guard]]:
    """List for each event bus the functions that are targets of its rules."""
    for rule in facts.application.resources.values():
        if rule.type != "AWS::Events::Rule":
            continue
        for bus, within in resources_named(facts, at(rule.properties, "EventBusName"), rule.when):
            for target in elements(at(rule.properties, "Targets"), within):
                for function, when in functions_named(facts, at(target.value, "Arn"), target.when):
                    yield bus.id, function, when


def _of_role(role: Role) -> Iterator[Door]:
    """List the openings of a trust policy: whoever comes in there needs no function."""
    for opening in takers(role):
        told = opening.openness in (Openness.ANYONE, Openness.ALL_BUT) and not opening.keys
        if told:
            does = f"take the role `{role.declared_by or role.id}`"
            yield Door(
                DoorKind.TRUST, Entry.TAKEN, ANY_ACCOUNT, does, (opening.location,), opening.when, role=role
            )


def _name(function: Function) -> str:
    return f"`{function.declared_by or function.id}`"
