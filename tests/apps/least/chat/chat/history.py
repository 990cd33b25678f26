import os
from datetime import UTC, datetime

import boto3
from boto3.dynamodb.conditions import Key


class History:
    def __init__(self, chat: str) -> None:
        self.chat = chat
        self._table = boto3.resource("dynamodb").Table(os.environ["HISTORY"])

    def last(self, count: int = 10) -> list[dict]:
        found = self._table.query(
            KeyConditionExpression=Key("chat").eq(self.chat), ScanIndexForward=False, Limit=count
        )
        return found["Items"][::-1]

    def add(self, *turns: tuple[str, str]) -> None:
        with self._table.batch_writer() as batch:
            for number, (role, text) in enumerate(turns):
                at = f"{datetime.now(UTC).isoformat()}#{number}"
                batch.put_item(Item={"chat": self.chat, "at": at, "role": role, "text": text})

    def forget(self) -> None:
        for turn in self.last(1000):
            self._table.delete_item(Key={"chat": self.chat, "at": turn["at"]})
