"""Fixes by which somebody is told of trouble: alarms on functions, and the topic that they tell."""

from __future__ import annotations

from typing import Final

from lamward.checks.repairs import Edits, Inserted, Written, all_of, insert, insert_once
from lamward.checks.stock import ALARM, KEY_OF_ALARMS, policy_of_topic
from lamward.facts import Facts, fact
from lamward.facts.alarms import alarms
from lamward.facts.links import resources_named
from lamward.model.application import Function
from lamward.model.value import at, elements

NOBODY_YET: Final = "somebody has to subscribe to the topic, and alarms and their key are paid for"
"""What has to be thought of where a fix makes a topic."""


def told(facts: Facts, beside: Written) -> Inserted:
    """Give the topic that alarms of the application tell already, or make one with its key and its policy."""
    there = _told_already(facts)
    if there:
        return Inserted(there, ())
    key = insert_once(facts, beside, "AlarmKey", "AWS::KMS::Key", KEY_OF_ALARMS)
    topic = insert_once(facts, beside, "Alarms", "AWS::SNS::Topic", {"KmsMasterKeyId": key.ref})
    if topic.edits == ():
        return topic
    policy = insert_once(facts, beside, "AlarmsPolicy", "AWS::SNS::TopicPolicy", policy_of_topic(topic.ref))
    return Inserted(topic.id, all_of(topic.edits, policy.edits, key.edits))


@fact
def _told_already(facts: Facts) -> str:
    """Give the first topic of the application that an alarm tells in any case, "" for none."""
    for alarm in alarms(facts):
        for action in elements(at(alarm.properties, "AlarmActions"), alarm.when):
            for resource, _ in resources_named(facts, action.value):
                if resource.type == "AWS::SNS::Topic" and not resource.when and "/" not in resource.id:
                    return resource.id
    return ""


def watch(facts: Facts, function: Function, topic: Inserted) -> Edits:
    """Insert alarms on a function that fails or is throttled."""
    dimension = {"Name": "FunctionName", "Value": {"Ref": function.id.rpartition("/")[2]}}
    made = (
        insert(
            facts,
            function,
            metric,
            "AWS::CloudWatch::Alarm",
            {**ALARM, "MetricName": metric, "Dimensions": [dimension], "AlarmActions": [topic.ref]},
            when=function.when,
        )
        for metric in ("Errors", "Throttles")
    )
    return all_of(*(each.edits for each in made))
