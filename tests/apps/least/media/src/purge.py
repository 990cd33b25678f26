import os
from datetime import datetime, timedelta, timezone

import boto3

s3 = boto3.resource("s3")
bucket = s3.Bucket(os.environ["UPLOAD_BUCKET"])


def old_keys():
    limit = datetime.now(timezone.utc) - timedelta(days=30)
    for summary in bucket.objects.filter(Prefix="pictures/tmp/"):
        if summary.last_modified < limit:
            yield summary.key


def handler(event, context):
    batch = [{"Key": key} for key in old_keys()]
    for start in range(0, len(batch), 1000):
        bucket.delete_objects(Delete={"Objects": batch[start : start + 1000], "Quiet": True})
    if event.get("marker"):
        s3.Object(bucket.name, "pictures/.purged").put(Body=b"")
    return len(batch)


def empty_thumbnails():
    s3.Bucket(os.environ["THUMBNAIL_BUCKET"]).objects.all().delete()
