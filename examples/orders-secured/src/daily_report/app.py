"""Writes yesterday's sales as CSV to the reports bucket."""

import csv
import datetime
import io
import logging
import os

import boto3
from shop_database import connect

log = logging.getLogger()
s3 = boto3.client("s3")


def sales_of(day):
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT sku, quantity, price_cents FROM sales WHERE day = %s", (day,))
        return cursor.fetchall()


def handler(event, context):
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    # A day can be given by hand when a report has to be repeated; anything but a date is an error.
    day = datetime.date.fromisoformat(event["day"]) if "day" in event else yesterday

    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=["sku", "quantity", "price_cents"])
    writer.writeheader()
    sales = sales_of(day)
    writer.writerows(sales)

    key = f"sales/{day:%Y-%m-%d}.csv"
    s3.put_object(
        Bucket=os.environ["REPORTS_BUCKET"],
        Key=key,
        Body=file.getvalue(),
        ContentType="text/csv",
        ExpectedBucketOwner=os.environ["ACCOUNT_ID"],
    )
    log.info("report written", extra={"report": key, "sales": len(sales)})
    return {"report": key}
