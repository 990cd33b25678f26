"""Buckets that functions depend on, and whether the world can use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named
from lamward.facts.strangers import changes_something, openings
from lamward.model.application import Bucket, ResourcePolicy, ResourcePolicyKind
from lamward.model.location import Location
from lamward.model.policy import Statement
from lamward.model.value import Guard, at, cases, elements, location_of, text_of, truth_of

_OPEN_LISTS: Final = frozenset({"AuthenticatedRead", "PublicRead", "PublicReadWrite"})
"""The canned access lists that let others in. Source: S3 User Guide, "Canned ACL"."""


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
    statement: Statement | None = None


def public_uses(facts: Facts, bucket: Bucket) -> Iterator[PublicUse]:
    """Find what opens a bucket to the world and is not stopped by the bucket's own block."""
    for policy in policies_of_buckets(facts).get(bucket.id, ()):
        for opening in openings(facts, policy.policy):
            changes, where = changes_something(opening), opening.statement.location
            for when, certain in _unblocked(
                bucket, opening.when, "BlockPublicPolicy", "RestrictPublicBuckets"
            ):
                yield PublicUse(where, when, changes, certain, opening.doubt, opening.statement)
    for case in cases(bucket.acl, bucket.when) if not _ignores_lists(bucket) else ():
        if text_of(case.value) in _OPEN_LISTS:
            writes, where = text_of(case.value) == "PublicReadWrite", location_of(case.value)
            for when, certain in _unblocked(bucket, case.when, "BlockPublicAcls", "IgnorePublicAcls"):
                yield PublicUse(where, when, writes, certain)
