"""Events that wait for a function outside of it: topics, rules and schedules, and what becomes of undelivered ones.

Sources: Amazon SNS Developer Guide, "Amazon SNS dead-letter queues"; EventBridge User Guide, "Using dead-letter
queues to process undelivered events in EventBridge".
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.links import functions_named
from lamward.model.application import Function, Resource
from lamward.model.value import Absent, Guard, Value, at, cases, elements, text_of


class Dropped(Struct, frozen=True):
    """A branch in which a sender drops what it cannot hand to a function; `now` stands where a queue belongs."""

    function: Function
    when: Guard
    now: Value = Absent()


def dropped(facts: Facts, sender: Resource) -> Iterator[Dropped]:
    """List the functions for which a sender keeps nothing that it cannot deliver."""
    for target, kept, when in _targets(sender):
        for function, named in functions_named(facts, target, when):
            for case in cases(kept, named):
                if isinstance(case.value, Absent):
                    yield Dropped(function, case.when, case.value)


def _targets(sender: Resource) -> Iterator[tuple[Value, Value, Guard]]:
    """Pair what a sender sends to with where it puts what it cannot deliver."""
    properties = sender.properties
    match sender.type:
        case "AWS::SNS::Subscription" if text_of(at(properties, "Protocol")) == "lambda":
            yield at(properties, "Endpoint"), at(properties, "RedrivePolicy"), sender.when
        case "AWS::Scheduler::Schedule":
            target = at(properties, "Target")
            yield at(target, "Arn"), at(target, "DeadLetterConfig"), sender.when
        case "AWS::Events::Rule":
            for case in elements(at(properties, "Targets"), sender.when):
                yield at(case.value, "Arn"), at(case.value, "DeadLetterConfig"), case.when
        case _:
            pass
