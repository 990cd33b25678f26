"""When the silence of a ledger is evidence, and what it then shows no use of: what case files cannot write."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lamward.facts import Facts
from lamward.facts.links import roles_of
from lamward.facts.needs.unused import life_of, silence
from lamward.facts.needs.watched import Sight, gap, sight, watched, window
from lamward.model.application import Function
from lamward.trail.ledger import Attribution, Certainty, Key, Ledger, Place, Principal, Stream, Tally
from tests.facts.needs.application import loaded
from tests.trail.made import ACCOUNT, REGION

HERE: Final = Place(ACCOUNT, REGION)
TEMPLATE: Final = """\
    FunctionName: worker
    Policies:
      - Statement:
          - Effect: Allow
            Action: [ssm:GetParameter, ssm:PutParameter]
            Resource: "*"
"""
WORKER: Final = Principal(
    ACCOUNT,
    f"arn:aws:iam::{ACCOUNT}:role/worker-role",
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker",
    Attribution.FUNCTION,
)


def moment(day: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")


def tally(first: str, last: str = "") -> Tally:
    return Tally(2, moment(first), moment(last or first))


ALL: Final = tally("2026-08-01", "2026-11-20")


def made(*uses: tuple[Key, Tally], first: str = "2026-08-01", place: Place = HERE) -> Ledger:
    """Make a ledger of the region with log files of every day, and some uses."""
    day, ledger = datetime.date.fromisoformat(first), Ledger()
    ledger.saw(
        Stream(place.account or ACCOUNT, place.region, "logs", "Management"), tally(first, "2026-11-20")
    )
    ledger.days[place] = {day + datetime.timedelta(days=number) for number in range(200)}
    for key, used in uses:
        ledger.add(key, "", used)
    return ledger


def asked(folder: Path, ledger: Ledger, template: str = TEMPLATE, **options: Any) -> tuple[Facts, Function]:
    facts, function = loaded(folder, template)
    (folder / "src/app.py").unlink()  # what its code needs is not known
    return Facts(facts.application, today=facts.today, trail=ledger, **options), function


def unused(facts: Facts, function: Function) -> list[str]:
    ((role, _),) = roles_of(facts, function)
    return [each.action for surplus in silence(facts, role).surplus for each in surplus.unused]


ACTIVE: Final = (
    (Key(WORKER, "logs:CreateLogStream"), ALL),
    (Key(WORKER, "ssm:GetParameter"), ALL),
)


def test_the_window_ends_yesterday(tmp_path: Path) -> None:
    facts, _ = asked(tmp_path, made(), unused_days=10)
    assert window(facts) == (datetime.date(2026, 11, 11), datetime.date(2026, 11, 20))


def test_what_was_not_used_is_told(tmp_path: Path) -> None:
    assert unused(*asked(tmp_path, made(*ACTIVE))) == ["ssm:PutParameter"]


def test_an_event_that_no_action_is_known_for_may_be_any_of_its_service(tmp_path: Path) -> None:
    odd = (Key(WORKER, "ssm:PutNewThing", certainty=Certainty.UNMAPPED), tally("2026-11-01"))
    assert unused(*asked(tmp_path, made(*ACTIVE, odd))) == []
    long_ago = (odd[0], tally("2026-08-02"))
    assert unused(*asked(tmp_path, made(*ACTIVE, long_ago))) == ["ssm:PutParameter"]


def test_such_an_event_is_called_after_its_host(tmp_path: Path) -> None:
    odd = (Key(WORKER, "monitoring:PutNewThing", certainty=Certainty.UNMAPPED), tally("2026-11-01"))
    template = TEMPLATE.replace("ssm:PutParameter", "cloudwatch:PutMetricAlarm")
    assert unused(*asked(tmp_path, made(*ACTIVE), template)) == ["cloudwatch:PutMetricAlarm"]
    assert unused(*asked(tmp_path, made(*ACTIVE, odd), template)) == []


def test_what_was_perhaps_used_is_used(tmp_path: Path) -> None:
    perhaps = (Key(WORKER, "ssm:PutParameter", certainty=Certainty.PERHAPS), tally("2026-11-01"))
    assert unused(*asked(tmp_path, made(*ACTIVE, perhaps))) == []


def test_what_a_service_did_in_its_name_is_used(tmp_path: Path) -> None:
    via = (Key(WORKER, "ssm:PutParameter", via="cloudformation.amazonaws.com"), tally("2026-11-01"))
    assert unused(*asked(tmp_path, made(*ACTIVE, via))) == []


def test_a_policy_that_changed_makes_it_less_sure(tmp_path: Path) -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        "  Worker:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: app.handler, Runtime: python3.13, "
        "CodeUri: src/, FunctionName: worker, Role: !GetAtt Role.Arn}\n"
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: worker-role\n"
        "      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, "
        "Action: sts:AssumeRole}]}\n"
        "      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: ssm:PutParameter, "
        'Resource: "*"}]}}]\n'
    )
    deployer = Principal(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/deployer", "", Attribution.ROLE)
    ledger = made(*ACTIVE)
    ledger.add(Key(deployer, "iam:PutRolePolicy"), WORKER.role, tally("2026-10-05"))
    facts, function = asked(tmp_path, ledger, template)
    ((role, _),) = roles_of(facts, function)
    assert silence(facts, role).changed == datetime.date(2026, 10, 5)


def test_only_the_session_tells_the_function_and_one_region_is_there(tmp_path: Path) -> None:
    session = replace(WORKER, function=WORKER.function.replace(REGION, "*"), attribution=Attribution.SESSION)
    uses = [(replace(key, principal=session), used) for key, used in ACTIVE]
    facts, _ = asked(tmp_path, made(*uses))
    assert (watched(facts).places, watched(facts).doubt) == ((HERE,), "")
    two = made(*uses)
    two.saw(Stream(ACCOUNT, "us-east-1", "iam", "Management"), ALL)
    facts, _ = asked(tmp_path, two)
    assert watched(facts).doubt == "the ledger does not tell in which region the functions are"


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        (made(*ACTIVE), ""),
        (made(*ACTIVE, place=Place("", REGION)), ""),
        (made(*ACTIVE, first="2026-10-01"), "begins on 2026-10-01"),
        (Ledger(made(*ACTIVE).uses, made(*ACTIVE).streams), "do not tell which days"),
        (Ledger(made(*ACTIVE).uses, {}, made(*ACTIVE).days), "no management events"),
    ],
    ids=["whole", "event history", "short", "undated", "data events only"],
)
def test_why_silence_is_no_evidence(ledger: Ledger, said: str, tmp_path: Path) -> None:
    facts, _ = asked(tmp_path, ledger)
    assert said in gap(facts, HERE)
    assert bool(said) == bool(gap(facts, HERE))


def test_days_that_are_missing_are_named(tmp_path: Path) -> None:
    ledger = made(*ACTIVE)
    ledger.days[HERE] -= {datetime.date(2026, 10, day) for day in (3, 4, 9, 10, 11)}
    facts, _ = asked(tmp_path, ledger)
    assert gap(facts, HERE) == (
        f"the ledger has no log files of 2026-10-03, 2026-10-04, 2026-10-09 and 2 more days in {REGION} of {ACCOUNT}"
    )


def test_reads_are_only_told_where_reads_were_seen_all_along(tmp_path: Path) -> None:
    writes = made(ACTIVE[0])
    reads = made(ACTIVE[0], ACTIVE[1])
    late = made(ACTIVE[0], (ACTIVE[1][0], tally("2026-10-20", "2026-11-20")))
    for ledger, expected in ((writes, Sight.NO), (reads, Sight.SURE), (late, Sight.NO)):
        facts, _ = asked(tmp_path, ledger)
        assert sight(facts, "ssm:DescribeParameters", ["*"]) is expected
        assert sight(facts, "ssm:PutParameter", ["*"]) is Sight.SURE


def test_what_is_done_in_another_region_is_only_told_with_its_log_files(tmp_path: Path) -> None:
    far = ["arn:aws:ssm:us-west-2:111122223333:parameter/orders"]
    facts, _ = asked(tmp_path, made(*ACTIVE))
    assert sight(facts, "ssm:PutParameter", far) is Sight.NO
    assert sight(facts, "ssm:PutParameter", [far[0].replace("us-west-2", REGION)]) is Sight.SURE
    both = made(*ACTIVE)
    both.absorb(made(place=Place(ACCOUNT, "us-west-2")))
    facts, _ = asked(tmp_path, both)
    assert sight(facts, "ssm:PutParameter", far) is Sight.SURE


def test_what_is_never_logged_is_never_unused(tmp_path: Path) -> None:
    facts, _ = asked(tmp_path, made(*ACTIVE))
    assert sight(facts, "logs:PutLogEvents", ["*"]) is Sight.NO
    assert sight(facts, "nosuchservice:Do", ["*"]) is Sight.NO


def test_data_events_of_another_bucket_say_nothing(tmp_path: Path) -> None:
    ledger = made(*ACTIVE)
    ledger.add(Key(WORKER, "s3:PutObject"), "arn:aws:s3:::receipts/2026/*", ALL)
    facts, _ = asked(tmp_path, ledger)
    assert sight(facts, "s3:DeleteObject", ["arn:aws:s3:::receipts/*"]) is Sight.LIKELY
    assert sight(facts, "s3:DeleteObject", ["arn:aws:s3:::invoices/*"]) is Sight.NO
    assert sight(facts, "s3:GetObject", ["arn:aws:s3:::receipts/*"]) is Sight.NO


def test_a_function_that_was_called_by_its_alias_is_alive(tmp_path: Path) -> None:
    caller = replace(WORKER, function=WORKER.function.replace("worker", "caller"))
    ledger = made((Key(WORKER, "logs:CreateLogStream"), tally("2026-08-01")))
    ledger.add(Key(caller, "lambda:InvokeFunction"), f"{WORKER.function}:live", tally("2026-10-01"))
    life = life_of(*asked(tmp_path, ledger))
    assert (life.last, life.there) == (datetime.date(2026, 10, 1), datetime.date(2026, 8, 1))


def test_without_a_ledger_nothing_is_watched(tmp_path: Path) -> None:
    facts, _ = loaded(tmp_path, TEMPLATE)
    assert watched(facts).doubt


ACTIONS: Final = (
    "ssm:GetParameter",
    "ssm:PutParameter",
    "ssm:DeleteParameter",
    "sns:ListTopics",
    "sqs:SendMessage",
)
FIRST: Final = datetime.date(2026, 8, 23)
DAYS: Final = st.dates(datetime.date(2026, 8, 1), datetime.date(2026, 11, 20))
MANY: Final = f"""\
    FunctionName: worker
    Policies:
      - Statement: [{{Effect: Allow, Action: [{", ".join(ACTIONS)}], Resource: "*"}}]
"""


@given(st.dictionaries(st.sampled_from(ACTIONS), st.tuples(DAYS, DAYS).map(sorted)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_what_was_used_in_the_window_is_never_unused(
    tmp_path: Path, used: dict[str, list[datetime.date]]
) -> None:
    uses = [(Key(WORKER, action), tally(*map(str, days))) for action, days in used.items()]
    told = set(unused(*asked(tmp_path, made(ACTIVE[0], *uses), MANY)))
    assert told.isdisjoint(action for action, (_, last) in used.items() if last >= FIRST)
    # Reads may have been left out of the trail, unless one was seen at both ends.
    assert {"ssm:PutParameter", "ssm:DeleteParameter"} - set(used) <= told
    assert "sqs:SendMessage" not in told  # no data events were seen of any queue but by this call


@given(st.sets(DAYS, min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_without_log_files_of_a_day_of_the_window_nothing_is_evidence(
    tmp_path: Path, missing: set[datetime.date]
) -> None:
    ledger = made(*ACTIVE)
    ledger.days[HERE] -= missing
    facts, _ = asked(tmp_path, ledger)
    assert bool(watched(facts).doubt) == any(day >= FIRST for day in missing)
