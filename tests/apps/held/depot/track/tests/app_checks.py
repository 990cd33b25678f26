import boto3
from moto import mock_aws


@mock_aws
def test_reads_a_parcel():
    table = boto3.resource("dynamodb").create_table(
        TableName="parcels", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST",
    )
    table.put_item(Item={"id": "1"})
    assert table.scan()["Count"] == 1
