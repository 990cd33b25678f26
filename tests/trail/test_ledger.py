"""Ledgers are a commutative monoid, and summaries that do not depend on how the events were split."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from lamward.trail.ledger import (
    MAX_CONTAINERS,
    MAX_RESOURCES,
    Attribution,
    Key,
    Ledger,
    Outcome,
    Principal,
    Stream,
    Tally,
    collected,
    container,
    merge,
)

START = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
WHO = Principal("111122223333", "arn:aws:iam::111122223333:role/r", "", Attribution.ROLE)


def tally(count: int = 1, minute: int = 0, length: int = 0) -> Tally:
    first = START + datetime.timedelta(minutes=minute)
    return Tally(count, first, first + datetime.timedelta(minutes=length))


tallies = st.builds(tally, st.integers(1, 9), st.integers(0, 500), st.integers(0, 500))
arns = st.one_of(
    st.builds("arn:aws:s3:::bucket-{}/in/{}.json".format, st.integers(0, 30), st.integers(0, 80)),
    st.builds("arn:aws:sqs:eu-west-1:111122223333:queue-{}".format, st.integers(0, 80)),
    st.sampled_from(
        ["*", "arn:aws:s3:::*", "arn:aws:s3:::bucket-1/*", "arn:aws:s3:::bucket-1/in/${*}", "odd", ""]
    ),
)
keys = st.builds(
    Key,
    st.builds(
        Principal, st.just("1"), st.sampled_from(["a", "b"]), st.just("f"), st.sampled_from(Attribution)
    ),
    st.sampled_from(["s3:GetObject", "sqs:SendMessage"]),
    st.sampled_from(Outcome),
)
streams = st.builds(Stream, st.just("1"), st.sampled_from("ab"), st.sampled_from("cd"), st.just("Data"))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    made = Ledger()
    for key, several in draw(st.dictionaries(keys, st.lists(arns, max_size=60), max_size=3)).items():
        if several:
            made.uses[key] = collected([(arn, draw(tallies)) for arn in several])
    for stream, each in draw(st.dictionaries(streams, tallies, max_size=3)).items():
        made.saw(stream, each)
    return made


@given(ledgers(), ledgers(), ledgers())
def test_merging_is_associative(one: Ledger, two: Ledger, three: Ledger) -> None:
    assert merge((merge((one, two)), three)) == merge((one, merge((two, three))))


@given(ledgers(), ledgers())
def test_merging_is_commutative(one: Ledger, two: Ledger) -> None:
    assert merge((one, two)) == merge((two, one))


@given(ledgers())
def test_an_empty_ledger_changes_nothing(one: Ledger) -> None:
    assert merge((one, Ledger())) == merge((Ledger(), one)) == one


@given(st.lists(st.tuples(arns, tallies), min_size=1, max_size=200), st.integers(0, 200))
def test_a_summary_is_the_same_however_the_events_are_split(
    events: list[tuple[str, Tally]], cut: int
) -> None:
    whole = collected(events)
    parts = [collected(part) for part in (events[:cut], events[cut:]) if part]
    assert sum(parts[1:], start=parts[0]) == whole
    one_by_one = [collected([each]) for each in events]
    assert sum(one_by_one[1:], start=one_by_one[0]) == whole


@given(st.lists(st.tuples(arns, tallies), min_size=1, max_size=200))
def test_nothing_is_lost_and_every_resource_is_covered(events: list[tuple[str, Tally]]) -> None:
    made = collected(events)
    assert made.total.count == sum(each.count for _, each in events)
    assert made.total.first == min(each.first for _, each in events)
    assert made.total.last == max(each.last for _, each in events)
    for arn, _ in events:
        assert arn in made.exact or any(arn.startswith(each.prefix) for each in made.general.values()), arn


def test_many_objects_of_one_bucket_are_told_by_what_they_begin_with() -> None:
    many = [(f"arn:aws:s3:::in/2026/{number:03}.json", tally()) for number in range(MAX_RESOURCES + 1)]
    made = collected([*many, ("arn:aws:s3:::other/x", tally())])
    assert [(name, each.count, general) for name, each, general in made.rows()] == [
        ("arn:aws:s3:::other/x", 1, False),
        ("arn:aws:s3:::in/2026/0*", MAX_RESOURCES + 1, True),
    ]
    assert all(not general for _, _, general in collected(many[:-1]).rows())


def test_too_many_containers_become_one() -> None:
    many = [(f"arn:aws:s3:::bucket-{number}/x", tally()) for number in range(MAX_CONTAINERS + 1)]
    assert [name for name, _, _ in collected(many).rows()] == ["arn:aws:s3:::bucket-*"]


def test_what_is_not_known_of_a_resource_is_not_in_the_beginning() -> None:
    many = [(f"arn:aws:s3:::b/in/{number}", tally()) for number in range(MAX_RESOURCES)]
    assert [name for name, _, _ in collected([*many, ("arn:aws:s3:::b/*", tally())]).rows()] == [
        "arn:aws:s3:::b/*"
    ]


def test_containers() -> None:
    assert container("arn:aws:s3:::b/a/c") == "arn:aws:s3:::b/"
    assert container("arn:aws:s3:::b") == "arn:aws:s3:::"
    assert container("arn:aws:sqs:eu-west-1:1:q") == "arn:aws:sqs:eu-west-1:1:"
    assert container("arn:aws:dynamodb:eu-west-1:1:table/t/index/i") == "arn:aws:dynamodb:eu-west-1:1:table/"
    assert container("*") == "*"
