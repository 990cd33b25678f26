"""Functions that may write to what invokes them, so that each run causes the next.

Source: Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.branches import together
from lamward.facts.breadth import allows, plain
from lamward.facts.grants import statements_of
from lamward.facts.links import functions_named, resources_named, roles_of
from lamward.facts.power import able
from lamward.iam import catalogue
from lamward.model.access import Truth
from lamward.model.application import Function, Resource, Role
from lamward.model.location import Location
from lamward.model.policy import Statement
from lamward.model.value import (
    Absent,
    Guard,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    at,
    cases,
    elements,
    location_of,
    text_of,
)

_WRITES: Final = {
    "AWS::DynamoDB::Table": frozenset(
        {"dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:PartiQLInsert"}
    ),
    "AWS::Kinesis::Stream": frozenset({"kinesis:PutRecord", "kinesis:PutRecords"}),
    "AWS::S3::Bucket": frozenset({"s3:PutObject"}),
    "AWS::SNS::Topic": frozenset({"sns:Publish"}),
    "AWS::SQS::Queue": frozenset({"sqs:SendMessage"}),
}
_STOPPED: Final = frozenset({"AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SQS::Queue"})
"""What Lambda sees loops through, and stops them after about sixteen rounds."""


class Loop(Struct, frozen=True):
    """A function that may write to a `store` everything new in which invokes it, and what lets it."""

    function: Function
    store: Resource
    location: Location
    granted: Location
    when: Guard
    stopped: bool


class _Feed(Struct, frozen=True):
    function: Value
    store: Value
    location: Location
    when: Guard


def loops(facts: Facts) -> Iterator[Loop]:
    """List the loops; a feed with a filter is none, as nobody knows whether what is written passes it."""
    for feed in _feeds(facts):
        for function, fed in functions_named(facts, feed.function, feed.when):
            for store, held in resources_named(facts, feed.store, fed):
                granted = next(_grants(facts, function, store, held), None) if store.type in _WRITES else None
                if granted is not None:
                    where, when = granted
                    allowed = text_of(at(function.properties, "RecursiveLoop")) == "Allow"
                    stopped = store.type in _STOPPED and not allowed
                    yield Loop(function, store, feed.location, where, when, stopped)


def _feeds(facts: Facts) -> Iterator[_Feed]:
    application = facts.application
    for mapping in application.event_source_mappings:
        for case in cases(at(mapping.properties, "FilterCriteria"), mapping.when):
            if isinstance(case.value, Absent):
                yield _Feed(mapping.function, mapping.source, mapping.location, case.when)
    for resource in application.resources.values():
        if (
            resource.type == "AWS::SNS::Subscription"
            and text_of(at(resource.properties, "Protocol")) == "lambda"
        ):
            for case in cases(at(resource.properties, "FilterPolicy"), resource.when):
                if isinstance(case.value, Absent):
                    target, topic = at(resource.properties, "Endpoint"), at(resource.properties, "TopicArn")
                    yield _Feed(target, topic, resource.location, case.when)
    for bucket in application.buckets:
        told = at(bucket.properties, "NotificationConfiguration", "LambdaConfigurations")
        for case in elements(told, bucket.when):
            created = (text_of(at(case.value, "Event")) or "").startswith("s3:ObjectCreated:")
            if created and isinstance(at(case.value, "Filter"), Absent):
                own = facts.application.resources[bucket.id]
                yield _Feed(at(case.value, "Function"), _itself(own), location_of(case.value), case.when)


def _itself(resource: Resource) -> Value:
    return Symbolic((Reference(ReferenceKind.RESOURCE, resource.id),), (resource.location,))


def _grants(
    facts: Facts, function: Function, store: Resource, when: Guard
) -> Iterator[tuple[Location, Guard]]:
    """Find the statements that let a function write to this store by name, and not to all of its kind."""
    roles = {role.id: role for role, _ in roles_of(facts, function)}
    for grant, statement in statements_of(facts, roles.values()):
        held = [role for role in grant.roles if role.id in roles]
        joined = together(facts, grant.when, when) if allows(statement) else None
        if joined is not None and _writes(facts, held, statement, store):
            for case in statement.resources or ():
                both = together(facts, joined, case.when)
                names = (resource for resource, _ in resources_named(facts, case.value, case.when))
                if both is not None and any(resource is store for resource in names):
                    yield statement.location, both


def _writes(facts: Facts, roles: list[Role], statement: Statement, store: Resource) -> bool:
    """Tell whether a statement's actions include one that adds to a store, and nothing takes it away."""
    named = {
        action.name for case in statement.actions or () for action in catalogue.matching(plain(case))
    } & _WRITES[store.type]
    return any(able(facts, role, action) is not Truth.NO for role in roles for action in named)
