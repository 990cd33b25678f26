"""Made-up trails with the mix that real ones have: functions, services, machines, people, and a few denials."""

from __future__ import annotations

import datetime
import gzip
import json
import random
from pathlib import Path
from typing import Any

ACCOUNT = "111122223333"
REGION = "eu-west-1"
START = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
FUNCTIONS = tuple(
    f"shop-{name}-{number}" for name in ("orders", "mail", "stock", "web") for number in range(15)
)
AGENT = (
    "Boto3/1.42.97 md/Botocore#1.42.97 ua/2.1 os/linux#5.10.255-262-303.1063.amzn2.x86_64 md/arch#x86_64 "
    "lang/python#3.13.2 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13 m/Z,b,D cfg/retry-mode#legacy Botocore/1.42.97"
)

Maker = tuple[str, str, dict[str, Any], list[dict[str, str]], str]


def write(folder: Path, files: int, records: int, seed: int = 7) -> int:
    """Write gzip files in CloudTrail's own layout; return how many bytes they unpack to."""
    chance = random.Random(seed)  # noqa: S311 the same trail every time
    total = 0
    for number in range(files):
        moment = START + datetime.timedelta(minutes=5 * number)
        place = folder / f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{moment:%Y/%m/%d}"
        place.mkdir(parents=True, exist_ok=True)
        made = [
            _record(chance, moment + datetime.timedelta(seconds=each * 300 / records))
            for each in range(records)
        ]
        text = json.dumps({"Records": made}, separators=(",", ":")).encode()
        total += len(text)
        name = f"{ACCOUNT}_CloudTrail_{REGION}_{moment:%Y%m%dT%H%M}Z_{number:016d}.json.gz"
        (place / name).write_bytes(gzip.compress(text, 6))
    return total


def _record(chance: random.Random, moment: datetime.datetime) -> dict[str, Any]:
    kind = chance.random()
    if kind < 0.55:
        return _of_function(chance, moment)
    if kind < 0.75:
        return _of_service(chance, moment)
    return _of_machine(chance, moment)


def _event(chance: random.Random, moment: datetime.datetime, source: str, name: str) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": {},
        "eventTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": f"10.{chance.randrange(255)}.{chance.randrange(255)}.{chance.randrange(255)}",
        "userAgent": AGENT,
        "requestParameters": None,
        "responseElements": None,
        "requestID": _uuid(chance),
        "eventID": _uuid(chance),
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{source}.{REGION}.amazonaws.com",
        },
    }


def _of_function(chance: random.Random, moment: datetime.datetime) -> dict[str, Any]:
    number = chance.randrange(len(FUNCTIONS))
    source, name, parameters, resources, category = _call(chance, number)
    event = _event(chance, moment, source, name)
    event["userIdentity"] = _session(f"{FUNCTIONS[number]}-role", FUNCTIONS[number], moment)
    event["userIdentity"]["inScopeOf"] = {
        "issuerType": "AWS::Lambda::Function",
        "credentialsIssuedTo": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTIONS[number]}",
    }
    event |= {"requestParameters": parameters, "resources": resources, "eventCategory": category}
    event |= {"vpcEndpointId": "vpce-0a1b2c3d4e5f6a7b8", "vpcEndpointAccountId": ACCOUNT}
    if source == "s3":
        event["additionalEventData"] = {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": chance.randrange(10_000),
            "bytesTransferredOut": 0,
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": _uuid(chance) * 2,
        }
    event["managementEvent"] = category == "Management"
    if chance.random() < 0.01:
        arn = event["userIdentity"]["arn"]
        event |= {
            "errorCode": "AccessDenied",
            "errorMessage": f"User: {arn} is not authorized to perform: {source}:{name} because no identity-based "
            "policy allows it",
        }
    return event


def _call(chance: random.Random, number: int) -> Maker:
    table, bucket = f"table-{number % 20}", f"bucket-{number % 10}"
    table_arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    kind = chance.random()
    if kind < 0.35:
        verb = chance.choice(("GetItem", "PutItem", "Query", "UpdateItem"))
        given = {"tableName": table, "key": {"id": _uuid(chance)}, "consistentRead": False}
        return "dynamodb", verb, given, [_resource("DynamoDB::Table", table_arn)], "Data"
    if kind < 0.5:
        key = f"in/{_folder(chance)}/{_uuid(chance)}.json"
        given = {"bucketName": bucket, "Host": f"{bucket}.s3.{REGION}.amazonaws.com", "key": key}
        resources = [
            _resource("S3::Object", f"arn:aws:s3:::{bucket}/{key}"),
            _resource("S3::Bucket", f"arn:aws:s3:::{bucket}"),
        ]
        return "s3", chance.choice(("GetObject", "PutObject")), given, resources, "Data"
    if kind < 0.7:
        key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000-{number % 5}"
        given = {
            "encryptionContext": {"aws:lambda:FunctionArn": FUNCTIONS[number]},
            "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
        }
        return "kms", "Decrypt", given, [_resource("KMS::Key", key)], "Management"
    if kind < 0.85:
        return (
            "ssm",
            "GetParameter",
            {"name": f"/shop/{number}/key", "withDecryption": True},
            [],
            "Management",
        )
    if kind < 0.95:
        return "secretsmanager", "GetSecretValue", {"secretId": f"db-{number % 7}"}, [], "Management"
    group = f"/aws/lambda/{FUNCTIONS[number]}"
    stream = f"2026/10/01/[$LATEST]{_uuid(chance)}"
    return "logs", "CreateLogStream", {"logGroupName": group, "logStreamName": stream}, [], "Management"


def _folder(chance: random.Random) -> str:
    """Make up a folder by date."""
    return f"2026-10-{chance.randrange(1, 31):02d}"


def _of_service(chance: random.Random, moment: datetime.datetime) -> dict[str, Any]:
    name = chance.choice(FUNCTIONS)
    event = _event(chance, moment, "sts", "AssumeRole")
    event["userIdentity"] = {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}
    role = f"arn:aws:iam::{ACCOUNT}:role/service-role/{name}-role"
    event["requestParameters"] = {"roleArn": role, "roleSessionName": name}
    event["responseElements"] = {
        "assumedRoleUser": {
            "assumedRoleId": f"AROA:{name}",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}-role/{name}",
        },
        "credentials": {
            "accessKeyId": "ASIA",
            "sessionToken": _uuid(chance) * 12,
            "expiration": "Oct 1, 2026, 9:00:00 AM",
        },
    }
    event["resources"] = [_resource("IAM::Role", role)]
    return event


def _of_machine(chance: random.Random, moment: datetime.datetime) -> dict[str, Any]:
    name = chance.choice(("DescribeInstances", "DescribeVolumes", "DescribeTags", "DescribeSecurityGroups"))
    event = _event(chance, moment, "ec2", name)
    event["userIdentity"] = _session("node", f"i-{chance.randrange(200):017x}", moment)
    event["userAgent"] = "aws-sdk-go/1.55.5 (go1.23; linux; amd64) kubernetes/v1.31"
    event["requestParameters"] = {
        "filterSet": {"items": [{"name": "tag:x", "valueSet": {"items": [{"value": _uuid(chance)}]}}]}
    }
    return event


def _session(role: str, name: str, moment: datetime.datetime) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": f"ASIA{moment:%Y%m%d%H}EXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/service-role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": f"{moment:%Y-%m-%dT%H:00:00Z}", "mfaAuthenticated": "false"},
        },
    }


def _resource(kind: str, arn: str) -> dict[str, str]:
    return {"accountId": ACCOUNT, "type": f"AWS::{kind}", "ARN": arn}


def _uuid(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"
