import json
import os

import boto3

scheduler = boto3.client("scheduler")
group = os.environ["GROUP"]


def handler(event, context):
    if event["action"] == "forget":
        scheduler.delete_schedule(Name=event["name"], GroupName=group)
        return
    scheduler.create_schedule(
        Name=event["name"],
        GroupName=group,
        ScheduleExpression=f"at({event['at']})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": os.environ["TOPIC"],
            "RoleArn": os.environ["ROLE_ARN"],
            "Input": json.dumps({"text": event["text"]}),
        },
    )
