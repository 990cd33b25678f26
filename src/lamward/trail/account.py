"""Trails in an AWS account: log files in a bucket, and the event history. Needs boto3, the extra `aws`.

Nothing here runs unless an address asks for it: `s3://BUCKET/PREFIX` or `event-history:REGION`.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from lamward.errors import UsageError
from lamward.trail.files import MAX_PACKED, Content, FilePath, Unread, is_wanted

BUCKET: Final = "s3://"
HISTORY: Final = "event-history:"
_DAYS: Final = 90
_SETTLED: Final = datetime.timedelta(hours=1)
"""Events take some minutes to arrive; a day is read once, when it is complete."""


class BucketObject(Struct, frozen=True, order=True):
    """A log file in a bucket."""

    bucket: str
    key: str

    @property
    def name(self) -> str:
        """Its address."""
        return f"{BUCKET}{self.bucket}/{self.key}"

    def fetch(self) -> Content | Unread:
        """Download it."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            body = _client("s3").get_object(Bucket=self.bucket, Key=self.key)["Body"]
            packed = body.read(MAX_PACKED + 1)
        except (BotoCoreError, ClientError) as problem:
            return Unread(self.name, f"it cannot be downloaded: {_told(problem)}")
        if len(packed) > MAX_PACKED:
            return Unread(self.name, f"it has more than {MAX_PACKED >> 20} MB")
        return Content(self.name, packed, hashlib.sha256(packed).digest())


class HistoryDay(Struct, frozen=True, order=True):
    """One whole day of the event history of a region."""

    region: str
    day: datetime.date

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{HISTORY}{self.region}/{self.day}"

    def fetch(self) -> Content | Unread:
        """Look the events up, at the two requests a second that AWS allows.

        A day is the same whatever order its events come in, so it is known again by its name.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        start = datetime.datetime.combine(self.day, datetime.time(), datetime.UTC)
        end = start + datetime.timedelta(days=1) - datetime.timedelta(seconds=1)
        try:
            pages = _client("cloudtrail", self.region).get_paginator("lookup_events")
            found = [
                {"CloudTrailEvent": event["CloudTrailEvent"]}
                for page in pages.paginate(StartTime=start, EndTime=end)
                for event in page["Events"]
            ]
        except (BotoCoreError, ClientError) as problem:
            return Unread(self.name, f"it cannot be looked up: {_told(problem)}")
        packed = msgspec.json.encode({"Events": found})
        return Content(self.name, packed, hashlib.sha256(self.name.encode()).digest())


Address = FilePath | BucketObject | HistoryDay


def is_address(path: str) -> bool:
    """Tell whether a path is an address in AWS."""
    return path.startswith((BUCKET, HISTORY))


def find(address: str, since: datetime.datetime | None, now: datetime.datetime) -> list[Address]:
    """List what there is to read at an address.

    Raises `UsageError` where boto3 is missing, or AWS refuses to list.
    """
    _insist()
    if address.startswith(HISTORY):
        return list(_days(address.removeprefix(HISTORY), since, now))
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, prefix = address.removeprefix(BUCKET).partition("/")
    try:
        return list(_objects(bucket, prefix, since))
    except (BotoCoreError, ClientError) as problem:
        hint = "check the credentials and the address"
        raise UsageError(f"cannot list `{address}`: {_told(problem)}", hint) from None


def _objects(bucket: str, prefix: str, since: datetime.datetime | None) -> Iterator[BucketObject]:
    for page in _client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Contents", ()):
            if is_wanted(each["Key"], since):
                yield BucketObject(bucket, each["Key"])


def _days(region: str, since: datetime.datetime | None, now: datetime.datetime) -> Iterator[HistoryDay]:
    last = (now - _SETTLED).date() - datetime.timedelta(days=1)
    first = last - datetime.timedelta(days=_DAYS - 2)  # the oldest day of the history is not whole any more
    if since is not None:
        first = max(first, since.date())
    for number in range((last - first).days + 1):
        yield HistoryDay(region, first + datetime.timedelta(days=number))


def _insist() -> None:
    try:
        import boto3  # noqa: F401 only whether it is there
    except ImportError:
        raise UsageError(
            "reading from AWS needs boto3",
            "install it: `pip install 'lamward[aws]'`, or download the files first",
        ) from None


@cache
def _client(service: str, region: str | None = None) -> Any:
    import boto3

    return boto3.client(service, region_name=region)


def _told(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]
