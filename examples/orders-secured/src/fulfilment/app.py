"""Hands paid orders to the warehouse and tells everybody who wants to know."""

import json
import logging
import os
import re

import boto3
from botocore.exceptions import ClientError

log = logging.getLogger()

ORDER_ID = re.compile(r"[0-9a-f]{32}")

orders = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
sns = boto3.client("sns")


def ship(order_id):
    """Mark a paid order as shipped; shipping it once more changes nothing."""
    try:
        orders.update_item(
            Key={"orderId": order_id},
            UpdateExpression="SET #status = :shipped",
            ConditionExpression="#status IN (:paid, :shipped)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":paid": "PAID", ":shipped": "SHIPPED"},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        raise ValueError("the order is not paid") from None


def handle(body):
    order_id = json.loads(body)["orderId"]
    if not ORDER_ID.fullmatch(order_id):
        raise ValueError("malformed order id")
    ship(order_id)
    # A business customer's own systems subscribe to the topic; we call no addresses from orders.
    sns.publish(
        TopicArn=os.environ["ORDER_EVENTS_TOPIC"],
        Message=json.dumps({"orderId": order_id, "status": "SHIPPED"}),
    )
    log.info("order shipped", extra={"order": order_id})


def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            handle(record["body"])
        except (ClientError, KeyError, TypeError, ValueError) as error:
            log.error("order not shipped", extra={"messageId": record["messageId"], "error": type(error).__name__})
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
