from __future__ import annotations

import base64
import collections
import json
import os
import string
import typing as t

import boto3

KEY = string.Template("/library/${environment}/counter")
Reading = collections.namedtuple("Reading", "isbn minutes")


class Sinks(t.NamedTuple):
    archive: t.Any
    numbers: t.Any
    counters: t.Any

    def keep(self, readings: list[Reading]) -> None:
        self.archive.put_record_batch(
            DeliveryStreamName=os.environ["ARCHIVE"],
            Records=[{"Data": json.dumps(reading._asdict()) + "\n"} for reading in readings],
        )

    def tell(self, total: int) -> None:
        self.numbers.put_metric_data(
            Namespace="Library", MetricData=[{"MetricName": "Minutes", "Value": total, "Unit": "Count"}]
        )


def sinks() -> Sinks:
    return Sinks(*map(boto3.client, ("firehose", "cloudwatch", "ssm")))


def read(record: dict) -> Reading:
    return Reading(**json.loads(base64.b64decode(record["kinesis"]["data"])))


def handler(event, context):
    readings = [read(record) for record in event["Records"]]
    total = sum(reading.minutes for reading in readings)
    (out := sinks()).keep(readings)
    out.tell(total)
    *_, counters = out
    name = KEY.substitute(environment=os.environ["ENVIRONMENT"])
    before = int(counters.get_parameter(Name=name)["Parameter"]["Value"])
    out.counters.put_parameter(Name=name, Value=str(before + total), Type="String", Overwrite=True)
