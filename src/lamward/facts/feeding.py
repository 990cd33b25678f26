"""Whose events reach which functions: a bucket's, a topic's, a queue's, a bus's, also through one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from lamward.facts import Facts, fact
from lamward.facts.breadth import administers, broad_wildcards
from lamward.facts.grants import attachments, listed, statements
from lamward.facts.links import functions_named, resources_named, roles_of
from lamward.facts.managed_policies import Extent, judge
from lamward.facts.surroundings import functions_around
from lamward.model.application import Function, Resource, ResourcePolicy, TriggerKind
from lamward.model.finding import Related
from lamward.model.value import Absent, Value, at, elements, entries

_CALLED = frozenset({TriggerKind.API, TriggerKind.URL, TriggerKind.LOAD_BALANCER})
"""Triggers that ask their callers themselves."""


@fact
def fed(facts: Facts) -> Mapping[str, tuple[Function, ...]]:
    """Index by resource the functions that handle what is put into it."""
    found: dict[str, dict[str, Function]] = defaultdict(dict)
    upstream = _upstream(facts)
    for trigger in facts.application.triggers:
        if trigger.kind in _CALLED:
            continue
        first = [trigger.declared_by, *(each.id for each, _ in resources_named(facts, trigger.source))]
        for function, _ in functions_named(facts, trigger.function, trigger.when):
            for resource in _before(first, upstream):
                found[resource][function.id] = function
    return {resource: tuple(functions.values()) for resource, functions in found.items()}


def _before(first: Iterable[str], upstream: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(first)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += upstream.get(one, ())
    return seen


def _upstream(facts: Facts) -> Mapping[str, set[str]]:
    """Say for each resource which others hand events on to it."""
    found: dict[str, set[str]] = defaultdict(set)
    for resource in facts.application.resources.values():
        for source, target in _handed_on(resource):
            sources = [resource.id] if isinstance(source, Absent) else _ids(facts, source)
            for one in _ids(facts, target):
                found[one].update(sources)
            found[resource.id].update(each for each in sources if each != resource.id)
    return found


def _ids(facts: Facts, value: Value) -> list[str]:
    return [resource.id for resource, _ in resources_named(facts, value)]


def _handed_on(resource: Resource) -> Iterator[tuple[Value, Value]]:
    """Pair what a resource takes events from (absent: itself) with what it hands them to."""
    properties = resource.properties
    match resource.type:
        case "AWS::SNS::Subscription":
            yield at(properties, "TopicArn"), at(properties, "Endpoint")
        case "AWS::SNS::Topic":
            for case in elements(at(properties, "Subscription")):
                yield Absent(), at(case.value, "Endpoint")
        case "AWS::Events::Rule":
            for case in elements(at(properties, "Targets")):
                yield at(properties, "EventBusName"), at(case.value, "Arn")
        case "AWS::S3::Bucket":
            for _, _, listed_here, _ in entries(at(properties, "NotificationConfiguration")):
                for case in elements(listed_here):
                    for name in ("Queue", "Topic", "Function"):
                        yield Absent(), at(case.value, name)
        case "AWS::Pipes::Pipe":
            yield at(properties, "Source"), at(properties, "Target")
        case _:
            pass


def concerned(facts: Facts, written: ResourcePolicy) -> tuple[Related, ...]:
    """Point at the functions that handle what a guarded resource takes in, or else depend on it."""
    found: dict[str, Related] = {}
    guarded = [written.id, *_ids_of_targets(facts, written)]
    for one in guarded:
        for function in fed(facts).get(one, ()):
            found[function.id] = Related(function.location, _note(facts, function))
    for one in guarded:
        for function in functions_around(facts).get(one, ()):
            found.setdefault(function.id, Related(function.location, f"depends on the {written.kind.value}"))
    return tuple(found.values())


@fact
def policies_of(facts: Facts) -> Mapping[str, tuple[ResourcePolicy, ...]]:
    """Index the resource policies by the resource of the application that they guard."""
    found: dict[str, list[ResourcePolicy]] = defaultdict(list)
    for written in facts.application.resource_policies:
        for one in _ids_of_targets(facts, written):
            found[one].append(written)
    return {one: tuple(policies) for one, policies in found.items()}


def stands_apart(facts: Facts, written: ResourcePolicy) -> bool:
    """Tell whether no function has to do with the resources of the application that a policy guards."""
    around = functions_around(facts)
    guarded = _ids_of_targets(facts, written)
    return bool(guarded) and not any(one in around for one in (written.id, *guarded))


def _ids_of_targets(facts: Facts, written: ResourcePolicy) -> list[str]:
    if isinstance(written.targets, Absent):
        # The policy of a bus that is not named is for the account's default bus, which no template declares.
        elsewhere = facts.application.resources[written.id].type == "AWS::Events::EventBusPolicy"
        return [] if elsewhere else [written.id]
    return [one for case in elements(written.targets) for one in _ids(facts, case.value)]


def _note(facts: Facts, function: Function) -> str:
    held = sorted(powers(facts).get(function.id, ()))
    note = "handles what comes in"
    if "*" in held:
        return f"{note}, and may do everything"
    return f"{note}, and may do {listed(held)}" if held else note


@fact
def powers(facts: Facts) -> Mapping[str, frozenset[str]]:
    """Index by function the whole services its role may use, `*` for an administrator's."""
    by_role: dict[str, set[str]] = defaultdict(set)
    for grant, statement in statements(facts):
        names = {"*" for _ in administers(statement)} | {
            f"`{each.pattern}`" for each in broad_wildcards(statement)
        }
        for role in grant.roles if names else ():
            by_role[role.id] |= names
    found: dict[str, frozenset[str]] = {}
    for function in facts.application.functions:
        for role, _ in roles_of(facts, function):
            judged = [judge(each.name) for each in attachments(facts, role) if each.name]
            everything = {"*" for each in judged if each and each.extent is Extent.EVERYTHING}
            found[function.id] = frozenset(by_role[role.id] | everything) | found.get(
                function.id, frozenset()
            )
    return found
