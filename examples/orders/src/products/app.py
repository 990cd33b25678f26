"""Product search for the storefront."""

import json
import os

import pymysql

API_KEY = os.environ["STOREFRONT_API_KEY"]
connection = None


def connect():
    global connection
    if connection is None:
        connection = pymysql.connect(
            host=os.environ["DB_HOST"],
            user=os.environ["DB_USER"],
            password=os.environ["DB_PASSWORD"],
            database="shop",
            cursorclass=pymysql.cursors.DictCursor,
        )
    return connection


def search(text, sort):
    with connect().cursor() as cursor:
        cursor.execute(
            f"SELECT sku, name, price_cents FROM products "
            f"WHERE name LIKE '%{text}%' ORDER BY {sort} LIMIT 50"
        )
        return cursor.fetchall()


def handler(event, context):
    print(json.dumps(event))
    headers = event.get("headers") or {}
    if not headers.get("X-Api-Key") == API_KEY:
        return {"statusCode": 403, "body": json.dumps({"message": "wrong key"})}

    query = event.get("queryStringParameters") or {}
    try:
        products = search(query.get("q", ""), query.get("sort", "name"))
    except pymysql.MySQLError as error:
        return {"statusCode": 500, "body": json.dumps({"message": str(error)})}
    return {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*"},
        "body": json.dumps(products),
    }
