"""What code needs, in the words of the template: environment, events, answers and regions filled in."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lamward.facts.needs.code import code_of
from lamward.model.evidence import Call, Tier
from tests.facts.needs.application import line, lines, loaded, needs


def environment(**variables: str) -> str:
    """Write variables as they go on after the function's head."""
    written = ", ".join(f"{name}: {value}" for name, value in variables.items())
    return f"    Environment: {{Variables: {{{written}}}}}\n"


def client(service: str, call: str) -> str:
    """Write a handler that makes one call."""
    return f"import os, boto3\ndef handler(event, context):\n    boto3.client({service!r}).{call}\n"


@pytest.mark.parametrize(
    ("template", "call", "expected"),
    [
        (
            environment(T="!Ref Table") + "Table: {Type: AWS::DynamoDB::Table}",
            ("dynamodb", "put_item(TableName=os.environ['T'], Item={})"),
            ["dynamodb:PutItem ${Table.Arn}"],
        ),
        (
            environment(T="!GetAtt Table.Arn") + "Table: {Type: AWS::DynamoDB::Table}",
            ("dynamodb", "query(TableName=os.environ['T'], IndexName='byDay')"),
            ["dynamodb:Query ${Table.Arn}/index/byDay"],
        ),
        (
            environment(T="orders"),
            ("dynamodb", "get_item(TableName=os.environ['T'], Key={})"),
            ["dynamodb:GetItem dynamodb::table/orders"],
        ),
        ("", ("dynamodb", "get_item(TableName=os.environ['T'], Key={})"), ["dynamodb:GetItem dynamodb::table/*"]),
        (
            "",
            ("dynamodb", "get_item(TableName=os.getenv('T', ''), Key={})"),
            ["dynamodb:GetItem dynamodb::table/*"],
        ),
        (
            "",
            ("dynamodb", "get_item(TableName=os.environ.get('T', 'orders'), Key={})"),
            ["dynamodb:GetItem dynamodb::table/orders"],
        ),
        (
            environment(Q="!Ref Jobs") + "Jobs: {Type: AWS::SQS::Queue}",
            ("sqs", "send_message(QueueUrl=os.environ['Q'], MessageBody='')"),
            ["sqs:SendMessage ${Jobs.Arn}"],
        ),
        (
            environment(T="!Ref News") + "News: {Type: AWS::SNS::Topic}",
            ("sns", "publish(TopicArn=os.environ['T'], Message='')"),
            ["sns:Publish ${News}"],
        ),
        (
            environment(S="!Ref Db") + "Db: {Type: AWS::SecretsManager::Secret}",
            ("secretsmanager", "get_secret_value(SecretId=os.environ['S'])"),
            ["secretsmanager:GetSecretValue ${Db}"],
        ),
        (
            environment(P="!Ref Key")
            + "Key: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/key, Value: x, Type: String}}",
            ("ssm", "get_parameter(Name=os.environ['P'])"),
            ["ssm:GetParameter ssm::parameter/shop/key"],
        ),
        (
            environment(B="!Ref Letters") + "Letters: {Type: AWS::S3::Bucket}",
            ("s3", "put_object(Bucket=os.environ['B'], Key=f'out/{event[\"id\"]}.json')"),
            ["s3:PutObject ${Letters.Arn}/out/*.json"],
        ),
        (
            environment(M="!Ref Flow") + "Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {}}",
            ("stepfunctions", "start_execution(stateMachineArn=os.environ['M'])"),
            ["states:StartExecution ${Flow}"],
        ),
        ("", ("lambda", "invoke(FunctionName=context.invoked_function_arn)"), ["lambda:InvokeFunction ${Worker.Arn}"]),
        (
            "",
            ("sts", "assume_role(RoleArn='arn:aws:iam::444455556666:role/x', RoleSessionName='s')"),
            ["sts:AssumeRole arn:aws:iam::444455556666:role/x"],
        ),
        (
            environment(B="!Ref Bus") + "Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}",
            ("events", "put_events(Entries=[{'EventBusName': os.environ['B'], 'Source': 'x'}])"),
            ["events:PutEvents ${Bus.Arn}"],
        ),
        ("", ("events", "put_events(Entries=[{'Source': 'x'}])"), ["events:PutEvents events::event-bus/default"]),
        (
            "",
            ("dynamodb", "transact_write_items(TransactItems=[{'Put': {'TableName': 'a', 'Item': {}}}])"),
            ["dynamodb:PutItem dynamodb::table/a"],
        ),
        ("", ("rekognition", "detect_labels(Image={})"), ["rekognition:DetectLabels *"]),
    ],
)  # fmt: skip
def test_a_call_needs(tmp_path: Path, template: str, call: tuple[str, str], expected: list[str]) -> None:
    found = needs(tmp_path, template, client(*call))
    assert lines(found.accesses) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            'f\'SELECT * FROM "{T}"."by-day" WHERE a = ?\'',
            "dynamodb:PartiQLSelect dynamodb::table/${Table}/index/by-day",
        ),
        ("'UPDATE \"%s\" SET a = 1' % T", "dynamodb:PartiQLUpdate dynamodb::table/${Table}"),
        ("'DELETE FROM ' + T + ' WHERE a = ?'", "dynamodb:PartiQLDelete dynamodb::table/${Table}"),
        ("f'INSERT INTO \"{T}-old\" VALUE {{}}'", "dynamodb:PartiQLInsert dynamodb::table/${Table}-old"),
    ],
)
def test_a_statement_names_the_table_of_a_variable(tmp_path: Path, statement: str, expected: str) -> None:
    code = client("dynamodb", f"execute_statement(Statement={statement})").replace(
        "def handler", "T = os.environ['T']\ndef handler"
    )
    template = environment(T="!Ref Table") + "Table: {Type: AWS::DynamoDB::Table}"
    assert lines(needs(tmp_path, template, code).accesses) == [expected]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[{Name: prefix, Value: in/}, {Name: Suffix, Value: .csv}]", "${Letters.Arn}/in/*.csv"),
        ("[{Name: prefix, Value: !Ref AWS::StackName}]", "${Letters.Arn}/*"),
        ("[]", "${Letters.Arn}/*"),
    ],
)
def test_the_key_of_an_event_is_one_that_the_trigger_lets_through(
    tmp_path: Path, rules: str, expected: str
) -> None:
    template = (
        "    Events:\n      Up:\n        Type: S3\n        Properties:\n          Bucket: !Ref Letters\n"
        f"          Events: 's3:ObjectCreated:*'\n          Filter: {{S3Key: {{Rules: {rules}}}}}\n"
        "Letters: {Type: AWS::S3::Bucket}\n"
    )
    code = client(
        "s3",
        "get_object(Bucket=event['Records'][0]['s3']['bucket']['name'],"
        " Key=unquote_plus(event['Records'][0]['s3']['object']['key']))",
    ).replace("import os", "from urllib.parse import unquote_plus\nimport os")
    found = tuple(each for each in needs(tmp_path, template, code).accesses if not each.advice)
    assert lines(found) == [f"s3:GetObject {expected}"]
    assert found[0].tier is Tier.ASSUMED


def test_keys_are_listed_that_begin_with_what_was_asked_for(tmp_path: Path) -> None:
    code = (
        "import boto3\ndef handler(event, context):\n    s3 = boto3.client('s3')\n"
        "    for page in s3.get_paginator('list_objects_v2').paginate(Bucket='b', Prefix=f'in/{event[\"id\"]}/'):\n"
        "        for each in page['Contents']:\n"
        "            s3.delete_object(Bucket='b', Key=each['Key'])\n"
    )
    assert lines(needs(tmp_path, "", code).accesses) == [
        "s3:ListBucket s3:::b",
        "s3:DeleteObject s3:::b/in/*/*",
    ]


