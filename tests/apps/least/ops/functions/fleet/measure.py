import datetime

import boto3

cloudwatch = boto3.client("cloudwatch")
sqs = boto3.resource("sqs")


def lag(queue_name):
    queue = sqs.get_queue_by_name(QueueName=queue_name)
    queue.load()
    return int(queue.attributes["ApproximateNumberOfMessages"])


def throughput(queue_name):
    now = datetime.datetime.now(datetime.timezone.utc)
    found = cloudwatch.get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="NumberOfMessagesDeleted",
        Dimensions=[{"Name": "QueueName", "Value": queue_name}],
        StartTime=now - datetime.timedelta(hours=1),
        EndTime=now,
        Period=3600,
        Statistics=["Sum"],
    )
    return sum(point["Sum"] for point in found["Datapoints"])


def handler(event, context):
    for name in ("chores-high", "chores-low"):
        cloudwatch.put_metric_data(
            Namespace="Chores",
            MetricData=[{"MetricName": "HoursOfLag", "Value": lag(name) / max(1, throughput(name))}],
        )
