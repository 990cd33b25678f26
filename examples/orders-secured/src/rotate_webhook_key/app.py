"""Replaces the signing key that we share with the payment provider, in the four steps of Secrets Manager."""

import hashlib
import hmac
import json
import logging
import os
import secrets
import time
import urllib.request

import boto3

log = logging.getLogger()
manager = boto3.client("secretsmanager")


def value_of(secret, **version):
    return manager.get_secret_value(SecretId=secret, **version)["SecretString"]


def ask_provider(method, key, body):
    """Call the provider, which knows us by a request signed with the given key."""
    timestamp = str(int(time.time()))
    signed = f"{timestamp}.{hashlib.sha256(body).hexdigest()}".encode()
    request = urllib.request.Request(
        os.environ["PROVIDER_KEYS_URL"],
        data=body,
        method=method,
        headers={
            "Content-Type": "application/json",
            "X-Shop-Timestamp": timestamp,
            "X-Shop-Signature": hmac.new(key.encode(), signed, hashlib.sha256).hexdigest(),
        },
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


def create_secret(secret, token):
    try:
        value_of(secret, VersionId=token, VersionStage="AWSPENDING")
    except manager.exceptions.ResourceNotFoundException:
        manager.put_secret_value(
            SecretId=secret,
            ClientRequestToken=token,
            SecretString=secrets.token_hex(32),
            VersionStages=["AWSPENDING"],
        )


def set_secret(secret, token):
    pending = value_of(secret, VersionId=token, VersionStage="AWSPENDING")
    current = value_of(secret, VersionStage="AWSCURRENT")
    ask_provider("PUT", current, json.dumps({"id": token, "key": pending}).encode())


def test_secret(secret, token):
    pending = value_of(secret, VersionId=token, VersionStage="AWSPENDING")
    ask_provider("POST", pending, json.dumps({"id": token}).encode())


def finish_secret(secret, token):
    versions = manager.describe_secret(SecretId=secret)["VersionIdsToStages"]
    current = next(version for version, stages in versions.items() if "AWSCURRENT" in stages)
    if current != token:
        manager.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
        )


STEPS = {
    "createSecret": create_secret,
    "setSecret": set_secret,
    "testSecret": test_secret,
    "finishSecret": finish_secret,
}


def handler(event, context):
    step = STEPS[event["Step"]]
    step(event["SecretId"], event["ClientRequestToken"])
    log.info("rotation step done", extra={"step": event["Step"]})
