"""From records to ledgers: what is counted, as what, and what is not."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.trail.ledger import Certainty, Ledger, Outcome, merge
from lamward.trail.record import decode
from lamward.trail.reduce import Scope, reduce
from tests.trail.made import ACCOUNT, FUNCTION, event, identity, text

SCAN = ("dynamodb", "Scan", {"tableName": "orders"})


def ledger(*events: Any, scope: Scope | None = None) -> Ledger:
    made, bad = reduce(decode(text(*events))[0], scope or Scope())
    assert bad == 0
    return made


def counts(made: Ledger, outcome: Outcome = Outcome.USED) -> dict[str, int]:
    return {
        f"{key.action} {resource}": tally.count
        for key, resources in sorted(made.uses.items())
        if key.outcome is outcome
        for resource, tally, _ in resources.rows()
    }


def test_uses_are_counted_with_their_first_and_last_time() -> None:
    times = ("2026-10-03T00:00:00Z", "2026-10-01T00:00:00Z", "2026-10-02T02:00:00+02:00")
    (resources,) = ledger(*(event(*SCAN, time=time) for time in times)).uses.values()
    ((arn, tally, general),) = resources.rows()
    assert arn.endswith("table/orders")
    assert (tally.count, f"{tally.first:%d}", f"{tally.last:%d}", general) == (3, "01", "03", False)


def test_what_differs_in_a_key_is_the_same_use() -> None:
    made = ledger(
        *(event("dynamodb", "GetItem", {"tableName": "t", "key": {"id": each}}) for each in range(9))
    )
    assert list(counts(made).values()) == [9]


@pytest.mark.parametrize(
    "code",
    [
        "AccessDenied",
        "AccessDeniedException",
        "Client.UnauthorizedOperation",
        "UnauthorizedOperation",
        "AuthorizationErrorException",
        "KMS.AccessDeniedException",
    ],
)
def test_denied_calls_are_attempts(code: str) -> None:
    made = ledger(event(*SCAN, errorCode=code, errorMessage="no"))
    assert counts(made) == {}
    assert list(counts(made, Outcome.DENIED).values()) == [1]


@pytest.mark.parametrize(
    "code",
    ["ResourceNotFoundException", "ConditionalCheckFailedException", "NoSuchKey", "ThrottlingException"],
)
def test_calls_that_failed_otherwise_were_allowed(code: str) -> None:
    assert list(counts(ledger(event(*SCAN, errorCode=code))).values()) == [1]


@pytest.mark.parametrize(
    "code", ["ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"]
)
def test_who_could_not_sign_in_used_nothing(code: str) -> None:
    made = ledger(event(*SCAN, errorCode=code))
    assert made.uses == {}
    assert [each.count for each in made.streams.values()] == [1]


def test_unknown_events_are_never_dropped() -> None:
    made = ledger(event("coffee", "Make"))
    ((key, resources),) = made.uses.items()
    assert (key.action, key.certainty, resources.total.count) == ("coffee:Make", Certainty.UNMAPPED, 1)


def test_people_and_services_are_events_but_no_uses() -> None:
    made = ledger(
        event(*SCAN, who={"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}), event(*SCAN, who={})
    )
    assert made.uses == {}
    assert sum(each.count for each in made.streams.values()) == 2


def test_insights_and_network_activity_are_no_calls() -> None:
    made = ledger(event(*SCAN, eventCategory="Insight"), event(*SCAN, eventCategory="NetworkActivity"))
    assert made.uses == {}
    assert sorted(each.category for each in made.streams) == ["Insight", "NetworkActivity"]


def test_functions_of_one_role_have_their_own_uses() -> None:
    made = ledger(
        event("sqs", "SendMessage", {"queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/a"}),
        event(*SCAN, who=identity(issued_to=f"{FUNCTION}-2")),
    )
    assert {(key.principal.function.rpartition(":")[2], key.action) for key in made.uses} == {
        ("orders", "sqs:SendMessage"),
        ("orders-2", "dynamodb:Scan"),
    }


def test_a_scope_leaves_out_other_accounts_and_days() -> None:
    since = datetime.datetime(2026, 10, 2, tzinfo=datetime.UTC)
    events = [
        event(*SCAN),
        event(*SCAN, time="2026-10-02T00:00:00Z"),
        event(*SCAN, time="2026-10-03T00:00:00Z", recipientAccountId="2"),
    ]
    assert sum(counts(ledger(*events, scope=Scope(since=since))).values()) == 2
    assert sum(counts(ledger(*events, scope=Scope(frozenset({ACCOUNT})))).values()) == 2
    assert sum(counts(ledger(*events, scope=Scope(frozenset({ACCOUNT}), since))).values()) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"time": "1970-01-01T00:00:00Z"},
        {"time": "9999-12-31T23:59:59Z"},
        {"who": {"type": 5}},
        {"eventSource": "x" * 1000},
        {"requestParameters": [1]},
        {"requestParameters": "text"},
    ],
    ids=str,
)
def test_records_that_make_no_sense_are_counted(broken: dict[str, Any]) -> None:
    records, bad = decode(text(event(*SCAN), event(*SCAN, **broken)))
    made, nonsense = reduce(records)
    assert bad + nonsense == 1
    assert sum(counts(made).values()) == 1


def test_odd_resources_spoil_nothing() -> None:
    several: tuple[Any, ...] = ("text", 5, [5], [{"ARN": 5}], [{"ARN": "x" * 5000}], {})
    for odd in several:
        assert list(counts(ledger(event(*SCAN, resources=odd)))) == [
            "dynamodb:Scan arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
        ]


events = st.builds(
    event,
    st.sampled_from(["dynamodb", "s3", "sqs", "kms", "odd\x1b[31m"]),
    st.sampled_from(["GetItem", "GetObject", "SendMessage", "Decrypt", "GetObject20150331", "*"]),
    st.one_of(
        st.none(),
        st.dictionaries(st.sampled_from(["tableName", "bucketName", "key", "keyId"]), st.text(max_size=9)),
    ),
    time=st.builds("2026-10-{:02}T00:00:00Z".format, st.integers(1, 30)),
    arns=st.sampled_from([(), ("arn:aws:s3:::b",), ("arn:aws:kms:eu-west-1:1:key/k",)]),
    errorCode=st.sampled_from([None, "AccessDenied", "NoSuchKey"]),
)


@given(st.lists(events, max_size=20), st.integers(0, 20))
def test_a_trail_is_the_same_however_it_is_cut_into_files(several: list[dict[str, Any]], cut: int) -> None:
    whole, bad = reduce(decode(text(*several))[0])
    parts = [reduce(decode(text(*part))[0]) for part in (several[:cut], several[cut:])]
    assert merge(each for each, _ in parts) == whole
    assert sum(each for _, each in parts) == bad
    assert sum(each.count for each in whole.streams.values()) + bad == len(several)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["requestParameters", "resources", "userIdentity", "errorMessage", "userAgent"]),
    json_values,
)
def test_any_value_in_a_field_is_survived(field: str, value: Any) -> None:
    record = json.loads(json.dumps(event(*SCAN, **{field: value}, errorCode="AccessDenied")))
    records, bad = decode(text(record, event(*SCAN)))
    made, nonsense = reduce(records)
    assert sum(each.count for each in made.streams.values()) + bad + nonsense == 2
