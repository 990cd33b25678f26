"""What is written into templates: each idiom, before and after; what is refused; and what is never taken away."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
import yaml
from inline_snapshot import snapshot

from lamward.facts import Facts
from lamward.fixes.text import Draft, draft
from lamward.roles.plan import plans
from lamward.roles.texts import Texts
from lamward.sources.node import parse
from lamward.sources.project import LoadOptions, load
from tests.roles.application import CODE, OPEN, TODAY, Planned, planned, write

TABLE = """\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
"""
FUNCTION = """\
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: orders
      Handler: app.handler
      Runtime: python3.13
      Code: src/
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TABLE: !Ref Table}}
"""
OTHER = FUNCTION.replace("Orders", "Billing").replace("app.", "billing.").replace(": orders", ": billing")
ROLE = """\
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonS3FullAccess
        - arn:aws:iam::aws:policy/CloudWatchLogsFullAccess # for now
      Policies:
        - PolicyName: mine
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              # the orders
              - Sid: Put
                Effect: Allow
                Action: dynamodb:PutItem
                Resource: !GetAtt Table.Arn
              # nobody knows what for
              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
"""
SAM = (
    "Transform: AWS::Serverless-2016-10-31\n"
    + TABLE
    + """\
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Policies: AmazonS3FullAccess # all of it
      Environment: {Variables: {TABLE: !Ref Table}}
"""
)
LISTS = "import boto3\n\ndef handler(event, context):\n    boto3.client('s3').list_buckets()\n"
ITSELF = (
    "import boto3\n\ndef handler(event, context):\n"
    "    boto3.client('lambda').invoke(FunctionName=context.function_name)\n"
)


def difference(path: Path, made: Planned) -> str:
    """Show what is changed, without what stands around it."""
    lines = difflib.unified_diff(
        path.read_text(encoding="utf-8").split("\n"), made.text.split("\n"), n=0, lineterm=""
    )
    kept = (line for line in list(lines)[2:] if not line.startswith("@@"))
    return "\n".join(kept).replace("${AWS::Region}:${AWS::AccountId}", "HERE")


def change(folder: Path, template: str, **code: str) -> str:
    """Show what is changed, and hold that a second time nothing is."""
    path = write(folder, template, **code)
    made = planned(path)
    assert made.refused == []
    shown = difference(path, made)
    path.write_text(made.text, encoding="utf-8")
    again = planned(path)
    assert [each.fix for each in again.plans] == [None] * len(again.plans)
    return shown


def test_policies_of_a_role_that_sam_makes(tmp_path: Path) -> None:
    assert change(tmp_path, SAM) == snapshot("""\
-      Policies: AmazonS3FullAccess # all of it
+      Policies: # all of it
+        - Version: "2012-10-17"
+          Statement:
+            - Effect: Allow
+              Action: dynamodb:PutItem
+              Resource: !GetAtt Table.Arn\
""")


def test_a_policy_template_that_says_exactly_what_is_needed(tmp_path: Path) -> None:
    template = SAM.replace("TABLE: !Ref Table", "TOPIC: !Ref Topic, QUEUE: !Ref Queue").replace(
        "Resources:\n", "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n  Queue: {Type: AWS::SQS::Queue}\n"
    )
    code = (
        "import os, boto3\n\ndef handler(event, context):\n"
        "    boto3.client('sns').publish(TopicArn=os.environ['TOPIC'], Message='x')\n"
        "    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='x')\n"
    )
    assert change(tmp_path, template, app=code) == snapshot("""\
-      Policies: AmazonS3FullAccess # all of it
+      Policies: # all of it
+        - SNSPublishMessagePolicy:
+            TopicName: !GetAtt Topic.TopicName
+        - Version: "2012-10-17"
+          Statement:
+            - Effect: Allow
+              Action: sqs:SendMessage
+              Resource: !GetAtt Queue.Arn\
""")


def test_what_sam_attaches_itself_is_not_repeated(tmp_path: Path) -> None:
    template = SAM.replace(
        "Policies: AmazonS3FullAccess # all of it",
        "Tracing: Active\n      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}\n"
        "      Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}",
    ).replace(
        "Resources:\n", "Resources:\n  Dead: {Type: AWS::SQS::Queue}\n  Jobs: {Type: AWS::SQS::Queue}\n"
    )
    path = write(tmp_path, template)
    made = planned(path)
    assert made.notes == [
        (
            "SAM attaches DeadLetterQueuePolicy, AWSLambdaBasicExecutionRole, AWSXrayWriteOnlyAccess, "
            "AWSLambdaSQSQueueExecutionRole itself"
        )
    ]
    assert difference(path, made) == snapshot("""\
