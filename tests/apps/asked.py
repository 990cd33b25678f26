"""What a request of the SDK asks IAM, by a table of its own: written by hand for the calls of `tests/apps/least`.

It shares nothing with the table that lamward derives policies by, so that a mistake of that one shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.apps.deployment import ACCOUNT

Parameters = Mapping[str, Any]
Asked = tuple[str, str, Mapping[str, str]]
"""An action, a resource and the context keys of the request."""


def asked(service: str, operation: str, given: Parameters, region: str, endpoint: str) -> list[Asked]:
    """List what IAM is asked about one request."""
    here = f"{region}:{ACCOUNT}"
    key = f"{service}.{operation}"
    if key in _SPECIAL:
        return list(_SPECIAL[key](given, here))
    if key == "apigatewaymanagementapi.PostToConnection":
        host, _, stage = endpoint.removeprefix("https://").partition("/")
        arn = f"arn:aws:execute-api:{here}:{host.split('.')[0]}/{stage}/POST/@connections/{given['ConnectionId']}"
        return [("execute-api:ManageConnections", arn, {})]
    action, resource = _PLAIN[key]
    return [(action or f"{service}:{operation}", _filled(resource, given, here), {})]


def _filled(template: str, given: Parameters, here: str) -> str:
    """Fill in a template; a parameter that is an ARN says it all."""
    for name, value in given.items():
        if f"{{{name}}}" in template:
            if str(value).startswith("arn:"):
                return str(value)
            template = template.replace(
                f"{{{name}}}", str(value).rpartition("/")[2] if name == "QueueUrl" else str(value)
            )
    return template.replace("{here}", here)


_TABLE: Final = "arn:aws:dynamodb:{here}:table/{TableName}"
_QUEUE: Final = "arn:aws:sqs:{here}:{QueueUrl}"
_OBJECT: Final = "arn:aws:s3:::{Bucket}/{Key}"
_STREAM: Final = "arn:aws:kinesis:{here}:stream/{StreamName}"
_SECRET: Final = "arn:aws:secretsmanager:{here}:secret:{SecretId}"
_POOL: Final = "arn:aws:cognito-idp:{here}:userpool/{UserPoolId}"
_SCHEDULE: Final = "arn:aws:scheduler:{here}:schedule/{GroupName}/{Name}"

# Which action, "" for one that is called like the operation; and on what.
_PLAIN: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys((f"dynamodb.{each}" for each in (
        "PutItem", "GetItem", "UpdateItem", "DeleteItem", "Scan",
    )), ("", _TABLE)),
    **dict.fromkeys((f"secretsmanager.{each}" for each in (
        "GetSecretValue", "DescribeSecret", "PutSecretValue", "UpdateSecretVersionStage",
    )), ("", _SECRET)),
    **dict.fromkeys((f"kinesis.{each}" for each in ("ListShards", "PutRecords", "GetShardIterator")), ("", _STREAM)),
    **dict.fromkeys((f"sqs.{each}" for each in ("SendMessage", "ReceiveMessage", "GetQueueAttributes")), ("", _QUEUE)),
    **dict.fromkeys((f"cognito-idp.{each}" for each in ("AdminCreateUser", "AdminAddUserToGroup")), ("", _POOL)),
    **dict.fromkeys((
        "cloudwatch.GetMetricStatistics", "ec2.DescribeInstances", "logs.GetQueryResults", "logs.StopQuery",
        "organizations.ListAccounts", "secretsmanager.GetRandomPassword", "ssm.ListCommandInvocations",
        "transcribe.StartTranscriptionJob",
    ), ("", "*")),
    "athena.GetQueryExecution": ("", "arn:aws:athena:{here}:workgroup/lake-reports"),
    "athena.GetQueryResults": ("", "arn:aws:athena:{here}:workgroup/lake-reports"),
    "bedrock-agent-runtime.Retrieve": ("bedrock:Retrieve", "arn:aws:bedrock:{here}:knowledge-base/{knowledgeBaseId}"),
    "firehose.PutRecordBatch": ("", "arn:aws:firehose:{here}:deliverystream/{DeliveryStreamName}"),
    "glue.GetJobRuns": ("", "arn:aws:glue:{here}:job/{JobName}"),
    "glue.StartJobRun": ("", "arn:aws:glue:{here}:job/{JobName}"),
    "iot-data.Publish": ("iot:Publish", "arn:aws:iot:{here}:topic/{topic}"),
    "kinesis.GetRecords": ("", "arn:aws:kinesis:{here}:stream/fleet-Positions-1AB2CD"),
    "kms.Sign": ("", "arn:aws:kms:{here}:key/{KeyId}"),
    "lambda.Invoke": ("lambda:InvokeFunction", "arn:aws:lambda:{here}:function:{FunctionName}"),
    "logs.StartQuery": ("", "arn:aws:logs:{here}:log-group:{logGroupName}:*"),
    "s3.AbortMultipartUpload": ("", _OBJECT),
    "s3.DeleteObject": ("", _OBJECT),
    "s3.GetObject": ("", _OBJECT),
    "s3.HeadObject": ("s3:GetObject", _OBJECT),
    "s3.ListObjects": ("s3:ListBucket", "arn:aws:s3:::{Bucket}"),
    "s3.ListObjectsV2": ("s3:ListBucket", "arn:aws:s3:::{Bucket}"),
    "scheduler.DeleteSchedule": ("", _SCHEDULE),
    "ses.SendEmail": ("", "arn:aws:ses:{here}:identity/shop.example.com"),
    "sns.Publish": ("", "{TopicArn}"),
    "sqs.DeleteMessageBatch": ("sqs:DeleteMessage", _QUEUE),
    "sqs.GetQueueUrl": ("", "arn:aws:sqs:{here}:{QueueName}"),
    "sqs.SendMessageBatch": ("sqs:SendMessage", _QUEUE),
    "ssm.GetParameter": ("", "arn:aws:ssm:{here}:parameter{Name}"),
    "stepfunctions.StartExecution": ("states:StartExecution", "{stateMachineArn}"),
    "sts.AssumeRole": ("", "{RoleArn}"),
    "timestream-write.DescribeEndpoints": ("timestream:DescribeEndpoints", "*"),
    "timestream-write.WriteRecords": (
        "timestream:WriteRecords", "arn:aws:timestream:{here}:database/{DatabaseName}/table/{TableName}",
    ),
}  # fmt: skip


def _query(given: Parameters, here: str) -> Iterator[Asked]:
    index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
    yield "dynamodb:Query", f"arn:aws:dynamodb:{here}:table/{given['TableName']}{index}", {}


def _batch_write(given: Parameters, here: str) -> Iterator[Asked]:
    for table in given["RequestItems"]:
        yield "dynamodb:BatchWriteItem", f"arn:aws:dynamodb:{here}:table/{table}", {}


def _transaction(given: Parameters, here: str) -> Iterator[Asked]:
    names = {
        "Update": "UpdateItem",
        "ConditionCheck": "ConditionCheckItem",
        "Put": "PutItem",
        "Delete": "DeleteItem",
    }
    for item in given["TransactItems"]:
        for kind, what in item.items():
            yield f"dynamodb:{names[kind]}", f"arn:aws:dynamodb:{here}:table/{what['TableName']}", {}


def _partiql(given: Parameters, here: str) -> Iterator[Asked]:
    verb = given["Statement"].split()[0].capitalize()
    yield f"dynamodb:PartiQL{verb}", f"arn:aws:dynamodb:{here}:table/vehicles", {}


def _put_object(given: Parameters, _here: str) -> Iterator[Asked]:
    arn = f"arn:aws:s3:::{given['Bucket']}/{given['Key']}"
    yield "s3:PutObject", arn, {}
    if "Tagging" in given:
        yield "s3:PutObjectTagging", arn, {}


def _copy_object(given: Parameters, _here: str) -> Iterator[Asked]:
    source = given["CopySource"]
    yield "s3:GetObject", f"arn:aws:s3:::{source['Bucket']}/{source['Key']}", {}
    yield "s3:PutObject", f"arn:aws:s3:::{given['Bucket']}/{given['Key']}", {}


def _delete_objects(given: Parameters, _here: str) -> Iterator[Asked]:
    for each in given["Delete"]["Objects"]:
        yield "s3:DeleteObject", f"arn:aws:s3:::{given['Bucket']}/{each['Key']}", {}


def _put_events(given: Parameters, here: str) -> Iterator[Asked]:
    for each in given["Entries"]:
        yield "events:PutEvents", f"arn:aws:events:{here}:event-bus/{each.get('EventBusName', 'default')}", {}


def _metrics(given: Parameters, _here: str) -> Iterator[Asked]:
    yield "cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": given["Namespace"]}


def _model(action: str) -> Callable[[Parameters, str], Iterator[Asked]]:
    def ask(given: Parameters, here: str) -> Iterator[Asked]:
        yield action, f"arn:aws:bedrock:{here.partition(':')[0]}::foundation-model/{given['modelId']}", {}

    return ask


def _labels(given: Parameters, _here: str) -> Iterator[Asked]:
    yield "rekognition:DetectLabels", "*", {}
    place = given["Image"]["S3Object"]
    yield "s3:GetObject", f"arn:aws:s3:::{place['Bucket']}/{place['Name']}", {}


def _transcription(given: Parameters, _here: str) -> Iterator[Asked]:
    yield "transcribe:StartTranscriptionJob", "*", {}
    yield "s3:GetObject", f"arn:aws:s3:::{given['Media']['MediaFileUri'].removeprefix('s3://')}", {}
    target = f"{given['OutputBucketName']}/{given['OutputKey']}{given['TranscriptionJobName']}.json"
    yield "s3:PutObject", f"arn:aws:s3:::{target}", {}


def _conversion(given: Parameters, _here: str) -> Iterator[Asked]:
    yield "mediaconvert:CreateJob", given["Queue"], {}
    yield "iam:PassRole", given["Role"], {"iam:PassedToService": "mediaconvert.amazonaws.com"}


def _task(given: Parameters, _here: str) -> Iterator[Asked]:
    yield "ecs:RunTask", given["taskDefinition"], {}
    for name in ("taskRoleArn", "executionRoleArn"):
        yield "iam:PassRole", given["overrides"][name], {"iam:PassedToService": "ecs-tasks.amazonaws.com"}


def _schedule(given: Parameters, here: str) -> Iterator[Asked]:
    yield (
        "scheduler:CreateSchedule",
        f"arn:aws:scheduler:{here}:schedule/{given['GroupName']}/{given['Name']}",
        {},
    )
    yield "iam:PassRole", given["Target"]["RoleArn"], {"iam:PassedToService": "scheduler.amazonaws.com"}


def _machines(action: str, parameter: str) -> Callable[[Parameters, str], Iterator[Asked]]:
    def ask(given: Parameters, here: str) -> Iterator[Asked]:
        for each in given[parameter]:
            yield action, f"arn:aws:ec2:{here}:instance/{each}", {}

    return ask


def _command(given: Parameters, here: str) -> Iterator[Asked]:
    yield "ssm:SendCommand", f"arn:aws:ssm:{here.partition(':')[0]}::document/{given['DocumentName']}", {}
    yield "ssm:SendCommand", f"arn:aws:ec2:{here}:instance/i-0aa11bb22cc33dd44", {}


def _sql(given: Parameters, here: str) -> Iterator[Asked]:
    yield "athena:StartQueryExecution", f"arn:aws:athena:{here}:workgroup/{given['WorkGroup']}", {}
    database = given["QueryExecutionContext"]["Database"]
    for kind in ("catalog", f"database/{database}", f"table/{database}/clicks"):
        yield "glue:GetTable", f"arn:aws:glue:{here}:{kind}", {}
    target = given["ResultConfiguration"]["OutputLocation"].removeprefix("s3://")
    yield "s3:GetBucketLocation", f"arn:aws:s3:::{target.partition('/')[0]}", {}
    yield "s3:PutObject", f"arn:aws:s3:::{target}answer.csv", {}


_SPECIAL: Final[Mapping[str, Callable[[Parameters, str], Iterator[Asked]]]] = {
    "athena.StartQueryExecution": _sql,
    "bedrock-runtime.ConverseStream": _model("bedrock:InvokeModelWithResponseStream"),
    "bedrock-runtime.InvokeModel": _model("bedrock:InvokeModel"),
    "cloudwatch.PutMetricData": _metrics,
    "dynamodb.BatchWriteItem": _batch_write,
    "dynamodb.ExecuteStatement": _partiql,
    "dynamodb.Query": _query,
    "dynamodb.TransactWriteItems": _transaction,
    "ec2.CreateTags": _machines("ec2:CreateTags", "Resources"),
    "ec2.StopInstances": _machines("ec2:StopInstances", "InstanceIds"),
    "ecs.RunTask": _task,
    "events.PutEvents": _put_events,
    "mediaconvert.CreateJob": _conversion,
    "rekognition.DetectLabels": _labels,
    "s3.CopyObject": _copy_object,
    "s3.DeleteObjects": _delete_objects,
    "s3.PutObject": _put_object,
    "scheduler.CreateSchedule": _schedule,
    "ssm.SendCommand": _command,
    "transcribe.StartTranscriptionJob": _transcription,
}
