"""What calls need: by name, by hand where parameters matter, and never an action that does not exist."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.iam import catalogue
from lamward.iam.examples import foreign_keys
from lamward.iam.operations import table
from lamward.iam.operations.needs import Need, needs, untold
from lamward.iam.operations.resources import MAX_RESOURCES, Deployment
from lamward.iam.pattern import meets
from lamward.model.access import Truth
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic, Text, Unknown

HERE = Deployment("aws", "eu-west-1", "111122223333")
TABLE = Symbolic((Reference(ReferenceKind.RESOURCE, "Table"),))
TABLE_ARN = Symbolic((Reference(ReferenceKind.RESOURCE, "Table", "Arn"),))
MAYBE = Unknown("it comes from the event")


class Given:
    """Parameters written as plain data; a text that is `TABLE` refers to a resource."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def texts(self, path: str) -> tuple[Text, ...]:
        return tuple(
            each if isinstance(each, Known | Symbolic | Unknown) else Known(each)
            for each in self.found(path)
            if not isinstance(each, dict | list)
        )

    def present(self, path: str) -> Truth:
        return Truth.YES if self.found(path) else Truth.NO

    def arn(self, text: Text) -> Text | None:
        return TABLE_ARN if text == TABLE else None

    def found(self, path: str) -> list[Any]:
        at: list[Any] = [self.data]
        for step in path.split("."):
            name = step.removesuffix("[]")
            if name == "*":
                at = [key for each in at for key in each]
            else:
                at = [each[name] for each in at if isinstance(each, dict) and name in each]
            if step.endswith("[]"):
                at = [item for each in at for item in each]
        return at


def told(call: str, /, **data: Any) -> list[str]:
    service, _, operation = call.partition(".")
    found = needs(service, operation, Given(data), HERE)
    assert found is not None, call
    return [line(need) for need in found if not need.advice]


def line(need: Need) -> str:
    shown = need.resource.value if isinstance(need.resource, Known) else str(need.resource)
    unsure = "" if need.sure is Truth.YES else " perhaps"
    condition = "".join(
        f" if {key}={value.value}" for key, value in need.conditions if isinstance(value, Known)
    )
    return f"{need.action} {shown}{condition}{unsure}".replace("arn:aws:", "").replace(
        ":eu-west-1:111122223333:", "::"
    )


