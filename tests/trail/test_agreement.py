"""Reading fast comes to the same as reading plainly: one record at a time, each a ledger of its own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.trail import mapping
from lamward.trail.attribution import Identity, caller, in_lambda
from lamward.trail.events import hostname, operation
from lamward.trail.files import Content
from lamward.trail.gather import read
from lamward.trail.ledger import Key, Ledger, Outcome, Stream, Tally
from lamward.trail.paths import looked
from lamward.trail.record import NotPlain, decode, plain
from tests.trail.made import ACCOUNT, FUNCTION, ROLE, event, identity

INNER = {"items": [{}, {"eventVersion": "1.11", "userIdentity": {}}], "name": '},{"eventVersion":'}
IDENTITIES: list[Any] = [
    identity(),
    identity(issued_to=f"{FUNCTION}-2"),
    identity(issued_to=""),
    identity(issued_to="", session="x@y"),
    identity(invokedBy="dynamodb.amazonaws.com"),
    identity(role=ROLE.replace("orders", "other")),
    {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"},
    None,
    {"type": 5},
]
PARAMETERS: list[Any] = [
    None,
    {},
    {"tableName": "t"},
    {"TableName": "t"},
    {"tableName": None, "TableName": "u"},
    {"tableName": ["t"]},
    {"requestItems": {"a": {}, "b": {}}},
    {"bucketName": "b", "key": "in/1"},
    {"bucketName": "b", "key": 5},
    {"keyId": "alias/k"},
    {"requestItems": {"a": [{"putRequest": {}}], "b": None}},
    {"requestItems": ["a"]},
    {"transactItems": [{"put": {"tableName": "t", "item": {"id": 1}}}, {"Delete": {"TableName": "u"}}]},
    {"transactItems": [{"put": {"tableName": "t"}}] * 20 + [{"update": {"tableName": "u"}}]},
    {"transactItems": [{"put": None}, {"put": 5}, {"update": {"tableName": ["t"]}}, 7, None]},
    {"names": ["/a", "/b", "/a", 5, None, "***"]},
    {"names": "/a", "Names": ["/b"]},
    {"content": {"template": {"templateName": "t"}, "raw": {"data": "x"}}, "fromEmailAddress": "a@b.c"},
    {"content": {"template": ["t"]}},
    INNER,
    [1],
]
events = st.builds(
    event,
    st.sampled_from(["dynamodb", "s3", "kms", "coffee", "ssm", "ses"]),
    st.sampled_from(
        [
            *(
                "GetItem",
                "Query",
                "BatchGetItem",
                "BatchWriteItem",
                "TransactWriteItems",
                "GetObject",
                "PutObject",
            ),
            *("Decrypt", "GetParameters", "SendEmail"),
        ]
    ),
    st.sampled_from(PARAMETERS),
    time=st.builds("{}-10-{:02}T00:00:00Z".format, st.sampled_from([2026, 2026, 1999]), st.integers(1, 30)),
    who=st.sampled_from(IDENTITIES),
    arns=st.sampled_from([(), ("arn:aws:s3:::b",), ("arn:aws:kms:eu-west-1:1:key/k",)]),
    userAgent=st.sampled_from(["exec-env/AWS_Lambda_python3.13", "curl", None]),
    eventCategory=st.sampled_from(["Management", "Data", "Insight", None]),
    managementEvent=st.sampled_from([None, False]),
    errorCode=st.sampled_from([None, None, "AccessDenied", "ExpiredToken", "NoSuchKey"]),
    errorMessage=st.sampled_from([None, "is not authorized to perform: s3:GetObject"]),
)


def told(who: dict[str, Any] | None) -> Any:
    return caller(msgspec.json.decode(json.dumps(who), type=Identity | None))


def uses(each: dict[str, Any]) -> Iterator[tuple[Key, str]]:
    """Tell what a record says that was used, straight from its JSON; raises where it makes no sense."""
    found = told(each["userIdentity"])
    category = each["eventCategory"] or ("Data" if each["managementEvent"] is False else "Management")
    code = each["errorCode"] or ""
    if found is None or category == "Insight":
        return
    who = (
        found.in_lambda if found.in_lambda and in_lambda(str(each["userAgent"]).encode()) else found.principal
    )
    what = operation(each["eventSource"], each["eventName"])
    given = each["requestParameters"] or {}
    chosen: list[Any] = []
    wanted = looked(what)
    for name, others in zip(wanted.fields, wanted.rare, strict=True):
        values = [given[one] for one in (name, *others) if given.get(one) is not None]
        value = values[0] if values else None
        chosen.append(value if isinstance(value, str | None) else json.dumps(value).encode())
    if code == "ExpiredToken":
        return
    resources, message = json.dumps(each["resources"]).encode(), json.dumps(each["errorMessage"]).encode()
    call = mapping.Call(what, each["awsRegion"], ACCOUNT, tuple(chosen), resources, message if code else b"")
    outcome = Outcome.DENIED if code == "AccessDenied" else Outcome.USED
    for used in mapping.denied(call) if outcome is Outcome.DENIED else mapping.used(call):
        yield Key(who, used.action, outcome, used.certainty, found.via), used.resource


def obvious(several: list[dict[str, Any]]) -> tuple[Ledger, int]:
    """Reduce records one at a time."""
    ledger, bad = Ledger(), 0
    for each in several:
        try:
            (record,), _ = decode(json.dumps({"Records": [each]}).encode())
            used = list(uses(each))
        except (AttributeError, ValueError):
            bad += 1
            continue
        if record.event_time.year < 2013:
            bad += 1
            continue
        tally = Tally(1, record.event_time, record.event_time)
        source = hostname(each["eventSource"])
        ledger.saw(Stream(ACCOUNT, each["awsRegion"], source, record.category), tally)
        for key, resource in used:
            ledger.add(key, resource, tally)
    return ledger, bad


class Held(Content, frozen=True):
    """A file that is already there."""

    def fetch(self) -> Content:
        """Give it."""
        return self


@given(st.lists(events, max_size=30), st.integers(0, 9))
def test_fast_and_obvious_reading_agree(several: list[dict[str, Any]], level: int) -> None:
    text = json.dumps({"Records": several}, separators=(",", ":")).encode()
    batch = read([Held("a", gzip.compress(text, level), b"1")])
    ledger, bad = obvious(several)
    (told_of,) = batch.read
    assert (told_of.records, told_of.bad) == (len(several), bad)
    assert batch.ledger == ledger


@given(st.lists(events, min_size=1, max_size=9), st.lists(st.integers(0, 9000), max_size=9))
def test_pieces_are_never_cut_within_a_record(several: list[dict[str, Any]], cuts: list[int]) -> None:
    text = json.dumps({"Records": several}, separators=(",", ":")).encode()
    places = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    try:
        found = [record for part in plain(pieces) for record in part]
    except NotPlain:  # a cut that was none, which is told and not taken, or a record that makes no sense
        assert len(pieces[0]) < 12 or any(
            each["requestParameters"] is INNER or each["userIdentity"] == {"type": 5} for each in several
        )
    else:
        assert found == decode(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        b'{"Records":[{}],"Records":[]}',
        b'{"Records":[]},{"eventVersion":1}]}',
        b'{"Records":[{"eventVersion":"1"},{"eventVersion":"2"]}',
        b'{"Records":["},{"eventVersion":"]}',
        b'{"Records":[{"a":[{},{"eventVersion":1}]}]}',
        b'{"Records":[{"a":"\xff"}]}',
        b'{ "Records":[]}',
        b"",
    ],
)
def test_what_is_not_plain_is_told(text: bytes) -> None:
    for at in range(len(text) + 1):
        with pytest.raises(NotPlain):
            list(plain([text[:at], text[at:]]))


def test_a_file_is_the_same_packed_or_not() -> None:
    several = [
        event("s3", "GetObject", {"bucketName": "b", "key": f"k{number % 9}"}) for number in range(2000)
    ]
    text = json.dumps({"Records": several}, separators=(",", ":")).encode()
    plainly, packed = read([Held("a", text, b"1")]), read([Held("a", gzip.compress(text), b"1")])
    assert plainly == packed
    assert plainly.read[0].records == 2000


def test_a_file_that_turns_out_bad_counts_nothing() -> None:
    text = json.dumps(
        {"Records": [event(eventID=str(number)) for number in range(3000)]}, separators=(",", ":")
    )
    packed = gzip.compress(text.encode())
    batch = read([Held("cut", packed[:-40], b"1"), Held("crc", packed[:-8] + b"\0" * 8, b"2")])
    assert [each.name for each in batch.unread] == ["cut", "crc"]
    assert batch.ledger == Ledger()