@pytest.mark.parametrize(
    ("written", "verbs"),
    [
        ("put_object(Bucket=os.environ['B'], Key='k', Body=b'')", ["GenerateDataKey"]),
        ("upload_file('/tmp/f', os.environ['B'], 'k')", ["Decrypt", "GenerateDataKey"]),
        (
            "upload_part(Bucket=os.environ['B'], Key='k', PartNumber=1, UploadId='u')",
            ["Decrypt", "GenerateDataKey"],
        ),
    ],
)
def test_only_what_is_uploaded_by_parts_is_decrypted(tmp_path: Path, written: str, verbs: list[str]) -> None:
    template = (
        environment(B="!Ref Letters")
        + "Letters:\n  Type: AWS::S3::Bucket\n  Properties:\n    BucketEncryption:\n"
        + "      ServerSideEncryptionConfiguration:\n"
        + "        - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}\n"
        + "Key: {Type: AWS::KMS::Key}\n"
    )
    found = lines(needs(tmp_path, template, client("s3", written)).accesses)
    assert [each.split()[0] for each in found if each.startswith("kms:")] == [f"kms:{verb}" for verb in verbs]


def test_a_default_in_code_says_nothing_where_the_template_may_set_the_variable(tmp_path: Path) -> None:
    environment = "    Environment: {Variables: {Fn::Transform: {Name: Shared}}}\n"
    code = client("dynamodb", "get_item(TableName=os.environ.get('T', 'orders'), Key={})")
    (access,) = [each for each in needs(tmp_path, environment, code).accesses if "dynamodb" in each.action]
    assert line(access) == "dynamodb:GetItem dynamodb::table/*"
    assert "a transform fills it in at deployment" in str(access)


