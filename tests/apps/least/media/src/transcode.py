"""Starts a conversion of one film, asked for by a state machine."""
import os
import uuid

import boto3


class Converter:
    def __init__(self):
        self._client = None

    @property
    def client(self):
        if self._client is None:
            self._client = boto3.client("mediaconvert", region_name=os.environ["AWS_REGION"])
        return self._client

    def start(self, source, target):
        settings = {
            "Inputs": [{"FileInput": source}],
            "OutputGroups": [
                {"OutputGroupSettings": {"Type": "FILE_GROUP_SETTINGS", "FileGroupSettings": {"Destination": target}}}
            ],
        }
        job = self.client.create_job(
            Role=os.environ["CONVERT_ROLE"],
            Queue=os.environ["QUEUE_ARN"],
            Settings=settings,
            ClientRequestToken=str(uuid.uuid4()),
        )
        return job["Job"]["Id"]

    def stop(self, job):
        self.client.cancel_job(Id=job)


def handler(event, context):
    return {"job": Converter().start(event["source"], f"s3://{os.environ['OUTPUT']}/films/")}
