import os
from urllib.parse import urlparse

import boto3
from botocore.config import Config

_RETRY = Config(retries={"max_attempts": 5, "mode": "adaptive"})


def split_url(url):
    parsed = urlparse(url)
    return parsed.netloc, parsed.path.lstrip("/")


class Lake:
    """The bucket of the lake, by zones."""

    def __init__(self, bucket=None, session=None):
        self.bucket = bucket or os.environ["LAKE_BUCKET"]
        self.s3 = (session or boto3).client("s3", config=_RETRY)

    def put(self, zone, name, body):
        self.s3.put_object(Bucket=self.bucket, Key=f"{zone}/{name}", Body=body)

    def get(self, zone, name):
        return self.s3.get_object(Bucket=self.bucket, Key=f"{zone}/{name}")["Body"].read()

    def names(self, zone):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{zone}/")
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def remove(self, zone, name):
        self.s3.delete_object(Bucket=self.bucket, Key=f"{zone}/{name}")
