"""Buckets that functions depend on, and whether the world can use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import buckets_by_id, functions_named, resources_named, roles_of
from lamward.facts.strangers import changes_something, openings
from lamward.model.application import Bucket, Function, ResourcePolicy, ResourcePolicyKind, TriggerKind
from lamward.model.location import Location
from lamward.model.policy import Policy
from lamward.model.value import Guard, Symbolic, Value, at, cases, elements, location_of, text_of, truth_of

_OPEN_LISTS: Final = frozenset({"AuthenticatedRead", "PublicRead", "PublicReadWrite"})
"""The canned access lists that let others in. Source: S3 User Guide, "Canned ACL"."""


@fact
def functions_of_buckets(facts: Facts) -> dict[str, tuple[Function, ...]]:
    """Index by bucket the functions that it invokes, or that know of it or may use it."""
    index: dict[str, dict[str, Function]] = defaultdict(dict)
    buckets = buckets_by_id(facts)
    for trigger in facts.application.triggers:
        if trigger.kind is not TriggerKind.BUCKET:
            continue
        sources = {resource.id for resource, _ in resources_named(facts, trigger.source)}
        for identifier in (sources | {trigger.declared_by}) & buckets.keys():
            for function, _ in functions_named(facts, trigger.function):
                index[identifier][function.id] = function
    for bucket, function in _through_others(facts) if buckets else ():
        index[bucket][function.id] = function
    for function in facts.application.functions if buckets else ():
        for value in _mentions(facts, function):
            for identifier in _buckets_in(facts, value):
                index[identifier][function.id] = function
    return {bucket: tuple(functions.values()) for bucket, functions in index.items()}


def _buckets_in(facts: Facts, value: Value) -> Iterator[str]:
    """Find the buckets that a text mentions, or names outright."""
    buckets = buckets_by_id(facts)
    if isinstance(value, Symbolic):
        yield from (reference.target for reference in value.references if reference.target in buckets)
    yield from (resource.id for resource, _ in resources_named(facts, value) if resource.id in buckets)


def _mentions(facts: Facts, function: Function) -> Iterator[Value]:
    for variable in function.environment:
        yield from (case.value for case in cases(variable.value))
    for role, _ in roles_of(facts, function):
        for policy in (*role.policies, *_policies_of_roles(facts).get(role.id, ())):
            for statement in policy.statements:
                yield from (case.value for case in statement.resources or ())


@fact
def _policies_of_roles(facts: Facts) -> dict[str, tuple[Policy, ...]]:
    """Index by role the policies that are resources of their own."""
    index: dict[str, list[Policy]] = defaultdict(list)
    for written in facts.application.identity_policies:
        for case in elements(written.roles, written.when):
            for resource, _ in resources_named(facts, case.value, case.when):
                index[resource.id].append(written.policy)
    return {role: tuple(policies) for role, policies in index.items()}


def _through_others(facts: Facts) -> Iterator[tuple[str, Function]]:
    """Pair buckets with the functions that a queue, topic or event rule in between hands their events to."""
    for trigger in facts.application.triggers:
        functions = [function for function, _ in functions_named(facts, trigger.function)]
        if not functions:
            continue
        between = {resource.id for resource, _ in resources_named(facts, trigger.source)} | {
            trigger.declared_by
        }
        for bucket, notified in _notified(facts):
            if notified in between:
                yield from ((bucket, function) for function in functions)
    for rule in facts.application.resources.values():
        if rule.type == "AWS::Events::Rule":
            named = at(rule.properties, "EventPattern", "detail", "bucket", "name")
            for case in elements(named, rule.when):
                for bucket in _buckets_in(facts, case.value):
                    for target in elements(at(rule.properties, "Targets"), case.when):
                        found = functions_named(facts, at(target.value, "Arn"))
                        yield from ((bucket, function) for function, _ in found)


@fact
def _notified(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Pair buckets with the queues and topics they notify."""
    return tuple(
        (bucket.id, resource.id)
        for bucket in facts.application.buckets
        for section, name in (("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic"))
        for case in elements(at(bucket.properties, "NotificationConfiguration", section), bucket.when)
        for resource, _ in resources_named(facts, at(case.value, name))
    )


@fact
def policies_of_buckets(facts: Facts) -> dict[str, tuple[ResourcePolicy, ...]]:
    """Index the bucket policies by bucket."""
    index: dict[str, list[ResourcePolicy]] = defaultdict(list)
    for policy in facts.application.resource_policies:
        if policy.kind is ResourcePolicyKind.BUCKET:
            for resource, _ in resources_named(facts, policy.targets, policy.when):
                index[resource.id].append(policy)
    return {bucket: tuple(policies) for bucket, policies in index.items()}


def _unblocked(bucket: Bucket, when: Guard, *settings: str) -> Iterator[tuple[Guard, bool]]:
    """List the branches in which no setting of the bucket stops public access, and whether that is for sure.

    Where the bucket says nothing, the account's default decides.
    """
    for case in cases(bucket.public_access_block, when):
        answers = [truth_of(at(case.value, setting)) for setting in settings]
        if True not in answers:
            yield case.when, False in answers


def _ignores_lists(bucket: Bucket) -> bool:
    """Tell whether a bucket's access lists have no effect, as its owner owns all objects."""
    rules = elements(at(bucket.properties, "OwnershipControls", "Rules"))
    return any(text_of(at(case.value, "ObjectOwnership")) == "BucketOwnerEnforced" for case in rules)


class PublicUse(Struct, frozen=True):
    """A policy statement or access list that opens a bucket; not `certain` where the account's default may stop it."""

    location: Location
    when: Guard
    writes: bool
    certain: bool
    doubt: str = ""


def public_uses(facts: Facts, bucket: Bucket) -> Iterator[PublicUse]:
    """Find what opens a bucket to the world and is not stopped by the bucket's own block."""
    for policy in policies_of_buckets(facts).get(bucket.id, ()):
        for opening in openings(facts, policy.policy):
            changes, where = changes_something(opening), opening.statement.location
            for when, certain in _unblocked(
                bucket, opening.when, "BlockPublicPolicy", "RestrictPublicBuckets"
            ):
                yield PublicUse(where, when, changes, certain, opening.doubt)
    for case in cases(bucket.acl, bucket.when) if not _ignores_lists(bucket) else ():
        if text_of(case.value) in _OPEN_LISTS:
            writes, where = text_of(case.value) == "PublicReadWrite", location_of(case.value)
            for when, certain in _unblocked(bucket, case.when, "BlockPublicAcls", "IgnorePublicAcls"):
                yield PublicUse(where, when, writes, certain)