def test_each_value_of_a_conditional_variable_is_needed(tmp_path: Path) -> None:
    template = environment(T="!If [Prod, live, test]")
    facts, function = loaded(
        tmp_path,
        "Transform: AWS::Serverless-2016-10-31\nParameters: {Stage: {Type: String}}\n"
        "Conditions: {Prod: !Equals [!Ref Stage, prod]}\nResources:\n  Worker:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      Handler: app.handler\n      Runtime: python3.13\n      CodeUri: src/\n"
        + textwrap.indent(template, "  "),
        client("dynamodb", "get_item(TableName=os.environ['T'], Key={})"),
    )
    found = lines(code_of(facts, function).accesses)
    assert found == ["dynamodb:GetItem dynamodb::table/live", "dynamodb:GetItem dynamodb::table/test"]


def test_a_region_of_its_own_is_in_the_arn(tmp_path: Path) -> None:
    code = "import boto3\ndef handler(event, context):\n    boto3.client('sqs', region_name='us-east-1').list_queue_tags(QueueUrl='https://x/1/jobs')\n"
    (found,) = lines(needs(tmp_path, "", code).accesses)
    assert found == "sqs:ListQueueTags sqs:us-east-1:${AWS::AccountId}:jobs"


def test_the_bucket_of_an_event_is_the_trigger(tmp_path: Path) -> None:
    template = (
        "    Events:\n      Up: {Type: S3, Properties: {Bucket: !Ref Letters, Events: 's3:ObjectCreated:*'}}\n"
        "Letters: {Type: AWS::S3::Bucket}\nOther: {Type: AWS::S3::Bucket}\n"
    )
    code = """
        import boto3
        def handler(event, context):
            for record in event["Records"]:
                boto3.client("s3").get_object(Bucket=record["s3"]["bucket"]["name"], Key=record["s3"]["object"]["key"])
    """
    found = needs(tmp_path, template, code)
    assert lines(found.accesses) == ["s3:GetObject ${Letters.Arn}/*"]
    assert lines(found.advice) == ["s3:ListBucket ${Letters.Arn}"]
    (access,) = [each for each in found.accesses if each.action == "s3:GetObject"]
    assert access.tier is Tier.ASSUMED
    assert access.unknowns == ("`Key`: it comes from the event",)


