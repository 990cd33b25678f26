import csv
import io
import os
from datetime import date
from dataclasses import dataclass, field

import boto3


@dataclass
class Config:
    table: str = field(default_factory=lambda: os.environ["ORDERS_TABLE"])
    bucket: str = field(default_factory=lambda: os.environ["REPORT_BUCKET"])
    topic: str = field(default_factory=lambda: os.environ["REPORT_TOPIC_ARN"])


config = Config()
s3 = boto3.client("s3")


def orders():
    paginator = boto3.client("dynamodb").get_paginator("scan")
    for page in paginator.paginate(TableName=config.table, ProjectionExpression="pk, customer"):
        yield from page["Items"]


def write(rows):
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([row["pk"]["S"], row.get("customer", {}).get("S", "")])
    return text.getvalue()


def main(event, context):
    key = f"reports/{date.today():%Y/%m}/orders.csv"
    s3.put_object(Bucket=config.bucket, Key=key, Body=write(orders()).encode(), ContentType="text/csv")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": config.bucket, "Key": key}, ExpiresIn=86400)
    boto3.resource("sns").Topic(config.topic).publish(Subject="Nightly report", Message=url)
    return {"key": key}