+      Policies:
+        - Version: "2012-10-17"
+          Statement:
+            - Effect: Allow
+              Action: dynamodb:PutItem
+              Resource: !GetAtt Table.Arn\
""")


def test_a_role_of_one_function_loses_what_is_too_much_and_keeps_what_is_right(tmp_path: Path) -> None:
    assert change(tmp_path, TABLE + FUNCTION + ROLE) == snapshot("""\
-      ManagedPolicyArns:
-        - arn:aws:iam::aws:policy/AmazonS3FullAccess
-        - arn:aws:iam::aws:policy/CloudWatchLogsFullAccess # for now
-              # nobody knows what for
-              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
+        - PolicyName: Least
+          PolicyDocument:
+            Version: "2012-10-17"
+            Statement:
+              - Effect: Allow
+                Action:
+                  - logs:CreateLogGroup
+                  - logs:CreateLogStream
+                  - logs:PutLogEvents
+                Resource: !Sub arn:${AWS::Partition}:logs:HERE:log-group:/aws/lambda/orders:*\
""")


def test_a_role_of_a_sam_function(tmp_path: Path) -> None:
    template = SAM.replace("Policies: AmazonS3FullAccess # all of it", "Role: !GetAtt Role.Arn") + ROLE
    assert change(tmp_path, template) == snapshot("""\
-      ManagedPolicyArns:
-        - arn:aws:iam::aws:policy/AmazonS3FullAccess
-        - arn:aws:iam::aws:policy/CloudWatchLogsFullAccess # for now
+      ManagedPolicyArns: # for now
+        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
-              # nobody knows what for
-              - {Effect: Allow, Action: "sqs:*", Resource: "*"}\
""")


def test_a_shared_role_is_split(tmp_path: Path) -> None:
    assert change(tmp_path, TABLE + FUNCTION + OTHER + ROLE, app=CODE, billing=LISTS) == snapshot("""\
-      Role: !GetAtt Role.Arn
+      Role: !GetAtt OrdersRole.Arn
+  OrdersRole:
+    Type: AWS::IAM::Role
+    Properties:
+      AssumeRolePolicyDocument:
+        Version: "2012-10-17"
+        Statement:
+          - Effect: Allow
+            Principal:
+              Service: lambda.amazonaws.com
+            Action: sts:AssumeRole
+      Policies:
+        - PolicyName: Least
+          PolicyDocument:
+            Version: "2012-10-17"
+            Statement:
+              - Effect: Allow
+                Action: dynamodb:PutItem
+                Resource: !GetAtt Table.Arn
+              - Effect: Allow
+                Action:
+                  - logs:CreateLogGroup
+                  - logs:CreateLogStream
+                  - logs:PutLogEvents
+                Resource: !Sub arn:${AWS::Partition}:logs:HERE:log-group:/aws/lambda/orders:*
-      ManagedPolicyArns:
-        - arn:aws:iam::aws:policy/AmazonS3FullAccess
-        - arn:aws:iam::aws:policy/CloudWatchLogsFullAccess # for now
-        - PolicyName: mine
+        - PolicyName: Least
-              # the orders
-              - Sid: Put
-                Effect: Allow
-                Action: dynamodb:PutItem
-                Resource: !GetAtt Table.Arn
-              # nobody knows what for
-              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
+              - Effect: Allow
+                Action:
+                  - logs:CreateLogGroup
+                  - logs:CreateLogStream
+                  - logs:PutLogEvents
+                Resource: !Sub arn:${AWS::Partition}:logs:HERE:log-group:/aws/lambda/billing:*
+              - Effect: Allow
+                Action: s3:ListAllMyBuckets
+                Resource: "*"\
""")


def test_who_is_not_known_keeps_a_shared_role_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE + FUNCTION + OTHER + ROLE, app=CODE, billing=OPEN)
    made = planned(path)
    assert made.notes == [
        "nothing is taken away: not all that `Billing` needs is known (1 call is not resolved); see `--unsafe`"
    ]
    assert ROLE in made.text
    assert "Role: !GetAtt OrdersRole.Arn" in made.text
    assert made.text.count("Role: !GetAtt Role.Arn") == 1


def test_nothing_is_taken_away_where_not_all_is_known(tmp_path: Path) -> None:
    code = OPEN + "    boto3.client('s3').list_buckets()\n    boto3.client('sns').list_topics()\n"
    path = write(tmp_path, TABLE + FUNCTION + ROLE, app=code)
    made = planned(path)
    assert difference(path, made) == snapshot("""\