def test_evidence_is_the_place_of_the_call(tmp_path: Path) -> None:
    found = needs(tmp_path, "", client("sns", "publish(TopicArn='arn:aws:sns:eu-west-1:111122223333:t')"))
    (call,) = next(each for each in found.accesses if each.action == "sns:Publish").evidence
    assert isinstance(call, Call)
    assert (call.location.span.file.rpartition("/")[2], call.location.span.line) == ("app.py", 3)


def test_another_roles_calls_are_not_this_ones(tmp_path: Path) -> None:
    code = """
        import boto3
        def handler(event, context):
            got = boto3.client("sts").assume_role(RoleArn="arn:aws:iam::444455556666:role/x", RoleSessionName="s")
            keys = got["Credentials"]
            other = boto3.client(
                "s3",
                aws_access_key_id=keys["AccessKeyId"],
                aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["SessionToken"],
            )
            other.get_object(Bucket="theirs", Key="k")
    """
    found = needs(tmp_path, "", code)
    assert lines(found.accesses) == ["sts:AssumeRole arn:aws:iam::444455556666:role/x"]
    assert "s3:GetObject s3:::theirs/k" in lines(found.code.remote)


def test_what_is_not_analysed_is_never_nothing(tmp_path: Path) -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Worker:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {Handler: app, Runtime: provided.al2023, CodeUri: src/}\n"
    )
    facts, function = loaded(tmp_path, template)
    code = code_of(facts, function)
    assert code.missing == "code of `provided.al2023` is not analysed"
    assert not code.complete


@pytest.mark.parametrize("folder", ["../../outside", "/etc", "missing/"])
def test_only_code_of_the_project_is_read(tmp_path: Path, folder: str) -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Worker:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{Handler: app.handler, Runtime: python3.13, CodeUri: {folder}}}\n"
    )
    facts, function = loaded(tmp_path, template)
    code = code_of(facts, function)
    assert code.missing
    assert code.analysis is None


def test_a_dynamic_call_leaves_it_incomplete(tmp_path: Path) -> None:
    code = "import boto3\ndef handler(event, context):\n    getattr(boto3.client('s3'), event['do'])()\n"
    found = needs(tmp_path, "", code)
    assert not found.complete
    assert [each.location.span.line for each in found.code.unresolved] == [3]


def test_a_customer_key_is_needed_through_its_service(tmp_path: Path) -> None:
    template = (
        environment(T="!Ref Table")
        + "Table:\n  Type: AWS::DynamoDB::Table\n"
        + "  Properties: {SSESpecification: {KMSMasterKeyId: !GetAtt Key.Arn}}\n"
        + "Key: {Type: AWS::KMS::Key}\n"
    )
    code = client("dynamodb", "get_item(TableName=os.environ['T'], Key={})")
    assert lines(needs(tmp_path, template, code).accesses) == [
        "dynamodb:GetItem ${Table.Arn}",
        "kms:Decrypt ${Key.Arn} if kms:ViaService=dynamodb.${AWS::Region}.amazonaws.com",
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("alias/aws/sns", []),
        ("!Ref Key", ["${Key.Arn} if {via}"]),
        ("!GetAtt Key.KeyId", ["${Key.Arn} if {via}"]),
        ("!Ref Alias", ["${Key.Arn} if {via}"]),
        ("alias/news", ["${Key.Arn} if {via}"]),
        ("alias/elsewhere", ["kms::key/* if {via} if kms:ResourceAliases=alias/elsewhere"]),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", ["kms::key/0f8fad5b-d9cb-469f-a165-70867728950e if {via}"]),
        ("!ImportValue key", ["kms::key/* if {via}"]),
    ],
)
def test_whatever_names_a_customer_key(tmp_path: Path, key: str, expected: list[str]) -> None:
    template = (
        environment(T="!Ref News")
        + f"News: {{Type: AWS::SNS::Topic, Properties: {{KmsMasterKeyId: {key}}}}}\n"
        + "Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/news, TargetKeyId: !Ref Key}}\n"
        + "Key: {Type: AWS::KMS::Key}\n"
    )
    code = client("sns", "publish(TopicArn=os.environ['T'], Message='')")
    via = "kms:ViaService=sns.${AWS::Region}.amazonaws.com"
    wanted = [each.replace("{via}", via) for each in expected]
    found = lines(needs(tmp_path, template, code).accesses)
    assert sorted(found) == sorted(
        [
            "sns:Publish ${News}",
            *(f"kms:{verb} {each}" for each in wanted for verb in ("Decrypt", "GenerateDataKey")),
        ]
    )


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("alias/shop", "kms:Sign ${Key.Arn}"),
        ("alias/other", "kms:Sign kms::key/* if kms:ResourceAliases=alias/other"),
        (
            "arn:aws:kms:eu-west-1:111122223333:alias/other",
            "kms:Sign kms::key/* if kms:ResourceAliases=alias/other",
        ),
    ],
)
def test_a_call_with_an_alias_needs_a_key_that_has_it(tmp_path: Path, key: str, expected: str) -> None:
    template = (
        "Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/shop, TargetKeyId: !Ref Key}}\n"
        "Key: {Type: AWS::KMS::Key}\n"
    )
    code = client("kms", f"sign(KeyId={key!r}, Message=b'', SigningAlgorithm='RSASSA_PSS_SHA_256')")
    assert lines(needs(tmp_path, template, code).accesses) == [expected]


