"""Charges cards for the orders in the queue."""
import json
import logging
import os
import urllib.request

import boto3

log = logging.getLogger()
session = boto3.session.Session()
secrets = session.client("secretsmanager")
ddb = session.client("dynamodb")
_key = None


def api_key():
    global _key
    if _key is None:
        _key = json.loads(secrets.get_secret_value(SecretId=os.environ["API_KEY_SECRET"])["SecretString"])["key"]
    return _key


def charge(order):
    if os.environ.get("PAYMENT_ENDPOINT") is None:
        return "test-charge"
    request = urllib.request.Request(
        os.environ["PAYMENT_ENDPOINT"], data=json.dumps(order).encode(), headers={"Authorization": api_key()}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["id"]


def book(order, charge_id):
    ddb.transact_write_items(
        TransactItems=[
            {
                "Update": {
                    "TableName": os.environ["ORDERS_TABLE"],
                    "Key": {"pk": {"S": order["pk"]}},
                    "UpdateExpression": "SET charge = :c",
                    "ExpressionAttributeValues": {":c": {"S": charge_id}},
                }
            },
            {
                "ConditionCheck": {
                    "TableName": os.environ["STOCK_TABLE"],
                    "Key": {"sku": {"S": order.get("sku", "none")}},
                    "ConditionExpression": "attribute_not_exists(blocked)",
                }
            },
        ]
    )


def handler(event, context):
    failures = []
    api_key()
    for record in event["Records"]:
        try:
            order = json.loads(record["body"])
            book(order, charge(order))
        except Exception:
            log.exception("payment failed")
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
