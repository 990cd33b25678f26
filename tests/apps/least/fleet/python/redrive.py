import os

import boto3

sqs = boto3.client("sqs")


def receive(url):
    while True:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
        if not messages:
            return
        yield messages


def handler(event, context):
    source, target = os.environ["FROM"], os.environ["TO"]
    moved = 0
    for messages in receive(source):
        sqs.send_message_batch(
            QueueUrl=target,
            Entries=[{"Id": str(n), "MessageBody": each["Body"]} for n, each in enumerate(messages)],
        )
        sqs.delete_message_batch(
            QueueUrl=source,
            Entries=[{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(messages)],
        )
        moved += len(messages)
    return moved
