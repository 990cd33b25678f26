"""Records as CloudTrail writes them, made up for tests."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Final

ACCOUNT: Final = "111122223333"
REGION: Final = "eu-west-1"
FUNCTION: Final = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/service-role/orders-role"
IN_LAMBDA: Final = "Boto3/1.42.97 md/Botocore#1.42.97 exec-env/AWS_Lambda_python3.13 Botocore/1.42.97"


def identity(
    *, session: str = "orders", issued_to: str = FUNCTION, role: str = ROLE, **more: Any
) -> dict[str, Any]:
    """Make the identity of a session of a role; `issued_to` is empty where Lambda says nothing."""
    name = role.rpartition("/")[2]
    made: dict[str, Any] = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": role, "userName": name}},
        **more,
    }
    if issued_to:
        made["inScopeOf"] = {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": issued_to}
    return made


def event(
    source: str = "dynamodb",
    name: str = "GetItem",
    parameters: dict[str, Any] | None = None,
    /,
    *,
    time: str = "2026-10-01T12:00:00Z",
    who: dict[str, Any] | None = None,
    arns: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """Make a record of a call by a function."""
    return {
        "eventVersion": "1.11",
        "userIdentity": identity() if who is None else who,
        "eventTime": time,
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "userAgent": IN_LAMBDA,
        "requestParameters": parameters,
        "resources": [{"ARN": arn, "accountId": ACCOUNT} for arn in arns] or None,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **more,
    }


def text(*events: Any) -> bytes:
    """Write records as CloudTrail does."""
    return json.dumps({"Records": events}).encode()


def write(path: Path, *events: Any) -> Path:
    """Write a log file, packed where its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = text(*events)
    path.write_bytes(gzip.compress(written) if path.suffix == ".gz" else written)
    return path
