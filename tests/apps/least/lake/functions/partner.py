"""Fetches the partner's files with the partner's role and stores them with ours."""
import os

import boto3

from lakelib import Lake, split_url

sts = boto3.client("sts")


def partner_session():
    credentials = sts.assume_role(RoleArn=os.environ["PARTNER_ROLE"], RoleSessionName="lake-import")["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def handler(event, context):
    theirs = partner_session().client("s3")
    ours = Lake()
    bucket, key = split_url(event["url"])
    body = theirs.get_object(Bucket=bucket, Key=key)["Body"].read()
    ours.put("partner", key.replace("/", "-"), body)
    theirs.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": "fetched", "Value": "yes"}]})
