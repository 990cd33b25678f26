import os

import boto3

glue = boto3.client("glue")


def handler(event, context):
    job = os.environ["JOB"]
    running = glue.get_job_runs(JobName=job, MaxResults=1)["JobRuns"]
    if running and running[0]["JobRunState"] == "RUNNING":
        return {"run": running[0]["Id"]}
    return {"run": glue.start_job_run(JobName=job, Arguments={"--zone": "merged"})["JobRunId"]}
