"""Counts our parcels and the partner's and keeps the difference as evidence."""

import os
from concurrent.futures import ThreadPoolExecutor

import boto3

from . import partner
from .config import CONFIG, EVIDENCE

ssm = boto3.client("ssm")


def limits() -> dict[str, str]:
    names = list(CONFIG["parameters"].values())
    return {each["Name"]: each["Value"] for each in ssm.get_parameters(Names=names)["Parameters"]}


def ours() -> int:
    return boto3.client("dynamodb").describe_table(TableName=os.environ["TABLE_NAME"])["Table"]["ItemCount"]


def theirs() -> int:
    remote = partner.plain("dynamodb")
    return remote.scan(TableName="partner-parcels", Select="COUNT")["Count"]


def evidence(difference: int) -> None:
    for place in EVIDENCE.values():
        boto3.client("s3").put_object(
            Bucket=place["bucket"], Key=place["prefix"] + "/" + "difference.txt", Body=str(difference)
        )


def measure(difference: int) -> None:
    boto3.resource("cloudwatch").Metric(CONFIG["metrics"]["namespace"], "Difference").put_data(
        MetricData=[{"MetricName": "Difference", "Value": difference}]
    )


def run(event, context):
    with ThreadPoolExecutor() as pool:
        known = pool.submit(limits)
        counts = list(pool.map(lambda count: count(), (ours, theirs)))
    difference = counts[0] - counts[1]
    evidence(difference)
    boto3.client("cloudwatch").put_metric_data(
        Namespace="Depot", MetricData=[{"MetricName": "Difference", "Value": difference}]
    )
    return {"difference": difference, "limits": known.result()}
