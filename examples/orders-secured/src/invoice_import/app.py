"""Reads invoices that suppliers upload as PDF."""

import io
import logging
import os
import re
import urllib.parse

import boto3
from botocore.exceptions import ClientError
from pypdf import PdfReader

log = logging.getLogger()

MAX_BYTES = 5 * 1024 * 1024
MAX_PAGES = 20
KEY = re.compile(r"invoices/(?P<supplier>[a-z0-9-]{1,40})/[A-Za-z0-9-]{1,80}\.pdf")
NUMBER = re.compile(r"Invoice no\.? {0,3}([A-Za-z0-9-]{1,40})")
TOTAL = re.compile(r"Total {1,10}([0-9.,]{1,15})")

s3 = boto3.client("s3")
invoices = boto3.resource("dynamodb").Table(os.environ["INVOICES_TABLE"])


class NotAnInvoice(Exception):
    """The upload cannot be read; after the retries it goes to the queue of failed events."""


def first(pattern, text, what):
    match = pattern.search(text)
    if match is None:
        raise NotAnInvoice(f"no {what}")
    return match.group(1)


def read_text(bucket, key, version):
    """Read the text in memory: neither a file name nor a command is made from the key."""
    answer = s3.get_object(
        Bucket=bucket, Key=key, VersionId=version, ExpectedBucketOwner=os.environ["ACCOUNT_ID"]
    )
    if answer["ContentLength"] > MAX_BYTES:
        raise NotAnInvoice("too large")
    pages = PdfReader(io.BytesIO(answer["Body"].read(MAX_BYTES))).pages
    if len(pages) > MAX_PAGES:
        raise NotAnInvoice("too many pages")
    return "\n".join(page.extract_text() for page in pages)


def import_invoice(bucket, key, version):
    match = KEY.fullmatch(key)
    if match is None:
        raise NotAnInvoice("unexpected name")
    text = read_text(bucket, key, version)
    invoice_id = f"{match['supplier']}#{first(NUMBER, text, 'number')}"
    try:
        invoices.put_item(
            Item={"invoiceId": invoice_id, "total": first(TOTAL, text, "total"), "source": key, "version": version},
            ConditionExpression="attribute_not_exists(invoiceId)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        log.info("invoice is known", extra={"invoice": invoice_id})
    else:
        log.info("invoice imported", extra={"invoice": invoice_id})


def handler(event, context):
    for record in event["Records"]:
        bucket, stored = record["s3"]["bucket"]["name"], record["s3"]["object"]
        import_invoice(bucket, urllib.parse.unquote_plus(stored["key"]), stored["versionId"])
