"""People come and go."""
import os
import time
from typing import Any

import boto3

table = boto3.resource("dynamodb", region_name=os.getenv("AWS_REGION")).Table(os.environ["CONNECTIONS"])


def connect(event: dict[str, Any], _context: object) -> dict[str, int]:
    context = event["requestContext"]
    table.put_item(Item={"id": context["connectionId"], "ttl": int(time.time()) + 7200})
    return {"statusCode": 200}


def disconnect(event: dict[str, Any], _context: object) -> dict[str, int]:
    table.delete_item(Key={"id": event["requestContext"]["connectionId"]})
    return {"statusCode": 200}