def test_one_of_several_values_is_demanded_each_by_itself(tmp_path: Path) -> None:
    code = """\
    import boto3
    def handler(event, context):
        for name in ("Shop", "Stock"):
            boto3.client("cloudwatch").put_metric_data(Namespace=name, MetricData=[])
    """
    assert lines(needs(tmp_path, "", code).accesses) == [
        "cloudwatch:PutMetricData * if cloudwatch:namespace=Shop",
        "cloudwatch:PutMetricData * if cloudwatch:namespace=Stock",
    ]


JAVASCRIPT = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs24.x
      CodeUri: src/
      Environment: {Variables: {T: !Ref Table}}
"""


def test_code_in_javascript_needs_the_same(tmp_path: Path) -> None:
    handler = """\
    import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
    const client = new DynamoDBClient({});
    export const handler = async () => client.send(new PutItemCommand({ TableName: process.env.T, Item: {} }));
    """
    code = code_of(*loaded(tmp_path, JAVASCRIPT, handler, name="app.mjs"))
    assert code.complete
    assert lines(code.accesses) == ["dynamodb:PutItem ${Table.Arn}"]


CUSTOM = """
Table: {Type: AWS::DynamoDB::Table}
First:
  Type: Custom::Row
  Properties: {ServiceToken: !GetAtt Worker.Arn, Store: {Table: !Ref Table}}
Strange:
  Type: Custom::Row
  Properties: {ServiceToken: !ImportValue OtherFunction, Store: {Table: other}}
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["dynamodb:PutItem ${Table.Arn}"]),
        (
            "Second: {Type: Custom::Row, Properties: {ServiceToken: !GetAtt Worker.Arn, Store: {Table: rows}}}\n",
            ["dynamodb:PutItem ${Table.Arn}", "dynamodb:PutItem dynamodb::table/rows"],
        ),
    ],
)
def test_the_properties_of_custom_resources_are_what_their_requests_say(
    tmp_path: Path, more: str, expected: list[str]
) -> None:
    code = """
        import boto3
        def handler(event, context):
            table = boto3.resource("dynamodb").Table(event["ResourceProperties"]["Store"]["Table"])
            table.put_item(Item={})
    """
    assert lines(needs(tmp_path, CUSTOM + more, code).accesses) == expected


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("Key='k'", "`Bucket` is not given"),
        ("Key='k', **event", "`Bucket` is not told by the arguments that are known"),
    ],
)
def test_it_is_told_whether_a_parameter_is_missing_or_may_be_there(
    tmp_path: Path, arguments: str, why: str
) -> None:
    code = f"import boto3\n\ndef handler(event, context):\n    boto3.client('s3').get_object({arguments})\n"
    (access,) = (each for each in needs(tmp_path, "", code).accesses if each.action == "s3:GetObject")
    assert why in access.unknowns
