"""What invokes functions: found where each source names the function, and in permissions for services.

Source: Lambda Developer Guide, "Invoking Lambda with events from other AWS services".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lamward.model.application import Invocation, Resource, Route, Trigger, TriggerKind
from lamward.model.value import Absent, Fields, Symbolic, Value, at, elements, entries, location_of, text_of
from lamward.sources.nouns.documents import structured

_POLLED = {
    ":sqs:": TriggerKind.QUEUE,
    ":kinesis:": TriggerKind.STREAM,
    ":dynamodb:": TriggerKind.STREAM,
    ":kafka:": TriggerKind.BROKER,
    ":mq:": TriggerKind.BROKER,
    ":rds:": TriggerKind.STREAM,
}

_SOURCE_TYPES = {
    "AWS::SQS::Queue": TriggerKind.QUEUE,
    "AWS::Kinesis::Stream": TriggerKind.STREAM,
    "AWS::Kinesis::StreamConsumer": TriggerKind.STREAM,
    "AWS::DynamoDB::Table": TriggerKind.STREAM,
    "AWS::DynamoDB::GlobalTable": TriggerKind.STREAM,
    "AWS::Serverless::SimpleTable": TriggerKind.STREAM,
    "AWS::DocDB::DBCluster": TriggerKind.STREAM,
    "AWS::MSK::Cluster": TriggerKind.BROKER,
    "AWS::MSK::ServerlessCluster": TriggerKind.BROKER,
    "AWS::AmazonMQ::Broker": TriggerKind.BROKER,
}

_SERVICES = {
    "alexa-appkit.amazon.com": (TriggerKind.OTHER, Invocation.SYNCHRONOUS),
    "apigateway.amazonaws.com": (TriggerKind.API, Invocation.SYNCHRONOUS),
    "cloudformation.amazonaws.com": (TriggerKind.OTHER, Invocation.ASYNCHRONOUS),
    "cognito-idp.amazonaws.com": (TriggerKind.COGNITO, Invocation.SYNCHRONOUS),
    "config.amazonaws.com": (TriggerKind.OTHER, Invocation.ASYNCHRONOUS),
    "elasticloadbalancing.amazonaws.com": (TriggerKind.LOAD_BALANCER, Invocation.SYNCHRONOUS),
    "events.amazonaws.com": (TriggerKind.RULE, Invocation.ASYNCHRONOUS),
    "iot.amazonaws.com": (TriggerKind.IOT, Invocation.ASYNCHRONOUS),
    "logs.amazonaws.com": (TriggerKind.LOGS, Invocation.ASYNCHRONOUS),
    "s3.amazonaws.com": (TriggerKind.BUCKET, Invocation.ASYNCHRONOUS),
    "secretsmanager.amazonaws.com": (TriggerKind.OTHER, Invocation.ASYNCHRONOUS),
    "ses.amazonaws.com": (TriggerKind.OTHER, Invocation.ASYNCHRONOUS),
    "sns.amazonaws.com": (TriggerKind.TOPIC, Invocation.ASYNCHRONOUS),
}
"""Service principals, what they are as a trigger, and how they invoke."""


def polled_kind(source: Value, resources: Mapping[str, Resource]) -> TriggerKind:
    """Tell what an event source mapping polls."""
    if isinstance(source, Symbolic):
        for reference in source.references:
            found = resources.get(reference.target)
            if found is not None and found.type in _SOURCE_TYPES:
                return _SOURCE_TYPES[found.type]
    shown = str(source) if isinstance(source, Symbolic) else text_of(source) or ""
    return next((kind for marker, kind in _POLLED.items() if marker in shown), TriggerKind.OTHER)


def triggers(resources: Mapping[str, Resource], routes: Iterable[Route]) -> Iterator[Trigger]:
    """Find the triggers of all functions; the same one may be told by its source and by its permission."""
    for route in routes:
        if not isinstance(route.function, Absent):
            yield Trigger(
                function=route.function,
                kind=TriggerKind.API,
                invocation=Invocation.SYNCHRONOUS,
                source=Absent((route.location,)),
                location=route.location,
                declared_by=route.id,
                when=route.when,
            )
    for resource in resources.values():
        yield from _of(resource, resources)


def _of(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[Trigger]:
    if resource.type.startswith("AWS::Lambda::"):
        yield from _of_lambda(resource, resources)
    else:
        yield from _of_service(resource)


def _of_lambda(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[Trigger]:
    """Make the triggers that Lambda's own resources tell of."""
    properties = resource.properties
    match resource.type:
        case "AWS::Lambda::EventSourceMapping":
            source = at(properties, "EventSourceArn")
            kind = polled_kind(source, resources)
            yield _trigger(resource, at(properties, "FunctionName"), kind, Invocation.POLLED, source)
        case "AWS::Lambda::Url":
            yield _trigger(
                resource, at(properties, "TargetFunctionArn"), TriggerKind.URL, Invocation.SYNCHRONOUS
            )
        case "AWS::Lambda::Permission":
            service = text_of(at(properties, "Principal")) or ""
            if service in _SERVICES:
                kind, invocation = _SERVICES[service]
                source = at(properties, "SourceArn")
                yield _trigger(resource, at(properties, "FunctionName"), kind, invocation, source)
        case "AWS::Lambda::ResourcePolicy":
            yield from _let_in(resource)
        case "AWS::Lambda::EventInvokeConfig":
            # One that takes what failed is the end of the line, like a dead-letter queue.
            target = at(properties, "DestinationConfig", "OnSuccess", "Destination")
            yield _trigger(resource, target, TriggerKind.FUNCTION, Invocation.ASYNCHRONOUS)
        case _:
            pass


