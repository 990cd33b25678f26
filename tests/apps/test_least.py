"""The least policies of fifty functions, held against what people say each needs, and tried on the functions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.apps.deployment import Deployment
from tests.apps.truth import FOLDER, Verdict, applications, derived, figures, judged, truths

ROOT = Path(__file__).resolve().parents[2]
SHORTFALLS = Path(__file__).with_name("least.txt")
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/truth.txt"))


@cache
def told(application: str) -> dict[str, dict[str, Any]]:
    return derived(Deployment(FOLDER / application))


@cache
def verdicts(application: str) -> tuple[Verdict, ...]:
    deployment = Deployment(FOLDER / application)
    return tuple(judged(deployment, truth, told(application)[truth.function]) for truth in truths(deployment))


def everything() -> list[Verdict]:
    return [verdict for name in NAMES for verdict in verdicts(name)]


def test_there_are_fifty_functions_in_two_languages() -> None:
    languages = [verdict.truth.language for verdict in everything()]
    assert (languages.count("Python"), languages.count("Node.js")) == (35, 15)
    for application in applications():
        assert set(application.functions) == {truth.function for truth in truths(application)}


@pytest.mark.parametrize("language", ["Python", "Node.js", ""])
def test_policies_are_right_and_whole(language: str) -> None:
    found = figures(each for each in everything() if language in {"", each.truth.language})
    assert found.action_precision >= 0.95
    assert found.action_recall >= 0.97
    assert found.pair_precision >= 0.85
    assert found.pair_recall >= 0.85


@pytest.mark.parametrize("application", NAMES)
def test_nothing_that_is_missing_is_kept_silent(application: str) -> None:
    assert {each.truth.function: each.silent for each in verdicts(application) if each.silent} == {}


@pytest.mark.parametrize("application", NAMES)
def test_what_only_looks_needed_is_not_granted(application: str) -> None:
    assert all(
        each.truth.decoys for each in verdicts(application) if each.truth.function not in _WITHOUT_DECOYS
    )
    assert {each.truth.function: each.trapped for each in verdicts(application) if each.trapped} == {}


_WITHOUT_DECOYS = {
    "MeasureLag",
    "SearchLogs",
    "RotateSecret",
    "Replay",
    "FanOut",
    "ConfirmDriver",
    "ArchiveFile",
}


@pytest.mark.parametrize("application", NAMES)
def test_what_lambda_itself_needs_is_granted(application: str) -> None:
    assert {each.truth.function: each.unserved for each in verdicts(application) if each.unserved} == {}


@pytest.mark.parametrize("application", NAMES)
def test_policies_are_proved_enough_and_nothing_more(application: str) -> None:
    for function in told(application).values():
        proofs = {each["claim"]: each["holds"] for each in function["proofs"]}
        assert proofs["it allows every access that is needed"] is True, function["function"]
        assert proofs["it allows nothing else"] is True, function["function"]


def test_where_policies_fall_short_is_known() -> None:
    lines = [
        f"{each.truth.application} {each.truth.function} {kind} {action} {resource}"
        for each in everything()
        for kind, pairs in (("excess", each.excess), ("missing", each.missing))
        for action, resource in sorted(pairs)
    ]
    assert lines == SHORTFALLS.read_text(encoding="utf-8").splitlines()


def test_the_judge_sees_what_is_too_much_missing_and_planted() -> None:
    deployment = Deployment(FOLDER / "shop")
    truth = next(each for each in truths(deployment) if each.function == "NightlyReport")

    def verdict(*statements: dict[str, Any], whole: bool = True) -> Verdict:
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        return judged(deployment, truth, {"policy": policy, "advice": [], "whole": whole})

    nothing = verdict()
    assert nothing.missing == nothing.silent == truth.needed
    assert nothing.unserved == truth.platform
    assert verdict(whole=False).silent == frozenset()
    broad = verdict({"Action": ["s3:PutObject", "s3:GetObject"], "Resource": "*"})
    assert broad.excess == {("s3:PutObject", "*"), ("s3:GetObject", "*")}
    assert {action for action, _ in broad.missing} == {"dynamodb:Scan", "sns:Publish"}
    archive = {"Fn::Sub": "${ArchiveBucket.Arn}/reports/x"}
    assert len(verdict({"Action": "s3:PutObject", "Resource": archive}).trapped) == 1


@pytest.mark.parametrize("application", [name for name in NAMES if name not in {"files", "tickets"}])
def test_functions_run_with_their_policies_and_not_without_what_they_need_of_them(application: str) -> None:
    python = [each.truth.function for each in verdicts(application) if each.truth.language == "Python"]
    answer = subprocess.run(
        [sys.executable, "-m", "tests.apps.oracle", str(FOLDER / application)],
        input=json.dumps({name: told(application)[name]["policy"] for name in python}),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**_plain(), "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])},
    )
    found = json.loads(answer.stdout)
    assert sorted(found) == sorted(python)
    for name, tried in found.items():
        assert "failed" not in tried, (name, tried)
        whole = tried["whole"]
        assert (whole["error"], whole["denied"]) == ("", []), (name, whole)
        assert whole["asked"], name
        assert tried["without"], name
        for run in tried["without"]:
            assert run["denied"], (name, run)


def _plain() -> dict[str, str]:
    """Give an environment in which no credentials and no configuration of AWS are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def test_remote_calls_of_another_role_are_not_held_against_the_own_one() -> None:
    partner = next(each for each in verdicts("lake") if each.truth.function == "ImportPartner")
    assert partner.excess == frozenset()
    assert {each["action"] for each in told("lake")["ImportPartner"]["needs_of_other_roles"]} == {
        "s3:GetObject",
        "s3:PutObjectTagging",
        "s3:ListBucket",
    }
