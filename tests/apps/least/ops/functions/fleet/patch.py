import os

import boto3

ssm = boto3.client("ssm")
sns = boto3.client("sns")


def handler(event, context):
    command = ssm.send_command(
        DocumentName="AWS-RunPatchBaseline",
        Targets=[{"Key": "tag:patch", "Values": ["yes"]}],
        Parameters={"Operation": ["Install"]},
    )["Command"]
    open_ = ssm.list_command_invocations(CommandId=command["CommandId"])["CommandInvocations"]
    sns.publish(TopicArn=os.environ["TOPIC"], Message=f"{command['CommandId']}: {len(open_)} machines")
    return command["CommandId"]
