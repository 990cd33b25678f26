"""Counts errors in the logs of a function that the caller names."""
import time

import boto3

client = boto3.client("logs")
QUERY = "filter @message like /ERROR/ | stats count(*) as errors by bin(1h)"


def handler(event, context):
    now = int(time.time())
    query = client.start_query(
        logGroupName=f"/aws/lambda/{event['function']}", startTime=now - 3600, endTime=now, queryString=QUERY
    )
    for _ in range(30):
        answer = client.get_query_results(queryId=query["queryId"])
        if answer["status"] == "Complete":
            return answer["results"]
        time.sleep(1)
    client.stop_query(queryId=query["queryId"])
    return None
