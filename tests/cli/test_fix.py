"""`lamward fix` as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import surroundings, write
from tests.cli.conftest import Lamward

TEMPLATE = """\
Parameters:
  DatabasePassword:
    Type: String  # never a default
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {Variables: {DB_PASSWORD: !Ref DatabasePassword}}
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Warn}
"""
HIDDEN = TEMPLATE.replace("default\n", "default\n    NoEcho: true\n")
ENFORCED = TEMPLATE.replace("Warn", "Enforce")

BOTH = ("--select", "readable-secret-parameter", "--select", "code-signing-warns-only", "--isolated")


def test_safe_fixes_are_applied_and_what_is_left_is_told(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    result = lamward("fix", *BOTH)
    assert path.read_text(encoding="utf-8") == HIDDEN
    assert result.code == 1
    assert result.out.splitlines() == [
        "fixed template.yaml:2:3 readable-secret-parameter: give the parameter `NoEcho: true`",
        (
            "left template.yaml:13:60 code-signing-warns-only: its fix is unsafe, `--unsafe` applies it: "
            "packages that are not signed as the configuration asks are refused from then on"
        ),
        "fixed 1 in 1 file, refused 0, left 1",
    ]


def test_unsafe_fixes_are_applied_when_asked_for_and_a_second_run_finds_nothing(
    lamward: Lamward, tmp_path: Path
) -> None:
    path = write(tmp_path, TEMPLATE)
    assert lamward("fix", "--unsafe", *BOTH).code == 0
    fixed = path.read_text(encoding="utf-8")
    assert fixed == HIDDEN.replace("Warn", "Enforce")
    again = lamward("fix", "--unsafe", *BOTH)
    assert (again.code, again.out) == (0, "fixed 0 in 0 files, refused 0, left 0\n")
    assert path.read_text(encoding="utf-8") == fixed


def test_only_the_named_checks(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    assert lamward("fix", "--unsafe", "--check", "code-signing-warns-only", *BOTH).code == 0
    assert path.read_text(encoding="utf-8") == ENFORCED


def test_a_misspelt_check_is_suggested(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    result = lamward("fix", "--check", "code-signing-warn-only")
    assert result.code == 2
    assert "did you mean `code-signing-warns-only`" in result.err


def test_a_difference_is_shown_and_nothing_written(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    result = lamward("fix", "--diff", *BOTH)
    assert path.read_text(encoding="utf-8") == TEMPLATE
    assert result.code == 1
    assert "+    NoEcho: true\n" in result.out
    assert "+++ b/template.yaml\n" in result.out
    assert "would fix 1 in 1 file, refused 0, left 1" in result.err


@pytest.mark.parametrize(
    ("answers", "after"),
    [("y\nn\n", HIDDEN), ("n\ny\n", ENFORCED), ("q\n", TEMPLATE), ("a\n", HIDDEN.replace("Warn", "Enforce"))],
)
def test_each_fix_is_asked_for(answers: str, after: str, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    command = [sys.executable, "-m", "lamward", "fix", "--interactive", "--unsafe", *BOTH]
    subprocess.run(command, cwd=tmp_path, env=surroundings(), input=answers, encoding="utf-8", check=False)
    assert path.read_text(encoding="utf-8") == after


def test_a_nested_template_is_fixed_where_it_is_written(lamward: Lamward, tmp_path: Path) -> None:
    child = write(tmp_path, TEMPLATE, "nested/child.yaml")
    write(
        tmp_path,
        "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: nested/child.yaml}\n",
    )
    assert lamward("fix", "--unsafe", *BOTH).code == 0
    assert child.read_text(encoding="utf-8") == ENFORCED


def test_a_suppressed_finding_is_not_fixed(lamward: Lamward, tmp_path: Path) -> None:
    text = TEMPLATE.replace(
        "  DatabasePassword:\n",
        "  DatabasePassword:  # lamward: ignore[readable-secret-parameter] shown on purpose\n",
    )
    path = write(tmp_path, text)
    lamward("fix", *BOTH)
    assert path.read_text(encoding="utf-8") == text


SHARING = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Handler: a.b, Runtime: python3.14, Code: {S3Bucket: code, S3Key: a.zip}, Role: !GetAtt Role.Arn}
  Refunds:
    Type: AWS::Lambda::Function
    Properties: {Handler: a.b, Runtime: python3.14, Code: {S3Bucket: code, S3Key: b.zip}, Role: !GetAtt Role.Arn}
"""


def test_what_gives_way_to_another_fix_gets_its_turn_on_the_new_text(
    lamward: Lamward, tmp_path: Path
) -> None:
    path = write(tmp_path, SHARING)
    asked = ("--unsafe", "--select", "no-tracing", "--select", "shared-role", "--isolated")
    result = lamward("fix", *asked)
    assert result.out.splitlines()[-1] == "fixed 2 in 1 file, refused 0, left 0"
    text = path.read_text(encoding="utf-8")
    assert text.count("xray:PutTraceSegments") == 2
    assert text.count("Mode: Active") == 2
    assert lamward("fix", *asked).out.splitlines() == ["fixed 0 in 0 files, refused 0, left 0"]
    assert path.read_text(encoding="utf-8") == text


def test_explain_shows_what_a_fix_does_to_the_example_and_to_the_finding(
    lamward: Lamward, tmp_path: Path
) -> None:
    write(tmp_path, TEMPLATE)
    told = lamward("explain", "code-signing-warns-only").out.splitlines()
    assert "`lamward fix --unsafe` does this to the example:" in told
    assert "    -      UntrustedArtifactOnDeployment: Warn" in told
    assert "    +      UntrustedArtifactOnDeployment: Enforce" in told
    audited = lamward("audit", *BOTH, "--format", "json").out
    marks = {each["check"]: each["fingerprint"] for each in json.loads(audited)["findings"]}
    told = lamward("explain", marks["readable-secret-parameter"]).out.splitlines()
    assert "  fix (safe): give the parameter `NoEcho: true`" in told
    assert "    +    NoEcho: true" in told
