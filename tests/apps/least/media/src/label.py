import boto3

from settings import TABLE

rekognition = boto3.client("rekognition")
table = boto3.resource("dynamodb").Table(TABLE)


def labels_of(bucket: str, key: str) -> list[str]:
    found = rekognition.detect_labels(Image={"S3Object": {"Bucket": bucket, "Name": key}}, MaxLabels=10)
    return [each["Name"] for each in found["Labels"]]


def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        table.update_item(
            Key={"key": key},
            UpdateExpression="SET labels = :l",
            ExpressionAttributeValues={":l": labels_of(bucket, key)},
        )
