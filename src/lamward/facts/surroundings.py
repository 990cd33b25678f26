"""What stands around functions: the resources they use, and those whose events or callers reach them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lamward.facts import Facts, fact
from lamward.facts.links import functions_by_id, functions_named, resources_named
from lamward.model.application import Function, Resource, ResourcePolicyKind
from lamward.model.value import Fields, Items, Known, OneOf, Symbolic, Value

_IN_FRONT: Final = frozenset(
    {
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGatewayV2::ApiMapping",
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::ApiGatewayV2::Stage",
        "AWS::AppSync::ApiCache",
        "AWS::AppSync::DataSource",
        "AWS::AppSync::Resolver",
        "AWS::CloudFront::Distribution",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::Cognito::IdentityPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::Events::Rule",
        "AWS::IoT::TopicRule",
        "AWS::Kinesis::StreamConsumer",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::Pipes::Pipe",
        "AWS::S3::Bucket",
        "AWS::SES::ReceiptRule",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::Scheduler::Schedule",
        "AWS::StepFunctions::StateMachine",
        "AWS::WAFv2::WebACLAssociation",
    }
)
"""Types through which events or callers come to what they refer to: a rule's target, a stage's API."""

_NEVER_BEHIND: Final = frozenset(
    {"AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::KMS::Alias", "AWS::KMS::Key", "AWS::Logs::LogGroup"}
)
"""Types that those in front only use themselves: a topic's key, a stage's log group."""


@fact
def functions_around(facts: Facts) -> Mapping[str, tuple[Function, ...]]:
    """List for each resource the functions that depend on it, through any number of resources in between.

    A function depends on what it, its role and its policies refer to or name, on what invokes it, and on what hands
    events or callers on to that. It does not depend on what only another function uses.
    """
    functions = facts.application.functions
    users: dict[str, int] = defaultdict(int)
    for position, function in enumerate(functions):
        users[function.id] |= 1 << position
    positions = {function.id: position for position, function in enumerate(functions)}
    for resource, function in _invoking(facts):
        users[resource] |= 1 << positions[function.id]
    _spread(users, _edges(facts))
    chosen = {mask: tuple(functions[position] for position in _positions(mask)) for mask in {*users.values()}}
    return {resource: chosen[mask] for resource, mask in users.items() if mask}


def _positions(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _invoking(facts: Facts) -> Iterator[tuple[str, Function]]:
    """Pair functions with the resources that are there only for them: what triggers and configures them."""
    application = facts.application
    for trigger in application.triggers:
        for function, _ in functions_named(facts, trigger.function):
            yield trigger.declared_by, function
            yield from ((source.id, function) for source, _ in resources_named(facts, trigger.source))
    for permission in application.permissions:
        yield from ((permission.id, function) for function, _ in functions_named(facts, permission.function))
    for url in application.urls:
        yield from ((url.id, function) for function, _ in functions_named(facts, url.function))
    for written in application.resource_policies:
        if written.kind is ResourcePolicyKind.FUNCTION:
            yield from ((written.id, function) for function, _ in functions_named(facts, written.targets))
    for mapping in application.event_source_mappings:
        yield from ((mapping.id, function) for function, _ in functions_named(facts, mapping.function))
    for config in application.event_invoke_configs:
        yield from ((config.id, function) for function, _ in functions_named(facts, config.function))
    functions = functions_by_id(facts)
    for resource in application.resources.values():
        if resource.type == "AWS::StepFunctions::StateMachine":
            called = (functions.get(other.id) for other in _mentioned(facts, resource.properties))
            yield from ((resource.id, function) for function in called if function is not None)


def _spread(users: dict[str, int], edges: Mapping[str, set[str]]) -> None:
    """Hand the users of each resource on along the edges, until nothing changes."""
    # First come, first served: what many lead to has heard of nearly all of them when its turn comes.
    waiting = dict.fromkeys(users)
    while waiting:
        one = next(iter(waiting))
        del waiting[one]
        for other in edges.get(one, ()):
            if users[one] & ~users[other]:
                users[other] |= users[one]
                waiting[other] = None


def _edges(facts: Facts) -> Mapping[str, set[str]]:
    """Say for each resource which others its functions depend on too; never another function."""
    functions = functions_by_id(facts)
    edges: dict[str, set[str]] = defaultdict(set)
    for resource in facts.application.resources.values():
        for other in _mentioned(facts, resource.properties):
            if other.id in functions or other is resource:
                continue
            edges[resource.id].add(other.id)
            if resource.type in _IN_FRONT and other.type not in _NEVER_BEHIND:
                edges[other.id].add(resource.id)
    for written in facts.application.identity_policies:
        for role in _mentioned(facts, written.roles):
            edges[role.id].add(written.id)
    return edges


def _mentioned(facts: Facts, value: Value) -> Iterator[Resource]:
    """Find every resource that a value refers to, or names outright."""
    resources = facts.application.resources
    for text in _texts((value,)):
        if isinstance(text, Symbolic):
            found = (resources.get(reference.target) for reference in text.references)
            yield from (resource for resource in found if resource is not None)
        yield from (resource for resource, _ in resources_named(facts, text))


def _texts(values: Iterable[Value]) -> Iterator[Known | Symbolic]:
    waiting = list(values)
    while waiting:
        match waiting.pop():
            case Fields(fields=fields):
                waiting += fields.values()
            case Items(items=items):
                waiting += items
            case OneOf(options=options):
                waiting += [option.value for option in options]
            case Known() | Symbolic() as text:
                yield text
            case _:
                pass
