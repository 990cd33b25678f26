"""The shapes in which records come, and those that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.trail.record import Malformed, Record, decode, is_digest
from tests.trail.made import event, text

ONE = event("s3", "GetObject")


def names(content: bytes) -> tuple[list[str], int]:
    records, bad = decode(content)
    return [each.event_name for each in records], bad


def lines(*values: Any) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(text(ONE), id="as CloudTrail writes it"),
        pytest.param(json.dumps({"Records": [ONE]}, indent=2).encode(), id="indented"),
        pytest.param(json.dumps([ONE]).encode(), id="an array"),
        pytest.param(json.dumps(ONE).encode(), id="one alone"),
        pytest.param(lines(ONE) + b"\n\n", id="a line"),
        pytest.param(
            json.dumps({"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(ONE)}]}).encode(),
            id="LookupEvents",
        ),
        pytest.param(lines({"CloudTrailEvent": json.dumps(ONE)}), id="LookupEvents, a line each"),
        pytest.param(
            json.dumps({"QueryResultRows": [[{"eventJson": json.dumps(ONE)}]]}).encode(), id="CloudTrail Lake"
        ),
        pytest.param(
            json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": ONE}).encode(),
            id="EventBridge",
        ),
    ],
)
def test_shapes(content: bytes) -> None:
    assert names(content) == (["GetObject"], 0)


def test_several_lines_of_files() -> None:
    assert names(lines({"Records": [ONE, ONE]}, ONE, {"Records": []})) == (["GetObject"] * 3, 0)


@pytest.mark.parametrize(
    "broken",
    [
        {**ONE, "eventTime": "yesterday"},
        {**ONE, "eventTime": "2026-10-01T12:00:00"},
        {**ONE, "eventName": None},
        {**ONE, "eventName": 5},
        {"eventSource": "s3.amazonaws.com"},
        [],
        5,
        "text",
        None,
    ],
    ids=str,
)
def test_a_bad_record_is_counted_and_spoils_no_other(broken: Any) -> None:
    found, bad = names(text(ONE, broken, ONE))
    assert found == ["GetObject", "GetObject"]
    assert bad == (0 if broken == [] else 1)  # an empty array holds no record, good or bad


def test_what_is_stored_beside_records_is_no_bad_record() -> None:
    insight = {
        "eventType": "AwsCloudTrailInsight",
        "eventCategory": "Insight",
        "insightDetails": {"state": "Start"},
    }
    item = {"eventCategory": "ConfigurationItem", "eventData": {}}
    assert names(text(ONE, insight)) == (["GetObject"], 0)
    assert names(lines(insight, {"QueryResultRows": [[{"eventJson": json.dumps(item)}]]}, ONE)) == (
        ["GetObject"],
        0,
    )
    assert names(text(ONE, {"eventCategory": "Data"})) == (["GetObject"], 1)


def test_a_mark_of_the_encoding_is_no_text() -> None:
    assert names(b"\xef\xbb\xbf" + text(ONE)) == (["GetObject"], 0)


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(content: bytes) -> None:
    with pytest.raises(Malformed, match="empty"):
        decode(content)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"PK\x03\x04", b"{}", b"[]", b"5", text(ONE)[:-9], b"\xff\xfe{\x00"]
)
def test_what_holds_no_records_is_told(content: bytes) -> None:
    with pytest.raises(Malformed):
        decode(content)


def test_no_records_are_no_problem() -> None:
    assert names(b'{"Records":[]}') == ([], 0)
    assert names(b'{"Events":[]}') == ([], 0)


def test_of_duplicate_keys_the_last_counts() -> None:
    assert names(b'{"Records":[' + json.dumps(ONE).encode()[:-1] + b',"eventName":"PutObject"}]}') == (
        ["PutObject"],
        0,
    )


def test_depth_is_no_danger() -> None:
    nested = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(Malformed):
        decode(nested)
    deep = json.dumps(ONE).encode()[:-1] + b',"requestParameters":' + nested + b"}"
    with pytest.raises(Malformed, match="too deeply"):
        decode(b'{"Records":[' + deep + b"]}")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (b"\\ud800", "\ufffd"),
        (b"\\udc00\\ud83d", "\ufffd\ufffd"),
        (b"\\ud83d\\ude00\\ud800", "\U0001f600\ufffd"),
        (b"\\\\ud800\\ud800", "\\ud800\ufffd"),
        (b"\xff", "\ufffd"),
    ],
)
def test_what_is_no_text_spoils_no_file(written: bytes, kept: str) -> None:
    assert names(text(event("s3", "half")).replace(b"half", written)) == ([kept], 0)


def test_huge_numbers_are_no_danger() -> None:
    huge = json.dumps({**ONE, "responseElements": 0})[:-2] + "9" * 5000 + "}"
    assert names(b'{"Records":[' + huge.encode() + b"]}")[0] in ([], ["GetObject"])


def test_digests_are_known() -> None:
    assert is_digest(b'{"awsAccountId":"1","digestStartTime":"2026-10-01T00:00:00Z","logFiles":[]}')
    assert not is_digest(text(event("s3", '"digestStartTime":')))


def test_categories_of_old_records() -> None:
    old = {key: value for key, value in ONE.items() if key != "eventCategory"}
    records, _ = decode(text(old, {**old, "managementEvent": False}))
    assert [each.category for each in records] == ["Management", "Data"]


@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_a_reason(content: bytes) -> None:
    try:
        records, bad = decode(content)
    except Malformed:
        return
    assert bad >= 0
    assert all(isinstance(each, Record) for each in records)
