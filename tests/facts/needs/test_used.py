"""What CloudTrail showed beside what code needs: each verdict, from records as CloudTrail writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lamward.facts import Facts
from lamward.facts.needs.lacking import lacking
from lamward.facts.needs.least import least
from lamward.facts.needs.needed import needed
from lamward.facts.needs.used import GAP, seen, trail_of
from lamward.model.access import Truth
from lamward.model.application import Function
from lamward.model.evidence import Access, Event, Tier
from lamward.trail.record import decode
from lamward.trail.reduce import reduce
from tests.facts.needs.application import line, loaded
from tests.trail.made import ACCOUNT, REGION, event, identity, text

HERE = f"{REGION}:{ACCOUNT}"
NAME = "shop-Worker-AbC123dEf"
TABLE = f"arn:aws:dynamodb:{HERE}:table/shop-Orders-XYZ789"
MORE = """\
    Environment: {Variables: {TABLE: !Ref Orders}}
    Policies: [AmazonSQSFullAccess, AmazonDynamoDBReadOnlyAccess]
Orders: {Type: AWS::DynamoDB::Table}
"""
CODE = """\
    import os, boto3

    def handler(event, context):
        boto3.resource("dynamodb").Table(os.environ["TABLE"]).scan()
        boto3.client("sns").list_topics()
    """


def who(name: str = NAME) -> dict[str, Any]:
    return identity(session=name, issued_to=f"arn:aws:lambda:{HERE}:function:{name}")


def scan(**more: Any) -> dict[str, Any]:
    return event(
        "dynamodb", "Scan", {"tableName": TABLE.rpartition("/")[2]}, arns=(TABLE,), **{"who": who(), **more}
    )


def asked(folder: Path, *events: Any, stack: str = "", template: str = MORE) -> tuple[Facts, Function]:
    facts, function = loaded(folder, template, CODE)
    ledger = reduce(decode(text(*events))[0])[0]
    return Facts(facts.application, today=facts.today, trail=ledger, stack=stack), function


def access(facts: Facts, function: Function, action: str) -> Access:
    (found,) = (each for each in needed(facts, function).accesses if each.action == action)
    return found


def test_what_was_seen_is_verified_on_the_pattern_that_the_code_says(tmp_path: Path) -> None:
    facts, function = asked(tmp_path, scan(), scan(time="2026-11-02T08:00:00Z"))
    found = access(facts, function, "dynamodb:Scan")
    assert (line(found), found.tier) == ("dynamodb:Scan ${Orders.Arn}", Tier.VERIFIED)
    assert found.evidence[-1] == Event(2, "2026-10-01", "2026-11-02")


def test_another_table_of_the_same_action_is_a_gap_of_the_analysis(tmp_path: Path) -> None:
    other = f"arn:aws:dynamodb:{HERE}:table/invoices"
    facts, function = asked(
        tmp_path, event("dynamodb", "Scan", {"tableName": "invoices"}, arns=(other,), who=who())
    )
    found = [each for each in needed(facts, function).accesses if GAP in each.unknowns]
    assert [line(each) for each in found] == [f"dynamodb:Scan {other}"]
    assert not any(isinstance(each, Event) for each in needed(facts, function).accesses[0].evidence)


def test_what_the_code_does_not_say_is_granted_and_named_as_the_template_does(tmp_path: Path) -> None:
    facts, function = asked(
        tmp_path,
        event("dynamodb", "DescribeTable", {"tableName": "shop-Orders-XYZ789"}, arns=(TABLE,), who=who()),
    )
    found = access(facts, function, "dynamodb:DescribeTable")
    assert (line(found), found.unknowns) == ("dynamodb:DescribeTable ${Orders.Arn}", (GAP,))
    assert "dynamodb:DescribeTable" in {
        action for each in least(facts, function).statements for action in each.actions
    }


def test_what_was_denied_is_listed_and_not_granted(tmp_path: Path) -> None:
    facts, function = asked(tmp_path, event("sqs", "ListQueues", errorCode="AccessDenied", who=who()))
    assert [(each.action, each.denied) for each in seen(facts, function).denied] == [("sqs:ListQueues", 1)]
    assert "sqs:ListQueues" not in {each.action for each in needed(facts, function).accesses}


def test_what_was_not_seen_says_whether_the_trail_would_have_shown_it(tmp_path: Path) -> None:
    facts, function = asked(tmp_path, event("sts", "GetCallerIdentity", who=who()))
    trail = trail_of(facts, function, needed(facts, function).accesses)
    assert trail is not None
    shows = {each.action: truth for each, truth in trail.unexercised}
    assert (shows["sns:ListTopics"], shows["dynamodb:Scan"], shows["logs:PutLogEvents"]) == (
        Truth.YES,
        Truth.NO,
        Truth.NO,
    )


def test_what_is_granted_and_neither_needed_nor_seen_is_counted_by_whether_it_would_show(
    tmp_path: Path,
) -> None:
    facts, function = asked(tmp_path, scan())
    trail = least(facts, function).trail
    assert trail is not None
    granted = least(facts, function).comparison
    assert granted is not None
    assert sum(trail.unused.values()) <= granted.granted
    assert trail.unused[Truth.YES] > 10  # most of what `AmazonSQSFullAccess` allows are management events


@pytest.mark.parametrize(
    ("names", "stack", "found", "ambiguous"),
    [
        ([NAME], "", [NAME], []),
        (["shop-Other-AbC"], "", [], []),
        ([NAME, "stage-Worker-QQQ"], "", [], [NAME, "stage-Worker-QQQ"]),
        ([NAME, "stage-Worker-QQQ"], "shop", [NAME], []),
    ],
)
def test_a_function_without_a_name_is_found_by_the_name_that_cloudformation_makes(
    names: list[str], stack: str, found: list[str], ambiguous: list[str], tmp_path: Path
) -> None:
    facts, function = asked(tmp_path, *(scan(who=who(name)) for name in names), stack=stack)
    result = seen(facts, function)
    assert [each.rpartition(":")[2] for each in result.names] == found
    assert [each.rpartition(":")[2] for each in result.ambiguous] == ambiguous


def test_a_function_with_a_name_is_found_by_it_alone(tmp_path: Path) -> None:
    named = MORE.replace("    Policies", "    FunctionName: worker\n    Policies")
    facts, function = asked(tmp_path, scan(who=who("worker")), scan(), template=named)
    assert [each.rpartition(":")[2] for each in seen(facts, function).names] == ["worker"]


@pytest.mark.parametrize(
    ("written", "stack", "found"),
    [
        ("!Sub ${AWS::StackName}-worker", "", ["shop-worker"]),
        ("!Sub ${AWS::StackName}-worker", "shop", ["shop-worker"]),
        ("!Sub ${AWS::StackName}-worker", "test", []),
        ("!Sub orders-${AWS::Region}", "shop", ["orders-eu-west-1"]),
    ],
)
def test_a_name_with_references_is_found_by_what_is_known_of_it(
    written: str, stack: str, found: list[str], tmp_path: Path
) -> None:
    named = MORE.replace("    Policies", f"    FunctionName: {written}\n    Policies")
    events = [scan(who=who(name)) for name in ("shop-worker", "orders-eu-west-1", NAME)]
    facts, function = asked(tmp_path, *events, stack=stack, template=named)
    assert [each.rpartition(":")[2] for each in seen(facts, function).names] == found


def test_a_function_whose_id_begins_alike_is_another(tmp_path: Path) -> None:
    facts, function = asked(tmp_path, scan(), scan(who=who("shop-WorkerOfLong-AbC123dEf")))
    assert [each.rpartition(":")[2] for each in seen(facts, function).names] == [NAME]


def test_what_only_the_trail_knows_is_not_missing_for_it_was_allowed_somehow(tmp_path: Path) -> None:
    facts, function = asked(tmp_path, event("ssm", "DescribeParameters", {}, who=who()))
    assert access(facts, function, "ssm:DescribeParameters").unknowns == (GAP,)
    assert list(lacking(facts, function)) == []


def test_without_a_trail_nothing_changes(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, MORE, CODE)
    assert least(facts, function).trail is None
    assert access(facts, function, "dynamodb:Scan").tier is Tier.INFERRED


ANY = """\
    import os, boto3

    def handler(event, context):
        boto3.resource("dynamodb").Table(event["table"]).scan()
    """


def test_where_the_code_does_not_tell_the_resource_those_that_were_seen_are_suggested(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, MORE, ANY)
    arns = (f"arn:aws:dynamodb:{HERE}:table/b",)
    other = event("dynamodb", "Scan", {"tableName": "b"}, time="2026-11-02T08:00:00Z", arns=arns, who=who())
    ledger = reduce(decode(text(scan(), scan(time="2026-10-09T08:00:00Z"), other))[0])[0]
    facts = Facts(facts.application, today=facts.today, trail=ledger)
    found = least(facts, function)
    assert found.trail is not None
    assert [(each.resource, each.event) for each in found.trail.sightings] == [
        (f"arn:aws:dynamodb:{HERE}:table/b", Event(1, "2026-11-02", "2026-11-02")),
        (TABLE, Event(2, "2026-10-01", "2026-10-09")),
    ]
    (granted,) = (each for each in found.statements if "dynamodb:Scan" in each.actions)
    assert [str(each).rpartition(":")[2] for each in granted.resources] == ["table/*"]


def test_where_the_code_tells_the_resource_nothing_is_suggested(tmp_path: Path) -> None:
    facts, function = asked(tmp_path, scan())
    found = least(facts, function).trail
    assert found is not None
    assert found.sightings == ()
