"""Product search for the storefront."""

import json
import logging
import os

import pymysql
from shop_database import connect

log = logging.getLogger()

MAX_TEXT = 80
# A column cannot be a query parameter, so it is chosen from complete queries.
QUERIES = {
    "name": "SELECT sku, name, price_cents FROM products WHERE name LIKE %s ORDER BY name LIMIT 50",
    "price": "SELECT sku, name, price_cents FROM products WHERE name LIKE %s ORDER BY price_cents LIMIT 50",
}


def response(status, body):
    return {
        "statusCode": status,
        "headers": {
            "Content-Type": "application/json",
            "Access-Control-Allow-Origin": os.environ["SHOP_ORIGIN"],
        },
        "body": json.dumps(body),
    }


def pattern_for(text):
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def search(query, text):
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(query, (pattern_for(text),))
        return cursor.fetchall()


def handler(event, context):
    parameters = event.get("queryStringParameters") or {}
    text = parameters.get("q", "").strip()
    query = QUERIES.get(parameters.get("sort", "name"))
    if not 2 <= len(text) <= MAX_TEXT or query is None:
        return response(400, {"message": "q must have 2 to 80 characters, sort must be name or price"})

    try:
        products = search(query, text)
    except pymysql.MySQLError as error:
        log.error("search failed", extra={"error": type(error).__name__})
        return response(503, {"message": "please try again later"})
    log.info("search done", extra={"products": len(products)})
    return response(200, products)
