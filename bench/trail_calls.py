"""Made-up calls, each with the fields that its service writes: what functions, machines, watchers and people do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
AGENTS = {
    "python": "Boto3/1.42.97 md/Botocore#1.42.97 ua/2.1 os/linux#5.10.255-262-303.1063.amzn2.x86_64 md/arch#x86_64 "
    "lang/python#3.13.2 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13 m/Z,b,D cfg/retry-mode#legacy "
    "Botocore/1.42.97",
    "node": "aws-sdk-js/3.903.0 ua/2.1 os/linux#5.10.255 lang/js md/nodejs#22.14.0 api/sdk#3.903.0 "
    "exec-env/AWS_Lambda_nodejs22.x m/E,b",
    "java": "aws-sdk-java/2.41.2 md/io#sync md/http#UrlConnection ua/2.1 os/Linux#5.10.255 lang/java#21.0.8 "
    "md/OpenJDK_64-Bit_Server_VM#21.0.8+9-LTS md/vendor#Amazon.com_Inc. md/en exec-env/AWS_Lambda_java21 m/D,N",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is made: the account, the region, and the number of the function, by which its resources differ."""

    account: str
    region: str
    number: int
    name: str

    def arn(self, service: str, rest: str) -> str:
        """Name a resource here."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"


@dataclass(frozen=True, slots=True)
class Call:
    """What differs between the records of different calls."""

    source: str
    name: str
    parameters: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    resources: list[dict[str, str]] = field(default_factory=list)
    data: bool = False
    writes: bool = False
    via: str = ""
    more: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[random.Random, Place], Call]


def uuid(chance: random.Random) -> str:
    """Make an id up, as services write them."""
    text = f"{chance.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def token(chance: random.Random, length: int) -> str:
    """Make up a text that does not pack, such as a session token."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"
    return "".join(chance.choices(letters, k=length))


def _resource(place: Place, kind: str, arn: str) -> dict[str, str]:
    return {"accountId": place.account, "type": f"AWS::{kind}", "ARN": arn}


def item(chance: random.Random, place: Place) -> Call:
    """Read or write an item of a table."""
    table = f"shop-{('orders', 'stock', 'users', 'carts')[place.number % 4]}-{place.number % 6}"
    name = chance.choice(("GetItem", "GetItem", "PutItem", "UpdateItem", "Query", "DeleteItem"))
    key = {"pk": f"ORDER#{uuid(chance)}", "sk": f"LINE#{chance.randrange(40):03d}"}
    given: dict[str, Any] = {"tableName": table, "key": key}
    if name == "Query":
        given = {"tableName": table, "indexName": "byCustomer", "keyConditionExpression": "#pk = :pk"}
        given |= {"expressionAttributeNames": {"#pk": "pk"}, "limit": 25, "scanIndexForward": False}
    elif name == "PutItem":
        given = {"tableName": table, "item": key, "returnConsumedCapacity": "NONE"}
    more = {"apiVersion": "2012-08-10"}
    found = [_resource(place, "DynamoDB::Table", place.arn("dynamodb", f"table/{table}"))]
    return Call(
        "dynamodb", name, given, None, found, data=True, writes=name not in ("GetItem", "Query"), more=more
    )


def items(chance: random.Random, place: Place) -> Call:
    """Read or write items of two tables at once."""
    tables = [f"shop-orders-{place.number % 6}", f"shop-stock-{place.number % 6}"]
    keys = [{"pk": f"ORDER#{uuid(chance)}"} for _ in range(chance.randrange(2, 12))]
    found = [_resource(place, "DynamoDB::Table", place.arn("dynamodb", f"table/{each}")) for each in tables]
    more = {"apiVersion": "2012-08-10"}
    if chance.random() < 0.5:
        given: dict[str, Any] = {"requestItems": {each: {"keys": keys} for each in tables}}
        return Call("dynamodb", "BatchGetItem", given, None, found, data=True, more=more)
    given = {
        "transactItems": [{"put": {"tableName": each, "item": key}} for each in tables for key in keys[:3]]
    }
    return Call("dynamodb", "TransactWriteItems", given, None, found, data=True, writes=True, more=more)


