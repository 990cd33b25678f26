import json

from . import partiql
from .partiql import statements


def handler(event, context):
    asked = event.get("queryStringParameters") or {}
    if "isbn" in asked:
        found = partiql.run(statements.BY_ISBN, asked["isbn"])
    else:
        found = partiql.run(statements.BY_AUTHOR, asked.get("author", ""))
        partiql.count([each["isbn"]["S"] for each in found][:25])
    return {"statusCode": 200, "body": json.dumps(found)}
