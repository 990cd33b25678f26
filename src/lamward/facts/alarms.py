"""Alarms about functions and what is around them, and whom they tell."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.links import functions_by_id, of_type, resources_named
from lamward.facts.network import mentioning, references_in
from lamward.facts.surroundings import functions_around
from lamward.model.application import Function, Resource
from lamward.model.value import Absent, Case, Items, Value, at, cases, elements, text_of, truth_of


@fact
def alarms(facts: Facts) -> tuple[Resource, ...]:
    """List the alarms on metrics."""
    return of_type(facts, "AWS::CloudWatch::Alarm")


@fact
def watched(facts: Facts) -> frozenset[str]:
    """Name the functions that some alarm watches."""
    return frozenset(each.id for alarm in alarms(facts) for each in watched_functions(facts, alarm))


def watched_functions(facts: Facts, alarm: Resource) -> tuple[Function, ...]:
    """List the functions that an alarm watches, or that depend on what it watches.

    A metric without dimensions is of all functions; one that is not AWS's own, of whichever make it. A query over
    metrics may be about any.
    """
    if any(map(_is_query, elements(at(alarm.properties, "Metrics")))):
        return facts.application.functions
    around, functions = functions_around(facts), functions_by_id(facts)
    found: dict[str, Function] = {}
    for metric in _metrics(alarm):
        if _is_of_all(metric):
            return facts.application.functions
        for dimension in elements(at(metric, "Dimensions")):
            for resource, _ in resources_named(facts, at(dimension.value, "Value"), alarm.when):
                own = functions.get(resource.id)
                found |= {each.id: each for each in ((own,) if own else around.get(resource.id, ()))}
    return tuple(found.values())


def _is_query(metric: Case) -> bool:
    return (text_of(at(metric.value, "Expression")) or "").lstrip().upper().startswith("SELECT")


def _metrics(alarm: Resource) -> Iterator[Value]:
    """List the metric of an alarm, or those it computes with."""
    yield alarm.properties
    yield from (at(each.value, "MetricStat", "Metric") for each in elements(at(alarm.properties, "Metrics")))


def _is_of_all(metric: Value) -> bool:
    namespace = text_of(at(metric, "Namespace")) or ""
    if namespace == "AWS/Lambda":
        return isinstance(at(metric, "Dimensions"), Absent)
    return bool(namespace) and not namespace.startswith("AWS/")


def silent_branches(alarm: Resource) -> Iterator[Case]:
    """List the values by which an alarm does nothing when it goes off, each with its branch of the template."""
    for enabled in cases(at(alarm.properties, "ActionsEnabled"), alarm.when):
        if truth_of(enabled.value) is False:
            yield enabled
            continue
        for case in cases(at(alarm.properties, "AlarmActions"), enabled.when):
            if isinstance(case.value, Absent) or case.value == Items((), case.value.origins):
                yield case


def is_asked_by_others(facts: Facts, alarm: Resource) -> bool:
    """Tell whether something else reads the alarm's state: a deployment, another alarm, a dashboard."""
    if any(other is not alarm for other in mentioning(facts).get(alarm.id, ())):
        return True
    if alarm.id in _told_outside(facts):
        return True
    names = [written(case.value) for case in cases(at(alarm.properties, "AlarmName"))]
    rules = of_type(facts, "AWS::CloudWatch::CompositeAlarm")
    return any(name and _quotes(rule, name) for rule in rules for name in names)


@fact
def _told_outside(facts: Facts) -> frozenset[str]:
    """Collect the ids of what the outputs refer to."""
    outputs = facts.application.outputs
    return frozenset(each.target for output in outputs for each in references_in(output.value))


def _quotes(composite: Resource, name: str) -> bool:
    """Tell whether the rule of a composite alarm has an alarm's name."""
    return any(name in written(case.value) for case in cases(at(composite.properties, "AlarmRule")))
