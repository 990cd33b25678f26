"""Which resource a value names: by reference, by an ARN that holds one, or by its literal name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from lamward.facts import Facts, fact
from lamward.facts.branches import together
from lamward.model.application import (
    Bucket,
    EventInvokeConfig,
    EventSourceMapping,
    Function,
    LogGroup,
    Queue,
    Resource,
    Role,
    Route,
    Trigger,
)
from lamward.model.value import (
    Case,
    Guard,
    Reference,
    ReferenceKind,
    Settled,
    Symbolic,
    Value,
    at,
    cases,
    text_of,
)

Noun = TypeVar("Noun")

_NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::Events::EventBus": "Name",
}
"""The property that names a resource, by type."""

_WITHIN = "\ue000"
"""Stands for the `AWS::` of a pseudo parameter's name."""


@fact
def named(facts: Facts) -> dict[str, list[Resource]]:
    """Index the resources that have a name of their own by that name, as it is written."""
    index: dict[str, list[Resource]] = defaultdict(list)
    for resource in facts.application.resources.values():
        name = _NAMES.get(resource.type)
        if name is not None:
            for case in cases(at(resource.properties, name)):
                shown = _shown(case.value)
                if shown:
                    index[shown].append(resource)
    return dict(index)


@fact
def _by_type(facts: Facts) -> dict[str, tuple[Resource, ...]]:
    index: dict[str, list[Resource]] = defaultdict(list)
    for resource in facts.application.resources.values():
        index[resource.type].append(resource)
    return {kind: tuple(resources) for kind, resources in index.items()}


def of_type(facts: Facts, kind: str) -> tuple[Resource, ...]:
    """List the resources of a type."""
    return _by_type(facts).get(kind, ())


def _shown(value: Settled) -> str:
    return str(value) if isinstance(value, Symbolic) else text_of(value) or ""


def resources_named(facts: Facts, value: Value, when: Guard = ()) -> Iterator[tuple[Resource, Guard]]:
    """Find the resources of the application that a value names, with the branch in which it does."""
    for case in cases(value, when):
        resource = _resource(facts, case)
        if resource is not None:
            joined = together(facts, case.when, resource.when)
            if joined is not None:
                yield resource, joined


def _resource(facts: Facts, case: Case) -> Resource | None:
    resources = facts.application.resources
    if isinstance(case.value, Symbolic):
        references = [part for part in case.value.parts if isinstance(part, Reference)]
        # The last reference to a resource is the one an ARN is about: a function's inside an API's integration URI.
        for reference in reversed(references):
            if reference.kind is ReferenceKind.RESOURCE and reference.target in resources:
                return _behind(facts, resources[reference.target])
    index = named(facts)
    shown = _shown(case.value) if index else ""
    if not shown:
        return None
    for name in _names_in(shown):
        if len(index.get(name, ())) == 1:
            return index[name][0]
    return None


def _names_in(shown: str) -> Iterator[str]:
    """List what may be the name in a text: all of it, an ARN's last part, a function's before its alias or version."""
    # The colons of `${AWS::AccountId}` part nothing.
    whole = shown.replace("AWS::", _WITHIN)
    yield from (name.replace(_WITHIN, "AWS::") for name in _parted(whole))


def _parted(shown: str) -> Iterator[str]:
    yield shown
    yield shown.rpartition(":")[2]
    yield shown.rpartition("/")[2]
    # `arn:…:s3:::NAME/KEY`
    if ":::" in shown:
        yield shown.partition(":::")[2].partition("/")[0]
    # `arn:…:function:NAME:ALIAS`, or `NAME:ALIAS`
    if ":function:" in shown:
        yield shown.partition(":function:")[2].partition(":")[0]
    elif shown.count(":") == 1:
        yield shown.partition(":")[0]


def _behind(facts: Facts, resource: Resource) -> Resource:
    """Follow an alias or a version to its function."""
    if resource.type in {"AWS::Lambda::Alias", "AWS::Lambda::Version"}:
        for case in cases(at(resource.properties, "FunctionName")):
            found = _resource(facts, case)
            if found is not None:
                return found
    return resource


@fact
def functions_by_id(facts: Facts) -> dict[str, Function]:
    """Index the functions."""
    return {function.id: function for function in facts.application.functions}


@fact
def roles_by_id(facts: Facts) -> dict[str, Role]:
    """Index the roles."""
    return {role.id: role for role in facts.application.roles}


@fact
def queues_by_id(facts: Facts) -> dict[str, Queue]:
    """Index the queues."""
    return {queue.id: queue for queue in facts.application.queues}


@fact
def buckets_by_id(facts: Facts) -> dict[str, Bucket]:
    """Index the buckets."""
    return {bucket.id: bucket for bucket in facts.application.buckets}


