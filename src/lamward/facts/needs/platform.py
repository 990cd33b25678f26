"""What Lambda needs a function's role for: logs, networks, traces, destinations, what it polls, file systems, keys.

Source: Lambda Developer Guide, "Defining Lambda function permissions with an execution role" and the page of each
event source.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.facts import Facts, fact
from lamward.facts.links import (
    event_invoke_configs_of,
    event_source_mappings_of,
    log_groups_of,
    resources_named,
)
from lamward.facts.needs.arns import arn_of_resource, arn_of_text
from lamward.facts.needs.keys import keys_of, named_key, through
from lamward.facts.needs.made_names import made_names
from lamward.model.application import EventSourceMapping, Function, Resource
from lamward.model.evidence import Access, Condition, Platform, Tier
from lamward.model.location import Location
from lamward.model.trigger import TriggerKind
from lamward.model.value import (
    Absent,
    Fields,
    Guard,
    Known,
    Part,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    at,
    cases,
    elements,
    location_of,
    symbolic,
    text_of,
)
from lamward.sources.nouns.triggers import polled_kind

_PSEUDO: Final = {
    name: Reference(ReferenceKind.PSEUDO, f"AWS::{name}") for name in ("Partition", "Region", "AccountId")
}

NETWORK: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)

_POLLING: Final = {
    TriggerKind.QUEUE: ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kinesis": (
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ),
    "kafka": ("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
    "mq": ("mq:DescribeBroker",),
    "rds": ("rds:DescribeDBClusterParameters", "rds:DescribeDBClusters"),
}
"""What polling a source needs on it; `ListStreams` has no resource, and is needed besides."""

_LISTING: Final = {"dynamodb": ("dynamodb:ListStreams",), "kinesis": ("kinesis:ListStreams",)}
_SERVICES: Final = {
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::AmazonMQ::Broker": "mq",
    "AWS::DocDB::DBCluster": "rds",
}
_SPARED: Final = ("List", "DescribeStreamSummary", "DescribeCluster")
_POLLED_BY: Final = {"AWS::SQS::Queue": "sqs", "AWS::Kinesis::Stream": "kinesis"}
_SENDING: Final = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
    "s3": "s3:PutObject",
}
_SENT_TO: Final = {
    "AWS::SQS::Queue": "sqs",
    "AWS::SNS::Topic": "sns",
    "AWS::Lambda::Function": "lambda",
    "AWS::Events::EventBus": "events",
    "AWS::S3::Bucket": "s3",
}


@fact
def platform_of(facts: Facts, function: Function) -> tuple[Access, ...]:
    """List what Lambda itself needs the role of a function for."""
    return (
        *_logs(facts, function),
        *_network(function),
        *_traces(function),
        *_targets(facts, function),
        *_polled(facts, function),
        *_files(facts, function),
        *_environment_key(facts, function),
    )


def _access(
    action: str,
    resource: Known | Symbolic,
    feature: str,
    where: Location,
    *,
    tier: Tier = Tier.VERIFIED,
    conditions: tuple[Condition, ...] = (),
    unknowns: tuple[str, ...] = (),
) -> Access:
    return Access(action, resource, (Platform(feature, where),), conditions, unknowns, tier)


def _tier(action: str) -> Tier:
    """AWS lists some actions that polling does without in many roles: those are only taken to be needed."""
    return Tier.ASSUMED if action.partition(":")[2].startswith(_SPARED) else Tier.VERIFIED


def _arn(service: str, *rest: Part, account: bool = True) -> Known | Symbolic:
    where: tuple[Part, ...] = (_PSEUDO["Region"], ":", _PSEUDO["AccountId"]) if account else (":",)
    return symbolic(("arn:", _PSEUDO["Partition"], f":{service}:", *where, ":", *rest), ())


def _logs(facts: Facts, function: Function) -> Iterator[Access]:
    groups = log_groups_of(facts, function)
    chosen = at(function.logging, "LogGroup")
    declared = [group for group in groups if any(True for _ in resources_named(facts, chosen))]
    for group in declared:
        own = Symbolic((Reference(ReferenceKind.RESOURCE, group.id, "Arn"),))  # it ends in `:*`
        yield from (
            _access(action, own, "logs", group.location)
            for action in ("logs:CreateLogStream", "logs:PutLogEvents")
        )
    if declared:
        return
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    if not groups and isinstance(chosen, Absent):
        actions.insert(0, "logs:CreateLogGroup")
    for name, where in _group_names(facts, function, chosen):
        arn = _arn("logs", "log-group:", *name, ":*")
        yield from (_access(action, arn, "logs", where) for action in actions)


def _group_names(
    facts: Facts, function: Function, chosen: Value
) -> Iterator[tuple[tuple[Part, ...], Location]]:
    """Give the names of the log groups a function writes to.

    Its own role cannot refer to a function without a circle, so one without a name is found by how CloudFormation
    names it.
    """
    for case in cases(chosen):
        if isinstance(case.value, Known | Symbolic):
            yield _parts(case.value), location_of(case.value)
    if not isinstance(chosen, Absent):
        return
    for case in cases(function.name):
        if isinstance(case.value, Known | Symbolic):
            yield ("/aws/lambda/", *_parts(case.value)), location_of(case.value)
        else:
            for name in made_names(facts, function):
                yield ("/aws/lambda/", *name), function.location


def _parts(value: Known | Symbolic) -> tuple[Part, ...]:
    return value.parts if isinstance(value, Symbolic) else (str(value.value),)


def _network(function: Function) -> Iterator[Access]:
    if any(isinstance(case.value, Fields) and case.value.fields for case in cases(function.vpc)):
        yield from (_access(action, Known("*"), "VPC", location_of(function.vpc)) for action in NETWORK)


def _traces(function: Function) -> Iterator[Access]:
    if any(text_of(case.value) == "Active" for case in cases(function.tracing)):
        for action in ("xray:PutTelemetryRecords", "xray:PutTraceSegments"):
            yield _access(action, Known("*"), "tracing", location_of(function.tracing))


def _targets(facts: Facts, function: Function) -> Iterator[Access]:
    yield from _sent(facts, function.dead_letter, "dead-letter queue", function.when)
    for config in event_invoke_configs_of(facts, function):
        for target in (config.on_success, config.on_failure):
            yield from _sent(facts, target, "destination", config.when)


def _sent(facts: Facts, target: Value, feature: str, when: Guard) -> Iterator[Access]:
    for case in cases(target, when):
        if not isinstance(case.value, Known | Symbolic):
            continue
        named = [resource for resource, _ in resources_named(facts, case.value, case.when)]
        service = _SENT_TO.get(named[0].type, "") if named else _service_in(case.value)
        if service in _SENDING:
            arn = arn_of_text(facts, case.value) or case.value
            if isinstance(arn, Known | Symbolic):
                parts = (*_parts(arn), "/*") if service == "s3" else _parts(arn)
                yield _access(_SENDING[service], symbolic(parts, ()), feature, location_of(case.value))


def _service_in(value: Known | Symbolic) -> str:
    """Read the service from an ARN that is written out."""
    shown = str(value) if isinstance(value, Symbolic) else str(value.value)
    return shown.split(":")[2] if shown.startswith("arn:") and shown.count(":") >= 5 else ""


def _polled(facts: Facts, function: Function) -> Iterator[Access]:
    for mapping in event_source_mappings_of(facts, function):
        for case in cases(mapping.source, mapping.when):
            if isinstance(case.value, Known | Symbolic):
                yield from _polling(facts, mapping, case.value)
        yield from _sent(facts, mapping.on_failure, "destination of failures", mapping.when)


def _polling(facts: Facts, mapping: EventSourceMapping, source: Known | Symbolic) -> Iterator[Access]:
    where = location_of(source)
    named = next((resource for resource, _ in resources_named(facts, source)), None)
    service = _SERVICES.get(named.type, "") if named else _service_in(source)
    if polled_kind(source, facts.application.resources) is TriggerKind.QUEUE:
        yield from (_access(action, source, "queue", where) for action in _POLLING[TriggerKind.QUEUE])
        yield from _key_of(facts, named, ("kms:Decrypt",), where)
        return
    for action in _POLLING.get(service, ()):
        yield _access(action, source, "event source", where, tier=_tier(action))
    for action in _LISTING.get(service, ()):
        yield _access(action, Known("*"), "event source", where, tier=_tier(action))
    if named is not None and named.type == "AWS::Kinesis::StreamConsumer":
        yield _access("kinesis:SubscribeToShard", source, "event source", where)
    if service in {"kafka", "mq", "rds"}:
        network = (*NETWORK[1:5], "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs")
        yield from (_access(action, Known("*"), "event source in a VPC", where) for action in network)
        yield from _source_secrets(facts, mapping)
    if service == "kinesis":
        yield from _key_of(facts, named, ("kms:Decrypt",), where)


def _source_secrets(facts: Facts, mapping: EventSourceMapping) -> Iterator[Access]:
    for case in elements(at(mapping.properties, "SourceAccessConfigurations"), mapping.when):
        uri = at(case.value, "URI")
        secret = text_of(at(case.value, "Type")) not in {"VPC_SUBNET", "VPC_SECURITY_GROUP", "VIRTUAL_HOST"}
        for each in cases(uri) if secret else ():
            arn = arn_of_text(facts, each.value) if isinstance(each.value, Symbolic) else None
            found = arn or each.value
            if isinstance(found, Known | Symbolic):
                yield _access(
                    "secretsmanager:GetSecretValue", found, "event source's secret", location_of(uri)
                )


def _files(facts: Facts, function: Function) -> Iterator[Access]:
    for case in elements(at(function.properties, "FileSystemConfigs"), function.when):
        point = at(case.value, "Arn")
        for resource, _ in resources_named(facts, point):
            system = at(resource.properties, "FileSystemId")
            named = [each for each, _ in resources_named(facts, system)]
            arn = arn_of_resource(named[0]) if named else None
            target = Symbolic((Reference(ReferenceKind.RESOURCE, named[0].id, "Arn"),)) if named else None
            own = Symbolic((Reference(ReferenceKind.RESOURCE, resource.id, "Arn"),))
            for action in ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"):
                yield _access(
                    action,
                    arn or target or _arn("elasticfilesystem", "file-system/*"),
                    "file system",
                    location_of(point),
                    conditions=(("ArnEquals", "elasticfilesystem:AccessPointArn", own),),
                )


def _environment_key(facts: Facts, function: Function) -> Iterator[Access]:
    for case in cases(function.kms_key):
        key = named_key(facts, function.id, case.value) if isinstance(case.value, Known | Symbolic) else None
        if key is not None:
            # Lambda may also have been granted the key itself, when the function was made.
            yield _access(
                "kms:Decrypt",
                key.arn,
                "key of the environment",
                location_of(case.value),
                tier=Tier.ASSUMED,
                conditions=(*through("lambda"), *key.conditions),
                unknowns=key.unknowns,
            )


def _key_of(
    facts: Facts, resource: Resource | None, actions: tuple[str, ...], where: Location
) -> Iterator[Access]:
    for key in keys_of(facts, resource) if resource is not None else ():
        service = _POLLED_BY.get(resource.type, "") if resource is not None else ""
        demanded = (*through(service), *key.conditions)
        for action in actions:
            yield _access(
                action,
                key.arn,
                "customer key of the event source",
                where,
                tier=Tier.ASSUMED if key.unknowns else Tier.VERIFIED,
                conditions=demanded,
                unknowns=key.unknowns,
            )
