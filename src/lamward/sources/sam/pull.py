"""Events that Lambda polls: the event source mapping, and what the function's own role needs for it.

Source: SAM specification, "EventSource" (SQS, Kinesis, DynamoDB, MSK, MQ, SelfManagedKafka, DocumentDB).
"""

from __future__ import annotations

from lamward.model.location import Location
from lamward.model.value import Absent, Fields, Known, Value, at, cases, elements, text_of
from lamward.sources.sam.compose import fields, known, present, switched, text
from lamward.sources.sam.event import Event
from lamward.sources.sam.policies import Grants, document, statement

SOURCES = {
    "SQS": "Queue",
    "Kinesis": "Stream",
    "DynamoDB": "Stream",
    "MSK": "Stream",
    "MQ": "Broker",
    "DocumentDB": "Cluster",
    "SelfManagedKafka": "",
}
"""The event types that are polled, and the property that names the source."""

_MANAGED = {
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}

_PASSED = (
    "BatchSize",
    "BisectBatchOnFunctionError",
    "Enabled",
    "FilterCriteria",
    "FunctionResponseTypes",
    "KmsKeyArn",
    "LoggingConfig",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "MetricsConfig",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "Queues",
    "ScalingConfig",
    "SourceAccessConfigurations",
    "StartingPosition",
    "StartingPositionTimestamp",
    "Topics",
    "TumblingWindowInSeconds",
)

_INTERFACES = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
]

_SECRET_FREE = frozenset(
    {
        "IAM_AUTH",
        "IAM_OAUTHBEARER_AUTH",
        "OAUTHBEARER_AUDIENCE",
        "OAUTHBEARER_IDENTITY_POOL",
        "OAUTHBEARER_LOGICAL_CLUSTER",
        "OAUTHBEARER_SCOPE",
        "VPC_SECURITY_GROUP",
        "VPC_SUBNET",
    }
)


def expand(event: Event, grants: Grants | None) -> None:
    """Add the event source mapping, and to a role the transform makes what the source needs."""
    named = SOURCES[event.kind]
    properties: dict[str, Value] = {
        "FunctionName": event.target,
        "EventSourceArn": event.property(named) if named else Absent(),
    }
    for name in _PASSED:
        properties[name] = event.property(name)
    properties["DestinationConfig"] = _without_type(event.property("DestinationConfig"))
    properties |= _source_settings(event)
    event.add("", "AWS::Lambda::EventSourceMapping", properties)
    if grants is not None:
        _grant(event, grants)


def _without_type(config: Value) -> Value:
    """Drop the `Type` of a destination: it only tells SAM which policy to write."""
    failure = at(config, "OnFailure")
    if not isinstance(config, Fields) or not isinstance(failure, Fields) or "Type" not in failure.fields:
        return config
    kept = {name: child for name, child in failure.fields.items() if name != "Type"}
    failure = Fields(kept, failure.keys, failure.origins)
    return Fields({**config.fields, "OnFailure": failure}, config.keys, config.origins)


def _source_settings(event: Event) -> dict[str, Value]:
    """Give the block of settings that only one kind of source has."""
    where = event.location
    registry = {name: event.property(name) for name in ("ConsumerGroupId", "SchemaRegistryConfig")}
    made: dict[str, Value] = {}
    match event.kind:
        case "MSK":
            made["AmazonManagedKafkaEventSourceConfig"] = fields(registry, where)
        case "SelfManagedKafka":
            servers = {"KafkaBootstrapServers": event.property("KafkaBootstrapServers")}
            made["SelfManagedEventSource"] = fields({"Endpoints": fields(servers, where)}, where)
            made["SelfManagedKafkaEventSourceConfig"] = fields(registry, where)
        case "DocumentDB":
            names = ("DatabaseName", "CollectionName", "FullDocument")
            named = {name: event.property(name) for name in names}
            made["DocumentDBEventSourceConfig"] = fields(named, where)
        case _:
            pass
    return {name: block for name, block in made.items() if isinstance(block, Fields) and block.fields}


def _grant(event: Event, grants: Grants) -> None:
    where = event.location
    if event.kind in _MANAGED:
        grants.attach_service_policy(_MANAGED[event.kind], where)
    statements = _statements(event, where)
    if statements:
        grants.allow(f"{event.id}Policy", document(statements, where))
    failure = at(event.property("DestinationConfig"), "OnFailure")
    target = at(failure, "Destination")
    match text_of(at(failure, "Type")):
        case "SQS":
            grants.allow(f"{event.id}SQSPolicy", document([statement("sqs:SendMessage", target)], where))
        case "SNS":
            grants.allow(f"{event.id}SNSPolicy", document([statement("sns:publish", target)], where))
        case "S3":
            objects = text("${bucket}/*", where, bucket=target)
            allowed = [statement("s3:PutObject", objects), statement("s3:ListBucket", target)]
            grants.allow(f"{event.id}S3Policy", document(allowed, where))
        case _:
            pass


