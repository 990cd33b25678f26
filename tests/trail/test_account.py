"""Trails in AWS, in an account that is made up."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest

from lamward.errors import UsageError
from lamward.trail import account
from lamward.trail.files import Content, Unread
from lamward.trail.gather import gather
from tests.trail.made import event, text

moto = pytest.importorskip("moto")
NOW = datetime.datetime(2026, 10, 31, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    forget = account._client.cache_clear
    forget()
    with moto.mock_aws():
        yield
    forget()


@pytest.fixture
def bucket() -> Any:
    import boto3

    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="trail")
    return client


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_log_files_in_a_bucket_are_read(bucket: Any) -> None:
    for key in (
        "AWSLogs/1/CloudTrail/a.json",
        "AWSLogs/1/CloudTrail-Digest/d.json.gz",
        "other/b.json",
        "AWSLogs/x.txt",
    ):
        bucket.put_object(Bucket="trail", Key=key, Body=text(event()))
    items = account.find("s3://trail/AWSLogs/", None, NOW)
    assert [each.name for each in items] == ["s3://trail/AWSLogs/1/CloudTrail/a.json"]
    (batch,) = gather(items)
    assert [each.records for each in batch.read] == [1]
    assert len(batch.ledger.uses) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_gone_is_told(bucket: Any) -> None:  # noqa: ARG001 it must be there
    result = account.BucketObject("trail", "gone.json").fetch()
    assert isinstance(result, Unread)
    assert "cannot be downloaded" in result.reason
    with pytest.raises(UsageError, match="cannot list `s3://no-such-bucket"):
        account.find("s3://no-such-bucket/x", None, NOW)


def test_the_event_history_is_read_in_whole_days() -> None:
    days = account.find("event-history:eu-west-1", None, NOW)
    assert len(days) == 89
    assert days[-1].name == "event-history:eu-west-1/2026-10-30"
    since = account.find("event-history:eu-west-1", datetime.datetime(2026, 10, 29, tzinfo=datetime.UTC), NOW)
    assert [each.name[-10:] for each in since] == ["2026-10-29", "2026-10-30"]
    early = NOW.replace(hour=0, minute=30)
    assert account.find("event-history:eu-west-1", None, early)[-1].name.endswith("2026-10-29")


def test_events_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3
    from botocore.stub import Stubber

    client = boto3.client("cloudtrail", region_name="eu-west-1")
    day = account.HistoryDay("eu-west-1", datetime.date(2026, 10, 1))
    monkeypatch.setattr(account, "_client", lambda *_: client)
    start = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
    asked = {"StartTime": start, "EndTime": start.replace(hour=23, minute=59, second=59)}
    page = {"Events": [{"CloudTrailEvent": json.dumps(event())}]}
    with Stubber(client) as stubber:
        stubber.add_response("lookup_events", {**page, "NextToken": "more"}, asked)
        stubber.add_response("lookup_events", page, {**asked, "NextToken": "more"})
        content = day.fetch()
        stubber.add_client_error("lookup_events", "AccessDeniedException", "no")
        refused = day.fetch()
    assert isinstance(content, Content)
    assert len(json.loads(content.packed)["Events"]) == 2
    assert isinstance(refused, Unread)
    assert "cannot be looked up" in refused.reason
