import boto3

dynamodb = boto3.client("dynamodb")


def find(event, context):
    rows = dynamodb.execute_statement(
        Statement='SELECT * FROM "vehicles" WHERE id = ?', Parameters=[{"S": event["id"]}]
    )["Items"]
    if not rows:
        return None
    if event.get("seen"):
        dynamodb.execute_statement(
            Statement="UPDATE vehicles SET seen = ? WHERE id = ?",
            Parameters=[{"S": event["seen"]}, {"S": event["id"]}],
        )
    return {name: next(iter(value.values())) for name, value in rows[0].items()}