+        - PolicyName: Least
+          PolicyDocument:
+            Version: "2012-10-17"
+            Statement:
+              - Effect: Allow
+                Action: sns:ListTopics
+                Resource: "*"\
""")
    assert made.notes == [
        "nothing is taken away: not all that `Orders` needs is known (1 call is not resolved); see `--unsafe`"
    ]
    assert "AmazonS3FullAccess" not in planned(path, unsafe=True).text


def test_a_function_that_calls_itself_is_named_by_its_name(tmp_path: Path) -> None:
    assert change(tmp_path, TABLE + FUNCTION + ROLE, app=ITSELF) == snapshot("""\
-      ManagedPolicyArns:
-        - arn:aws:iam::aws:policy/AmazonS3FullAccess
-        - arn:aws:iam::aws:policy/CloudWatchLogsFullAccess # for now
-        - PolicyName: mine
+        - PolicyName: Least
-              # the orders
-              - Sid: Put
-                Effect: Allow
-                Action: dynamodb:PutItem
-                Resource: !GetAtt Table.Arn
-              # nobody knows what for
-              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
+              - Effect: Allow
+                Action: lambda:InvokeFunction
+                Resource: !Sub arn:${AWS::Partition}:lambda:HERE:function:orders
+              - Effect: Allow
+                Action:
+                  - logs:CreateLogGroup
+                  - logs:CreateLogStream
+                  - logs:PutLogEvents
+                Resource: !Sub arn:${AWS::Partition}:logs:HERE:log-group:/aws/lambda/orders:*\
""")


def test_a_function_that_calls_itself_and_has_no_name_gets_a_policy_apart(tmp_path: Path) -> None:
    assert change(tmp_path, SAM, app=ITSELF) == snapshot("""\
-      Policies: AmazonS3FullAccess # all of it
+  OrdersPolicy:
+    Type: AWS::IAM::Policy
+    Properties:
+      PolicyName: OrdersPolicy
+      PolicyDocument:
+        Version: "2012-10-17"
+        Statement:
+          - Effect: Allow
+            Action: lambda:InvokeFunction
+            Resource: !GetAtt Orders.Arn
+      Roles:
+        - !Ref OrdersRole\
""")


NOTIFYING = """\
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations: [{Event: "s3:*", Function: !GetAtt Orders.Arn}]
"""
PERMITTED = """\
  Permit: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Orders}}
  Bucket: {Type: AWS::S3::Bucket, DependsOn: [Permit]}
"""


@pytest.mark.parametrize(
    ("resources", "apart"),
    [
        ("", False),
        ("  Bucket: {Type: AWS::S3::Bucket, DependsOn: Orders}\n", True),
        (NOTIFYING, True),
        (PERMITTED, True),
    ],
)
def test_a_circle_is_broken_by_a_policy_apart(resources: str, apart: bool, tmp_path: Path) -> None:
    bucket = resources or "  Bucket: {Type: AWS::S3::Bucket}\n"
    # The template's own reference to the bucket is elsewhere: in the function it would be a circle already.
    where = (
        "  Where: {Type: AWS::SSM::Parameter, Properties: {Name: /data, Type: String, Value: !Ref Bucket}}\n"
    )
    code = (
        "import boto3\n\ndef handler(event, context):\n"
        "    bucket = boto3.client('ssm').get_parameter(Name='/data')['Parameter']['Value']\n"
        "    boto3.client('s3').get_object(Bucket=bucket, Key='x')\n"
    )
    path = write(tmp_path, TABLE + bucket + FUNCTION + ROLE + where, app=code)
    made = planned(path)
    assert "Resource: !Sub ${Bucket.Arn}/x" in made.text
    assert ("  RolePolicy:\n    Type: AWS::IAM::Policy\n" in made.text) is apart


def test_an_event_from_a_bucket_would_close_a_circle(tmp_path: Path) -> None:
    template = SAM.replace("Resources:\n", "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n").replace(
        "      Policies: AmazonS3FullAccess # all of it\n",
        "      Events: {Put: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: s3:ObjectCreated:*}}}\n",
    )
    code = (
        "import boto3\n\ndef handler(event, context):\n    for each in event['Records']:\n"
        "        boto3.client('s3').get_object(Bucket=each['s3']['bucket']['name'], Key='x')\n"
    )
    assert change(tmp_path, template, app=code) == snapshot("""\
