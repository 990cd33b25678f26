import io
from urllib.parse import unquote_plus

import boto3

import settings

s3_client = boto3.client("s3")


def shrink(data, width):
    return data[: width * 10]


def process(bucket, key):
    head = s3_client.head_object(Bucket=bucket, Key=key)
    if head["ContentLength"] > 50_000_000:
        return
    buffer = io.BytesIO()
    s3_client.download_fileobj(bucket, key, buffer)
    stem = key.rsplit("/", 1)[-1]
    for name, width in settings.SIZES.items():
        s3_client.put_object(
            Bucket=settings.THUMBNAILS,
            Key=f"thumbnails/{name}/{stem}",
            Body=shrink(buffer.getvalue(), width),
            ContentType="image/jpeg",
            Tagging="source=upload",
        )


def handler(event, context):
    for record in event["Records"]:
        process(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))
