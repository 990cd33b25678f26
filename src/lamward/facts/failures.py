"""Where events are put that failed: beside which sources, and whether they are kept as well there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import event_invoke_configs_of, resources_named, triggers_of
from lamward.facts.settings import Unmet
from lamward.facts.stores import CUSTOMER_KEYS, lacks
from lamward.model.application import Function, Resource
from lamward.model.value import Value, at


class Weaker(Struct, frozen=True):
    """A store of failures without the key its `sources` have; the first answer says where."""

    store: Resource
    sources: tuple[Resource, ...]
    answer: Unmet


def weaker_stores(facts: Facts) -> Iterator[Weaker]:
    """List the stores of failures that a key of the account's own does not protect, although it protects the source."""
    sources: dict[str, dict[str, Resource]] = {}
    for source, failed in _pairs(facts):
        if _keyed(facts, source):
            for store, _ in resources_named(facts, failed):
                if store.type in CUSTOMER_KEYS:
                    sources.setdefault(store.id, {})[source.id] = source
    for identifier, keyed in sources.items():
        store = facts.application.resources[identifier]
        for answer in lacks(facts, store, CUSTOMER_KEYS[store.type]):
            yield Weaker(store, tuple(keyed.values()), answer)


def _keyed(facts: Facts, source: Resource) -> bool:
    demand = CUSTOMER_KEYS.get(source.type)
    return demand is not None and not any(lacks(facts, source, demand))


@fact
def failure_stores(facts: Facts) -> frozenset[str]:
    """Name the resources where events are put that failed, functions as well."""
    return frozenset(store.id for _, failed in _pairs(facts) for store, _ in resources_named(facts, failed))


def _pairs(facts: Facts) -> Iterator[tuple[Resource, Value]]:
    """Pair what holds events with where those are put that fail."""
    application = facts.application
    for queue in application.queues:
        yield application.resources[queue.id], at(queue.redrive, "deadLetterTargetArn")
    for mapping in application.event_source_mappings:
        for source, _ in resources_named(facts, mapping.source, mapping.when):
            yield source, mapping.on_failure
    for resource in application.resources.values():
        if resource.type == "AWS::SNS::Subscription":
            for topic, _ in resources_named(facts, at(resource.properties, "TopicArn")):
                yield topic, at(resource.properties, "RedrivePolicy", "deadLetterTargetArn")
    for function in application.functions:
        for source in _senders(facts, function):
            yield source, function.dead_letter
            for config in event_invoke_configs_of(facts, function):
                yield source, config.on_failure


def _senders(facts: Facts, function: Function) -> Iterator[Resource]:
    """List the resources whose events a function gets without anybody waiting."""
    for trigger in triggers_of(facts, function):
        if trigger.declared_by in facts.application.resources:
            yield facts.application.resources[trigger.declared_by]
        for source, _ in resources_named(facts, trigger.source, trigger.when):
            if source.type in {"AWS::S3::Bucket", "AWS::SNS::Topic"}:
                yield source
