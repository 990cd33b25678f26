"""Which service a package, a class or a method of the SDKs for JavaScript stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from lamward.code.sdk import operations

_LETTERS: Final = re.compile(r"[^a-z0-9]")

_OTHERWISE: Final = {
    "augmentedairuntime": "sagemaker-a2i-runtime",
    "cloudwatchevents": "events",
    "cognitoidentityserviceprovider": "cognito-idp",
    "forecastqueryservice": "forecastquery",
    "forecastservice": "forecast",
    "rdsdataservice": "rds-data",
    "transcribeservice": "transcribe",
}
"""Classes of version 2 that are called neither as AWS calls the service nor as the SDK for Python does."""

DOCUMENT_COMMANDS: Final = {
    "BatchGet": "BatchGetItem",
    "BatchWrite": "BatchWriteItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Query": "Query",
    "Scan": "Scan",
    "TransactGet": "TransactGetItems",
    "TransactWrite": "TransactWriteItems",
    "Update": "UpdateItem",
    "ExecuteStatement": "ExecuteStatement",
    "ExecuteTransaction": "ExecuteTransaction",
    "BatchExecuteStatement": "BatchExecuteStatement",
}
"""What the document clients of DynamoDB call its operations."""


def named(name: str) -> str | None:
    """Return the service that a package (`secrets-manager`) or a class (`SecretsManager`) is for."""
    letters = _LETTERS.sub("", name.lower())
    return _by_letters().get(letters) or _OTHERWISE.get(letters)


@cache
def _by_letters() -> Mapping[str, str]:
    found = {_LETTERS.sub("", name): name for name in operations.services()}
    for name in sorted(operations.services()):
        known = operations.service(name)
        if known is not None:
            found[_LETTERS.sub("", known.id.lower())] = name
    return found


def operation_of(service: str, method: str) -> str | None:
    """Return the operation that a method of a client calls: `getItem`, or `get` of a document client."""
    known = operations.service(service)
    operation = method[:1].upper() + method[1:]
    if known is not None and operation in known.operations:
        return operation
    return DOCUMENT_COMMANDS.get(operation) if service == "dynamodb" else None


def waiter_of(service: str, name: str) -> str | None:
    """Return the operation that a waiter repeats, by its name: `BucketExists` or `bucketExists`."""
    known = operations.service(service)
    waiters = known.waiters.items() if known else ()
    letters = name.lower()
    return next((each for key, each in waiters if key.replace("_", "") == letters), None)