def blob(chance: random.Random, place: Place) -> Call:
    """Read or write an object: each has another key."""
    bucket = f"shop-{('receipts', 'uploads', 'exports')[place.number % 3]}-{place.account}"
    name = chance.choice(("GetObject", "GetObject", "PutObject", "HeadObject", "ListObjects"))
    given = {"bucketName": bucket, "Host": f"{bucket}.s3.{place.region}.amazonaws.com"}
    found = [_resource(place, "S3::Bucket", f"arn:aws:s3:::{bucket}")]
    if name == "ListObjects":
        given |= {
            "list-type": "2",
            "prefix": f"in/2026-10-{chance.randrange(1, 31):02d}/",
            "max-keys": "1000",
        }
    else:
        key = f"in/2026-10-{chance.randrange(1, 31):02d}/{uuid(chance)}.json"
        given |= {"key": key, "x-id": name}
        found.insert(0, {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"})
    response = None
    if name == "PutObject":
        encryption = "x-amz-server-side-encryption"
        response = {encryption: "aws:kms", f"{encryption}-bucket-key-enabled": "true"}
        response[f"{encryption}-aws-kms-key-id"] = place.arn(
            "kms", "key/0a1b2c3d-4e5f-6789-abcd-ef0123456789"
        )
    more = {
        "SignatureVersion": "SigV4",
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        "bytesTransferredIn": chance.randrange(10_000),
        "SSEApplied": "SSE_KMS",
        "AuthenticationMethod": "AuthHeader",
        "x-amz-id-2": token(chance, 76),
        "bytesTransferredOut": chance.randrange(1_000_000),
    }
    writes = name == "PutObject"
    return Call(
        "s3", name, given, response, found, data=True, writes=writes, more={"additionalEventData": more}
    )


def decrypt(chance: random.Random, place: Place) -> Call:
    """Use a key, in the name of the function or by a service for it."""
    key = place.arn("kms", f"key/0a1b2c3d-4e5f-6789-abcd-ef012345678{place.number % 5}")
    via = chance.choice(("", "dynamodb.amazonaws.com", "secretsmanager.amazonaws.com", "ssm.amazonaws.com"))
    context = {"aws:lambda:FunctionArn": place.arn("lambda", f"function:{place.name}")}
    if via.startswith("dynamodb"):
        context = {
            "aws:dynamodb:tableName": f"shop-orders-{place.number % 6}",
            "aws:dynamodb:subscriberId": place.account,
        }
    elif via:
        context = {"SecretARN": place.arn("secretsmanager", f"secret:shop/db-{place.number % 7}-AbCdEf")}
    given = {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": key}
    return Call("kms", "Decrypt", given, None, [_resource(place, "KMS::Key", key)], via=via)


def parameter(chance: random.Random, place: Place) -> Call:
    """Read parameters."""
    path = f"/shop/{place.number % 12}"
    match chance.randrange(3):
        case 0:
            return Call("ssm", "GetParameter", {"name": f"{path}/key", "withDecryption": True})
        case 1:
            given = {"names": [f"{path}/{each}" for each in ("key", "url")], "withDecryption": True}
            return Call("ssm", "GetParameters", given)
    given = {"path": path, "recursive": True, "withDecryption": True, "maxResults": 10}
    return Call("ssm", "GetParametersByPath", given)


def secret(_: random.Random, place: Place) -> Call:
    """Read a secret."""
    return Call("secretsmanager", "GetSecretValue", {"secretId": f"shop/db-{place.number % 7}"})


def queue(chance: random.Random, place: Place) -> Call:
    """Send, receive or delete messages."""
    name = f"shop-jobs-{place.number % 9}"
    verb = chance.choice(("SendMessage", "ReceiveMessage", "DeleteMessageBatch"))
    given: dict[str, Any] = {"queueUrl": f"https://sqs.{place.region}.amazonaws.com/{place.account}/{name}"}
    response: dict[str, Any] | None = None
    if verb == "SendMessage":
        given |= {"messageBody": HIDDEN, "messageAttributes": HIDDEN, "delaySeconds": 0}
        response = {"messageId": uuid(chance), "mD5OfMessageBody": f"{chance.getrandbits(128):032x}"}
    elif verb == "ReceiveMessage":
        given |= {"maxNumberOfMessages": 10, "waitTimeSeconds": 20, "attributeNames": ["All"]}
    else:
        several = [
            {"id": str(each), "receiptHandle": token(chance, 180)} for each in range(chance.randrange(1, 6))
        ]
        given["entries"] = several
        response = {"successful": [{"id": each["id"]} for each in several], "failed": []}
    found = [_resource(place, "SQS::Queue", place.arn("sqs", name))]
    return Call("sqs", verb, given, response, found, data=True, writes=True)


def publish(chance: random.Random, place: Place) -> Call:
    """Publish to a topic."""
    topic = place.arn("sns", f"shop-events-{place.number % 5}")
    given = {"topicArn": topic, "message": HIDDEN, "messageAttributes": HIDDEN, "messageStructure": "json"}
    found = [_resource(place, "SNS::Topic", topic)]
    return Call("sns", "Publish", given, {"messageId": uuid(chance)}, found, data=True, writes=True)


def invoke(chance: random.Random, place: Place) -> Call:
    """Invoke a function."""
    function = place.arn("lambda", f"function:shop-mail-{place.number % 15}")
    given = {"functionName": function, "invocationType": chance.choice(("Event", "RequestResponse"))}
    more = {"additionalEventData": {"customerId": place.account, "functionVersion": f"{function}:$LATEST"}}
    found = [_resource(place, "Lambda::Function", function)]
    return Call("lambda", "Invoke", given, None, found, data=True, writes=True, more=more)


def start(chance: random.Random, place: Place) -> Call:
    """Start a workflow."""
    machine, run = f"shop-flow-{place.number % 4}", uuid(chance)
    given = {"stateMachineArn": place.arn("states", f"stateMachine:{machine}"), "name": run, "input": HIDDEN}
    response = {
        "executionArn": place.arn("states", f"execution:{machine}:{run}"),
        "startDate": "Oct 1, 2026, 9:00:00 AM",
    }
    return Call("states", "StartExecution", given, response, writes=True)


def statement(chance: random.Random, place: Place) -> Call:
    """Ask a database."""
    given = {
        "resourceArn": place.arn("rds", f"cluster:shop-{place.number % 3}"),
        "secretArn": place.arn("secretsmanager", f"secret:shop/db-{place.number % 7}-AbCdEf"),
        "sql": "**********",
        "database": "shop",
        "parameters": [{"name": f"p{each}", "value": "**********"} for each in range(chance.randrange(1, 8))],
        "continueAfterTimeout": False,
        "includeResultMetadata": True,
    }
    response = {"numberOfRecordsUpdated": 0, "records": "**********"}
    return Call("rdsdata", "ExecuteStatement", given, response, data=True)


def mail(chance: random.Random, place: Place) -> Call:
    """Send a mail."""
    given = {
        "fromEmailAddress": f"Shop <orders-{place.number % 3}@example.com>",
        "destination": {"toAddresses": [HIDDEN]},
        "content": {"template": {"templateName": "receipt", "templateData": HIDDEN}},
        "configurationSetName": "default",
    }
    return Call(
        "ses", "SendEmail", given, {"messageId": f"0102{chance.getrandbits(64):016x}"}, data=True, writes=True
    )


def stream(chance: random.Random, place: Place) -> Call:
    """Begin a log stream: each environment has its own."""
    given = {"logGroupName": f"/aws/lambda/{place.name}"}
    given["logStreamName"] = f"2026/10/01/[$LATEST]{chance.getrandbits(128):032x}"
    more = {"apiVersion": "20140328"}
    return Call("logs", "CreateLogStream", given, writes=True, more=more)


def assume(chance: random.Random, place: Place) -> Call:
    """Take on a role of another account."""
    role = f"arn:aws:iam::999988887777:role/partner-{place.number % 4}"
    return assumed(chance, role, place.name, place.account)


def assumed(chance: random.Random, role: str, session: str, account: str) -> Call:
    """Take on a role."""
    given = {"roleArn": role, "roleSessionName": session, "durationSeconds": 3600}
    identifier = f"AROA{chance.getrandbits(64):016X}"
    name = role.rpartition("/")[2]
    response = {
        "credentials": {
            "accessKeyId": f"ASIA{chance.getrandbits(64):016X}",
            "sessionToken": token(chance, 420),
            "expiration": "Oct 1, 2026, 9:00:00 AM",
        },
        "assumedRoleUser": {
            "assumedRoleId": f"{identifier}:{session}",
            "arn": f"arn:aws:sts::{role.split(':')[4]}:assumed-role/{name}/{session}",
        },
    }
    found = [{"accountId": account, "type": "AWS::IAM::Role", "ARN": role}]
    more = {"sharedEventID": uuid(chance)}
    return Call("sts", "AssumeRole", given, response, found, more=more)


def invoked(_: random.Random, place: Place) -> Call:
    """Be invoked, by a service."""
    function = place.arn("lambda", f"function:{place.name}")
    given = {
        "functionName": function,
        "sourceArn": place.arn("execute-api", f"a1b2c3d4e5/*/GET/{place.name}"),
    }
    more = {"additionalEventData": {"customerId": place.account, "functionVersion": f"{function}:$LATEST"}}
    found = [_resource(place, "Lambda::Function", function)]
    return Call("lambda", "Invoke", given, None, found, data=True, writes=True, more=more)


def machine(chance: random.Random, name: str) -> Call:
    """Report, or ask for what an instance needs."""
    match chance.randrange(4):
        case 0 | 1:
            given: dict[str, Any] = {
                "instanceId": name,
                "agentVersion": "3.3.1957.0",
                "agentStatus": "Active",
            }
            given |= {"platformType": "Linux", "platformName": "Amazon Linux", "platformVersion": "2023"}
            given |= {"computerName": f"ip-10-0-3-{chance.randrange(255)}.eu-west-1.compute.internal"}
            return Call("ssm", "UpdateInstanceInformation", given, writes=True)
        case 2:
            layers = [f"sha256:{chance.getrandbits(256):064x}" for _ in range(chance.randrange(1, 6))]
            given = {"registryId": "111122223333", "repositoryName": "shop/web", "layerDigests": layers}
            return Call("ecr", "BatchCheckLayerAvailability", given)
    filters = [{"name": "tag:cluster", "valueSet": {"items": [{"value": uuid(chance)}]}}]
    return Call("ec2", "DescribeInstances", {"instancesSet": {}, "filterSet": {"items": filters}})


def _configuration(chance: random.Random, place: Place) -> Call:
    given = {"functionName": place.name, "role": f"arn:aws:iam::{place.account}:role/{place.name}-role"}
    response = {
        **given,
        "functionArn": place.arn("lambda", f"function:{place.name}"),
        "runtime": "python3.13",
        "codeSize": chance.randrange(10_000_000),
        "codeSha256": token(chance, 43) + "=",
        "environment": {},
        "layers": [
            {"arn": place.arn("lambda", f"layer:tools:{each}"), "codeSize": 5_000_000} for each in range(4)
        ],
        "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": f"/aws/lambda/{place.name}",
            "applicationLogLevel": "INFO",
        },
        "vpcConfig": {
            "subnetIds": [f"subnet-{chance.getrandbits(68):017x}" for _ in range(3)],
            "vpcId": "vpc-1",
        },
        "revisionId": uuid(chance),
    }
    return Call("lambda", "UpdateFunctionConfiguration20150331v2", given, response, writes=True)


def _policy(chance: random.Random, place: Place) -> Call:
    statements = [
        {
            "Sid": f"S{each}",
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:Query"],
            "Resource": "*",
        }
        for each in range(chance.randrange(1, 20))
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
    given = {"roleName": f"{place.name}-role", "policyName": "own", "policyDocument": document}
    return Call("iam", "PutRolePolicy", given, writes=True)


def _instances(chance: random.Random, place: Place) -> Call:
    given = {"instanceType": "m7g.large", "instancesSet": {"items": [{"imageId": "ami-1", "minCount": 1}]}}
    made = [
        {
            "instanceId": f"i-{chance.getrandbits(68):017x}",
            "imageId": "ami-0a1b2c3d4e5f6a7b8",
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": f"ip-10-0-1-{chance.randrange(255)}.{place.region}.compute.internal",
            "networkInterfaceSet": {
                "items": [{"networkInterfaceId": f"eni-{chance.getrandbits(68):017x}", "vpcId": "v"}]
            },
            "tagSet": {"items": [{"key": f"tag-{each}", "value": uuid(chance)} for each in range(8)]},
            "metadataOptions": {"state": "pending", "httpTokens": "required"},
        }
        for _ in range(chance.randrange(1, 4))
    ]
    return Call("ec2", "RunInstances", given, {"instancesSet": {"items": made}}, writes=True)


def _stack(chance: random.Random, place: Place) -> Call:
    parameters = [
        {"parameterKey": f"AssetParameters{token(chance, 40)}", "usePreviousValue": True} for _ in range(30)
    ]
    given = {"stackName": f"shop-{place.number}", "changeSetName": "cdk-deploy", "parameters": parameters}
    given |= {"capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"], "clientToken": uuid(chance)}
    made = place.arn("cloudformation", f"stack/shop-{place.number}/{uuid(chance)}")
    return Call("cloudformation", "CreateChangeSet", given, {"id": f"{made}/x", "stackId": made}, writes=True)


DEPLOYING: Sequence[Maker] = (_configuration, _policy, _instances, _stack)
"""What deployments do, of which the records are long."""

PROFILES: Sequence[Sequence[tuple[Maker, int]]] = (
    ((item, 60), (items, 6), (parameter, 6), (secret, 3), (decrypt, 15), (stream, 3), (start, 4)),
    ((blob, 45), (item, 20), (queue, 20), (decrypt, 10), (stream, 2), (publish, 3)),
    ((queue, 30), (mail, 25), (publish, 15), (blob, 10), (secret, 5), (decrypt, 10), (stream, 3)),
    ((statement, 45), (secret, 15), (decrypt, 15), (invoke, 15), (assume, 5), (stream, 3)),
    ((item, 30), (blob, 20), (invoke, 15), (start, 10), (publish, 10), (parameter, 10), (decrypt, 5)),
)
"""What the functions of a kind do, and how often."""
