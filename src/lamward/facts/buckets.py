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
from lamward.model.value import Absent, Guard, Symbolic, Value, at, cases, location_of, text_of, truth_of

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
    for function in facts.application.functions if buckets else ():
        for value in _mentions(facts, function):
            if isinstance(value, Symbolic):
                for reference in value.references:
                    if reference.target in buckets:
                        index[reference.target][function.id] = function
    return {bucket: tuple(functions.values()) for bucket, functions in index.items()}


def _mentions(facts: Facts, function: Function) -> Iterator[Value]:
    for variable in function.environment:
        yield from (case.value for case in cases(variable.value))
    for role, _ in roles_of(facts, function):
        for policy in role.policies:
            for statement in policy.statements:
                yield from (case.value for case in statement.resources or ())


@fact
def policies_of_buckets(facts: Facts) -> dict[str, tuple[ResourcePolicy, ...]]:
    """Index the bucket policies by bucket."""
    index: dict[str, list[ResourcePolicy]] = defaultdict(list)
    for policy in facts.application.resource_policies:
        if policy.kind is ResourcePolicyKind.BUCKET:
            for resource, _ in resources_named(facts, policy.targets, policy.when):
                index[resource.id].append(policy)
    return {bucket: tuple(policies) for bucket, policies in index.items()}


def _blocks(bucket: Bucket, *settings: str) -> bool | None:
    """Tell whether one of the bucket's settings stops public access; None where the account's default decides."""
    if isinstance(bucket.public_access_block, Absent):
        return None
    answers = [truth_of(at(bucket.public_access_block, setting)) for setting in settings]
    return True if True in answers else False if any(answer is False for answer in answers) else None


class PublicUse(Struct, frozen=True):
    """A policy statement or access list that opens a bucket; not `certain` where the account's default may stop it."""

    location: Location
    when: Guard
    writes: bool
    certain: bool
    doubt: str = ""


def public_uses(facts: Facts, bucket: Bucket) -> Iterator[PublicUse]:
    """Find what opens a bucket to the world and is not stopped by the bucket's own block."""
    blocked = _blocks(bucket, "BlockPublicPolicy", "RestrictPublicBuckets")
    for policy in policies_of_buckets(facts).get(bucket.id, ()) if blocked is not True else ():
        for opening in openings(facts, policy.policy):
            yield PublicUse(
                opening.statement.location,
                opening.when,
                changes_something(opening),
                blocked is False,
                opening.doubt,
            )
    blocked = _blocks(bucket, "BlockPublicAcls", "IgnorePublicAcls")
    for case in cases(bucket.acl, bucket.when) if blocked is not True else ():
        if text_of(case.value) in _OPEN_LISTS:
            writes = text_of(case.value) == "PublicReadWrite"
            yield PublicUse(location_of(case.value), case.when, writes, blocked is False)