+  OrdersPolicy:
+    Type: AWS::IAM::Policy
+    Properties:
+      PolicyName: OrdersPolicy
+      PolicyDocument:
+        Version: "2012-10-17"
+        Statement:
+          - Effect: Allow
+            Action: s3:GetObject
+            Resource: !Sub ${Bucket.Arn}/x
+      Roles:
+        - !Ref OrdersRole\
""")


def test_what_is_there_under_a_condition_is_granted_under_it(tmp_path: Path) -> None:
    template = SAM.replace("TABLE: !Ref Table", 'QUEUE: !If [Busy, !Ref Queue, ""]').replace(
        "Resources:\n",
        "Conditions: {Busy: !Equals [!Ref AWS::Region, eu-west-1]}\n"
        "Resources:\n  Queue: {Type: AWS::SQS::Queue, Condition: Busy}\n",
    )
    code = (
        "import os, boto3\n\ndef handler(event, context):\n"
        "    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='x')\n"
    )
    assert change(tmp_path, template, app=code) == snapshot("""\
-      Policies: AmazonS3FullAccess # all of it
+  OrdersBusyPolicy:
+    Type: AWS::IAM::Policy
+    Condition: Busy
+    Properties:
+      PolicyName: OrdersBusyPolicy
+      PolicyDocument:
+        Version: "2012-10-17"
+        Statement:
+          - Effect: Allow
+            Action: sqs:SendMessage
+            Resource: !GetAtt Queue.Arn
+      Roles:
+        - !Ref OrdersRole\
""")


def test_a_policy_follows_the_parameter_that_a_setting_follows(tmp_path: Path) -> None:
    template = SAM.replace("!Ref Table}", '!Sub "${Stage}-orders"}').replace(
        "Resources:\n", "Parameters: {Stage: {Type: String, Default: dev}}\nResources:\n"
    )
    assert change(tmp_path, template) == snapshot("""\
-      Policies: AmazonS3FullAccess # all of it
+      Policies: # all of it
+        - Version: "2012-10-17"
+          Statement:
+            - Effect: Allow
+              Action: dynamodb:PutItem
+              Resource: !Sub arn:${AWS::Partition}:dynamodb:HERE:table/${Stage}-orders\
""")


REFUSALS = {
    "elsewhere": (
        FUNCTION.replace("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/mine"),
        ["its role is not in the template"],
    ),
    "chosen": (
        FUNCTION.replace("!GetAtt Role.Arn", "!If [Here, !GetAtt Role.Arn, !ImportValue role]") + ROLE,
        ["a condition chooses its role"],
    ),
    "a branch": (
        FUNCTION
        + ROLE.replace(
            "        - PolicyName: mine",
            "        - Fn::If: [Here, !Ref AWS::NoValue, !Ref X]\n        - PolicyName: mine",
        ),
        ["`Fn::If` decides about its policies"],
    ),
    "a macro": (
        FUNCTION
        + ROLE.replace("      Policies:\n", "      Policies: {Fn::Transform: {Name: Mine}}\n      Other:\n"),
        ["`Fn::Transform` decides about its policies"],
    ),
    "unread": (
        FUNCTION + ROLE.replace("iam::aws:policy/AmazonS3", "iam::111122223333:policy/Mine"),
        [
            (
                "a policy of its role cannot be read: the document of "
                "`arn:aws:iam::111122223333:policy/MineFullAccess` is not in the template"
            )
        ],
    ),
    "shared by name": (
        FUNCTION
        + OTHER.replace("billing.h", "app.h")
        + ROLE.replace("    Properties:\n", "    Properties:\n      RoleName: both\n"),
        ["`Role` is shared and has a name of its own, by which others may know it"],
    ),
    "shared and known": (
        FUNCTION
        + OTHER.replace("billing.h", "app.h")
        + ROLE
        + "  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: {Effect: Allow, Action: 'kms:*', "
        "Resource: '*', Principal: {AWS: !GetAtt Role.Arn}}}}}\n",
        ["`Role` is shared, and `Key` names it"],
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_written_is_refused_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    template, reasons = REFUSALS[name]
    head = "Conditions: {Here: !Equals [!Ref AWS::Region, eu-west-1]}\n"
    path = write(tmp_path, head + TABLE + template)
    made = planned(path)
    assert made.refused == reasons
    assert made.text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Service: lambda.amazonaws.com", "Service: [lambda.amazonaws.com, states.amazonaws.com]"),
        ("Resources:\n", "Outputs: {Role: {Value: !GetAtt Role.Arn, Export: {Name: role}}}\nResources:\n"),
        (
            "Resources:\n",
            (
                "Resources:\n  More:\n    Type: AWS::CloudFormation::Stack\n"
                "    Properties: {TemplateURL: 'https://x', Parameters: {Role: !GetAtt Role.Arn}}\n"
            ),
        ),
    ],
)
def test_a_role_that_others_may_use_keeps_what_it_has(before: str, after: str, tmp_path: Path) -> None:
    path = write(tmp_path, (TABLE + FUNCTION + ROLE).replace(before, after))
    made = planned(path)
    assert made.text == path.read_text(encoding="utf-8")
    assert [note.partition(":")[0] for note in made.notes] == ["nothing is taken away"]


def test_denials_stay(tmp_path: Path) -> None:
    denied = '              - {Effect: Deny, Action: "s3:*", Resource: "*"}\n'
    made = planned(write(tmp_path, TABLE + FUNCTION + ROLE + denied))
    assert denied in made.text
    assert "sqs:*" not in made.text


def test_one_function_is_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE + FUNCTION + OTHER + ROLE, app=CODE, billing=LISTS)
    made = planned(path, only="Billing")
    assert "Role: !GetAtt BillingRole.Arn" in made.text
    assert ROLE in made.text


PARENT = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Child:
    Type: AWS::Serverless::Application
    Properties:
      Location: child/template.yaml
      Parameters: {Given: !Ref TARGET}
"""


