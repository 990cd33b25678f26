import os

import boto3

TABLE = os.environ["BOOKS"]
_client = boto3.client("dynamodb")


class statements:
    BY_AUTHOR = f'SELECT isbn, title FROM "{TABLE}"."by-author" WHERE author = ?'
    BY_ISBN = f"SELECT * FROM \"{TABLE}\" WHERE isbn = ?"
    COUNT = 'UPDATE "%s" SET seen = seen + 1 WHERE isbn = ?' % TABLE
    FORGET = f'DELETE FROM "{TABLE}" WHERE isbn = ?'


def run(statement, *values):
    answer = _client.execute_statement(Statement=statement, Parameters=[{"S": value} for value in values])
    return answer["Items"]


def count(isbns):
    _client.batch_execute_statement(
        Statements=[{"Statement": statements.COUNT, "Parameters": [{"S": isbn}]} for isbn in isbns]
    )
