"""Connects to the shop database as an IAM user, so that there is no password to keep."""

import os
import ssl

import boto3
import pymysql
import pymysql.cursors

PORT = 3306

rds = boto3.client("rds")


def connect():
    """Open a connection; its token is made locally and is valid for 15 minutes."""
    host, user = os.environ["DB_HOST"], os.environ["DB_USER"]
    return pymysql.connect(
        host=host,
        port=PORT,
        user=user,
        password=rds.generate_db_auth_token(DBHostname=host, Port=PORT, DBUsername=user),
        database="shop",
        ssl=ssl.create_default_context(),
        connect_timeout=3,
        read_timeout=5,
        cursorclass=pymysql.cursors.DictCursor,
    )
