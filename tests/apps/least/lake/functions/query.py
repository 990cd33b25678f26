import os
import time

import boto3

athena = boto3.client("athena")

SQL = """
SELECT page, count(*) AS clicks FROM clicks
WHERE day = ? GROUP BY page ORDER BY clicks DESC LIMIT 10
"""


def run(sql, *parameters):
    started = athena.start_query_execution(
        QueryString=sql,
        ExecutionParameters=list(parameters),
        QueryExecutionContext={"Database": os.environ["DATABASE"]},
        WorkGroup=os.environ["WORKGROUP"],
        ResultConfiguration={"OutputLocation": f"s3://{os.environ['RESULT_BUCKET']}/athena/"},
    )
    return started["QueryExecutionId"]


def wait(execution):
    while True:
        state = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]["State"]
        if state in ("SUCCEEDED", "FAILED", "CANCELLED"):
            return state
        time.sleep(1)


def handler(event, context):
    execution = run(SQL, event["day"])
    if wait(execution) != "SUCCEEDED":
        raise RuntimeError(execution)
    rows = athena.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows[1:]]
