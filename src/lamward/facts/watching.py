"""Which functions an alarm watches: by their own metrics, or by those of what stands around them."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.alarms import watched_functions
from lamward.model.application import Resource
from lamward.model.value import Absent, Value, at, elements, text_of

_OWN = "AWS/Lambda"


@fact
def watched(facts: Facts) -> frozenset[str]:
    """List the functions that an alarm watches or may watch."""
    found: set[str] = set()
    for alarm in facts.application.resources.values():
        if alarm.type == "AWS::CloudWatch::Alarm":
            if any(map(_may_be_any, _metrics(alarm))):
                return frozenset(function.id for function in facts.application.functions)
            found |= {function.id for function in watched_functions(facts, alarm)}
    return frozenset(found)


def _metrics(alarm: Resource) -> Iterator[Value]:
    """Give the metrics of an alarm: its own, or those that it computes with."""
    for case in elements(at(alarm.properties, "Metrics"), alarm.when):
        metric = at(case.value, "MetricStat", "Metric")
        yield case.value if isinstance(metric, Absent) else metric
    if not isinstance(at(alarm.properties, "Namespace"), Absent):
        yield alarm.properties


def _may_be_any(metric: Value) -> bool:
    """Tell whether a metric may be that of any function: of the whole account, searched for, or made by the code."""
    if isinstance(at(metric, "Namespace"), Absent):
        return (text_of(at(metric, "Expression")) or "").lstrip().startswith(("SEARCH", "SELECT"))
    namespace = text_of(at(metric, "Namespace"))
    if namespace is None or not namespace.startswith("AWS/"):
        return True
    return namespace == _OWN and isinstance(at(metric, "Dimensions"), Absent)
