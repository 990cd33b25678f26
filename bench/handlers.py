"""Applications to derive roles of: a function that has grown, many small ones, one that calls very often."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_TEMPLATE: Final = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    Handler: app.handler
    Environment:
      Variables: {BUCKET: !Ref Bucket, TABLE: !Ref Table, QUEUE: !Ref Queue, TOPIC: !Ref Topic, FLOW: !Ref Flow}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Table: {Type: AWS::DynamoDB::Table}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Flow: {Type: AWS::StepFunctions::StateMachine}
"""

_HEAD: Final = '''\
"""A handler that was generated."""
import json
import os

import boto3
from botocore.exceptions import ClientError

BUCKET = os.environ["BUCKET"]
s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

'''
_UNIT: Final = '''
def save_{number}(order):
    """Store one kind of order."""
    key = f"{place}/{number}/{{order['id']}}.json"
    body = json.dumps(order, default=str)
    if order.get("total", 0) > {number}:
        s3.put_object(Bucket=BUCKET, Key=key, Body=body.encode())
    else:
        for attempt in range(3):
            try:
                table.put_item(Item={{"pk": order["id"], "kind": "{number}", "attempt": attempt}})
                break
            except ClientError as error:
                if error.response["Error"]["Code"] != "ThrottlingException":
                    raise
    return {{"key": key, "size": len(body)}}

'''

_CALLS: Final = (
    's3.put_object(Bucket=BUCKET, Key=f"parts/{number}/{{row.name}}", Body=row.body())',
    's3.get_object(Bucket=BUCKET, Key=f"parts/{number}/{{row.name}}")["Body"].read()',
    's3.delete_object(Bucket=BUCKET, Key=f"old/{number}/{{row.name}}")',
    'table.put_item(Item={{"pk": row.name, "kind": "{number}"}})',
    'table.get_item(Key={{"pk": row.name}}).get("Item")',
    'table.update_item(Key={{"pk": row.name}}, UpdateExpression="ADD n :n", ExpressionAttributeValues={{":n": 1}})',
    'sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=row.name)',
    'sns.publish(TopicArn=os.environ["TOPIC"], Message=row.name)',
    'flows.start_execution(stateMachineArn=os.environ["FLOW"], input=row.name)',
    'ssm.get_parameter(Name="/parts/{number}")["Parameter"]["Value"]',
    'secrets.get_secret_value(SecretId="parts-{number}")["SecretString"]',
    'events.put_events(Entries=[{{"Source": "parts", "DetailType": "{number}", "Detail": row.name}}])',
)
_MODULE: Final = '''\
"""One part of the business."""
from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field

import boto3

BUCKET = os.environ["BUCKET"]
s3, sqs, sns, ssm = (boto3.client(name) for name in ("s3", "sqs", "sns", "ssm"))
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
flows, secrets, events = boto3.client("stepfunctions"), boto3.client("secretsmanager"), boto3.client("events")


class Refused(ValueError):
    """What is asked for is not allowed."""


@dataclass
class Row:
    """One part, as it is kept."""

    name: str
    price: int = 0
    tags: dict = field(default_factory=dict)

    def body(self):
        return json.dumps({{"name": self.name, "price": self.price}}).encode()

    def digest(self):
        return hashlib.sha256(self.body()).hexdigest()

    @classmethod
    def read(cls, given):
        if not given.get("name"):
            raise Refused("a part needs a name")
        price = int(given.get("price", 0))
        if price < 0 or price > {number}000:
            raise Refused(f"{{price}} is no price")
        return cls(given["name"], price, dict(given.get("tags") or {{}}))


class Parts{number}:
    """Keeps parts of one kind."""

    def __init__(self, limit={number}):
        self.limit = limit
        self.seen = []

    def totals(self, rows):
        sums = {{}}
        for row in rows:
            for tag, share in sorted(row.tags.items()):
                sums[tag] = sums.get(tag, 0) + row.price * share // 100
            if len(sums) > self.limit:
                break
        return {{tag: value for tag, value in sums.items() if value}}

    def first(self, row):
        self.seen.append(row.digest())
        return {first}

    def second(self, row):
        if row.digest() in self.seen:
            return None
        for attempt in range(2):
            try:
                return {second}
            except KeyError:
                self.limit -= attempt
        return None

    def third(self, row):
        with_tags = [tag for tag in row.tags if tag.startswith("n")]
        return {third} if with_tags else None


def run(given):
    """Do what is asked for."""
    parts = Parts{number}()
    row = Row.read(given)
    steps = {{"first": parts.first, "second": parts.second, "third": parts.third}}
    done = [step(row) for name, step in steps.items() if name in given.get("steps", steps)]
    return {{"done": len(done), "sums": parts.totals([row])}}
'''


def one_file(folder: Path, lines: int) -> Path:
    """Write an application of one function, whose one file writes a kind of key every eighteen lines."""
    return _application(folder, [_units("orders", lines)])


def modules(folder: Path, count: int) -> Path:
    """Write an application of one function: a handler and modules of 100 lines, each with three of twelve calls."""
    imported = "".join(f"from parts_{number} import run as run_{number}\n" for number in range(count))
    runs = "".join(f'    "{number}": run_{number},\n' for number in range(count))
    handler = f"{imported}\nRUNS = {{\n{runs}}}\n\n\ndef handler(event, context):\n"
    handler += "    return [run(event) for name, run in RUNS.items() if name in event]\n"
    _application(folder, [handler])
    for number in range(count):
        calls = [_CALLS[(number * 3 + place) % len(_CALLS)].format(number=number) for place in range(3)]
        first, second, third = calls
        text = _MODULE.format(number=number, first=first, second=second, third=third)
        (folder / "f0" / f"parts_{number}.py").write_text(text, encoding="utf-8")
    return folder


def small_functions(folder: Path, count: int) -> Path:
    """Write an application of many functions of 60 lines, no two with the same keys."""
    return _application(folder, [_units(f"orders-{number}", 60) for number in range(count)])


def many_calls(folder: Path, count: int) -> Path:
    """Write an application of one function that writes to many keys, each named by a call of its own."""
    calls = (
        f'    s3.put_object(Bucket=BUCKET, Key="reports/{number}.json", Body=b"")' for number in range(count)
    )
    return _application(folder, ["\n".join([_HEAD, "def handler(event, context):", *calls, ""])])


def _units(place: str, lines: int) -> str:
    made, number = _HEAD, 0
    while made.count("\n") + number < lines - 4:
        made += _UNIT.format(place=place, number=number)
        number += 1
    calls = "".join(f"    save_{each}(event)\n" for each in range(number))
    return f"{made}\ndef handler(event, context):\n{calls}"


def _application(folder: Path, handlers: list[str]) -> Path:
    folder.mkdir(parents=True)
    template = _TEMPLATE
    for number, text in enumerate(handlers):
        code = folder / f"f{number}"
        code.mkdir()
        (code / "app.py").write_text(text, encoding="utf-8")
        template += f"  F{number}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: f{number}/}}}}\n"
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    return folder
