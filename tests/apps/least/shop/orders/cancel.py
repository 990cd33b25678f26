import functools
import json
import os

import boto3

from repository import OrderRepository


@functools.lru_cache(maxsize=None)
def client(name):
    return boto3.client(name)


@functools.lru_cache
def refunds_enabled():
    name = f"/shop/{os.environ['STAGE']}/refunds-enabled"
    return client("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "true"


class Audit:
    """Looks like a client, writes to the log."""

    def put_object(self, **fields):
        print(json.dumps(fields))

    def publish(self, **fields):
        print(json.dumps(fields))


def handler(event, context):
    order_id = event["pathParameters"]["id"]
    repository = OrderRepository()
    repository.set_status(order_id, "CANCELLED", expected="NEW")
    audit = Audit()
    audit.put_object(Bucket=os.environ["ARCHIVE_BUCKET"], Key=order_id)
    audit.publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:audit", Message=order_id)
    if refunds_enabled():
        client("stepfunctions").start_execution(
            stateMachineArn=os.environ["REFUND_FLOW_ARN"], name=order_id, input=json.dumps({"order": order_id})
        )
    return {"statusCode": 204}
