"""Policies, requests and templates from standard input, as `-`: once a run, and with the places of what is wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import Lamward, Result
from tests.cli.policy.test_policy import ALL, OPEN, READER, ROLE, TEMPLATE

TWICE: Final = "error: `-` is given twice"
ASKED: Final = ("--principal", ROLE, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k")

Fed = Callable[..., Result]


@pytest.fixture
def fed(lamward: Lamward, monkeypatch: pytest.MonkeyPatch) -> Fed:
    """Run the command with a text on its standard input, beside a file with a policy."""
    Path("all.yaml").write_text(ALL, encoding="utf-8")

    def run(text: str | bytes, *arguments: str) -> Result:
        content = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        return lamward("policy", *arguments)

    return run


def test_evaluate_takes_a_policy_or_a_request(fed: Fed) -> None:
    result = fed(READER, "evaluate", *ASKED, "--identity", "-")
    assert result.code == 0
    assert "<stdin>:4" in result.out
    request = {"principal": ROLE, "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"}
    assert fed(json.dumps(request), "evaluate", "--request", "-", "--identity", "all.yaml").code == 0
    assert fed("[]", "evaluate", "--request", "-", "--identity", "all.yaml").code == 2


def test_prove_and_diff_take_one_and_name_it(fed: Fed) -> None:
    proved = fed(READER, "prove", "implies", "-", "all.yaml")
    assert proved.code == 0
    assert "<stdin> allows nothing that all.yaml does not" in proved.out
    assert fed(READER, "prove", "implies", "all.yaml", "-").code == 1
    assert fed(OPEN, "prove", "public", "-").code == 1
    differing = fed(READER, "diff", "all.yaml", "-")
    assert differing.code == 1
    assert "<stdin> allows nothing that all.yaml does not" in differing.out


def test_a_role_of_a_template(fed: Fed) -> None:
    result = fed(TEMPLATE, "prove", "implies", "--template", "-", "--role", "Admin", "all.yaml")
    assert result.code == 1
    assert "<stdin>#Admin allows nothing" in result.out


def test_lint_takes_a_policy_or_a_template(fed: Fed) -> None:
    wrong = READER.replace("GetObject", "GetObjekt")
    found = fed(wrong, "lint", "-", "--format", "concise")
    assert found.code == 1
    assert "<stdin>:4:" in found.out
    assert fed(READER, "lint", "-", "--no-proofs").code == 0
    assert "5 policies: nothing found" in fed(TEMPLATE, "lint", "-", "--no-proofs").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", *ASKED, "--identity", "-", "--boundary", "-"),
        ("evaluate", "--request", "-", "--identity", "-"),
        ("prove", "implies", "-", "-"),
        ("prove", "implies", "--template", "-", "--role", "Admin", "-"),
        ("diff", "-", "-"),
        ("lint", "-", "-"),
    ],
    ids=" ".join,
)
def test_twice_is_a_mistake(fed: Fed, arguments: tuple[str, ...]) -> None:
    result = fed(TEMPLATE if "--template" in arguments else READER, *arguments)
    assert (result.code, result.out) == (2, "")
    assert TWICE in result.err


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe"], ids=["empty", "broken", "binary"])
def test_what_is_wrong_with_it_is_said_with_its_place(fed: Fed, text: str | bytes) -> None:
    result = fed(text, "prove", "public", "-")
    assert result.code == 2
    assert "<stdin>" in result.err


def test_too_much_is_not_read(fed: Fed) -> None:
    result = fed(b" " * (1024 * 1024 + 1), "prove", "public", "-")
    assert result.code == 2
    assert "more than 1,024 KB are not read" in result.err
