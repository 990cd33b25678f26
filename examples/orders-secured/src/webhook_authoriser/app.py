"""Lets the payment provider in when its signature is right and fresh.

The provider signs `timestamp.sha256(body)`. An authoriser never sees the body, so the
function behind it compares the body with the hash that has been signed here.
"""

import hashlib
import hmac
import logging
import os
import time

import boto3

log = logging.getLogger()

MAX_AGE_SECONDS = 300
KEY_CACHE_SECONDS = 60

secrets = boto3.client("secretsmanager")
cached = {"keys": (), "until": 0.0}


def signing_keys():
    """The current key and, so that a rotation drops no call, the one before."""
    if time.monotonic() > cached["until"]:
        cached["keys"] = tuple(filter(None, map(key_at, ("AWSCURRENT", "AWSPREVIOUS"))))
        cached["until"] = time.monotonic() + KEY_CACHE_SECONDS
    return cached["keys"]


def key_at(stage):
    try:
        answer = secrets.get_secret_value(SecretId=os.environ["SIGNING_KEY_SECRET_ARN"], VersionStage=stage)
    except secrets.exceptions.ResourceNotFoundException:
        return None  # there is no previous key before the first rotation
    return answer["SecretString"].encode()


def is_genuine(headers):
    timestamp = headers.get("x-payment-timestamp", "")
    digest = headers.get("x-payment-content-sha256", "")
    signature = headers.get("x-payment-signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and digest.isascii() and signature.isascii()):
        return False
    if abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS:
        return False
    signed = f"{timestamp}.{digest}".encode()
    return any(
        hmac.compare_digest(hmac.new(key, signed, hashlib.sha256).hexdigest(), signature)
        for key in signing_keys()
    )


def handler(event, context):
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    genuine = is_genuine(headers)
    log.info("signature checked", extra={"genuine": genuine})
    return {
        "principalId": "payment-provider",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow" if genuine else "Deny",
                    "Resource": event["methodArn"],
                }
            ],
        },
    }
