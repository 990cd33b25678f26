import os

import boto3

CLUSTER = os.environ["CLUSTER"]


class Runner:
    def __init__(self, ecs=None):
        self.ecs = ecs or boto3.client("ecs")

    def start(self, command):
        answer = self.ecs.run_task(
            cluster=CLUSTER,
            taskDefinition=os.environ["TASK"],
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-0aa11bb22cc33dd44"]}},
            overrides={
                "taskRoleArn": os.environ["TASK_ROLE"],
                "executionRoleArn": os.environ["PULL_ROLE"],
                "containerOverrides": [{"name": "report", "command": command}],
            },
        )
        if answer["failures"]:
            raise RuntimeError(answer["failures"])
        return answer["tasks"][0]["taskArn"]

    def stop(self, task):
        self.ecs.stop_task(cluster=CLUSTER, task=task)


def handler(event, context):
    return Runner().start(["report", "--day", event["day"]])
