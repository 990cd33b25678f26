import base64
import json
import os

import boto3

firehose = boto3.client("firehose")


def decoded(record):
    return json.loads(base64.b64decode(record["kinesis"]["data"]))


def chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]


def handler(event, context):
    clicks = [decoded(record) for record in event["Records"]]
    for part in chunks([{"Data": (json.dumps(click) + "\n").encode()} for click in clicks], 500):
        answer = firehose.put_record_batch(DeliveryStreamName=os.environ["DELIVERY_STREAM"], Records=part)
        if answer["FailedPutCount"]:
            raise RuntimeError(f"{answer['FailedPutCount']} clicks were not delivered")
