"""Events that a service pushes: the resource that sends them and the permission to invoke.

Source: SAM specification, "EventSource" (S3, SNS, Schedule, ScheduleV2, EventBridgeRule, CloudWatchLogs, IoTRule,
AlexaSkill, Cognito).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lamward.model.value import (
    Absent,
    Fields,
    Items,
    Known,
    Value,
    at,
    elements,
    referent,
    text_of,
    truth_of,
)
from lamward.sources.sam import pull
from lamward.sources.sam.compose import (
    attribute,
    fields,
    guarded,
    items,
    known,
    plain,
    present,
    ref,
    switched,
    text,
)
from lamward.sources.sam.event import Event
from lamward.sources.sam.policies import Grants, document, statement, trust


def permit(
    event: Event,
    principal: str,
    *,
    source: Value | None = None,
    account: Value | None = None,
    token: Value | None = None,
    suffix: str = "",
) -> None:
    """Add the permission for a service to invoke the function."""
    event.add(
        f"Permission{suffix}",
        "AWS::Lambda::Permission",
        {
            "Action": known("lambda:InvokeFunction", event.location),
            "FunctionName": event.target,
            "Principal": known(principal, event.location),
            "SourceArn": source or Absent(),
            "SourceAccount": account or Absent(),
            "EventSourceToken": token or Absent(),
        },
    )


def _bucket(event: Event, _grants: Grants | None) -> None:
    permit(event, "s3.amazonaws.com", account=text("${AWS::AccountId}", event.location))
    bucket = referent(event.property("Bucket"))
    if bucket is None or bucket.target not in event.expansion.resources:
        return
    properties = event.expansion.resources[bucket.target].properties
    notifications = at(properties, "NotificationConfiguration")
    before = at(notifications, "LambdaConfigurations")
    made = [
        guarded(_notification(event, case.value), event.when, event.location)
        for case in elements(event.property("Events"))
    ]
    listed = items([*(before.items if isinstance(before, Items) else ()), *made], event.location)
    merged = dict(notifications.fields) if isinstance(notifications, Fields) else {}
    merged["LambdaConfigurations"] = listed
    event.expansion.change(bucket.target, {"NotificationConfiguration": fields(merged, event.location)})


def _notification(event: Event, kind: Value) -> Value:
    made = {"Function": event.target_arn, "Event": kind, "Filter": event.property("Filter")}
    return fields(made, event.location)


def _topic(event: Event, grants: Grants | None) -> None:
    subscription = event.property("SqsSubscription")
    where, topic = event.location, event.property("Topic")
    passed = {
        name: event.property(name)
        for name in ("Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy")
    }
    if not present(subscription) or truth_of(subscription) is False:
        permit(event, "sns.amazonaws.com", source=topic)
        made = {"Protocol": known("lambda", where), "Endpoint": event.target_arn, "TopicArn": topic}
        event.add("", "AWS::SNS::Subscription", made | passed)
        return
    batch: Value = Absent()
    if isinstance(subscription, Fields):
        queue, url = at(subscription, "QueueArn"), at(subscription, "QueueUrl")
        batch = at(subscription, "BatchSize")
    else:
        event.add("Queue", "AWS::SQS::Queue", {"FifoQueue": _orders_messages(event, topic)})
        queue, url = attribute(f"{event.id}Queue", "Arn", where), ref(f"{event.id}Queue", where)
    policy = text_of(at(subscription, "QueuePolicyLogicalId")) or ""
    _admit(event, url, statement("sqs:SendMessage", queue) | _FROM_TOPIC, topic, policy)
    made = {"Protocol": known("sqs", where), "Endpoint": queue, "TopicArn": topic}
    event.add("", "AWS::SNS::Subscription", made | passed)
    pull.on_queue(event, queue, grants, batch=batch)


def _orders_messages(event: Event, topic: Value) -> Value:
    """Give whether the topic is a FIFO one, which only a FIFO queue may subscribe to."""
    reference = referent(topic)
    declared = event.expansion.declared.get(reference.target) if reference else None
    ordered = at(declared.properties, "FifoTopic") if declared else Absent()
    return ordered if truth_of(ordered) else Absent()


def _rule(event: Event, _grants: Grants | None) -> None:
    add_rule(event, {"Arn": event.target_arn})
    permit(event, "events.amazonaws.com", source=attribute(event.id, "Arn", event.location))


def add_rule(event: Event, target: Mapping[str, Value]) -> None:
    """Add the rule of a schedule or of a pattern; `target` says what it starts, and with which role."""
    where = event.location
    settings = {
        name: event.property(name) for name in ("Input", "InputPath", "InputTransformer", "RetryPolicy")
    }
    queue = {"DeadLetterConfig": dead_letter(event, served=True)}
    enabled = truth_of(event.property("Enabled"))
    state = event.property("State") if enabled is None else known("ENABLED" if enabled else "DISABLED", where)
    event.add(
        "",
        "AWS::Events::Rule",
        {
            "ScheduleExpression": event.property("Schedule"),
            "EventPattern": event.property("Pattern"),
            "EventBusName": event.property("EventBusName"),
            "Name": event.property("Name") if event.kind == "Schedule" else event.property("RuleName"),
            "State": state,
            "Targets": items([fields({**target, **settings, **queue}, where)], where),
        },
    )


def dead_letter(event: Event, *, served: bool = False) -> Value:
    """Give a target's `DeadLetterConfig`; SAM makes the queue where only its `Type` is written.

    `served`: an event rule sends to the queue, which a policy of the queue must allow.
    """
    config, where = event.property("DeadLetterConfig"), event.location
    if not present(config):
        return Absent()
    arn = at(config, "Arn")
    if present(arn):
        return fields({"Arn": arn}, where)
    name = text_of(at(config, "QueueLogicalId"))
    queue = event.expansion.prefix + name if name else f"{event.id}Queue"
    event.expansion.add(queue, "AWS::SQS::Queue", fields({}, where), event.cause, at=where, when=event.when)
    if served:
        sent = statement("sqs:SendMessage", attribute(queue, "Arn", where)) | _FROM_RULE
        _admit(event, ref(queue, where), sent, attribute(event.id, "Arn", where))
    return fields({"Arn": attribute(queue, "Arn", where)}, where)


_FROM_RULE: dict[str, object] = {"Principal": {"Service": "events.amazonaws.com"}}
_FROM_TOPIC: dict[str, object] = {"Principal": "*"}


def _admit(event: Event, url: Value, sent: dict[str, object], source: Value, name: str = "") -> None:
    """Add the queue policy that lets a rule or a topic send to a queue."""
    where = event.location
    allowed = sent | {"Condition": {"ArnEquals": {"aws:SourceArn": source}}}
    made: dict[str, Value] = {"Queues": items([url], where), "PolicyDocument": document([allowed], where)}
    identifier = event.expansion.prefix + name if name else f"{event.id}QueuePolicy"
    kind = "AWS::SQS::QueuePolicy"
    event.expansion.add(identifier, kind, fields(made, where), event.cause, at=where, when=event.when)


def schedule(event: Event, _grants: Grants | None, *, action: str = "lambda:InvokeFunction") -> None:
    """Add an EventBridge Scheduler schedule, and a role for it unless it is given one."""
    where = event.location
    role = event.property("RoleArn")
    queue = dead_letter(event)
    if not present(role):
        allowed = [statement(action, event.target_arn)]
        policies = [
            plain({"PolicyName": f"{event.id}StartPolicy", "PolicyDocument": document(allowed, where)}, where)
        ]
        if present(queue):
            sending = document([statement("sqs:SendMessage", at(queue, "Arn"))], where)
            policies.append(plain({"PolicyName": f"{event.id}SQSPolicy", "PolicyDocument": sending}, where))
        event.add(
            "Role",
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": trust("scheduler.amazonaws.com", where),
                "Policies": items(policies, where),
                "PermissionsBoundary": event.property("PermissionsBoundary"),
            },
        )
        role = attribute(f"{event.id}Role", "Arn", where)
    target = {
        "Arn": event.target_arn,
        "RoleArn": role,
        "Input": event.property("Input"),
        "RetryPolicy": event.property("RetryPolicy"),
        "DeadLetterConfig": queue,
    }
    passed = {
        name: event.property(name)
        for name in (
            "EndDate",
            "FlexibleTimeWindow",
            "GroupName",
            "KmsKeyArn",
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
            "State",
        )
    }
    event.add("", "AWS::Scheduler::Schedule", passed | {"Target": fields(target, where)})


def _logs(event: Event, _grants: Grants | None) -> None:
    where, group = event.location, event.property("LogGroupName")
    arn = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${group}:*"
    permit(event, "logs.amazonaws.com", source=text(arn, where, group=group))
    event.add(
        "",
        "AWS::Logs::SubscriptionFilter",
        {
            "LogGroupName": group,
            "FilterPattern": event.property("FilterPattern"),
            "DestinationArn": event.target_arn,
        },
    )


def _iot(event: Event, _grants: Grants | None) -> None:
    where = event.location
    arn = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${rule}"
    permit(
        event,
        "iot.amazonaws.com",
        source=text(arn, where, rule=ref(event.id, where)),
        account=text("${AWS::AccountId}", where),
    )
    action = fields({"Lambda": fields({"FunctionArn": event.target_arn}, where)}, where)
    payload = {
        "Sql": event.property("Sql"),
        "AwsIotSqlVersion": event.property("AwsIotSqlVersion"),
        "RuleDisabled": switched(where, on=False),
        "Actions": items([action], where),
    }
    event.add("", "AWS::IoT::TopicRule", {"TopicRulePayload": fields(payload, where)})


def _alexa(event: Event, _grants: Grants | None) -> None:
    permit(event, "alexa-appkit.amazon.com", token=event.property("SkillId"))


def _user_pool(event: Event, _grants: Grants | None) -> None:
    pool = referent(event.property("UserPool"))
    if pool is None:
        return
    where = event.location
    source = attribute(pool.target, "Arn", where)
    target = referent(event.target)
    event.expansion.add(
        f"{target.target if target else event.cause.id}CognitoPermission",
        "AWS::Lambda::Permission",
        fields(
            {
                "Action": known("lambda:InvokeFunction", where),
                "FunctionName": event.target,
                "Principal": known("cognito-idp.amazonaws.com", where),
                "SourceArn": source,
            },
            where,
        ),
        event.cause,
        at=where,
        when=event.when,
    )
    if pool.target in event.expansion.resources:
        config = at(event.expansion.resources[pool.target].properties, "LambdaConfig")
        merged = dict(config.fields) if isinstance(config, Fields) else {}
        for case in elements(event.property("Trigger")):
            if isinstance(case.value, Known):
                merged[text_of(case.value) or ""] = event.target_arn
        event.expansion.change(pool.target, {"LambdaConfig": fields(merged, where)})


PUSHED: dict[str, Callable[[Event, Grants | None], None]] = {
    "AlexaSkill": _alexa,
    "CloudWatchEvent": _rule,
    "CloudWatchLogs": _logs,
    "Cognito": _user_pool,
    "EventBridgeRule": _rule,
    "IoTRule": _iot,
    "S3": _bucket,
    "SNS": _topic,
    "Schedule": _rule,
    "ScheduleV2": schedule,
}
"""The event types that are pushed, API routes aside."""
