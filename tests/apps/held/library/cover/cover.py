"""Reads what is printed on a cover."""

import functools
import os
import re
import urllib.parse

import boto3

ISBN = re.compile(r"97[89]-?\d{1,5}-?\d+-?\d+-?\d")


@functools.lru_cache(maxsize=None)
def aws(service, kind="client"):
    return getattr(boto3, kind)(service)


def each_record(function):
    @functools.wraps(function)
    def handler(event, context):
        return [function(**place(record["s3"])) for record in event["Records"]]

    return handler


def place(s3):
    return {"bucket": s3["bucket"]["name"], "key": urllib.parse.unquote_plus(s3["object"]["key"])}


@each_record
def handle(*, bucket, key):
    lines = aws("rekognition").detect_text(Image={"S3Object": {"Bucket": bucket, "Name": key}})
    found = next((ISBN.search(line["DetectedText"]) for line in lines["TextDetections"]), None)
    source = aws("s3", kind="resource").Object(bucket, key)
    if found is None:
        aws("s3").put_object_tagging(
            Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": "unread", "Value": "yes"}]}
        )
        return None
    size = source.content_length
    aws("dynamodb", "resource").Table(os.environ["BOOKS"]).put_item(
        Item={"isbn": found[0], "cover": f"s3://{bucket}/{key}", "size": size}
    )
    return found[0]
