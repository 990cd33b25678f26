"""Event source mappings: what is polled, what becomes of records that keep failing, and whether the times fit.

Source: Lambda Developer Guide, "How Lambda processes records from stream and queue-based event sources".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import functions_named, queues_by_id, resources_named
from lamward.model.application import EventSourceMapping, Function, Queue
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Case,
    Guard,
    Known,
    Settled,
    Symbolic,
    Unknown,
    at,
    both,
    cases,
    location_of,
    number_of,
    why_unknown,
)

VISIBILITY: Final = 30.0
TIMEOUT: Final = 3.0
"""The defaults in seconds: of a queue's visibility timeout, and of a function's timeout."""

_WITHOUT_END: Final = -1.0
_KINESIS: Final = "holds up its shard until it expires"
_KAFKA: Final = "holds up its partition"


class Unhandled(Struct, frozen=True):
    """A branch of the template in which a mapping has no failure destination, and what a bad record does there.

    `retries` tells that the mapping takes a number of retries.
    """

    when: Guard
    effect: str
    retries: bool


def unhandled_stream_branches(facts: Facts, mapping: EventSourceMapping) -> Iterator[Unhandled]:
    """Find the branches in which a stream's or topic's bad records have nowhere to go; queues have their own way."""
    effect = _effect(facts, mapping)
    for case in cases(mapping.on_failure, mapping.when) if effect else ():
        if isinstance(case.value, Absent):
            yield Unhandled(case.when, effect, effect is _KINESIS)


def _effect(facts: Facts, mapping: EventSourceMapping) -> str:
    """Tell what a bad record does, "" where a mapping takes no failure destination (queues, MQ, DocumentDB)."""
    for marker, effect in _MARKERS.items():
        if any(marker in _shown(case.value) for case in cases(mapping.source)):
            return effect
    for resource, _ in resources_named(facts, mapping.source, mapping.when):
        if resource.type in _TYPES:
            return _TYPES[resource.type]
    own = at(mapping.properties, "SelfManagedEventSource")
    return "" if isinstance(own, Absent) else _KAFKA


_MARKERS: Final = {":kinesis:": _KINESIS, ":dynamodb:": _KINESIS, ":kafka:": _KAFKA}
_TYPES: Final = {
    "AWS::Kinesis::Stream": _KINESIS,
    "AWS::Kinesis::StreamConsumer": _KINESIS,
    "AWS::DynamoDB::Table": _KINESIS,
    "AWS::DynamoDB::GlobalTable": _KINESIS,
    "AWS::MSK::Cluster": _KAFKA,
    "AWS::MSK::ServerlessCluster": _KAFKA,
}


def _shown(value: Settled) -> str:
    return str(value) if isinstance(value, Symbolic) else str(value.value) if isinstance(value, Known) else ""


def queues_of(facts: Facts, mapping: EventSourceMapping) -> Iterator[tuple[Queue, Guard]]:
    """Find the queues of the application that a mapping polls."""
    index = queues_by_id(facts)
    for resource, when in resources_named(facts, mapping.source, mapping.when):
        if resource.id in index:
            yield index[resource.id], when


def queues_without_redrive(facts: Facts, mapping: EventSourceMapping) -> Iterator[tuple[Queue, Guard]]:
    """Find the polled queues that keep handing out bad messages; one that is itself a dead-letter queue may."""
    for queue, when in queues_of(facts, mapping):
        if queue.id not in dead_letter_queues(facts):
            for case in cases(queue.redrive, when):
                if isinstance(case.value, Absent):
                    yield queue, case.when


@fact
def dead_letter_queues(facts: Facts) -> frozenset[str]:
    """List the queues that take what failed elsewhere: of other queues, functions, rules and subscriptions."""
    found: set[str] = set()
    index = queues_by_id(facts)
    places = [at(queue.redrive, "deadLetterTargetArn") for queue in facts.application.queues]
    places += [function.dead_letter for function in facts.application.functions]
    places += [config.on_failure for config in facts.application.event_invoke_configs]
    places += [mapping.on_failure for mapping in facts.application.event_source_mappings]
    for resource in facts.application.resources.values():
        places += [
            at(resource.properties, "RedrivePolicy", "deadLetterTargetArn"),
            at(resource.properties, "DeadLetterConfig", "Arn"),
            at(resource.properties, "Target", "DeadLetterConfig", "Arn"),
        ]
        for case in cases(at(resource.properties, "Targets")) if resource.type == "AWS::Events::Rule" else ():
            places += [at(item, "DeadLetterConfig", "Arn") for item in getattr(case.value, "items", ())]
    for place in places:
        found |= {resource.id for resource, _ in resources_named(facts, place) if resource.id in index}
    return frozenset(found)


@fact
def mappings_of_queues(facts: Facts) -> dict[str, tuple[tuple[EventSourceMapping, Guard], ...]]:
    """List for each queue the mappings that poll it, with the branches in which they do."""
    found: dict[str, list[tuple[EventSourceMapping, Guard]]] = {}
    for mapping in facts.application.event_source_mappings:
        for queue, when in queues_of(facts, mapping):
            found.setdefault(queue.id, []).append((mapping, when))
    return {queue: tuple(polled) for queue, polled in found.items()}


def polls_queue(facts: Facts, mapping: EventSourceMapping) -> bool:
    """Tell whether a mapping polls a queue, of this application or another."""
    named = any(":sqs:" in _shown(case.value) for case in cases(mapping.source))
    return named or any(True for _ in queues_of(facts, mapping))


def endless_branches(facts: Facts, mapping: EventSourceMapping) -> Iterator[Case]:
    """Find the branches in which a stream's bad record is tried until it expires, though a destination waits for it.

    The case is that of `MaximumRetryAttempts`.
    """
    if _effect(facts, mapping) != _KINESIS:
        return
    for kept in cases(mapping.on_failure, mapping.when):
        for attempts in cases(at(mapping.properties, "MaximumRetryAttempts"), kept.when):
            for age in cases(at(mapping.properties, "MaximumRecordAgeInSeconds"), attempts.when):
                if not isinstance(kept.value, Absent) and _endless(attempts.value) and _endless(age.value):
                    yield Case(attempts.value, age.when)


def _endless(limit: Settled) -> bool:
    return isinstance(limit, Absent) or number_of(limit) == _WITHOUT_END


class Timeouts(Struct, frozen=True):
    """A queue's visibility timeout beside the timeout of a function that reads it; with a `doubt` one is not known.

    `visible` is what the queue says.
    """

    queue: Queue
    visible: Settled
    function: Function
    location: Location
    when: Guard
    visibility: float = VISIBILITY
    function_timeout: float = TIMEOUT
    doubt: str = ""


def timeouts(facts: Facts, mapping: EventSourceMapping) -> Iterator[Timeouts]:
    """Pair the times of each queue and function that a mapping joins, in every branch of the template."""
    for queue, when in queues_of(facts, mapping):
        for function, named in functions_named(facts, mapping.function, when):
            joined = both(named, function.when)
            for visible in cases(queue.visibility_timeout, joined) if joined is not None else ():
                for limit in cases(function.timeout, visible.when):
                    yield _pair(queue, function, visible.value, limit.value, limit.when)


def longest_timeout(facts: Facts, queue: Queue) -> float:
    """Give the longest time that a function which reads a queue may run, as far as it is known."""
    return max(
        (
            pair.function_timeout
            for mapping, _ in mappings_of_queues(facts).get(queue.id, ())
            for pair in timeouts(facts, mapping)
            if pair.queue is queue and not pair.doubt
        ),
        default=TIMEOUT,
    )


def _pair(queue: Queue, function: Function, visible: Settled, limit: Settled, when: Guard) -> Timeouts:
    where = queue.location if isinstance(visible, Absent) else location_of(visible)
    if isinstance(visible, Symbolic) and isinstance(limit, Symbolic) and visible.parts == limit.parts:
        # Both are the same parameter: whatever it is, the queue waits as long as the function runs.
        return Timeouts(queue, visible, function, where, when, TIMEOUT, TIMEOUT)
    visibility = VISIBILITY if isinstance(visible, Absent) else number_of(visible)
    timeout = TIMEOUT if isinstance(limit, Absent) else number_of(limit)
    if visibility is not None and timeout is not None:
        return Timeouts(queue, visible, function, where, when, visibility, timeout)
    unknown = visible if visibility is None else limit
    reason = why_unknown(unknown) if isinstance(unknown, Symbolic | Unknown) else "the time is not a number"
    return Timeouts(queue, visible, function, where, when, doubt=reason)
