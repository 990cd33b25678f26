"""Reads a shard from a point in time and puts what it finds into the stream again."""
import os
from datetime import datetime

import boto3

STREAM = os.environ["POSITION_STREAM"]


def operations():
    kinesis = boto3.client("kinesis")
    return {
        "shards": lambda: kinesis.list_shards(StreamName=STREAM)["Shards"],
        "put": lambda records: kinesis.put_records(StreamName=STREAM, Records=records),
        "iterator": lambda shard, at: kinesis.get_shard_iterator(
            StreamName=STREAM, ShardId=shard, ShardIteratorType="AT_TIMESTAMP", Timestamp=at
        )["ShardIterator"],
        "read": lambda iterator: kinesis.get_records(ShardIterator=iterator, Limit=100),
    }


def handler(event, context):
    do = operations()
    since = datetime.fromisoformat(event["since"])
    for shard in do["shards"]():
        found = do["read"](do["iterator"](shard["ShardId"], since))["Records"]
        if found and not event.get("dry"):
            do["put"]([{"Data": each["Data"], "PartitionKey": each["PartitionKey"]} for each in found])
