"""Keys that AWS sends with every request: an answer that turns on one that is not given says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Lamward

ENCRYPTED = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ],
}
ASKED = ("--principal", "arn:aws:iam::111122223333:role/r", "--resource", "arn:aws:s3:::b/k")


def ask(lamward: Lamward, folder: Path, *more: str) -> tuple[int, list[str]]:
    (folder / "p.json").write_text(json.dumps(ENCRYPTED), encoding="utf-8")
    command = ("policy", "evaluate", "--identity", "p.json", *ASKED, *more)
    found, told = lamward(*command, "--json"), lamward(*command)
    keys = json.loads(found.out)["turns_on"]
    assert found.code == told.code
    assert ("which AWS always sends" in told.out) is bool(keys)
    return found.code, keys


def test_an_answer_that_turns_on_what_aws_always_sends_says_so(lamward: Lamward, tmp_path: Path) -> None:
    assert ask(lamward, tmp_path, "--action", "s3:GetObject") == (0, ["aws:SecureTransport"])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--context", "aws:securetransport=true"), 0),
        (("--context", "aws:SecureTransport=false"), 1),
        (("--unknown", "aws:SecureTransport"), 4),
    ],
)
def test_a_key_that_is_told_of_needs_no_note(
    more: tuple[str, ...], code: int, lamward: Lamward, tmp_path: Path
) -> None:
    assert ask(lamward, tmp_path, "--action", "s3:GetObject", *more) == (code, [])


def test_a_key_that_changes_nothing_needs_no_note(lamward: Lamward, tmp_path: Path) -> None:
    assert ask(lamward, tmp_path, "--action", "sqs:SendMessage") == (1, [])
