import os

import boto3

from .partiql import run, statements


def drop(isbn=None):
    if isbn:
        return run(statements.FORGET, isbn)
    return boto3.client("dynamodb").delete_table(TableName=os.environ["BOOKS"])
