"""What fixes write, in each dialect and around what is there: the lines that come and go."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.checks.fixing import PLAIN, SAM, changed_by, fixes_of

RULE = """\
Morning:
  Type: AWS::Events::Rule
  Properties:
    ScheduleExpression: rate(1 day)
    Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]
"""


CASES = {
    "a plain function's role is granted what the fix needs": (
        "no-tracing",
        PLAIN,
        """
        +      Policies:
        +        - PolicyName: Tracing
        +          PolicyDocument:
        +            Version: "2012-10-17"
        +            Statement:
        +              - Effect: Allow
        +                Action:
        +                  - xray:PutTraceSegments
        +                  - xray:PutTelemetryRecords
        +                Resource: "*"
        +      TracingConfig:
        +        Mode: Active
        """,
    ),
    "a plain function keeps failed events in its dead-letter queue": (
        "no-failure-destination",
        PLAIN + RULE,
        """
        +      Policies:
        +        - PolicyName: OrdersSendFailures
        +          PolicyDocument:
        +            Version: "2012-10-17"
        +            Statement:
        +              - Effect: Allow
        +                Action:
        +                  - sqs:SendMessage
        +                Resource: !GetAtt OrdersFailures.Arn
        +      DeadLetterConfig:
        +        TargetArn: !GetAtt OrdersFailures.Arn
        +  OrdersFailures:
        +    Type: AWS::SQS::Queue
        +    Properties:
        +      SqsManagedSseEnabled: true
        +      MessageRetentionPeriod: 1209600
        +  OrdersFailuresPolicy:
        +    Type: AWS::SQS::QueuePolicy
        +    Properties:
        +      Queues:
        +        - !Ref OrdersFailures
        +      PolicyDocument:
        +        Version: "2012-10-17"
        +        Statement:
        +          - Effect: Deny
        +            Principal: "*"
        +            Action: sqs:*
        +            Resource: !GetAtt OrdersFailures.Arn
        +            Condition:
        +              Bool:
        +                aws:SecureTransport: "false"
        """,
    ),
    "what exists under a condition gets resources under the same": (
        "undeclared-log-group",
        "Conditions: {Prod: !Equals [!Ref AWS::Region, eu-west-1]}\nResources:\n"
        + textwrap.indent(PLAIN.replace("Function\n", "Function\n  Condition: Prod\n"), "  "),
        """
        +      LoggingConfig:
        +        LogGroup: !Ref OrdersLogs
        +  OrdersLogs:
        +    Type: AWS::Logs::LogGroup
        +    Condition: Prod
        +    Properties:
        +      LogGroupName: !Sub /aws/lambda/${AWS::StackName}/Orders
        +      RetentionInDays: 90
        """,
    ),
    "an API that SAM makes is told by Globals": (
        "api-without-access-log",
        SAM + "    Events:\n      Get: {Type: HttpApi, Properties: {Path: /, Method: get}}\n",
        """
        +Globals:
        +  HttpApi:
        +    AccessLogSettings:
        +      DestinationArn: !GetAtt OrdersCalls.Arn
        +      Format: FORMAT
        +  OrdersCalls:
        +    Type: AWS::Logs::LogGroup
        +    Properties:
        +      RetentionInDays: 90
        """,
    ),
    "a runtime of Globals is renewed there": (
        "deprecated-runtime",
        "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Runtime: python3.8}}\nResources:\n"
        + textwrap.indent(SAM.replace("    Runtime: python3.14\n", ""), "  "),
        """
        -Globals: {Function: {Runtime: python3.8}}
        +Globals: {Function: {Runtime: python3.14}}
        """,
    ),
    "a runtime that is a parameter's default is renewed there": (
        "deprecated-runtime",
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Python: {Type: String, Default: python3.8}\nResources:\n"
        + textwrap.indent(SAM.replace("python3.14", "!Ref Python"), "  "),
        """
        -  Python: {Type: String, Default: python3.8}
        +  Python: {Type: String, Default: python3.14}
        """,
    ),
    "a broad policy becomes the template for what the function knows": (
        "broad-managed-policy",
        SAM
        + "    Environment: {Variables: {TABLE: !Ref Table}}\n    Policies: [AmazonDynamoDBFullAccess]\n"
        + "Table: {Type: AWS::Serverless::SimpleTable}\n",
        """
        -      Policies: [AmazonDynamoDBFullAccess]
        +      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Table}}]
        """,
    ),
    "a policy that names a shared role names its copy as well": (
        "shared-role",
        PLAIN
        + PLAIN[PLAIN.index("Orders:") :].replace("Orders:", "Refunds:")
        + "Rights:\n  Type: AWS::IAM::Policy\n  Properties:\n    PolicyName: rights\n    Roles: [!Ref Role]\n"
        + '    PolicyDocument:\n      Version: "2012-10-17"\n'
        + "      Statement: [{Effect: Allow, Action: sqs:ListQueues, Resource: '*'}]\n",
        """
        +  RefundsRole:
        +    Type: AWS::IAM::Role
        +    Properties:
        +      AssumeRolePolicyDocument:
        +        Version: "2012-10-17"
        +        Statement:
        +          - Effect: Allow
        +            Principal:
        +              Service: lambda.amazonaws.com
        +            Action: sts:AssumeRole
        -      Role: !GetAtt Role.Arn
        +      Role: !GetAtt RefundsRole.Arn
        -      Roles: [!Ref Role]
        +      Roles: [!Ref Role, !Ref RefundsRole]
        """,
    ),
    "a rule that invokes a function is the one source its permission names": (
        "service-invoke-without-source",
        PLAIN
        + RULE
        + "Permission:\n  Type: AWS::Lambda::Permission\n  Properties:\n    FunctionName: !Ref Orders\n"
        + "    Action: lambda:InvokeFunction\n    Principal: events.amazonaws.com\n",
        """
        +      SourceArn: !GetAtt Morning.Arn
        """,
    ),
}


@pytest.mark.parametrize(("check", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_what_a_fix_writes(check: str, text: str, expected: str, tmp_path: Path) -> None:
    changed = changed_by(tmp_path, check, text)
    wanted = textwrap.dedent(expected).strip().splitlines()
    assert [line.partition("Format: ")[0] for line in changed] == [
        line.partition("Format: ")[0] for line in wanted
    ]


NO_FIX = {
    "a role that is not here cannot be granted anything": (
        "no-failure-destination",
        PLAIN.replace("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/orders") + RULE,
    ),
    "a runtime that may be one of several is not one default": (
        "deprecated-runtime",
        "Parameters:\n  Python: {Type: String, Default: python3.8, AllowedValues: [python3.8]}\nResources:\n"
        + textwrap.indent(PLAIN.replace("python3.14", "!Ref Python"), "  "),
    ),
    "a role with a name has no copy": (
        "shared-role",
        PLAIN.replace("Properties:\n    Assume", "Properties:\n    RoleName: orders\n    Assume")
        + PLAIN[PLAIN.index("Orders:") :].replace("Orders:", "Refunds:"),
    ),
    ".NET has to be built anew": ("deprecated-runtime", PLAIN.replace("python3.14", "dotnet6")),
    "a policy for resources nobody names is not narrowed": (
        "broad-managed-policy",
        SAM + "    Policies: [AmazonDynamoDBFullAccess]\n",
    ),
}


@pytest.mark.parametrize(("check", "text"), NO_FIX.values(), ids=NO_FIX.keys())
def test_what_the_template_cannot_tell_has_no_fix(check: str, text: str, tmp_path: Path) -> None:
    fixes = fixes_of(tmp_path, check, text)
    assert fixes == [None] * len(fixes)
