"""Copies a validated file from the raw bucket into the lake and removes it there."""
import os

import boto3

s3 = boto3.client("s3")
RAW, LAKE = os.environ["RAW_BUCKET"], os.environ["LAKE_BUCKET"]


def handler(event, context):
    key = event["detail"]["object"]["key"]
    s3.copy_object(
        Bucket=LAKE,
        Key="validated/" + key,
        CopySource={"Bucket": RAW, "Key": key},
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
    )
    s3.delete_object(Bucket=RAW, Key=key)
    s3.get_waiter("object_exists").wait(Bucket=LAKE, Key="validated/" + key)
