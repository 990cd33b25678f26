"""The partner's account, seen with the role that they gave us."""

import os

import boto3
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session


def _refresh():
    answer = boto3.client("sts").assume_role(RoleArn=os.environ["PARTNER_ROLE"], RoleSessionName="audit")
    keys = answer["Credentials"]
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "token": keys["SessionToken"],
        "expiry_time": keys["Expiration"].isoformat(),
    }


def partner(service):
    inner = get_session()
    inner._credentials = RefreshableCredentials.create_from_metadata(
        metadata=_refresh(), refresh_using=_refresh, method="sts-assume-role"
    )
    return boto3.Session(botocore_session=inner).client(service)


def plain(service):
    keys = boto3.client("sts").assume_role(RoleArn=os.environ["PARTNER_ROLE"], RoleSessionName="audit")["Credentials"]
    return boto3.client(
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
