"""`lamward audit --trail` as its user runs it: from log files of CloudTrail to findings."""

from __future__ import annotations

import datetime
import json
import sqlite3
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.command import write as write_template
from tests.cli.conftest import Lamward
from tests.trail.made import ACCOUNT, REGION, event, identity, write

TODAY: Final = ("--today", "2026-11-21")
ONLY: Final = ("--select", "unused-permission", "--select", "unused-function", *TODAY)
FIRST, LAST = datetime.date(2026, 8, 1), datetime.date(2026, 11, 20)
TEMPLATE: Final = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: s3://builds/orders.zip
      Policies:
        - Statement:
            - Effect: Allow
              Action:
                - ssm:GetParameter
                - ssm:PutParameter
              Resource: "*"
  Export:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: s3://builds/export.zip}
"""


def who(function: str) -> dict[str, Any]:
    name = f"shop-{function}-AbCdEf123456"
    return identity(
        session=name,
        issued_to=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        role=f"arn:aws:iam::{ACCOUNT}:role/shop-{function}Role-AbCdEf123456",
    )


def logs(folder: Path) -> None:
    """Write a log file of each day: one function works all the time, the other until August."""
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + datetime.timedelta(days=number)
        at = f"{day}T12:00:00Z"
        events = [
            event("logs", "CreateLogStream", {"logGroupName": "g"}, time=at, who=who("Orders")),
            event("ssm", "GetParameter", {"name": "/orders"}, time=at, who=who("Orders")),
        ]
        if day < datetime.date(2026, 8, 5):
            events.append(event("logs", "CreateLogStream", {"logGroupName": "g"}, time=at, who=who("Export")))
            events.append(event("ssm", "PutParameter", {"name": "/orders"}, time=at, who=who("Orders")))
        write(folder / f"{ACCOUNT}_CloudTrail_{REGION}_{day:%Y%m%d}T1215Z_aBcD1234.json.gz", *events)


@pytest.fixture
def ledger(lamward: Lamward, tmp_path: Path) -> str:
    """Read the log files as a user does."""
    logs(tmp_path / "logs")
    assert lamward("trail", "read", "logs", "--ledger", "shop.ledger", "--jobs", "1").code == 0
    write_template(tmp_path, TEMPLATE)
    return "shop.ledger"


def test_what_is_not_used_is_found_at_its_place_with_the_day_of_its_last_use(
    lamward: Lamward, ledger: str
) -> None:
    done = lamward("audit", "--trail", ledger, "--format", "json", *ONLY)
    found = json.loads(done.out)["findings"]
    assert [(each["check"], each["resource"], each["location"]["line"]) for each in found] == [
        ("unused-permission", "Orders", 11),
        ("unused-function", "Export", 16),
    ]
    assert found[0]["message"] == "`Orders` may do `ssm:PutParameter`, and did not in 90 days"
    assert [
        (each["location"]["line"], each["location"]["column"], each["note"]) for each in found[0]["related"]
    ] == [(14, 19, "last used on 2026-08-04")]
    assert found[1]["message"] == "`Export` has not run for 90 days: it last ran on 2026-08-04"
    assert done.code == 0  # of low severity


def test_the_fix_takes_out_the_action_and_nothing_else(lamward: Lamward, ledger: str, tmp_path: Path) -> None:
    done = lamward("fix", "--unsafe", "--check", "unused-permission", "--trail", ledger, *TODAY)
    assert done.code == 0
    expected = TEMPLATE.replace("                - ssm:PutParameter\n", "")
    assert (tmp_path / "template.yaml").read_text(encoding="utf-8") == expected


def test_nothing_is_fixed_without_a_ledger(lamward: Lamward, ledger: str) -> None:
    assert ledger
    done = lamward("fix", "--unsafe", "--check", "unused-permission", *TODAY)
    assert (done.code, done.err.splitlines()[0]) == (
        2,
        "error: `unused-permission` is about what CloudTrail showed",
    )


def test_the_list_of_checks_says_which_need_a_ledger(lamward: Lamward) -> None:
    lines = [line for line in lamward("checks").out.splitlines() if line.endswith("(with --trail)")]
    assert [line.split()[0] for line in lines] == ["unused-function", "unused-permission", "unused-role"]


def test_fingerprints_do_not_depend_on_the_ledger_or_the_day(lamward: Lamward, ledger: str) -> None:
    def marks(*options: str) -> list[str]:
        found = json.loads(lamward("audit", "--trail", ledger, "--format", "json", *options).out)["findings"]
        return sorted(each["fingerprint"] for each in found if each["check"].startswith("unused-"))

    assert len(marks(*ONLY)) == 2
    assert marks(*ONLY) == marks(*ONLY, "--unused-days", "60") == marks("--stack", "shop", *TODAY)


def test_other_findings_are_the_same_with_a_ledger(lamward: Lamward, ledger: str) -> None:
    def lines(*options: str) -> set[str]:
        return set(lamward("audit", "--format", "concise", *TODAY, *options).out.splitlines())

    with_it, without = lines("--trail", ledger), lines()
    assert {line.split(" ")[1] for line in with_it ^ without} == {"unused-permission", "unused-function"}


def test_nobody_is_asked_without_a_ledger(lamward: Lamward, ledger: str) -> None:
    assert ledger
    done = lamward("audit", "--format", "json", *TODAY)
    assert not [each["name"] for each in json.loads(done.out)["checks"] if each["name"].startswith("unused-")]
    alone = lamward("audit", *ONLY)
    assert (alone.code, alone.err.splitlines()[-1]) == (
        2,
        "help: what is selected is about what CloudTrail showed: name a ledger with `--trail`",
    )
    among = lamward("audit", "--select", "no-tracing", *ONLY)
    assert "`unused-permission` is not asked: it is about what CloudTrail showed" in among.out + among.err


def test_a_suppression_is_not_told_to_be_useless_without_a_ledger(
    lamward: Lamward, ledger: str, tmp_path: Path
) -> None:
    accepted = TEMPLATE.replace(
        "  Export:\n", "  Export: # lamward: ignore[unused-function] for the year's end\n"
    )
    write_template(tmp_path, accepted)
    assert "unused-function" not in lamward("audit", *TODAY).out
    done = json.loads(lamward("audit", "--trail", ledger, "--format", "json", *ONLY).out)
    assert [each["status"]["kind"] for each in done["findings"] if each["check"] == "unused-function"] == [
        "suppressed"
    ]


@pytest.mark.parametrize("how", ["update", "write"])
def test_a_baseline_keeps_what_only_a_ledger_shows(how: str, lamward: Lamward, ledger: str) -> None:
    lamward("baseline", "write", "--trail", ledger, *TODAY)
    assert lamward("baseline", how, *TODAY).code == 0
    recorded = json.loads(lamward("baseline", "show", "--format", "json").out)["findings"]
    assert {"unused-permission", "unused-function"} <= {each["check"] for each in recorded}
    assert len({each["fingerprint"] for each in recorded}) == len(recorded)
    known = ("--baseline", "lamward-baseline.json", "--format", "concise", *TODAY)
    assert lamward("audit", "--trail", ledger, *known).out == ""


def test_silence_in_a_short_ledger_is_a_question_and_no_finding(lamward: Lamward, ledger: str) -> None:
    done = lamward("audit", "--trail", ledger, "--unused-days", "200", "--show-unanswered", *ONLY)
    assert "no findings" in done.out
    said = " ".join(done.out.split())
    assert (
        f"the ledger begins on 2026-08-01 in {REGION} of {ACCOUNT}, and 200 days begin on 2026-05-05" in said
    )


def test_it_may_be_configured(lamward: Lamward, ledger: str, tmp_path: Path) -> None:
    (tmp_path / "lamward.toml").write_text(
        f'trail = "{ledger}"\nstack = "shop"\nunused-days = 60\n', encoding="utf-8"
    )
    assert "did not in 60 days" in lamward("audit", "--format", "concise", *ONLY).out
    shown = json.loads(lamward("config", "--format", "json").out)["settings"]
    assert (shown["trail"]["value"], shown["stack"]["value"]) == (str(tmp_path / ledger), "shop")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent", "error: there is no ledger `absent`"),
        (".", "error: there is no ledger `.`"),
        ("template.yaml", "error: `template.yaml` is no ledger"),
        ("foreign", "error: `foreign` is no ledger"),
    ],
)
def test_what_is_no_ledger_is_an_error(name: str, said: str, lamward: Lamward, tmp_path: Path) -> None:
    write_template(tmp_path, TEMPLATE)
    with sqlite3.connect(tmp_path / "foreign") as connection:
        connection.execute("CREATE TABLE other (name TEXT)")
    connection.close()
    done = lamward("audit", "--trail", name, *TODAY)
    assert (done.code, done.out, done.err.splitlines()[0]) == (2, "", said)


def test_a_ledger_is_only_read(lamward: Lamward, ledger: str, tmp_path: Path) -> None:
    before = (tmp_path / ledger).read_bytes()
    (tmp_path / ledger).chmod(0o400)
    lamward("audit", "--trail", ledger, *ONLY)
    assert (tmp_path / ledger).read_bytes() == before


def test_requirements_are_not_assessed_without_a_ledger(lamward: Lamward, ledger: str) -> None:
    def evidence(*options: str) -> str:
        return lamward("audit", "--compliance", "nist-csf", "--format", "json", *TODAY, *options).out

    assert "not asked: `unused-function`, `unused-role`" in evidence()
    assert "has not run for 90 days" in evidence("--trail", ledger)
