from __future__ import annotations

import os
from typing import Any, Iterator

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters import DynamoDBProvider, SecretsProvider, get_parameter

logger = Logger(child=True)

ENVIRONMENT = os.environ["ENVIRONMENT"]
ROOT = f"/library/{ENVIRONMENT}"

settings = DynamoDBProvider(table_name=os.environ["READERS"], key_attr="reader", value_attr="phone")
secrets = SecretsProvider()
phones = boto3.client("sns")


def texts() -> dict[str, str]:
    return parameters.get_parameters(f"{ROOT}/texts", max_age=900)


def sender() -> str:
    return get_parameter(ROOT + "/sender", decrypt=True)


def due(readers: list[str]) -> Iterator[tuple[str, str]]:
    for reader in readers:
        phone = settings.get(reader)
        if phone:
            yield reader, phone


def gateway() -> dict[str, Any]:
    return secrets.get(f"library/{ENVIRONMENT}/sms", transform="json")


def flags() -> dict[str, Any]:
    return parameters.get_app_config(
        name="reminders", environment=ENVIRONMENT, application="library", transform="json"
    )


def unused() -> None:
    parameters.set_parameter(name=f"{ROOT}/last", value="now", overwrite=True)
    settings.get_multiple("reader")


def lambda_handler(event, context):
    if not flags().get("enabled"):
        return 0
    words, account, sent = texts(), gateway(), 0
    for reader, phone in due(event.get("readers", [])):
        phones.publish(
            PhoneNumber=phone,
            Message=words["due"].format(reader=reader),
            MessageAttributes={"AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": sender()}},
        )
        sent += 1
    logger.info("sent", extra={"count": sent, "account": account["id"]})
    return sent