@pytest.mark.parametrize(
    ("call", "data", "expected"),
    [
        ("dynamodb.PutItem", {"TableName": "orders"}, ["dynamodb:PutItem dynamodb::table/orders"]),
        ("dynamodb.PutItem", {"TableName": MAYBE}, ["dynamodb:PutItem dynamodb::table/*"]),
        ("dynamodb.PutItem", {"TableName": TABLE}, ["dynamodb:PutItem ${Table.Arn}"]),
        (
            "dynamodb.Query",
            {"TableName": TABLE, "IndexName": "byCustomer"},
            ["dynamodb:Query ${Table.Arn}/index/byCustomer"],
        ),
        ("dynamodb.Query", {"TableName": "orders"}, ["dynamodb:Query dynamodb::table/orders"]),
        (
            "dynamodb.BatchGetItem",
            {"RequestItems": {"one": {}, "two": {}}},
            ["dynamodb:BatchGetItem dynamodb::table/one", "dynamodb:BatchGetItem dynamodb::table/two"],
        ),
        (
            "dynamodb.TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "a"}}, {"Delete": {"TableName": "b"}}]},
            ["dynamodb:PutItem dynamodb::table/a", "dynamodb:DeleteItem dynamodb::table/b"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": 'SELECT * FROM "orders"."byDay" WHERE id = ?'},
            ["dynamodb:PartiQLSelect dynamodb::table/orders/index/byDay"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": "INSERT INTO orders VALUE {'id': ?}"},
            ["dynamodb:PartiQLInsert dynamodb::table/orders"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": "UPDATE shop_orders.byDay SET a = ?"},
            ["dynamodb:PartiQLUpdate dynamodb::table/shop_orders/index/byDay"],
        ),
        (
            "dynamodb.ExecuteStatement",
            {"Statement": 'delete from "shop.orders" where id = ?'},
            ["dynamodb:PartiQLDelete dynamodb::table/shop.orders"],
        ),
        (
            "appconfigdata.StartConfigurationSession",
            {
                "ApplicationIdentifier": "shop",
                "EnvironmentIdentifier": "live",
                "ConfigurationProfileIdentifier": "flags",
            },
            ["appconfig:StartConfigurationSession appconfig::application/*/environment/*/configuration/*"],
        ),
        ("s3.GetObject", {"Bucket": "b", "Key": "k"}, ["s3:GetObject s3:::b/k"]),
        ("s3.GetObject", {"Bucket": "b", "Key": "k", "VersionId": "1"}, ["s3:GetObjectVersion s3:::b/k"]),
        ("s3.GetObject", {"Bucket": "b", "Key": "a*b?"}, ["s3:GetObject s3:::b/a${*}b${?}"]),
        ("s3.GetObject", {"Bucket": "b", "Key": "$a${x}"}, ["s3:GetObject s3:::b/$a${$}{x}"]),
        ("s3.HeadObject", {"Bucket": "b", "Key": "k"}, ["s3:GetObject s3:::b/k"]),
        (
            "s3.PutObject",
            {"Bucket": "b", "Key": "k", "ACL": "private", "Tagging": "a=b"},
            ["s3:PutObject s3:::b/k", "s3:PutObjectAcl s3:::b/k", "s3:PutObjectTagging s3:::b/k"],
        ),
        (
            "s3.CopyObject",
            {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "from", "Key": "x"}},
            ["s3:GetObject s3:::from/x", "s3:PutObject s3:::b/k"],
        ),
        (
            "s3.CopyObject",
            {"Bucket": "b", "Key": "k", "CopySource": "from/x"},
            ["s3:GetObject s3:::from/x", "s3:PutObject s3:::b/k"],
        ),
        (
            "s3.DeleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}, {"Key": "y", "VersionId": "1"}]}},
            [
                "s3:DeleteObject s3:::b/x",
                "s3:DeleteObject s3:::b/y",
                "s3:DeleteObjectVersion s3:::b/x",
                "s3:DeleteObjectVersion s3:::b/y",
            ],
        ),
        ("s3.ListObjectsV2", {"Bucket": "b"}, ["s3:ListBucket s3:::b"]),
        ("s3.ListBuckets", {}, ["s3:ListAllMyBuckets *"]),
        ("lambda.Invoke", {"FunctionName": "f"}, ["lambda:InvokeFunction lambda::function:f"]),
        (
            "lambda.Invoke",
            {"FunctionName": "f", "Qualifier": "live"},
            ["lambda:InvokeFunction lambda::function:f:live"],
        ),
        (
            "lambda.Invoke",
            {"FunctionName": "arn:aws:lambda:us-east-1:444455556666:function:g"},
            ["lambda:InvokeFunction lambda:us-east-1:444455556666:function:g"],
        ),
        (
            "sqs.SendMessageBatch",
            {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"},
            ["sqs:SendMessage sqs::jobs"],
        ),
        ("sqs.SendMessage", {"QueueUrl": MAYBE}, ["sqs:SendMessage sqs::*"]),
        ("sns.Publish", {"PhoneNumber": "+123"}, ["sns:Publish *"]),
        ("sns.PublishBatch", {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t"}, ["sns:Publish sns::t"]),
        (
            "secretsmanager.GetSecretValue",
            {"SecretId": "db"},
            ["secretsmanager:GetSecretValue secretsmanager::secret:db-??????"],
        ),
        (
            "secretsmanager.GetSecretValue",
            {"SecretId": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1B2c3"},
            ["secretsmanager:GetSecretValue secretsmanager::secret:db-a1B2c3"],
        ),
        ("ssm.GetParameter", {"Name": "/shop/key"}, ["ssm:GetParameter ssm::parameter/shop/key"]),
        ("ssm.GetParameter", {"Name": "key:3"}, ["ssm:GetParameter ssm::parameter/key"]),
        (
            "ssm.GetParametersByPath",
            {"Path": "/shop/"},
            ["ssm:GetParametersByPath ssm::parameter/shop", "ssm:GetParametersByPath ssm::parameter/shop/*"],
        ),
        ("kms.Decrypt", {}, ["kms:Decrypt kms::key/*"]),
        ("kms.Encrypt", {"KeyId": "alias/app"}, ["kms:Encrypt kms::key/* if kms:ResourceAliases=alias/app"]),
        ("events.PutEvents", {"Entries": [{"Source": "x"}]}, ["events:PutEvents events::event-bus/default"]),
        (
            "events.PutEvents",
            {"Entries": [{"EventBusName": "orders"}]},
            ["events:PutEvents events::event-bus/orders"],
        ),
        (
            "stepfunctions.StartExecution",
            {"stateMachineArn": MAYBE},
            ["states:StartExecution states::stateMachine:*"],
        ),
        (
            "bedrock-runtime.Converse",
            {"modelId": "m.v1"},
            ["bedrock:InvokeModel bedrock:eu-west-1::foundation-model/m.v1"],
        ),
        (
            "bedrock-runtime.Converse",
            {"modelId": "eu.amazon.nova-lite-v1:0"},
            [
                "bedrock:InvokeModel bedrock::inference-profile/eu.amazon.nova-lite-v1:0",
                "bedrock:InvokeModel bedrock:*::foundation-model/amazon.nova-lite-v1:0",
            ],
        ),
        (
            "athena.StartQueryExecution",
            {
                "WorkGroup": "w",
                "QueryExecutionContext": {"Database": "lake"},
                "ResultConfiguration": {"OutputLocation": "s3://answers/athena/"},
            },
            [
                "athena:StartQueryExecution athena::workgroup/w",
                "s3:GetBucketLocation s3:::answers",
                "s3:AbortMultipartUpload s3:::answers/athena/*",
                "s3:GetObject s3:::answers/athena/*",
                "s3:PutObject s3:::answers/athena/*",
                *(
                    f"glue:{verb} glue::{kind}"
                    for kind in ("catalog", "database/lake", "table/lake/*")
                    for verb in ("GetDatabase", "GetPartitions", "GetTable")
                ),
            ],
        ),
        (
            "rekognition.DetectLabels",
            {"Image": {"S3Object": {"Bucket": "b", "Name": "k"}}},
            ["rekognition:DetectLabels *", "s3:GetObject s3:::b/k"],
        ),
        ("rekognition.DetectLabels", {"Image": {"Bytes": "x"}}, ["rekognition:DetectLabels *"]),
        (
            "transcribe.StartTranscriptionJob",
            {"Media": {"MediaFileUri": "s3://b/k.mp3"}, "OutputBucketName": "texts"},
            ["transcribe:StartTranscriptionJob *", "s3:GetObject s3:::b/k.mp3", "s3:PutObject s3:::texts/*"],
        ),
        (
            "apigatewaymanagementapi.PostToConnection",
            {"@endpoint": "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/live", "ConnectionId": "x"},
            ["execute-api:ManageConnections execute-api::a1b2c3/live/POST/@connections/*"],
        ),
        (
            "apigatewaymanagementapi.PostToConnection",
            {"@endpoint": "https://chat.example.com"},
            ["execute-api:ManageConnections execute-api::*/POST/@connections/*"],
        ),
        (
            "comprehend.StartTopicsDetectionJob",
            {"DataAccessRoleArn": "arn:aws:iam::111122223333:role/reader"},
            [
                "comprehend:StartTopicsDetectionJob comprehend::topics-detection-job/*",
                "iam:PassRole iam::111122223333:role/reader perhaps",
            ],
        ),
        (
            "sagemaker.CreateModel",
            {"ModelName": "m", "ExecutionRoleArn": "arn:aws:iam::111122223333:role/runs"},
            [
                "sagemaker:CreateModel sagemaker::model/m",
                "iam:PassRole iam::111122223333:role/runs if iam:PassedToService=sagemaker.amazonaws.com",
            ],
        ),
        (
            "redshift-data.ExecuteStatement",
            {"WorkgroupName": "w", "Database": "d", "Sql": "select 1"},
            [
                "redshift-data:ExecuteStatement redshift-serverless::workgroup/*",
                "redshift-serverless:GetCredentials redshift-serverless::workgroup/*",
            ],
        ),
        (
            "redshift-data.ExecuteStatement",
            {"ClusterIdentifier": "c", "Database": "d", "DbUser": "u", "Sql": "select 1"},
            [
                "redshift-data:ExecuteStatement redshift::cluster:c",
                "redshift:GetClusterCredentials redshift::dbuser:c/u",
                "redshift:GetClusterCredentials redshift::dbname:c/d",
            ],
        ),
        (
            "ssm.GetParameter",
            {"Name": "/aws/reference/secretsmanager/db", "WithDecryption": True},
            [
                "ssm:GetParameter ssm::parameter/aws/reference/secretsmanager/db",
                "secretsmanager:GetSecretValue secretsmanager::secret:db-??????",
            ],
        ),
        (
            "bedrock-runtime.Converse",
            {"modelId": "m.v1", "guardrailConfig": {"guardrailIdentifier": "g1"}},
            [
                "bedrock:InvokeModel bedrock:eu-west-1::foundation-model/m.v1",
                "bedrock:ApplyGuardrail bedrock::guardrail/g1",
            ],
        ),
        (
            "cloudformation.DescribeStackEvents",
            {"StackName": "shop"},
            ["cloudformation:DescribeStackEvents cloudformation::stack/shop/*"],
        ),
        (
            "autoscaling.SetDesiredCapacity",
            {"AutoScalingGroupName": "g", "DesiredCapacity": 1},
            ["autoscaling:SetDesiredCapacity autoscaling::autoScalingGroup:*:autoScalingGroupName/g"],
        ),
        (
            "s3vectors.QueryVectors",
            {"vectorBucketName": "b", "indexName": "i"},
            ["s3vectors:QueryVectors s3vectors::bucket/*/index/i"],
        ),
        (
            "wafv2.UpdateIPSet",
            {"Scope": "REGIONAL", "Name": "n", "Id": "1"},
            ["wafv2:UpdateIPSet wafv2::*/ipset/n/1"],
        ),
        (
            "sqs.CreateQueue",
            {"QueueName": "jobs", "tags": {"a": "b"}},
            ["sqs:CreateQueue sqs::jobs", "sqs:TagQueue sqs::jobs perhaps"],
        ),
        ("sqs.CreateQueue", {"QueueName": "jobs"}, ["sqs:CreateQueue sqs::jobs"]),
        (
            "iam.CreateRole",
            {"RoleName": "r", "Tags": [{"Key": "a"}]},
            ["iam:CreateRole iam::111122223333:role/r", "iam:TagRole iam::111122223333:role/r perhaps"],
        ),
        (
            "ec2.CreateSecurityGroup",
            {"GroupName": "g", "VpcId": "vpc-1", "TagSpecifications": [{"ResourceType": "security-group"}]},
            [
                "ec2:CreateSecurityGroup ec2::security-group/*",
                "ec2:CreateTags ec2::*/* if ec2:CreateAction=CreateSecurityGroup perhaps",
            ],
        ),
        ("sts.GetCallerIdentity", {}, []),
        (
            "cloudwatch.PutMetricData",
            {"Namespace": "Shop"},
            ["cloudwatch:PutMetricData * if cloudwatch:namespace=Shop"],
        ),
        (
            "lambda.UpdateFunctionConfiguration",
            {"FunctionName": "f", "Role": "arn:aws:iam::111122223333:role/r"},
            [
                "lambda:UpdateFunctionConfiguration lambda::function:f",
                "iam:PassRole iam::111122223333:role/r if iam:PassedToService=lambda.amazonaws.com",
            ],
        ),
        ("apigateway.GetRestApi", {"restApiId": "abc"}, ["apigateway:GET apigateway:eu-west-1::/restapis/abc"]),
        ("rekognition.DetectLabels", {"Image": {}}, ["rekognition:DetectLabels *"]),
        ("glue.GetTable", {"DatabaseName": "d", "Name": "t"}, [
            "glue:GetTable glue::catalog", "glue:GetTable glue::database/d", "glue:GetTable glue::table/d/t",
        ]),
    ],
)  # fmt: skip
def test_a_call_needs(call: str, data: dict[str, Any], expected: list[str]) -> None:
    assert told(call, **data) == expected


def test_what_depends_on_an_unknown_statement_is_unsure() -> None:
    lines = told("dynamodb.ExecuteStatement", Statement=MAYBE)
    assert lines == [
        f"dynamodb:PartiQL{verb} dynamodb::table/* perhaps"
        for verb in ("Select", "Insert", "Update", "Delete")
    ]


def test_an_operation_nobody_knows_is_none_and_not_nothing() -> None:
    assert needs("dynamodb", "MakeCoffee", Given({}), HERE) is None
    assert needs("coffee", "Make", Given({}), HERE) is None


def test_too_many_combinations_become_one_star() -> None:
    names: dict[str, dict[str, str]] = {str(number): {} for number in range(MAX_RESOURCES + 1)}
    assert told("dynamodb.BatchGetItem", RequestItems=names) == ["dynamodb:BatchGetItem dynamodb::table/*"]


def all_entries() -> list[tuple[str, table.Entry]]:
    return [
        (f"{service}.{operation}", entry)
        for service in table.services()
        for operation in table.operations(service)
        for entry in table.entries(service, operation) or ()
    ]


def test_every_action_exists() -> None:
    unknown = {
        (call, action)
        for call, entry in all_entries()
        for action in entry.actions
        if not catalogue.action(action)
    }
    assert unknown == set()


def test_every_condition_is_on_a_key_that_its_action_knows() -> None:
    # A key that is never sent would make of a need one that no request has.
    assert [
        (call, key)
        for call, entry in all_entries()
        for key in entry.condition
        for name in entry.actions
        if (action := catalogue.action(name)) is None or foreign_keys(action, frozenset({key.lower()}))
    ] == []


def test_every_resource_is_of_a_type_its_action_takes() -> None:
    wrong = [
        (call, action, template)
        for call, entry in all_entries()
        if entry.by_hand
        for action in entry.actions
        for template in entry.resources
        if not _is_taken(action, template)
    ]
    assert wrong == []


def _is_taken(action: str, template: str) -> bool:
    known = catalogue.action(action)
    assert known
    if template == "*":
        return True
    service = catalogue.service(action.partition(":")[0])
    assert service
    named = {use.name for use in known.resource_types}
    arns = [arn for kind in service.resource_types if kind.name in named for arn in kind.patterns]
    # A parameter may be a whole ARN, or a part of one.
    return any(meets(re.sub(r"\$?\{[^}]*\}", "*", template), arn) for arn in arns)


@given(st.sampled_from(all_entries()), st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=4))
def test_any_parameters_give_arns_or_stars(chosen: tuple[str, table.Entry], data: dict[str, str]) -> None:
    service, _, operation = chosen[0].partition(".")
    for need in needs(service, operation, Given(data), HERE) or ():
        shown = str(need.resource.value if isinstance(need.resource, Known) else need.resource)
        assert shown == "*" or shown.startswith("arn:")


def test_what_a_service_does_for_its_caller_is_told_where_no_call_says_on_what() -> None:
    assert untold("athena", "StartQueryExecution", Given({"WorkGroup": "w"}))
    assert not untold("athena", "GetQueryExecution", Given({}))


def test_no_parameter_stands_in_two_places_of_an_arn() -> None:
    for service in table.services():
        for operation in table.operations(service):
            for entry in table.entries(service, operation) or ():
                for resource in entry.resources if not entry.by_hand else ():
                    names = re.findall(r"(?<!\$)\{(\w+)\}", resource)
                    twice = {each for each in names if names.count(each) > 1}
                    assert all(each.lower().endswith(("arn", "url")) for each in twice), (operation, resource)