def nested(folder: Path, target: str, call: str) -> tuple[list[str], str]:
    """Plan for a function in a nested stack that is given something by its parent."""
    parent = write(folder, PARENT.replace("TARGET", target))
    (folder / "child").mkdir()
    template = SAM.replace("!Ref Table}", "!Ref Table, GIVEN: !Ref Given}").replace(
        "Resources:\n", "Parameters: {Given: {Type: String}}\nResources:\n"
    )
    child = write(folder / "child", template, app=f"{CODE}    {call}\n")
    loaded = load([parent], LoadOptions())
    (application,) = loaded.applications
    facts = Facts(application, today=TODAY)
    (plan,) = plans(facts, Texts(loaded.files), {"Child/Orders"})
    source = next(each for each in loaded.files.values() if Path(each.name).resolve() == child.resolve())
    made = draft(parse(source), plan.fix.edits if plan.fix else ())
    assert isinstance(made, Draft)
    return ([plan.refused] if plan.refused else []), made.text


def test_what_a_parent_stack_hands_over_is_named_by_the_parameter(tmp_path: Path) -> None:
    call = "boto3.client('sns').publish(TopicArn=os.environ['GIVEN'], Message='x')"
    refused, text = nested(tmp_path, "Topic", call)
    assert refused == []
    assert "Action: sns:Publish\n              Resource: !Ref Given\n" in text
    assert "Resource: !GetAtt Table.Arn\n" in text


def test_what_only_the_parent_can_name_is_refused(tmp_path: Path) -> None:
    call = "boto3.client('sqs').send_message(QueueUrl=os.environ['GIVEN'], MessageBody='x')"
    refused, text = nested(tmp_path, "Queue", call)
    assert refused == ["`Queue` is in another template than the role"]
    assert "AmazonS3FullAccess" in text


def test_json_stays_json(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE + FUNCTION + ROLE)
    data = yaml.safe_load(path.read_text(encoding="utf-8").replace("!GetAtt ", "").replace("!Ref ", ""))
    properties = data["Resources"]["Orders"]["Properties"]
    properties |= {
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
    }
    path.write_text(json.dumps(data, indent=4), encoding="utf-8")
    made = planned(path)
    written = json.loads(made.text)["Resources"]["Role"]["Properties"]["Policies"]
    actions = [each["Action"] for policy in written for each in policy["PolicyDocument"]["Statement"]]
    assert actions == [
        "dynamodb:PutItem",
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    ]


@pytest.mark.parametrize(
    ("name", "granted"),
    [
        ("      FunctionName: !Sub ${AWS::StackName}-orders\n", "/aws/lambda/${AWS::StackName}-orders:*"),
        ("", "service-role/AWSLambdaBasicExecutionRole"),
    ],
)
def test_logs_are_granted_by_name_where_there_is_one(name: str, granted: str, tmp_path: Path) -> None:
    function = FUNCTION.replace("      FunctionName: orders\n", name)
    made = planned(write(tmp_path, TABLE + function + ROLE))
    assert f"{granted}\n" in made.text
