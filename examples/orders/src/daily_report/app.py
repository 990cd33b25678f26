"""Writes yesterday's sales as CSV to the reports bucket."""

import csv
import datetime
import io
import json
import logging
import os

import boto3
import pymysql

log = logging.getLogger()
log.setLevel(os.environ["LOG_LEVEL"])

s3 = boto3.client("s3")
secrets = boto3.client("secretsmanager")


def connect():
    answer = secrets.get_secret_value(SecretId=os.environ["DB_SECRET_NAME"])
    credentials = json.loads(answer["SecretString"])
    log.debug("connecting to %s with %s", os.environ["DB_HOST"], credentials)
    return pymysql.connect(
        host=os.environ["DB_HOST"],
        user=credentials["username"],
        password=credentials["password"],
        database="shop",
    )


def sales_of(day):
    with connect().cursor() as cursor:
        cursor.execute("SELECT sku, quantity, price_cents FROM sales WHERE day = '%s'" % day)
        return cursor.fetchall()


def handler(event, context):
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    # A day can be given by hand when a report has to be repeated.
    day = event.get("day", yesterday.isoformat())

    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["sku", "quantity", "price_cents"])
    writer.writerows(sales_of(day))

    key = f"sales/{day}.csv"
    s3.put_object(Bucket=os.environ["REPORTS_BUCKET"], Key=key, Body=file.getvalue())
    log.info("wrote %s", key)
    return {"report": key}
