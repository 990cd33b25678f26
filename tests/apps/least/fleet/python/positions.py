import base64
import json
import os
import time

import boto3

writer = boto3.client("timestream-write")
DATABASE, TABLE = "fleet", "positions"


def record(position):
    return {
        "Dimensions": [{"Name": "vehicle", "Value": position["vehicle"]}],
        "MeasureName": "speed",
        "MeasureValue": str(position["speed"]),
        "MeasureValueType": "DOUBLE",
        "Time": str(int(time.time() * 1000)),
    }


def store(event, context):
    positions = [json.loads(base64.b64decode(each["kinesis"]["data"])) for each in event["Records"]]
    writer.write_records(DatabaseName=DATABASE, TableName=TABLE, Records=[record(each) for each in positions])
    latest = {each["vehicle"]: each for each in positions}
    vehicles = boto3.resource("dynamodb").Table(os.environ["VEHICLES_TABLE"])
    with vehicles.batch_writer(overwrite_by_pkeys=["id"]) as batch:
        for vehicle, position in latest.items():
            batch.put_item(Item={"id": vehicle, "speed": str(position["speed"])})
