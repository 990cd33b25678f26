"""What the fixes write that move secrets into Secrets Manager."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lamward.checks.moving import name_of_arn
from lamward.fixes.refusal import Reason
from tests.checks.fixing import (
    DATABASE,
    MOVING,
    PLAIN,
    SAM,
    SETTINGS,
    WITH_SECRET,
    changed_by,
    fixes_of,
    repaired_by,
)

BROKER = """\
Broker:
  Type: AWS::AmazonMQ::Broker
  Properties:
    Users:
      - Username: shop
        Password: gr8-Winter-tyres
      - Username: till
        Password: gr8-Summer-tyres
"""
WITH_PASSWORD = WITH_SECRET.replace("API_TOKEN: 9f8e7d6c5b4a39281706", "DB_PASSWORD: gr8-Winter-tyres")
IN_GLOBALS = (
    "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Environment:\n      Variables:\n"
    "        apiToken: 9f8e7d6c5b4a39281706\nResources:\n"
)
IN_JSON = """\
{
  "Resources": {
    "Role": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "AssumeRolePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
          ]
        }
      }
    },
    "Orders": {
      "Type": "AWS::Lambda::Function",
      "Properties": {
        "Handler": "app.handler",
        "Runtime": "python3.14",
        "Code": {"S3Bucket": "code", "S3Key": "orders.zip"},
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"API_TOKEN": "9f8e7d6c5b4a39281706"}}
      }
    }
  }
}
"""

MOVED = {
    "a SAM function reads the secret": (
        "literal-secret-in-environment",
        SAM + WITH_SECRET,
        """
        +Parameters:
        +  OrdersApiToken:
        +    Type: String
        +    NoEcho: true
        -          API_TOKEN: ********************
        +          API_TOKEN_SECRET_ARN: !Ref OrdersApiTokenSecret
        +      Policies:
        +        - AWSSecretsManagerGetSecretValuePolicy:
        +            SecretArn: !Ref OrdersApiTokenSecret
        +  OrdersApiTokenSecret:
        +    Type: AWS::SecretsManager::Secret
        +    Properties:
        +      SecretString: !Ref OrdersApiToken
        """,
    ),
    "a plain function's role is granted it": (
        "literal-secret-in-environment",
        PLAIN + WITH_SECRET,
        """
        +Parameters:
        +  OrdersApiToken:
        +    Type: String
        +    NoEcho: true
        +      Policies:
        +        - PolicyName: ReadOrdersApiTokenSecret
        +          PolicyDocument:
        +            Version: "2012-10-17"
        +            Statement:
        +              - Effect: Allow
        +                Action:
        +                  - secretsmanager:GetSecretValue
        +                Resource: !Ref OrdersApiTokenSecret
        -          API_TOKEN: ********************
        +          API_TOKEN_SECRET_ARN: !Ref OrdersApiTokenSecret
        +  OrdersApiTokenSecret:
        +    Type: AWS::SecretsManager::Secret
        +    Properties:
        +      SecretString: !Ref OrdersApiToken
        """,
    ),
    "in JSON": (
        "literal-secret-in-environment",
        IN_JSON,
        """
        -        }
        +        },
        +        "Policies": [
        +          {
        +            "PolicyName": "ReadOrdersApiTokenSecret",
        +            "PolicyDocument": {
        +              "Version": "2012-10-17",
        +              "Statement": [
        +                {
        +                  "Effect": "Allow",
        +                  "Action": [
        +                    "secretsmanager:GetSecretValue"
        +                  ],
        +                  "Resource": {
        +                    "Ref": "OrdersApiTokenSecret"
        +                  }
        +                }
        +              ]
        +            }
        +          }
        +        ]
        -        "Environment": {"Variables": {"API_TOKEN": **********************}}
        +        "Environment": {"Variables": {"API_TOKEN_SECRET_ARN": {"Ref": "OrdersApiTokenSecret"}}}
        +    },
        +    "OrdersApiTokenSecret": {
        +      "Type": "AWS::SecretsManager::Secret",
        +      "Properties": {
        +        "SecretString": {
        +          "Ref": "OrdersApiToken"
        +        }
        +      }
        +    }
        +  },
        +  "Parameters": {
        +    "OrdersApiToken": {
        +      "Type": "String",
        +      "NoEcho": true
        """,
    ),
    "functions share a variable of Globals": (
        "literal-secret-in-environment",
        IN_GLOBALS
        + textwrap.indent(
            SAM + SAM.replace("Orders", "Refunds") + "    Policies: [AWSLambdaExecute]\n", "  "
        ),
        """
        -        apiToken: ********************
        +        apiTokenSecretArn: !Ref ApiTokenSecret
        +Parameters:
        +  ApiToken:
        +    Type: String
        +    NoEcho: true
        +      Policies:
        +        - AWSSecretsManagerGetSecretValuePolicy:
        +            SecretArn: !Ref ApiTokenSecret
        +  ApiTokenSecret:
        +    Type: AWS::SecretsManager::Secret
        +    Properties:
        +      SecretString: !Ref ApiToken
        -      Policies: [AWSLambdaExecute]
        +      Policies: [AWSLambdaExecute, {AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref ApiTokenSecret}}]
        """,
    ),
    "functions with one role": (
        "literal-secret-in-environment",
        IN_GLOBALS
        + textwrap.indent(
            PLAIN[: PLAIN.index("Orders:")]
            + SAM
            + "    Role: !GetAtt Role.Arn\n"
            + SAM.replace("Orders", "Refunds")
            + "    Role: !GetAtt Role.Arn\n",
            "  ",
        ),
        """
        -        apiToken: ********************
        +        apiTokenSecretArn: !Ref ApiTokenSecret
        +Parameters:
        +  ApiToken:
        +    Type: String
        +    NoEcho: true
        +      Policies:
        +        - PolicyName: ReadApiTokenSecret
        +          PolicyDocument:
        +            Version: "2012-10-17"
        +            Statement:
        +              - Effect: Allow
        +                Action:
        +                  - secretsmanager:GetSecretValue
        +                Resource: !Ref ApiTokenSecret
        +  ApiTokenSecret:
        +    Type: AWS::SecretsManager::Secret
        +    Properties:
        +      SecretString: !Ref ApiToken
        """,
    ),
    "a function under a condition": (
        "literal-secret-in-environment",
        "Transform: AWS::Serverless-2016-10-31\nConditions: {Prod: !Equals [!Ref AWS::Region, eu-west-1]}\nResources:\n"
        + textwrap.indent(SAM.replace("Function\n", "Function\n  Condition: Prod\n") + WITH_SECRET, "  "),
        """
        +Parameters:
        +  OrdersApiToken:
        +    Type: String
        +    NoEcho: true
        -          API_TOKEN: ********************
        +          API_TOKEN_SECRET_ARN: !Ref OrdersApiTokenSecret
        +      Policies:
        +        - AWSSecretsManagerGetSecretValuePolicy:
        +            SecretArn: !Ref OrdersApiTokenSecret
        +  OrdersApiTokenSecret:
        +    Type: AWS::SecretsManager::Secret
        +    Condition: Prod
        +    Properties:
        +      SecretString: !Ref OrdersApiToken
        """,
    ),
    "a function with a database's password reads what the service keeps": (
        "literal-secret-in-environment",
        DATABASE + SAM + WITH_PASSWORD,
        """
        -      MasterUserPassword: ****************
        +      ManageMasterUserPassword: true
        -          DB_PASSWORD: ****************
        +          DB_PASSWORD_SECRET_ARN: !GetAtt Shop.MasterUserSecret.SecretArn
        +      Policies:
        +        - AWSSecretsManagerGetSecretValuePolicy:
        +            SecretArn: !GetAtt Shop.MasterUserSecret.SecretArn
        """,
    ),
    "other properties are looked up at deployment, each its own": (
        "literal-secret-in-property",
        BROKER,
        """
        +Parameters:
        +  BrokerPassword:
        +    Type: String
        +    NoEcho: true
        +  BrokerPassword2:
        +    Type: String
        +    NoEcho: true
        -          Password: ****************
        +          Password: !Sub "{{resolve:secretsmanager:${BrokerPasswordSecret}}}"
        -          Password: ****************
        +          Password: !Sub "{{resolve:secretsmanager:${BrokerPassword2Secret}}}"
        +  BrokerPasswordSecret:
        +    Type: AWS::SecretsManager::Secret
        +    Properties:
        +      SecretString: !Ref BrokerPassword
        +  BrokerPassword2Secret:
        +    Type: AWS::SecretsManager::Secret
        +    Properties:
        +      SecretString: !Ref BrokerPassword2
        """,
    ),
    "functions with one role and a database's password, each in its own variable": (
        "literal-secret-in-environment",
        DATABASE
        + PLAIN
        + WITH_PASSWORD
        + PLAIN[PLAIN.index("Orders:") :].replace("Orders:", "Refunds:")
        + WITH_PASSWORD,
        """
        -      MasterUserPassword: ****************
        +      ManageMasterUserPassword: true
        +      Policies:
        +        - PolicyName: ReadShopPassword
        +          PolicyDocument:
        +            Version: "2012-10-17"
        +            Statement:
        +              - Effect: Allow
        +                Action:
        +                  - secretsmanager:GetSecretValue
        +                Resource: !GetAtt Shop.MasterUserSecret.SecretArn
        -          DB_PASSWORD: ****************
        +          DB_PASSWORD_SECRET_ARN: !GetAtt Shop.MasterUserSecret.SecretArn
        -          DB_PASSWORD: ****************
        +          DB_PASSWORD_SECRET_ARN: !GetAtt Shop.MasterUserSecret.SecretArn
        """,
    ),
    "what is in Secrets Manager stays there": (
        "literal-secret-in-property",
        "Token: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: 9f8e7d6c5b4a39281706}}\n",
        """
        +Parameters:
        +  TokenSecretString:
        +    Type: String
        +    NoEcho: true
        -  Token: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: ********************}}
        +  Token: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref TokenSecretString}}
        """,
    ),
}


@pytest.mark.parametrize(("check", "text", "expected"), MOVED.values(), ids=MOVED.keys())
def test_what_moving_a_secret_writes(check: str, text: str, expected: str, tmp_path: Path) -> None:
    assert changed_by(tmp_path, check, text, MOVING) == textwrap.dedent(expected).strip().splitlines()


NOT_MOVED = {
    "the role is not here": (
        "literal-secret-in-environment",
        PLAIN.replace("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/orders") + WITH_SECRET,
    ),
    "a condition chooses the role": (
        "literal-secret-in-environment",
        "Conditions: {Prod: !Equals [!Ref AWS::Region, eu-west-1]}\nResources:\n"
        + textwrap.indent(
            PLAIN.replace("!GetAtt Role.Arn", "!If [Prod, !GetAtt Role.Arn, !ImportValue role]")
            + WITH_SECRET,
            "  ",
        ),
    ),
    "the secret is that of a branch": (
        "literal-secret-in-environment",
        "Conditions: {Prod: !Equals [!Ref AWS::Region, eu-west-1]}\nResources:\n"
        + textwrap.indent(
            PLAIN
            + WITH_SECRET.replace(
                "9f8e7d6c5b4a39281706", "!If [Prod, !ImportValue token, 9f8e7d6c5b4a39281706]"
            ),
            "  ",
        ),
    ),
    "the other name is taken": (
        "literal-secret-in-environment",
        PLAIN + WITH_SECRET + "        API_TOKEN_SECRET_ARN: !ImportValue token\n",
    ),
    "the policies are no list": (
        "literal-secret-in-environment",
        SAM + WITH_SECRET + "    Policies: AWSLambdaExecute\n",
    ),
    "a container shows what the deployment looks up": (
        "literal-secret-in-property",
        (
            "Task:\n  Type: AWS::ECS::TaskDefinition\n  Properties:\n    ContainerDefinitions:\n"
            "      - Environment: [{Name: DB_PASSWORD, Value: gr8-Winter-tyres}]\n"
        ),
    ),
}


@pytest.mark.parametrize(("check", "text"), NOT_MOVED.values(), ids=NOT_MOVED.keys())
def test_what_cannot_be_moved_is_not(check: str, text: str, tmp_path: Path) -> None:
    assert fixes_of(tmp_path, check, text, MOVING) == [None]
    assert None not in fixes_of(tmp_path, check, text, SETTINGS)


READS = "boto3.client('secretsmanager').get_secret_value(SecretId=os.environ['API_TOKEN_SECRET_ARN'])"


@pytest.mark.parametrize(
    ("body", "refused"), [(READS, []), ("print('nothing')", [Reason.NEW_FINDING])], ids=["reads", "does not"]
)
def test_code_that_does_not_read_the_secret_keeps_it_from_being_moved(
    body: str, refused: list[Reason], tmp_path: Path
) -> None:
    code = (
        f"    InlineCode: |\n      import os, boto3\n      def handler(event, context):\n          {body}\n"
    )
    text = SAM.replace("    CodeUri: src/\n", code).replace("app.", "index.") + WITH_SECRET
    repaired = repaired_by(tmp_path, "literal-secret-in-environment", text, MOVING)
    assert [why.reason for _, why in repaired.refused] == refused
    assert repaired.changed is not bool(refused)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("DB_PASSWORD", "DB_PASSWORD_SECRET_ARN"),
        ("CLIENT_SECRET", "CLIENT_SECRET_ARN"),
        ("apiToken", "apiTokenSecretArn"),
        ("clientSecret", "clientSecretArn"),
    ],
)
def test_the_variable_for_an_arn_is_named_after_the_one_for_the_secret(name: str, to: str) -> None:
    assert name_of_arn(name) == to
