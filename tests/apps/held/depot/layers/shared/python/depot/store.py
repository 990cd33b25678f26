import os
import time

from boto3.dynamodb.conditions import Key

from .clients import AwsClients


class ParcelStore:
    def __init__(self, clients: AwsClients, name: str | None = None) -> None:
        self._clients = clients
        self._name = name or os.environ["TABLE_NAME"]

    @property
    def _table(self):
        return self._clients.tables.Table(self._name)

    def find(self, parcel: str):
        return self._table.get_item(Key={"id": parcel}).get("Item")

    def mark(self, parcel: str, state: str) -> None:
        self._table.update_item(
            Key={"id": parcel},
            UpdateExpression="SET #s = :s, seen = :t",
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":s": state, ":t": int(time.time())},
        )

    def in_state(self, state: str):
        answer = self._table.query(IndexName="by-state", KeyConditionExpression=Key("state").eq(state))
        yield from answer["Items"]

    def purge(self, parcel: str) -> None:
        self._table.delete_item(Key={"id": parcel})