def _statements(event: Event, where: Location) -> list[dict[str, object]]:
    match event.kind:
        case "MSK":
            return _registry(event, where) + [
                statement(["secretsmanager:GetSecretValue"], uri)
                for uri in _secrets(event, {"CLIENT_CERTIFICATE_TLS_AUTH"})
            ]
        case "MQ":
            return [
                *(
                    statement(["secretsmanager:GetSecretValue"], uri)
                    for uri in _secrets(event, {"BASIC_AUTH"})
                ),
                statement(["mq:DescribeBroker"], event.property("Broker")),
                *_decrypt(event, where),
            ]
        case "SelfManagedKafka":
            return _kafka(event, where)
        case "DocumentDB":
            return _document_database(event, where)
        case _:
            return []


def _kafka(event: Event, where: Location) -> list[dict[str, object]]:
    kinds = {text_of(at(entry, "Type")) for entry in _access(event)}
    inside_network = {"VPC_SUBNET", "VPC_SECURITY_GROUP"} <= kinds
    return [
        *(statement(["secretsmanager:GetSecretValue"], uri) for uri in _secrets(event, None)),
        *([statement(_INTERFACES, "*")] if inside_network else []),
        *_decrypt(event, where),
        *_registry(event, where),
    ]


def _document_database(event: Event, where: Location) -> list[dict[str, object]]:
    prefix = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}"
    return [
        *(statement(["secretsmanager:GetSecretValue"], uri) for uri in _secrets(event, {"BASIC_AUTH"})),
        statement(["rds:DescribeDBClusterParameters"], text(f"{prefix}:cluster-pg:*", where)),
        statement(["rds:DescribeDBSubnetGroups"], text(f"{prefix}:subgrp:*", where)),
        statement(["rds:DescribeDBClusters"], event.property("Cluster")),
        statement(_INTERFACES, "*"),
        *_decrypt(event, where),
    ]


def _access(event: Event) -> list[Fields]:
    found = [case.value for case in elements(event.property("SourceAccessConfigurations"))]
    return [entry for entry in found if isinstance(entry, Fields)]


def _secrets(event: Event, kinds: set[str] | None) -> list[Value]:
    return [
        at(entry, "URI")
        for entry in _access(event)
        if (kind := text_of(at(entry, "Type"))) is not None
        and (kind in kinds if kinds is not None else kind not in _SECRET_FREE)
    ]


def _decrypt(event: Event, where: Location) -> list[dict[str, object]]:
    key = event.property("SecretsManagerKmsKeyId")
    if not present(key):
        return []
    return [
        statement(
            ["kms:Decrypt"],
            text("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${key}", where, key=key),
        )
    ]


def _registry(event: Event, where: Location) -> list[dict[str, object]]:
    """Allow reading a Glue schema registry and its secrets. The transform does so only for an ARN it can read."""
    config = event.property("SchemaRegistryConfig")
    statements = [
        statement(["secretsmanager:GetSecretValue"], at(case.value, "URI"))
        for case in elements(at(config, "AccessConfigs"))
        if present(at(case.value, "URI"))
    ]
    for case in cases(at(config, "SchemaRegistryURI")):
        uri = str(case.value) if not isinstance(case.value, Known) else text_of(case.value) or ""
        if uri.startswith("arn") and ":registry/" in uri:
            name = uri.split(":registry/", 1)[1]
            schemas = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:schema/" + name + "/*"
            statements += [
                statement(["glue:GetRegistry"], case.value),
                statement(["glue:GetSchemaVersion"], text(schemas, where)),
            ]
            break
    return statements


def on_queue(event: Event, queue: Value, grants: Grants | None, *, batch: Value) -> None:
    """Add the mapping of the queue that stands between a topic and the function (`SqsSubscription`)."""
    properties = {
        "FunctionName": event.target,
        "EventSourceArn": queue,
        "BatchSize": batch if present(batch) else known(10, event.location),
        "Enabled": switched(event.location, on=True),  # whatever the event says
    }
    event.add("EventSourceMapping", "AWS::Lambda::EventSourceMapping", properties)
    if grants is not None:
        grants.attach_service_policy(_MANAGED["SQS"], event.location)
