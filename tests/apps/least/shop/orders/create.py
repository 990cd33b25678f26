import json
import os
import uuid

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from repository import OrderExists, OrderRepository

logger = Logger()
tracer = Tracer()
metrics = Metrics(namespace="Shop")

events = boto3.client("events")
sqs = boto3.client("sqs")
repository = OrderRepository()


@tracer.capture_method
def announce(order):
    events.put_events(
        Entries=[
            {
                "EventBusName": os.environ["EVENT_BUS"],
                "Source": "shop.orders",
                "DetailType": "OrderCreated",
                "Detail": json.dumps(order, default=str),
            }
        ]
    )


def ask_for_payment(order):
    sqs.send_message(QueueUrl=os.environ["PAYMENT_QUEUE_URL"], MessageBody=json.dumps(order, default=str))


@metrics.log_metrics(capture_cold_start_metric=True)
@logger.inject_lambda_context
@tracer.capture_lambda_handler
def lambda_handler(event, context):
    body = json.loads(event["body"])
    order = {"pk": str(uuid.uuid4()), "customer": body["customer"], "total": body["total"], "status": "NEW"}
    try:
        repository.add(order)
    except OrderExists:
        return {"statusCode": 409}
    announce(order)
    ask_for_payment(order)
    metrics.add_metric(name="Orders", unit=MetricUnit.Count, value=1)
    return {"statusCode": 201, "body": json.dumps({"id": order["pk"]})}
