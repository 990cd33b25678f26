"""From an event to actions and resources: the table of operations in the words of CloudTrail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from lamward.iam import catalogue
from lamward.iam.operations import table
from lamward.trail import mapping
from lamward.trail.events import as_of, operation, services
from lamward.trail.ledger import Certainty
from lamward.trail.picks import pick
from tests.trail.made import ACCOUNT, REGION


def call(event: str, parameters: Any, arns: tuple[str, ...] = (), message: str = "") -> mapping.Call:
    host, _, name = event.rpartition(".")
    what = operation(f"{host}.amazonaws.com", name)
    picked = pick(what)
    chosen = picked.parameters(picked.members(Raw(json.dumps(parameters).encode())))
    resources = json.dumps([{"ARN": arn} for arn in arns] or None).encode()
    return mapping.Call(what, REGION, ACCOUNT, chosen, resources, json.dumps(message).encode())


def told(event: str, parameters: Any = None, *arns: str) -> list[str]:
    return [line(each) for each in mapping.used(call(event, parameters, arns))]


def line(used: mapping.Used) -> str:
    shown = used.resource.replace("arn:aws:", "").replace(f":{REGION}:{ACCOUNT}:", "::")
    return f"{used.action} {shown}" + ("" if used.certainty is Certainty.EXACT else f" {used.certainty}")


ORDERS = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000-1111"


@pytest.mark.parametrize(
    ("event", "parameters", "arns", "expected"),
    [
        (
            "dynamodb.GetItem",
            {"tableName": "orders", "key": {"id": "1"}},
            (ORDERS,),
            ["dynamodb:GetItem dynamodb::table/orders"],
        ),
        (
            "dynamodb.Query",
            {"tableName": "orders", "indexName": "byDay"},
            (ORDERS,),
            ["dynamodb:Query dynamodb::table/orders/index/byDay"],
        ),
        (
            "dynamodb.BatchGetItem",
            {"requestItems": {"a": {}, "b": {}}},
            (),
            ["dynamodb:BatchGetItem dynamodb::table/a", "dynamodb:BatchGetItem dynamodb::table/b"],
        ),
        (
            "dynamodb.TransactWriteItems",
            {"transactItems": [{"put": {"tableName": "a"}}, {"delete": {"tableName": "b"}}]},
            (),
            ["dynamodb:PutItem dynamodb::table/a", "dynamodb:DeleteItem dynamodb::table/b"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"statement": 'SELECT * FROM "orders"'},
            (),
            ["dynamodb:PartiQLSelect dynamodb::table/orders"],
        ),
        (
            "dynamodb.GetShardIterator",
            {"streamArn": f"{ORDERS}/stream/1"},
            (),
            ["dynamodb:GetShardIterator dynamodb::table/orders/stream/1"],
        ),
        (
            "s3.GetObject",
            {"bucketName": "b", "Host": "b.s3.amazonaws.com", "key": "in/x"},
            ("arn:aws:s3:::b/in/x", "arn:aws:s3:::b"),
            ["s3:GetObject s3:::b/in/x"],
        ),
        (
            "s3.GetObject",
            {"bucketName": "b", "key": "x", "versionId": "v"},
            (),
            ["s3:GetObjectVersion s3:::b/x"],
        ),
        ("s3.HeadObject", {"bucketName": "b", "key": "x"}, (), ["s3:GetObject s3:::b/x"]),
        (
            "s3.PutObject",
            {"bucketName": "b", "key": "x", "x-amz-acl": "private"},
            (),
            ["s3:PutObject s3:::b/x", "s3:PutObjectAcl s3:::b/x"],
        ),
        (
            "s3.CopyObject",
            {"bucketName": "b", "key": "x", "x-amz-copy-source": "from/y"},
            (),
            ["s3:GetObject s3:::from/y", "s3:PutObject s3:::b/x"],
        ),
        (
            "s3.ListObjects",
            {"bucketName": "b", "list-type": "2", "prefix": "in/"},
            (),
            ["s3:ListBucket s3:::b"],
        ),
        ("s3.GetBucketPublicAccessBlock", {"bucketName": "b"}, (), ["s3:GetBucketPublicAccessBlock s3:::b"]),
        ("s3.GetBucketLifecycle", {"bucketName": "b"}, (), ["s3:GetLifecycleConfiguration s3:::b"]),
        (
            "s3.GetObject",
            {"bucketName": "b", "key": "a*b?"},
            ("arn:aws:s3:::b/a*b?",),
            ["s3:GetObject s3:::b/a${*}b${?}"],
        ),
        ("kms.Decrypt", {"encryptionContext": {"a": "b"}}, (KEY,), ["kms:Decrypt kms::key/0000-1111"]),
        ("kms.Decrypt", {"encryptionContext": {"a": "b"}}, (), ["kms:Decrypt kms::key/*"]),
        ("kms.Encrypt", {"keyId": "alias/app"}, (KEY,), ["kms:Encrypt kms::key/0000-1111"]),
        (
            "secretsmanager.GetSecretValue",
            {"secretId": "db"},
            (),
            ["secretsmanager:GetSecretValue secretsmanager::secret:db-??????"],
        ),
        (
            "ssm.GetParameter",
            {"name": "/shop/key", "withDecryption": True},
            (),
            ["ssm:GetParameter ssm::parameter/shop/key"],
        ),
        (
            "sqs.SendMessage",
            {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/444455556666/jobs"},
            (f"arn:aws:sqs:{REGION}:444455556666:jobs",),
            [f"sqs:SendMessage sqs:{REGION}:444455556666:jobs"],
        ),
        ("sns.Publish", {"topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t"}, (), ["sns:Publish sns::t"]),
        (
            "lambda.Invoke",
            {"functionName": "f", "qualifier": "live"},
            (),
            ["lambda:InvokeFunction lambda::function:f:live"],
        ),
        (
            "lambda.GetFunction20150331v2",
            {"functionName": "f"},
            (),
            ["lambda:GetFunction lambda::function:f"],
        ),
        (
            "lambda.UpdateFunctionConfiguration20150331v2",
            {"functionName": "f", "role": f"arn:aws:iam::{ACCOUNT}:role/r"},
            (),
            ["lambda:UpdateFunctionConfiguration lambda::function:f", f"iam:PassRole iam::{ACCOUNT}:role/r"],
        ),
        (
            "cloudfront.GetDistribution2020_05_31",
            {"id": "E1"},
            (),
            [f"cloudfront:GetDistribution cloudfront::{ACCOUNT}:distribution/E1"],
        ),
        (
            "states.StartExecution",
            {"stateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:m"},
            (),
            ["states:StartExecution states::stateMachine:m"],
        ),
        (
            "monitoring.PutMetricAlarm",
            {"alarmName": "a"},
            (),
            ["cloudwatch:PutMetricAlarm cloudwatch::alarm:a"],
        ),
        ("tagging.GetResources", {}, (), ["tag:GetResources *"]),
        (
            "apigateway.GetRestApi",
            {"restApiId": "abc"},
            (),
            [f"apigateway:GET apigateway:{REGION}::/restapis/abc"],
        ),
        (
            "sts.AssumeRole",
            {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "roleSessionName": "s"},
            (),
            [f"sts:AssumeRole iam::{ACCOUNT}:role/r"],
        ),
        ("sts.GetCallerIdentity", None, (), ["sts:GetCallerIdentity * free"]),
        ("ses.SendEmail", {}, (), ["ses:SendEmail ses::identity/*"]),
        ("signin.ConsoleLogin", None, (), ["signin:ConsoleLogin * unmapped"]),
        ("coffee.Make20150331", None, (), ["coffee:Make20150331 * unmapped"]),
        ("s3.REST.GET.OBJECT", None, (), ["s3.rest.get:OBJECT * unmapped"]),
    ],
)
def test_an_event_means(event: str, parameters: Any, arns: tuple[str, ...], expected: list[str]) -> None:
    assert told(event, parameters, *arns) == expected


def test_what_cloudtrail_hides_is_not_guessed() -> None:
    hidden = {"statement": "HIDDEN_DUE_TO_SECURITY_REASONS"}
    assert told("dynamodb.ExecuteStatement", hidden) == [
        f"dynamodb:PartiQL{verb} dynamodb::table/* perhaps"
        for verb in ("Select", "Insert", "Update", "Delete")
    ]


def test_an_arn_of_another_type_is_not_taken() -> None:
    assert told("kms.Decrypt", {}, ORDERS) == ["kms:Decrypt kms::key/*"]
    assert told("s3.ListObjects", {"bucketName": "b"}, "arn:aws:s3:::b/x", "arn:aws:s3:::b") == [
        "s3:ListBucket s3:::b"
    ]


def test_the_version_of_a_name_is_no_date() -> None:
    assert operation("s3.amazonaws.com", "ListObjectsV2").name == "ListObjectsV2"
    assert operation("lambda.amazonaws.com", "CreateFunction20150331").name == "CreateFunction"
    assert not operation("s3.amazonaws.com", "NoSuchThing20150331").known


def test_the_message_tells_what_was_denied() -> None:
    message = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/r/f is not authorized to perform: s3:PutObjectAcl on resource: "
        '"arn:aws:s3:::b/x" because no identity-based policy allows the s3:PutObjectAcl action'
    )
    given = {"bucketName": "b", "key": "x", "x-amz-acl": "private"}
    without_quotes = message.replace('"', "")
    assert [line(each) for each in mapping.denied(call("s3.PutObject", given, message=without_quotes))] == [
        "s3:PutObjectAcl s3:::b/x"
    ]
    assert [line(each) for each in mapping.denied(call("s3.PutObject", given, message=message))] == [
        "s3:PutObjectAcl s3:::b/x"
    ]
    assert [line(each) for each in mapping.denied(call("s3.PutObject", given, message="Access Denied"))] == [
        "s3:PutObject s3:::b/x perhaps",
        "s3:PutObjectAcl s3:::b/x perhaps",
    ]


plain = st.text("abcXYZ019/._-=@+, ", min_size=1, max_size=20)


@given(
    st.sampled_from(
        ["s3.GetObject", "s3.PutObject", "s3.ListObjects", "logs.CreateLogGroup", "dynamodb.DeleteTable"]
    ),
    st.dictionaries(
        st.sampled_from(["bucketName", "key", "versionId", "x-amz-acl", "logGroupName", "tableName"]),
        st.one_of(
            plain, st.sampled_from(["arn:aws:s3:::b/x", "a*", "", 'q"', "é", "http://x", 5, None, {"a": 1}])
        ),
    ),
)
def test_the_quick_way_and_the_long_way_agree(event: str, parameters: dict[str, Any]) -> None:
    asked = call(event, parameters)
    assert mapping.used(asked) == mapping._at_length(asked)


def test_every_source_leads_to_services_of_the_table() -> None:
    hosts = ("dynamodb", "s3", "monitoring", "states", "ses", "rdsdata", "streams.dynamodb", "api.ecr", "ecr")
    assert {host: services(host)[0] for host in hosts} == {
        "dynamodb": "dynamodb",
        "s3": "s3",
        "monitoring": "cloudwatch",
        "states": "stepfunctions",
        "ses": "sesv2",
        "rdsdata": "rds-data",
        "streams.dynamodb": "dynamodbstreams",
        "api.ecr": "ecr",
        "ecr": "ecr",
    }
    assert as_of().year >= 2026


def test_what_is_written_by_hand_names_operations_that_exist() -> None:
    from lamward.trail.events import _written

    written = _written()
    for service, renamed in written["names"].items():
        assert [name for name in renamed.values() if table.entries(service, name) is None] == []
    known = set(table.services())
    assert [each for several in written["sources"].values() for each in several if each not in known] == []


def test_an_action_without_an_operation_is_found_by_its_name() -> None:
    found = [
        service
        for service in catalogue.services()
        for action in (catalogue.service(service) or pytest.fail(service)).actions[:1]
        if not operation(f"{service}.amazonaws.com", action.name.partition(":")[2]).known
    ]
    assert found  # such as those of the consoles
    service = found[0]
    listed = catalogue.service(service)
    assert listed
    first = listed.actions[0].name
    assert told(f"{service}.{first.partition(':')[2]}") == [f"{first} *"]
