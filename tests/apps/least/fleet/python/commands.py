"""Signs a command and hands it to the vehicle, by queue and by topic."""
import base64
import json
import os

import boto3

kms = boto3.client("kms")
iot = boto3.client("iot-data")
queue = boto3.resource("sqs").get_queue_by_name(QueueName=os.environ["QUEUE_NAME"])


def signed(command):
    message = json.dumps(command, sort_keys=True).encode()
    answer = kms.sign(
        KeyId=os.environ["KEY_ID"], Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
    )
    return {**command, "signature": base64.b64encode(answer["Signature"]).decode()}


def handler(event, context):
    command = signed({"vehicle": event["vehicle"], "do": event["do"]})
    iot.publish(topic=f"fleet/{event['vehicle']}/commands", qos=1, payload=json.dumps(command))
    queue.send_message(MessageBody=json.dumps(command))