def functions_named(facts: Facts, value: Value, when: Guard = ()) -> Iterator[tuple[Function, Guard]]:
    """Find the functions that a value names (a function, its alias or version, an integration URI)."""
    index = functions_by_id(facts)
    for resource, guard in resources_named(facts, value, when):
        if resource.id in index:
            yield index[resource.id], guard


@fact
def roles_of(facts: Facts, function: Function) -> tuple[tuple[Role, Guard], ...]:
    """Find the roles a function may run with; more than one where a condition chooses."""
    return tuple(roles_named(facts, function.role, function.when))


def roles_named(facts: Facts, value: Value, when: Guard = ()) -> Iterator[tuple[Role, Guard]]:
    """Find the roles that a value names."""
    index = roles_by_id(facts)
    for resource, guard in resources_named(facts, value, when):
        if resource.id in index:
            yield index[resource.id], guard


@fact
def functions_of_roles(facts: Facts) -> dict[str, tuple[Function, ...]]:
    """List for each role the functions that run with it."""
    index: dict[str, dict[str, Function]] = defaultdict(dict)
    for function in facts.application.functions:
        for role, _ in roles_of(facts, function):
            index[role.id][function.id] = function
    return {role: tuple(functions.values()) for role, functions in index.items()}


@fact
def _triggers(facts: Facts) -> dict[str, tuple[Trigger, ...]]:
    index: dict[str, list[Trigger]] = defaultdict(list)
    for trigger in facts.application.triggers:
        for function, _ in functions_named(facts, trigger.function, trigger.when):
            index[function.id].append(trigger)
    return {function: tuple(triggers) for function, triggers in index.items()}


def triggers_of(facts: Facts, function: Function) -> tuple[Trigger, ...]:
    """List what invokes a function."""
    return _triggers(facts).get(function.id, ())


@fact
def _invoke_configs(facts: Facts) -> dict[str, tuple[EventInvokeConfig, ...]]:
    index: dict[str, list[EventInvokeConfig]] = defaultdict(list)
    for config in facts.application.event_invoke_configs:
        for function, _ in functions_named(facts, config.function, config.when):
            index[function.id].append(config)
    return {function: tuple(configs) for function, configs in index.items()}


def event_invoke_configs_of(facts: Facts, function: Function) -> tuple[EventInvokeConfig, ...]:
    """List the settings of a function's asynchronous invocations."""
    return _invoke_configs(facts).get(function.id, ())


@fact
def _mappings(facts: Facts) -> dict[str, tuple[EventSourceMapping, ...]]:
    index: dict[str, dict[str, EventSourceMapping]] = defaultdict(dict)
    for mapping in facts.application.event_source_mappings:
        for function, _ in functions_named(facts, mapping.function, mapping.when):
            index[function.id][mapping.id] = mapping
    return {function: tuple(mappings.values()) for function, mappings in index.items()}


def event_source_mappings_of(facts: Facts, function: Function) -> tuple[EventSourceMapping, ...]:
    """List what is polled for a function."""
    return _mappings(facts).get(function.id, ())


@fact
def _routes(facts: Facts) -> dict[str, list[tuple[int, Route]]]:
    index: dict[str, list[tuple[int, Route]]] = defaultdict(list)
    for position, route in enumerate(facts.application.routes):
        for function, _ in functions_named(facts, route.function, route.when):
            index[function.id].append((position, route))
    return dict(index)


def routes_of_functions(facts: Facts, functions: Iterable[str]) -> tuple[Route, ...]:
    """List the routes that lead to any of some functions."""
    return joined(_routes(facts), functions)


@fact
def log_groups_of(facts: Facts, function: Function) -> tuple[LogGroup, ...]:
    """Find the log groups a function writes to that the application declares."""
    index = _log_groups_by_id(facts)
    chosen = at(function.logging, "LogGroup")
    found = [index[one.id] for one, _ in resources_named(facts, chosen) if one.id in index]
    if found:
        return tuple(found)
    own = {_shown(case.value) for case in cases(function.name)} | {f"${{{function.id}}}"}
    return joined(_log_groups_by_name(facts), (f"/aws/lambda/{name}" for name in own if name))


def joined(index: Mapping[str, Sequence[tuple[int, Noun]]], names: Iterable[str]) -> tuple[Noun, ...]:
    """Join what an index of nouns and their positions has under names: each once, in the order of the template."""
    found = {position: noun for name in names for position, noun in index.get(name, ())}
    return tuple(found[position] for position in sorted(found))


@fact
def _log_groups_by_id(facts: Facts) -> dict[str, LogGroup]:
    return {group.id: group for group in facts.application.log_groups}


@fact
def _log_groups_by_name(facts: Facts) -> dict[str, list[tuple[int, LogGroup]]]:
    """Index the log groups by their names, each with its position in the template."""
    index: dict[str, list[tuple[int, LogGroup]]] = defaultdict(list)
    for position, group in enumerate(facts.application.log_groups):
        for case in cases(group.name):
            index[_shown(case.value)].append((position, group))
    return dict(index)
