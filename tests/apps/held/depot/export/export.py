"""Writes a day's parcels into a file, page by page."""

import asyncio
import json
import os
from contextlib import AsyncExitStack
from datetime import date

import aioboto3

PREFIX = os.environ.get("EXPORT_PREFIX", "exports")

session = aioboto3.Session()


class Exporter:
    def __init__(self):
        self.stack = AsyncExitStack()

    async def __aenter__(self):
        self.s3 = await self.stack.enter_async_context(session.client("s3"))
        dynamodb = await self.stack.enter_async_context(session.resource("dynamodb"))
        self.table = await dynamodb.Table(os.environ["TABLE_NAME"])
        return self

    async def __aexit__(self, *exc):
        await self.stack.aclose()

    async def rows(self):
        start = {}
        while True:
            page = await self.table.scan(**start)
            for item in page["Items"]:
                yield item
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    async def write(self, day):
        lines = [json.dumps(row, default=str) async for row in self.rows()]
        await asyncio.gather(
            self.s3.put_object(
                Bucket=os.environ["EXPORT_BUCKET"], Key=f"{PREFIX}/{day:%Y/%m}/parcels.jsonl", Body="\n".join(lines)
            ),
            self.s3.put_object(Bucket=os.environ["EXPORT_BUCKET"], Key=f"{PREFIX}/latest.txt", Body=str(day)),
        )


async def _main(day):
    async with Exporter() as exporter:
        await exporter.write(day)


def lambda_handler(event, context):
    asyncio.run(_main(date.fromisoformat(event["day"])))