def _of_service(resource: Resource) -> Iterator[Trigger]:
    """Make the triggers that the settings of another service tell of."""
    properties = resource.properties
    asynchronous, synchronous = Invocation.ASYNCHRONOUS, Invocation.SYNCHRONOUS
    match resource.type:
        case "AWS::S3::Bucket":
            for case in elements(
                at(properties, "NotificationConfiguration", "LambdaConfigurations"), resource.when
            ):
                yield _trigger(resource, at(case.value, "Function"), TriggerKind.BUCKET, asynchronous)
        case "AWS::SNS::Subscription" if text_of(at(properties, "Protocol")) == "lambda":
            topic = at(properties, "TopicArn")
            yield _trigger(resource, at(properties, "Endpoint"), TriggerKind.TOPIC, asynchronous, topic)
        case "AWS::SNS::Topic":
            for case in elements(at(properties, "Subscription"), resource.when):
                if text_of(at(case.value, "Protocol")) == "lambda":
                    yield _trigger(resource, at(case.value, "Endpoint"), TriggerKind.TOPIC, asynchronous)
        case "AWS::Events::Rule":
            kind = (
                TriggerKind.RULE
                if isinstance(at(properties, "ScheduleExpression"), Absent)
                else TriggerKind.SCHEDULE
            )
            for case in elements(at(properties, "Targets"), resource.when):
                yield _trigger(resource, at(case.value, "Arn"), kind, asynchronous)
        case "AWS::Scheduler::Schedule":
            yield _trigger(resource, at(properties, "Target", "Arn"), TriggerKind.SCHEDULE, asynchronous)
        case "AWS::Cognito::UserPool":
            for _, _, function, _ in entries(at(properties, "LambdaConfig"), resource.when):
                yield _trigger(resource, function, TriggerKind.COGNITO, synchronous)
        case "AWS::ElasticLoadBalancingV2::TargetGroup" if text_of(at(properties, "TargetType")) == "lambda":
            for case in elements(at(properties, "Targets"), resource.when):
                yield _trigger(resource, at(case.value, "Id"), TriggerKind.LOAD_BALANCER, synchronous)
        case "AWS::AppSync::DataSource":
            function = at(properties, "LambdaConfig", "LambdaFunctionArn")
            if not isinstance(function, Absent):
                yield _trigger(resource, function, TriggerKind.API, synchronous)
        case _:
            yield from _sent_by(resource)


def _let_in(resource: Resource) -> Iterator[Trigger]:
    """Make the triggers of the services that a function's policy lets in."""
    document = structured(at(resource.properties, "PolicyDocument"))
    for case in elements(at(document, "Statement"), resource.when):
        if text_of(at(case.value, "Effect")) != "Allow":
            continue
        sources = [
            value
            for _, _, keys, _ in entries(at(case.value, "Condition"))
            for key, _, value, _ in entries(keys)
            if key.lower() == "aws:sourcearn"
        ]
        for principal in elements(at(case.value, "Principal", "Service"), case.when):
            service = text_of(principal.value) or ""
            if service in _SERVICES:
                kind, invocation = _SERVICES[service]
                source = next(iter(sources), None)
                yield _trigger(resource, at(resource.properties, "ResourceArn"), kind, invocation, source)


def _sent_by(resource: Resource) -> Iterator[Trigger]:
    """Make the triggers of what sends single events and does not wait for the answer."""
    properties = resource.properties
    asynchronous = Invocation.ASYNCHRONOUS
    match resource.type:
        case "AWS::Pipes::Pipe":
            how = at(properties, "TargetParameters", "LambdaFunctionParameters", "InvocationType")
            if text_of(how) == "FIRE_AND_FORGET":
                yield _trigger(resource, at(properties, "Target"), TriggerKind.PIPE, asynchronous)
        case "AWS::SES::ReceiptRule":
            for case in elements(at(properties, "Rule", "Actions"), resource.when):
                action = at(case.value, "LambdaAction")
                if isinstance(action, Fields) and text_of(at(action, "InvocationType")) != "RequestResponse":
                    yield _trigger(resource, at(action, "FunctionArn"), TriggerKind.MAIL, asynchronous)
        case "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm":
            for name in ("AlarmActions", "OKActions", "InsufficientDataActions"):
                for case in elements(at(properties, name), resource.when):
                    yield _trigger(resource, case.value, TriggerKind.ALARM, asynchronous)
        case "AWS::Logs::SubscriptionFilter":
            yield _trigger(resource, at(properties, "DestinationArn"), TriggerKind.LOGS, asynchronous)
        case "AWS::IoT::TopicRule":
            for case in elements(at(properties, "TopicRulePayload", "Actions"), resource.when):
                function = at(case.value, "Lambda", "FunctionArn")
                if not isinstance(function, Absent):
                    yield _trigger(resource, function, TriggerKind.IOT, asynchronous)
        case _:
            pass


def _trigger(
    resource: Resource,
    function: Value,
    kind: TriggerKind,
    invocation: Invocation,
    source: Value | None = None,
) -> Trigger:
    return Trigger(
        function=function,
        kind=kind,
        invocation=invocation,
        source=Absent((resource.location,)) if source is None else source,
        location=resource.location if resource.declared_by == resource.id else location_of(function),
        declared_by=resource.declared_by or resource.id,
        when=resource.when,
    )
