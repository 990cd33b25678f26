import os

import boto3

__all__ = ["FLOW", "OUT_OF_HOURS", "flows", "queue", "rules"]

FLOW = os.environ["SHIP_FLOW"]
OUT_OF_HOURS = "depot-out-of-hours"
flows = boto3.client("stepfunctions")
rules = boto3.client("events")
queue = boto3.resource("sqs").Queue(os.environ["PRINT_QUEUE"])
_unused = boto3.client("iam")
