"""Functions that are invoked without anybody waiting for the answer, and where their failures go.

Source: Lambda Developer Guide, "Invoking a function asynchronously".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.facts import Facts, fact
from lamward.facts.branches import together, without
from lamward.facts.links import event_invoke_configs_of, triggers_of
from lamward.model.application import EventInvokeConfig, Function, Invocation, Trigger, TriggerKind
from lamward.model.location import Location
from lamward.model.value import Absent, Guard, cases

_SENDERS: Final = frozenset(
    {
        TriggerKind.ALARM,
        TriggerKind.BUCKET,
        TriggerKind.FUNCTION,
        TriggerKind.IOT,
        TriggerKind.LOGS,
        TriggerKind.MAIL,
        TriggerKind.PIPE,
        TriggerKind.RULE,
        TriggerKind.SCHEDULE,
        TriggerKind.TOPIC,
    }
)
"""Those that send events and forget them. Custom resources and rotations, also asynchronous, have callers that wait."""


@fact
def asynchronous_triggers_of(facts: Facts, function: Function) -> tuple[Trigger, ...]:
    """List what sends events to a function without waiting; each sender once."""
    senders = [
        trigger
        for trigger in triggers_of(facts, function)
        if trigger.invocation is Invocation.ASYNCHRONOUS and trigger.kind in _SENDERS
    ]
    told = {trigger.kind for trigger in senders if not _is_permission(facts, trigger)}
    found: dict[Location, Trigger] = {}
    for trigger in senders:
        # A permission says less than the source itself; IoT's is also that of an authoriser, which is waited for.
        if not _is_permission(facts, trigger) or (
            trigger.kind not in told and trigger.kind is not TriggerKind.IOT
        ):
            found.setdefault(trigger.location, trigger)
    return tuple(found.values())


def _is_permission(facts: Facts, trigger: Trigger) -> bool:
    resource = facts.application.resources.get(trigger.declared_by)
    return resource is not None and resource.type == "AWS::Lambda::Permission"


@fact
def branches_without_failure_destination(facts: Facts, function: Function) -> tuple[Guard, ...]:
    """List the branches of the template in which an event that keeps failing is dropped."""
    left = [
        case.when for case in cases(function.dead_letter, function.when) if isinstance(case.value, Absent)
    ]
    for config in event_invoke_configs_of(facts, function):
        left = [guard for before in left for guard in _left_by(facts, config, before)]
    return tuple(left)


def _left_by(facts: Facts, config: EventInvokeConfig, when: Guard) -> Iterator[Guard]:
    """List the parts of a branch in which a configuration does not help: where it is not, or names no destination."""
    yield from without(facts, when, config.when)
    joined = together(facts, when, config.when)
    for case in cases(config.on_failure, joined) if joined is not None else ():
        if isinstance(case.value, Absent):
            yield case.when
