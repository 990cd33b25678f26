"""Orders in their table."""
import os
from datetime import datetime, timezone
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

dynamodb = boto3.resource("dynamodb")


class OrderExists(Exception):
    pass


class OrderRepository:
    def __init__(self, table_name=None):
        self.table = dynamodb.Table(table_name or os.environ["ORDERS_TABLE"])

    def add(self, order):
        item = {**order, "total": Decimal(str(order["total"])), "created": datetime.now(timezone.utc).isoformat()}
        try:
            self.table.put_item(Item=item, ConditionExpression=Attr("pk").not_exists())
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise OrderExists(order["pk"]) from error
            raise

    def find(self, order_id):
        return self.table.get_item(Key={"pk": order_id}).get("Item")

    def of_customer(self, customer):
        pages = self.table.query(IndexName="by-customer", KeyConditionExpression=Key("customer").eq(customer))
        return pages["Items"]

    def set_status(self, order_id, status, expected):
        self.table.update_item(
            Key={"pk": order_id},
            UpdateExpression="SET #s = :new",
            ConditionExpression="#s = :old",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":new": status, ":old": expected},
        )

    def drop_everything(self):  # only for local experiments
        for item in self.table.scan()["Items"]:
            self.table.delete_item(Key={"pk": item["pk"]})
        self.table.delete()
