"""What Lambda needs the role for: each feature of the settings, and nothing without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.needs.application import lines, needs

CODE = "def handler(event, context):\n    return event\n"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", []),
        ("    Tracing: Active", ["xray:PutTelemetryRecords *", "xray:PutTraceSegments *"]),
        ("    Tracing: PassThrough", []),
        (
            "    VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}",
            [
                "ec2:AssignPrivateIpAddresses *",
                "ec2:CreateNetworkInterface *",
                "ec2:DeleteNetworkInterface *",
                "ec2:DescribeNetworkInterfaces *",
                "ec2:DescribeSubnets *",
                "ec2:UnassignPrivateIpAddresses *",
            ],
        ),
        (
            "    DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}\nDead: {Type: AWS::SQS::Queue}",
            ["sqs:SendMessage ${Dead.Arn}"],
        ),
        (
            (
                "    EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SNS, Destination: !Ref News}}}\n"
                "News: {Type: AWS::SNS::Topic}"
            ),
            ["sns:Publish ${News}"],
        ),
        (
            "    Events: {In: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}\nJobs: {Type: AWS::SQS::Queue}",
            [
                "sqs:DeleteMessage ${Jobs.Arn}",
                "sqs:GetQueueAttributes ${Jobs.Arn}",
                "sqs:ReceiveMessage ${Jobs.Arn}",
            ],
        ),
        (
            (
                "    Events: {In: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}\n"
                "Jobs: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}\nKey: {Type: AWS::KMS::Key}"
            ),
            [
                "sqs:DeleteMessage ${Jobs.Arn}",
                "sqs:GetQueueAttributes ${Jobs.Arn}",
                "sqs:ReceiveMessage ${Jobs.Arn}",
                "kms:Decrypt ${Key.Arn} if kms:ViaService=sqs.${AWS::Region}.amazonaws.com",
            ],
        ),
        (
            (
                "    Events:\n"
                "      In: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST}}\n"
                "Table: {Type: AWS::DynamoDB::Table}"
            ),
            [
                "dynamodb:DescribeStream ${Table.StreamArn}",
                "dynamodb:GetRecords ${Table.StreamArn}",
                "dynamodb:GetShardIterator ${Table.StreamArn}",
                "dynamodb:ListStreams *",
            ],
        ),
        (
            "    KmsKeyArn: !GetAtt Key.Arn\nKey: {Type: AWS::KMS::Key}",
            ["kms:Decrypt ${Key.Arn} if kms:ViaService=lambda.${AWS::Region}.amazonaws.com"],
        ),
        (
            (
                "    FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/x}]\n"
                "Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref Files}}\n"
                "Files: {Type: AWS::EFS::FileSystem}"
            ),
            [
                "elasticfilesystem:ClientMount ${Files.Arn} if elasticfilesystem:AccessPointArn=${Point.Arn}",
                "elasticfilesystem:ClientWrite ${Files.Arn} if elasticfilesystem:AccessPointArn=${Point.Arn}",
            ],
        ),
    ],
)
def test_a_feature_needs(tmp_path: Path, template: str, expected: list[str]) -> None:
    assert lines(needs(tmp_path, template, CODE).accesses) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "",
            [
                f"logs:{verb} logs::log-group:/aws/lambda/${{AWS::StackName}}-Worker-*:*"
                for verb in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
            ],
        ),
        (
            (
                "    FunctionName: worker\n"
                "Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/worker}}"
            ),
            [
                f"logs:{verb} logs::log-group:/aws/lambda/worker:*"
                for verb in ("CreateLogStream", "PutLogEvents")
            ],
        ),
        (
            "    LoggingConfig: {LogGroup: !Ref Logs}\nLogs: {Type: AWS::Logs::LogGroup}",
            [f"logs:{verb} ${{Logs.Arn}}" for verb in ("CreateLogStream", "PutLogEvents")],
        ),
    ],
)
def test_logs_go_to_the_functions_own_group(tmp_path: Path, template: str, expected: list[str]) -> None:
    assert lines(needs(tmp_path, template, CODE).accesses, but="none") == expected
