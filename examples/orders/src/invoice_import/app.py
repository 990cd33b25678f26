"""Reads invoices that suppliers upload as PDF."""

import json
import logging
import os
import re
import subprocess
import urllib.parse

import boto3

log = logging.getLogger()
log.setLevel(os.environ["LOG_LEVEL"])

s3 = boto3.client("s3")
invoices = boto3.resource("dynamodb").Table(os.environ["INVOICES_TABLE"])

NUMBER = re.compile(r"Invoice no\.?\s*(\S+)")
TOTAL = re.compile(r"Total\s+([\d.,]+)")


def to_text(path):
    subprocess.run(f"/opt/bin/gs -q -sDEVICE=txtwrite -o {path}.txt {path}", shell=True, check=True)
    with open(path + ".txt") as file:
        return file.read()


def import_invoice(bucket, key):
    path = "/tmp/" + key
    os.makedirs(os.path.dirname(path), exist_ok=True)
    s3.download_file(bucket, key, path)
    text = to_text(path)
    invoices.put_item(
        Item={
            "invoiceId": NUMBER.search(text).group(1),
            "total": TOTAL.search(text).group(1),
            "source": f"s3://{bucket}/{key}",
            "text": text,
        }
    )


def handler(event, context):
    log.debug("event: %s", json.dumps(event))
    log.debug("environment: %s", dict(os.environ))
    for record in event["Records"]:
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        import_invoice(record["s3"]["bucket"]["name"], key)
