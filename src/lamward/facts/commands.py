"""What of an event functions hand to a shell, or to their own language as a program.

Sources: OWASP Serverless Top 10, S1 (injection); Lambda Developer Guide, what services write into events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.code.analysis import Command
from lamward.code.pattern import COMPUTED, EventField, Pattern
from lamward.facts import Facts
from lamward.facts.links import resources_named, triggers_of
from lamward.facts.needs.code import code_of
from lamward.model.application import Function, Trigger, TriggerKind
from lamward.model.value import Absent, at

_BY_AWS: Final = frozenset(
    {"LogicalResourceId", "OldResourceProperties", "RequestId", "RequestType", "ResourceProperties"}
    | {"ResourceType", "ResponseURL", "ServiceToken", "StackId", "account", "accountId", "apiId", "awsRegion"}
    | {"eventName", "eventSource", "eventSourceARN", "eventTime", "eventVersion", "messageId", "region"}
    | {"requestId", "stage"}
)
"""Fields that AWS fills in, or the author of the template by a custom resource."""

_PROGRAMS: Final = frozenset(
    {"builtins.eval", "builtins.exec", "eval", "vm.runInNewContext", "vm.runInThisContext"}
)


class Obeyed(Struct, frozen=True):
    """A command with parts of the event in it: which, and whether it is a program of the function's own language."""

    command: Command
    fields: tuple[str, ...]
    program: bool


def commands_from_events(facts: Facts, function: Function) -> Iterator[Obeyed]:
    """List the commands into which a function puts what others write into its events."""
    triggers = triggers_of(facts, function)
    timed = bool(triggers) and all(_is_timed(facts, trigger) for trigger in triggers)
    analysis = None if timed else code_of(facts, function).analysis
    for command in analysis.commands if analysis is not None else ():
        fields = dict.fromkeys(_shown(field) for field in _fields(command) if _BY_AWS.isdisjoint(field.path))
        if fields:
            yield Obeyed(command, tuple(fields), command.callee in _PROGRAMS)


def _is_timed(facts: Facts, trigger: Trigger) -> bool:
    """Tell whether a trigger only sends, at its time, what the owner of the application wrote."""
    if trigger.kind is TriggerKind.SCHEDULE:
        return True
    rules = [rule for rule, _ in resources_named(facts, trigger.source)]
    return (
        trigger.kind is TriggerKind.RULE
        and bool(rules)
        and all(isinstance(at(rule.properties, "EventPattern"), Absent) for rule in rules)
    )


def _fields(command: Command) -> Iterator[EventField]:
    for text in command.texts:
        for part in text.parts if isinstance(text, Pattern) else ():
            if isinstance(part, EventField):
                yield part


def _shown(field: EventField) -> str:
    return ".".join(["event", *(str(step) for step in field.path if step != COMPUTED)])
