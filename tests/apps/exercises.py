"""How each Python function of `tests/apps/least` is called once: its event, and what must be there before."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import boto3

from tests.apps.deployment import ACCOUNT, REGION, Deployment

Event = dict[str, Any]


def create(deployment: Deployment) -> dict[str, tuple[str, str]]:
    """Make the resources of a template in moto; return `Ref` and ARN of those that moto names itself."""
    made: dict[str, tuple[str, str]] = {}
    for name, resource in deployment.template["Resources"].items():
        maker = _MAKERS.get(resource["Type"])
        told = maker(deployment, name, resource.get("Properties", {})) if maker else None
        if told is not None:
            made[name] = told
    return made


def _client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


def _table(deployment: Deployment, name: str, given: Mapping[str, Any]) -> None:
    passed = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    _client("dynamodb").create_table(
        TableName=deployment.name(name), **{each: given[each] for each in passed if each in given}
    )


def _bucket(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("s3").create_bucket(
        Bucket=deployment.name(name), CreateBucketConfiguration={"LocationConstraint": REGION}
    )


def _queue(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("sqs").create_queue(QueueName=deployment.name(name))


def _topic(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("sns").create_topic(Name=deployment.name(name))


def _bus(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("events").create_event_bus(Name=deployment.name(name))


def _secret(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> tuple[str, str]:
    arn = _client("secretsmanager").create_secret(
        Name=deployment.name(name), SecretString=json.dumps({"key": "k", "username": "u", "password": "p"})
    )["ARN"]
    return arn, arn


def _key(_deployment: Deployment, _name: str, given: Mapping[str, Any]) -> tuple[str, str]:
    passed = {"KeyUsage": given["KeyUsage"], "KeySpec": given["KeySpec"]} if "KeySpec" in given else {}
    made = _client("kms").create_key(**passed)["KeyMetadata"]
    return made["KeyId"], made["Arn"]


def _stream(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("kinesis").create_stream(StreamName=deployment.name(name), ShardCount=1)


def _delivery(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    place = {"RoleARN": f"arn:aws:iam::{ACCOUNT}:role/delivery", "BucketARN": deployment.arn("LakeBucket")}
    _client("firehose").create_delivery_stream(
        DeliveryStreamName=deployment.name(name), ExtendedS3DestinationConfiguration=place
    )


def _machine(deployment: Deployment, name: str, given: Mapping[str, Any]) -> None:
    _client("stepfunctions").create_state_machine(
        name=deployment.name(name),
        definition=given["DefinitionString"],
        roleArn=deployment.text(given["RoleArn"]),
    )


def _identity(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("ses").verify_domain_identity(Domain=deployment.name(name))


def _workgroup(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("athena").create_work_group(Name=deployment.name(name), Configuration={})


def _history(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("timestream-write").create_database(DatabaseName=deployment.name(name))


def _series(deployment: Deployment, name: str, given: Mapping[str, Any]) -> None:
    _client("timestream-write").create_table(
        DatabaseName=given["DatabaseName"], TableName=deployment.name(name)
    )


def _schedules(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("scheduler").create_schedule_group(Name=deployment.name(name))


def _cluster(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("ecs").create_cluster(clusterName=deployment.name(name))


def _definition(deployment: Deployment, name: str, _given: Mapping[str, Any]) -> None:
    _client("ecs").register_task_definition(
        family=deployment.name(name),
        containerDefinitions=[{"name": "report", "image": "report", "memory": 128}],
    )


_MAKERS: Final[Mapping[str, Callable[[Deployment, str, Mapping[str, Any]], tuple[str, str] | None]]] = {
    "AWS::Athena::WorkGroup": _workgroup,
    "AWS::DynamoDB::Table": _table,
    "AWS::ECS::Cluster": _cluster,
    "AWS::ECS::TaskDefinition": _definition,
    "AWS::Events::EventBus": _bus,
    "AWS::KMS::Key": _key,
    "AWS::Kinesis::Stream": _stream,
    "AWS::KinesisFirehose::DeliveryStream": _delivery,
    "AWS::S3::Bucket": _bucket,
    "AWS::SES::EmailIdentity": _identity,
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
    "AWS::Scheduler::ScheduleGroup": _schedules,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::StepFunctions::StateMachine": _machine,
    "AWS::Timestream::Database": _history,
    "AWS::Timestream::Table": _series,
}


def _put(bucket: str, key: str) -> None:
    _client("s3").put_object(Bucket=bucket, Key=key, Body=b"bytes")


def _uploaded(deployment: Deployment) -> Event:
    bucket = deployment.name("UploadBucket")
    _put(bucket, "pictures/cat.jpg")
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": "pictures/cat.jpg"}}}]}


def _ordered(deployment: Deployment, *, status: str = "NEW") -> None:
    row = {"pk": {"S": "1"}, "customer": {"S": "a@example.com"}, "status": {"S": status}}
    _client("dynamodb").put_item(TableName=deployment.name("OrdersTable"), Item=row)


def _read(deployment: Deployment) -> Event:
    _ordered(deployment)
    return {"both": [{"path": "/orders/1"}, {"path": "/customers/a/orders"}]}


def _cancel(deployment: Deployment) -> Event:
    _ordered(deployment)
    _client("ssm").put_parameter(Name="/shop/dev/refunds-enabled", Value="true", Type="String")
    return {"pathParameters": {"id": "1"}}


def _pay(deployment: Deployment) -> Event:
    _ordered(deployment)
    return {"Records": [{"messageId": "m", "body": json.dumps({"pk": "1", "sku": "s"})}]}


def _notify(_deployment: Deployment) -> Event:
    row = {"pk": {"S": "1"}, "customer": {"S": "a@example.com"}}
    images = ({**row, "status": {"S": "PAID"}}, row)
    return {"Records": [{"dynamodb": {"NewImage": each}} for each in images]}


def _report(deployment: Deployment) -> Event:
    _ordered(deployment)
    return {}


def _purge(deployment: Deployment) -> Event:
    from moto.s3 import models

    _put(deployment.name("UploadBucket"), "pictures/tmp/old.jpg")
    backend = models.s3_backends[ACCOUNT]["aws"]
    key = backend.get_object(deployment.name("UploadBucket"), "pictures/tmp/old.jpg")
    assert key is not None
    key.last_modified = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    return {"marker": True}


def _records(**data: object) -> Event:
    return {"Records": [{"kinesis": {"data": base64.b64encode(json.dumps(data).encode()).decode()}}]}


def _promote(deployment: Deployment) -> Event:
    _put(deployment.name("RawBucket"), "day.jsonl")
    return {"detail": {"object": {"key": "day.jsonl"}}}


def _merge(deployment: Deployment) -> Event:
    _put(deployment.name("LakeBucket"), "validated/day.jsonl")
    return {"day": "2026-11-21"}


def _partner(_deployment: Deployment) -> Event:
    _client("s3").create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": REGION})
    _put("theirs", "out/file.csv")
    return {"url": "s3://theirs/out/file.csv"}


def _said(_deployment: Deployment) -> Event:
    return {"requestContext": {"connectionId": "c1"}, "body": json.dumps({"chat": "c", "text": "hello"})}


def _idle(_deployment: Deployment) -> Event:
    client = _client("ec2")
    (machine,) = client.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    client.create_tags(Resources=[machine["InstanceId"]], Tags=[{"Key": "idle", "Value": "true"}])
    return {"regions": [REGION]}


def _lag(_deployment: Deployment) -> Event:
    for name in ("chores-high", "chores-low"):
        _client("sqs").create_queue(QueueName=name)
    return {}


def _logs(_deployment: Deployment) -> Event:
    _client("logs").create_log_group(logGroupName="/aws/lambda/other")
    return {"function": "other"}


def _rotate(deployment: Deployment) -> Event:
    client, arn, token = _client("secretsmanager"), deployment.arn("DatabaseSecret"), "0" * 32
    client.put_secret_value(
        SecretId=arn, ClientRequestToken=token, SecretString="{}", VersionStages=["AWSPENDING"]
    )
    asked = {"SecretId": arn, "ClientRequestToken": token}
    return {
        "both": [
            {**asked, "Step": "createSecret"},
            {**asked, "Step": "setSecret"},
            {**asked, "Step": "finishSecret"},
        ]
    }


def _accounts(_deployment: Deployment) -> Event:
    _client("organizations").create_organization(FeatureSet="ALL")
    return {}


def _remind(_deployment: Deployment) -> Event:
    one = {"name": "tea", "at": "2030-01-01T00:00:00", "text": "tea"}
    return {"both": [{**one, "action": "set"}, {**one, "action": "forget"}]}


def _redrive(deployment: Deployment) -> Event:
    _client("sqs").send_message(QueueUrl=deployment.ref("CommandDeadLetters"), MessageBody="{}")
    return {}


def _replay(deployment: Deployment) -> Event:
    _client("kinesis").put_record(StreamName=deployment.name("Positions"), Data=b"{}", PartitionKey="v")
    return {"since": "2020-01-01T00:00:00"}


def _is(event: Event) -> Callable[[Deployment], Event]:
    return lambda _deployment: event


EVENTS: Final[Mapping[str, Callable[[Deployment], Event]]] = {
    "CreateOrder": _is({"body": json.dumps({"customer": "a", "total": 3})}),
    "ReadOrders": _read,
    "CancelOrder": _cancel,
    "TakePayment": _pay,
    "NotifyCustomer": _notify,
    "NightlyReport": _report,
    "Thumbnail": _uploaded,
    "Label": _uploaded,
    "Transcode": _is({"source": "s3://films/a.mov"}),
    "Transcribe": _is({"key": "talk.mp3"}),
    "Purge": _purge,
    "CollectClicks": _is(_records(page="/")),
    "Promote": _promote,
    "Merge": _merge,
    "Query": _is({"day": "2026-11-21"}),
    "Compact": _is({}),
    "ImportPartner": _partner,
    "Connect": _said,
    "Disconnect": _said,
    "Answer": _said,
    "Search": _is({"question": "why?"}),
    "StopIdle": _idle,
    "PatchFleet": _is({}),
    "MeasureLag": _lag,
    "SearchLogs": _logs,
    "RotateSecret": _rotate,
    "AuditAccounts": _accounts,
    "RunReport": _is({"day": "2026-11-21"}),
    "Remind": _remind,
    "StorePositions": _is(_records(vehicle="v", speed=3)),
    "Command": _is({"vehicle": "v", "do": "stop"}),
    "Redrive": _redrive,
    "EnrolDriver": _is({"email": "d@example.com"}),
    "FindVehicle": _is({"id": "v", "seen": "now"}),
    "Replay": _replay,
}
"""By function; `both` holds several events, one after the other."""
