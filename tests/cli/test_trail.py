"""`lamward trail` as its user runs it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Lamward
from tests.trail.made import FUNCTION, ROLE, event, identity, text, write

GET = event("dynamodb", "GetItem", {"tableName": "orders"}, eventCategory="Data")
LATER = event(
    "dynamodb", "GetItem", {"tableName": "orders"}, time="2026-10-31T00:00:00Z", eventCategory="Data"
)
REFUSED = event("sqs", "SendMessage", {"queueUrl": "https://x/111122223333/jobs"}, errorCode="AccessDenied")
BY_ROLE = event("ssm", "GetParameter", {"name": "/a"}, who=identity(issued_to="", session="x@y"))


def test_reading_and_showing(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "logs/a.json.gz", GET, LATER, REFUSED, BY_ROLE)
    done = lamward("trail", "read", "logs", "--ledger", "l", "--jobs", "1")
    assert (done.code, done.out, done.err) == (0, "read 4 records of 1 file\n", "")
    shown = lamward("trail", "show", "--ledger", "l")
    assert shown.code == 0
    assert shown.out.splitlines()[:13] == [
        "2026-10-01 to 2026-10-31: 4 events of 1 file",
        "accounts 111122223333; regions eu-west-1",
        "",
        "orders  (Lambda issued its credentials to it)",
        f"  {FUNCTION}, {ROLE}",
        "  dynamodb:GetItem                                  2  2026-10-01 to 2026-10-31",
        "      arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "  sqs:SendMessage                                   0  2026-10-01  denied 1",
        "      arn:aws:sqs:eu-west-1:111122223333:jobs",
        "",
        "orders-role  (the role; which function it was is not told)",
        f"  no function is told, {ROLE}",
        "  ssm:GetParameter                                  1  2026-10-01",
    ]
    assert "Not in this trail: data events of" in shown.out
    assert " dynamodb," not in shown.out
    assert "iam:PassRole" in shown.out.replace("\n  ", " ")


def test_a_second_run_adds_nothing(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "logs/a.json", GET)
    lamward("trail", "read", "logs", "--ledger", "l")
    first = lamward("trail", "show", "--ledger", "l", "--format", "json").out
    again = lamward("trail", "read", "logs", "--ledger", "l")
    assert (again.code, again.out) == (0, "read 0 records of 0 files, 1 file counted before\n")
    assert lamward("trail", "show", "--ledger", "l", "--format", "json").out == first


def test_json(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "a.json", GET, LATER, REFUSED)
    lamward("trail", "read", "a.json", "--ledger", "l")
    shown = json.loads(
        lamward("trail", "show", "--ledger", "l", "--function", "orders", "--format", "json").out
    )
    (principal,) = shown["principals"]
    assert (principal["function"], principal["attribution"]) == (FUNCTION, "function")
    assert principal["usage"][0] == {
        "action": "dynamodb:GetItem",
        "resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "certainty": "exact",
        "generalised": False,
        "via": None,
        "count": 2,
        "denied": 0,
        "first": "2026-10-01T12:00:00+00:00",
        "last": "2026-10-31T00:00:00+00:00",
        "visibility": "data",
    }
    assert [(each["action"], each["count"], each["denied"]) for each in principal["usage"]][1:] == [
        ("sqs:SendMessage", 0, 1)
    ]
    assert shown["coverage"]["data_events_of"] == ["dynamodb"]
    assert "s3" in shown["no_data_events_of"]
    assert (shown["files"], shown["records"], shown["records_not_read"]) == (1, 3, 0)


def test_what_cannot_be_read_makes_it_incomplete(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "logs/good.json", GET, {**GET, "eventTime": "never"})
    (tmp_path / "logs/bad.json.gz").write_bytes(b"\x1f\x8bnonsense that does not unpack")
    done = lamward("trail", "read", "logs", "--ledger", "l")
    assert done.code == 4
    assert done.out == "read 2 records of 1 file, 1 file not read\n"
    assert done.err.splitlines() == [
        f"error: logs{'/'}bad.json.gz: it is damaged: it does not unpack",
        "error: logs/good.json: 1 record could not be read",
    ]
    assert lamward("trail", "read", "logs", "--ledger", "other", "--allow-partial").code == 0
    assert "1 record could not be read" in lamward("trail", "show", "--ledger", "l").out


def test_ledgers_made_elsewhere_are_merged(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "one/a.json", GET)
    write(tmp_path / "two/b.json", LATER)
    for name in ("one", "two"):
        lamward("trail", "read", name, "--ledger", f"{name}.ledger")
    lamward("trail", "read", "one", "two", "--ledger", "both.ledger")
    merged = lamward("trail", "merge", "one.ledger", "two.ledger", "--ledger", "merged.ledger")
    assert (merged.code, merged.out) == (0, "written: merged.ledger, 2 files\n")
    both, made = (
        lamward("trail", "show", "--ledger", f"{name}.ledger", "--format", "json").out
        for name in ("both", "merged")
    )
    assert both == made
    again = lamward("trail", "merge", "one.ledger", "--ledger", "merged.ledger")
    assert again.code == 2
    assert "has counted 1 file that another ledger has counted too" in again.err
    assert lamward("trail", "show", "--ledger", "merged.ledger", "--format", "json").out == made


def test_a_ledger_keeps_its_accounts_and_days(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "a.json", GET, LATER)
    since = lamward("trail", "read", "a.json", "--ledger", "l", "--since", "2026-10-15")
    assert since.code == 0
    assert "2026-10-31: 1 events" in lamward("trail", "show", "--ledger", "l").out
    other = lamward("trail", "read", "a.json", "--ledger", "l")
    assert other.code == 2
    assert "counts all accounts, since 2026-10-15, not all accounts, all days" in other.err


def test_roles_without_functions_are_hidden_and_said(lamward: Lamward, tmp_path: Path) -> None:
    write(
        tmp_path / "a.json",
        GET,
        event(
            "ec2",
            "DescribeTags",
            who=identity(issued_to="", session="i/1", role=ROLE.replace("orders", "node")),
        ),
    )
    lamward("trail", "read", "a.json", "--ledger", "l")
    assert (
        "1 role that no function was seen with: `--all` shows them"
        in lamward("trail", "show", "--ledger", "l").out
    )
    assert "node-role" in lamward("trail", "show", "--ledger", "l", "--all").out


def test_hostile_names_do_not_reach_the_terminal(lamward: Lamward, tmp_path: Path) -> None:
    hostile = "x\x1b[31m\u202e::error::"
    made = event("dynamodb", "GetItem", {"tableName": hostile}, arns=(f"arn:aws:dynamodb:::table/{hostile}",))
    odd = event("odd\x1b]0;", f"Make{hostile}", awsRegion=hostile, who=identity(invokedBy=hostile))
    write(tmp_path / "logs/a\x1b.json", made, odd)
    (tmp_path / "logs/bad\x1b[2J.json").write_bytes(b"{")
    read = lamward("trail", "read", "logs", "--ledger", "l")
    shown = lamward("trail", "show", "--ledger", "l", "--all")
    as_json = lamward("trail", "show", "--ledger", "l", "--format", "json")
    for text_shown in (read.out, read.err, shown.out, shown.err, as_json.out):
        assert "\x1b" not in text_shown
        assert "\u202e" not in text_shown
        assert not any(line.lstrip().startswith("::") for line in text_shown.splitlines())
    actions = {row["action"] for each in json.loads(as_json.out)["principals"] for row in each["usage"]}
    assert f"odd\x1b]0;:Make{hostile}" in actions


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_names_and_texts_that_are_no_text_are_survived(lamward: Lamward, tmp_path: Path) -> None:
    halves = text(event("s3", "ListObjects", {"bucketName": "half"})).replace(b"half", b"\\ud800")
    (tmp_path / "logs").mkdir()
    for name, content in ((b"bad-\xff.json", text(GET)), ("ümlaut.json".encode(), text(LATER))):
        Path(os.fsdecode(os.fsencode(tmp_path / "logs") + b"/" + name)).write_bytes(content)
    (tmp_path / "logs/halves.json").write_bytes(halves)
    done = lamward("trail", "read", "logs", "--ledger", "l")
    assert (done.code, done.out) == (0, "read 3 records of 3 files\n")
    assert "arn:aws:s3:::\ufffd" in lamward("trail", "show", "--ledger", "l").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["read", "gone", "--ledger", "l"], 2, "`gone` does not exist"),
        (["read", "", "--ledger", "l"], 2, "`` does not exist"),
        (["read", "empty", "--ledger", "l"], 3, "no log files were found"),
        (["read", "logs", "--ledger", "l", "--account", "12"], 2, "`--account` is not an account: `12`"),
        (["read", "logs", "--ledger", "l", "--since", "soon"], 2, "`--since` is not a date: `soon`"),
        (["read", "logs", "--ledger", "l", "--jobs", "0"], 2, "`--jobs` must be from 1 to 64, not `0`"),
        (["read", "logs"], 2, "--ledger"),
        (["read", "logs", "--ledger", "empty/none/l"], 2, "cannot change `empty/none/l`"),
        (["read", "logs", "--ledger", "logs/a.json"], 2, "`logs/a.json` is no ledger"),
        (["show", "--ledger", "gone"], 2, "there is no ledger `gone`"),
        (["show", "--ledger", "logs/a.json"], 2, "`logs/a.json` is no ledger"),
        (["show", "--ledger", "gone", "--format", "xml"], 2, "`--format` must be one of text, json"),
        (["merge", "gone", "--ledger", "l"], 2, "there is no ledger `gone`"),
        (["shwo"], 2, "did you mean `show`?"),
    ],
)  # fmt: skip
def test_mistakes(lamward: Lamward, tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    write(tmp_path / "logs/a.json", GET)
    (tmp_path / "empty").mkdir()
    done = lamward("trail", *arguments)
    assert done.code == code
    assert said in done.err
    assert done.out == ""
    assert (tmp_path / "logs/a.json").read_bytes() == text(GET)


def test_a_function_that_was_not_seen(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "a.json", GET)
    lamward("trail", "read", "a.json", "--ledger", "l")
    shown = lamward("trail", "show", "--ledger", "l", "--function", "gone")
    assert shown.code == 3
    assert "no function was seen" in shown.out


def test_reading_from_aws_needs_its_extra(lamward: Lamward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    for address in ("s3://bucket/prefix", "event-history:eu-west-1"):
        done = lamward("trail", "read", address, "--ledger", "l")
        assert done.code == 2
        assert "reading from AWS needs boto3" in done.err
        assert "lamward[aws]" in done.err
