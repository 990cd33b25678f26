"""Looks for open buckets in all accounts, with a role in each of them."""
import os

import boto3


def accounts():
    organizations = boto3.client("organizations")
    for page in organizations.get_paginator("list_accounts").paginate():
        for account in page["Accounts"]:
            if account["Status"] == "ACTIVE":
                yield account["Id"]


def client_in(account, service):
    role = f"arn:aws:iam::{account}:role/{os.environ['AUDIT_ROLE']}"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="audit", DurationSeconds=900)
    credentials = given["Credentials"]
    return boto3.client(
        service,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def open_buckets(account):
    s3 = client_in(account, "s3")
    for bucket in s3.list_buckets()["Buckets"]:
        try:
            s3.get_public_access_block(Bucket=bucket["Name"])
        except s3.exceptions.ClientError:
            yield bucket["Name"]


def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    for account in accounts():
        found = list(open_buckets(account))
        table.put_item(Item={"account": account, "open": found, "by": context.function_name})
