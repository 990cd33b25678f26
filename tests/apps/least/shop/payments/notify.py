import json
import os

import boto3
from boto3.dynamodb.types import TypeDeserializer

ses = boto3.client("ses")
lambda_ = boto3.client("lambda")
deserialize = TypeDeserializer().deserialize


def send(to, subject, text):
    return ses.send_email(
        Source=os.environ["SENDER"],
        Destination={"ToAddresses": [to]},
        Message={"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}},
    )


def send_raw(message):  # attachments: not yet
    return ses.send_raw_email(RawMessage={"Data": message})


def recompute_tax(order):
    answer = lambda_.invoke(
        FunctionName=os.environ["TAX_FUNCTION"], InvocationType="Event", Payload=json.dumps({"Records": []}).encode()
    )
    return answer["StatusCode"]


def handler(event, _context):
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage")
        if not image:
            continue
        order = {name: deserialize(value) for name, value in image.items()}
        if order.get("status") == "PAID":
            send(order["customer"], "Your order", f"Order {order['pk']} is paid.")
        else:
            recompute_tax(order)
