from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.service_resource import Table

_resource = boto3.resource("dynamodb", config=Config(retries={"mode": "adaptive"}))
loans: Table = _resource.Table(os.environ["LOANS"])
client: DynamoDBClient = loans.meta.client


def transact(loan: str, isbn: str, reader: str) -> None:
    items = [
        {"ConditionCheck": {"TableName": os.environ["READERS"], "Key": {"reader": reader},
                            "ConditionExpression": "attribute_exists(reader)"}},
        {"Put": {"TableName": loans.name, "Item": {"loan": loan, "isbn": isbn, "reader": reader}}},
    ]
    items.append(
        {"Update": {"TableName": os.environ["BOOKS"], "Key": {"isbn": isbn},
                    "UpdateExpression": "ADD copies :one", "ExpressionAttributeValues": {":one": -1}}}
    )
    client.transact_write_items(TransactItems=items)
