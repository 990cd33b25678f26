"""Hands paid orders to the warehouse and tells everybody who wants to know."""

import json
import os
import urllib.request

import boto3

orders = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
sns = boto3.client("sns")


def ship(order):
    orders.update_item(
        Key={"orderId": order["orderId"]},
        UpdateExpression="SET #status = :shipped",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":shipped": "SHIPPED"},
    )
    sns.publish(
        TopicArn=os.environ["ORDER_EVENTS_TOPIC"],
        Subject="SHIPPED",
        Message=json.dumps(order),
    )


def call_back(order):
    """Business customers may leave an address that we call when their order is on its way."""
    request = urllib.request.Request(
        order["callbackUrl"],
        data=json.dumps({"orderId": order["orderId"], "status": "SHIPPED"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        print("callback answered", answer.read())


def handler(event, context):
    for record in event["Records"]:
        order = json.loads(record["body"])
        print("shipping", order)
        ship(order)
        if order.get("callbackUrl"):
            call_back(order)
