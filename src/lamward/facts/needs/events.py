"""Fields of events that say which resource they came from: bound to the function's own triggers.

Source: Lambda Developer Guide, the sample event of each service; CloudFormation User Guide, custom resource requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.links import buckets_by_id, functions_named, of_type, resources_named, triggers_of
from lamward.iam.operations.resources import ANY
from lamward.model.application import Function, Trigger, TriggerKind
from lamward.model.value import (
    Absent,
    Known,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    at,
    cases,
    elements,
    text_of,
)

Step = str | int

_S3_NAMES = (("Records", "s3", "bucket", "name"), ("detail", "bucket", "name"))
_S3_ARN = ("Records", "s3", "bucket", "arn")
_S3_KEY = ("Records", "s3", "object", "key")
_SOURCE_ARN = ("Records", "eventSourceARN")
_TOPIC_ARN = ("Records", "Sns", "TopicArn")
_ROTATED = ("SecretId",)
_ASKED = ("ResourceProperties", "OldResourceProperties")
_CUSTOM = ("AWS::CloudFormation::CustomResource", "Custom::")
_POLLED = frozenset({TriggerKind.QUEUE, TriggerKind.STREAM, TriggerKind.BROKER})


def bound(facts: Facts, function: Function, path: tuple[Step, ...]) -> tuple[Known | Symbolic, ...]:
    """Give what a field of the function's events can be: the names or ARNs of its triggers; () where that is open."""
    field = tuple(step for step in path if isinstance(step, str) and step != "*")
    if field in _S3_NAMES:
        return tuple(Symbolic((_reference(each),)) for each in _buckets(facts, function))
    if field == _S3_ARN:
        return tuple(Symbolic((_reference(each, "Arn"),)) for each in _buckets(facts, function))
    if field == _S3_KEY:
        return tuple(_keys(facts, function))
    if field in {_SOURCE_ARN, _TOPIC_ARN}:
        kinds = _POLLED if field == _SOURCE_ARN else {TriggerKind.TOPIC}
        return tuple(_sources(facts, function, frozenset(kinds)))
    if field == _ROTATED:
        return tuple(_rotated(facts, function))
    if len(path) > 1 and path[0] in _ASKED:
        return _asked(facts, function, path[1:])
    return ()


def _asked(facts: Facts, function: Function, steps: tuple[Step, ...]) -> tuple[Known | Symbolic, ...]:
    """Give a property of the custom resources that a function makes; () where one of them leaves it open."""
    found: dict[Known | Symbolic, None] = {}
    for resource in facts.application.resources.values():
        if not resource.type.startswith(_CUSTOM):
            continue
        makers = at(resource.properties, "ServiceToken")
        if not any(each is function for each, _ in functions_named(facts, makers, resource.when)):
            continue
        for case in cases(at(resource.properties, *steps), resource.when):
            if isinstance(case.value, Known | Symbolic):
                found[case.value] = None
            elif not isinstance(case.value, Absent):
                return ()
    return tuple(found)


def _rotated(facts: Facts, function: Function) -> Iterator[Known | Symbolic]:
    """Give the secrets that a function rotates."""
    for resource in of_type(facts, "AWS::SecretsManager::RotationSchedule"):
        lambdas = at(resource.properties, "RotationLambdaARN")
        if any(each is function for each, _ in functions_named(facts, lambdas, resource.when)):
            for case in cases(at(resource.properties, "SecretId"), resource.when):
                if isinstance(case.value, Known | Symbolic):
                    yield case.value


def _keys(facts: Facts, function: Function) -> Iterator[Symbolic]:
    """Give how keys begin and end that a function's buckets tell it; nothing where one of them tells it of any key.

    Events spell keys as in URLs; what is decoded begins and ends as the filter says.
    """
    found: dict[Symbolic, None] = {}
    for name in _buckets(facts, function):
        told = elements(
            at(
                facts.application.resources[name].properties,
                "NotificationConfiguration",
                "LambdaConfigurations",
            )
        )
        for case in told:
            if any(each is function for each, _ in functions_named(facts, at(case.value, "Function"))):
                prefix, suffix = (_filter(case.value, each) for each in ("prefix", "suffix"))
                found[Symbolic(tuple(part for part in (prefix, ANY, suffix) if part))] = None
    yield from () if not found or Symbolic((ANY,)) in found else found


def _filter(configuration: Value, name: str) -> str:
    """Give the value of the rule of a filter; "" where there is none, or it is not known."""
    for rule in elements(at(configuration, "Filter", "S3Key", "Rules")):
        if (text_of(at(rule.value, "Name")) or "").lower() == name:
            return text_of(at(rule.value, "Value")) or ""
    return ""


def _reference(resource: str, attribute: str = "") -> Reference:
    return Reference(ReferenceKind.RESOURCE, resource, attribute)


@fact
def _buckets(facts: Facts, function: Function) -> tuple[str, ...]:
    """List the buckets whose events invoke a function, directly or by an event rule."""
    known = buckets_by_id(facts)
    found: dict[str, None] = {}
    for trigger in triggers_of(facts, function):
        for name in (*_named(facts, trigger), *_in_pattern(facts, trigger)):
            if name in known:
                found[name] = None
    return tuple(found)


def _named(facts: Facts, trigger: Trigger) -> Iterator[str]:
    yield trigger.declared_by
    yield from (resource.id for resource, _ in resources_named(facts, trigger.source))


def _in_pattern(facts: Facts, trigger: Trigger) -> Iterator[str]:
    rule = facts.application.resources.get(trigger.declared_by)
    if rule is not None:
        for case in elements(at(rule.properties, "EventPattern", "detail", "bucket", "name")):
            yield from (resource.id for resource, _ in resources_named(facts, case.value))


def _sources(facts: Facts, function: Function, kinds: frozenset[TriggerKind]) -> Iterator[Known | Symbolic]:
    """Give the ARNs of the triggers of some kinds, as the template writes them."""
    for trigger in triggers_of(facts, function):
        if trigger.kind in kinds:
            for case in cases(trigger.source):
                if isinstance(case.value, Known | Symbolic):
                    yield case.value
