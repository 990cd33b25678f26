"""Forgets what left the depot long ago."""

import logging
import os
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import boto3
from depot import retry

log = logging.getLogger()

dynamodb, s3 = boto3.client("dynamodb"), boto3.resource("s3")
TABLE = os.environ["TABLE_NAME"]
DAYS = int(os.environ.get("KEEP_DAYS", "90"))


@contextmanager
def writing(name):
    table = boto3.resource("dynamodb").Table(name)
    with table.batch_writer(overwrite_by_pkeys=["id"]) as batch:
        yield batch
    log.info("written")


def old(before):
    pages = dynamodb.get_paginator("query").paginate(
        TableName=TABLE,
        IndexName="by-state",
        KeyConditionExpression="#s = :gone",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":gone": {"S": "gone"}},
    )
    for page in pages:
        yield from (item["id"]["S"] for item in page["Items"] if int(item["seen"]["N"]) < before)


@retry(times=5)
def drop_labels(prefix="labels/old/"):
    s3.Bucket(os.environ["LABEL_BUCKET"]).objects.filter(Prefix=prefix).delete()


def restore_labels():
    for version in s3.Bucket(os.environ["LABEL_BUCKET"]).object_versions.filter(Prefix="labels/"):
        version.delete()


def sweep(now):
    before = int((now - timedelta(days=DAYS)).timestamp())
    with writing(TABLE) as batch:
        for parcel in old(before):
            batch.delete_item(Key={"id": parcel})
    drop_labels()
    return {"swept": True}


handler = lambda event, context: sweep(datetime.now(timezone.utc))  # noqa: E731
