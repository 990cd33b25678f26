"""The questions about policies as their user asks them: what is printed, in which form, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from lamward.cli.policy import MODULES
from lamward.cli.policy import command as group
from tests.cli.command import surroundings
from tests.cli.conftest import Lamward, Result

ROLE: Final = "arn:aws:iam::111122223333:role/r"
READER: Final = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
    {"Sid": "Key", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/key"}
  ]
}
"""
ALL: Final = """\
Version: "2012-10-17"
Statement:
  - {Effect: Allow, Action: "s3:*", Resource: "*"}
"""
OPEN: Final = """\
Version: "2012-10-17"
Statement:
  - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"}
"""
TEMPLATE: Final = """\
Parameters:
  Bucket: {Type: String}
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Admin:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}
              - {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "arn:aws:s3:::${Bucket}/*"}
  Work:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Worker.Arn, Runtime: python3.13, Handler: a.b, Code: {ZipFile: pass}}
  Opener:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              Effect: Allow
              Action: ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
              Resource: "*"
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    for name, text in (
        ("reader.json", READER),
        ("all.yaml", ALL),
        ("open.yaml", OPEN),
        ("template.yaml", TEMPLATE),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")


def evaluate(lamward: Lamward, resource: str, *more: str, action: str = "s3:GetObject") -> Result:
    asked = ("--principal", ROLE, "--action", action, "--resource", resource)
    return lamward("policy", "evaluate", *asked, *more)


def record(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    assert found["version"] == 1
    return found


def test_summaries_are_those_of_the_commands() -> None:
    for name, (_, summary) in MODULES.items():
        command = group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert (command.help or "").splitlines()[0] == summary


@pytest.mark.parametrize("name", [*MODULES, "prove implies", "prove grants", "prove public"])
def test_every_help_tells_the_exit_codes(name: str, lamward: Lamward) -> None:
    result = lamward("policy", *name.split(), "--help")
    assert result.code == 0
    assert "Exit codes: 0" in result.out or name == "prove"


def test_a_decision_names_the_statement_at_its_line(lamward: Lamward) -> None:
    result = evaluate(lamward, "arn:aws:s3:::b/k", "--identity", "reader.json")
    assert (result.code, result.err) == (0, "")
    assert (
        "allowed by statement 1 `Read` of `reader.json` (identity policy)\n  --> reader.json:4:5"
        in result.out
    )
    result = evaluate(lamward, "arn:aws:s3:::b/key", "--identity", "reader.json")
    assert result.code == 1
    assert "explicitly denied\n  denied by statement 2 `Key`" in result.out
    result = evaluate(lamward, "arn:aws:s3:::other/k", "--identity", "reader.json")
    assert result.code == 1
    assert "its resources do not match `arn:aws:s3:::other/k`" in result.out


def test_every_layer_has_its_say(lamward: Lamward) -> None:
    for option, layer in (
        ("--boundary", "permissions boundary"),
        ("--session", "session policy"),
        ("--scp", "service control policy"),
        ("--endpoint", "VPC endpoint policy"),
    ):
        result = evaluate(
            lamward,
            "arn:aws:s3:::b/k",
            "--identity",
            "all.yaml",
            option,
            "reader.json",
            "--json",
            action="s3:PutObject",
        )
        assert result.code == 1
        blocked = record(result)["decision"]["blocked_by"]
        assert layer in {block["layer"] for block in blocked}, option
    levels = ("--scp", "all.yaml", "--scp", "reader.json,all.yaml")
    assert evaluate(lamward, "arn:aws:s3:::b/k", "--identity", "all.yaml", *levels).code == 0


def test_context_keys_may_have_several_values(lamward: Lamward, tmp_path: Path) -> None:
    condition = "Condition: {'ForAllValues:StringEquals': {'aws:TagKeys': [a, b]}}"
    policy = ALL.replace('Resource: "*"', f'Resource: "*", {condition}')
    (tmp_path / "tags.yaml").write_text(policy, encoding="utf-8")
    both = ("--context", "aws:TagKeys=a", "--context", "aws:TagKeys=c")
    assert evaluate(lamward, "*", "--identity", "tags.yaml", "--context", "aws:TagKeys=a").code == 0
    assert evaluate(lamward, "*", "--identity", "tags.yaml", *both).code == 1
    assert evaluate(lamward, "*", "--identity", "tags.yaml", "--unknown", "aws:TagKeys").code == 4


def test_a_request_may_come_from_a_file_and_a_witness_is_one(lamward: Lamward, tmp_path: Path) -> None:
    refuted = lamward("policy", "prove", "implies", "all.yaml", "reader.json", "--json")
    assert refuted.code == 1
    witness = record(refuted)["witness"]
    (tmp_path / "request.json").write_text(json.dumps(witness["request"]), encoding="utf-8")
    asked = ("policy", "evaluate", "--request", "request.json", "--json")
    assert lamward(*asked, "--identity", "all.yaml").code == 0
    assert lamward(*asked, "--identity", "reader.json").code == 1
    assert record(lamward(*asked, "--identity", "all.yaml"))["request"] == witness["request"]


def test_a_misspelt_action_is_noted(lamward: Lamward) -> None:
    result = evaluate(lamward, "*", "--identity", "all.yaml", action="s3:GetObjct")
    assert "did you mean `s3:GetObject`" in result.err


def test_a_role_of_a_template_is_asked_by_logical_ids(lamward: Lamward) -> None:
    asked = (
        "policy",
        "evaluate",
        "--template",
        "template.yaml",
        "--function",
        "Work",
        "--action",
        "dynamodb:GetItem",
    )
    result = lamward(*asked, "--resource", "Orders", "--account", "444455556666")
    assert result.code == 0
    assert "assumed-role/Worker/session" in result.out
    assert "${Orders.Arn} = arn:aws:dynamodb:us-east-1:444455556666:table/Orders" in result.out
    assert "--> template.yaml:23:17" in result.out


def test_an_open_parameter_is_named(lamward: Lamward) -> None:
    asked = ("policy", "evaluate", "--template", "template.yaml", "--role", "Worker")
    object_ = ("--action", "s3:GetObject", "--resource", "arn:aws:s3:::acme/x")
    result = lamward(*asked, *object_)
    assert result.code == 4
    assert "`--parameter Bucket=VALUE`" in result.out
    assert lamward(*asked, *object_, "--parameter", "Bucket=acme").code == 0
    assert lamward(*asked, *object_, "--parameter", "Bucket=other").code == 1


PROOFS: Final = [
    (("implies", "reader.json", "all.yaml"), 0),
    (("implies", "all.yaml", "reader.json"), 1),
    (("equivalent", "all.yaml", "all.yaml"), 0),
    (("equivalent", "all.yaml", "reader.json"), 1),
    (("disjoint", "all.yaml", "reader.json"), 1),
    (("public", "open.yaml"), 1),
    (("grants", "reader.json", "--action", "s3:PutObject"), 0),
    (("grants", "reader.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/key"), 0),
    (("grants", "reader.json", "--action", "s3:GetObject"), 1),
    (("always-denies", "reader.json"), 1),
    (("implies", "template.yaml#Worker", "arn:aws:iam::aws:policy/AdministratorAccess"), 0),
    (("implies", "--template", "template.yaml", "--function", "Work", "all.yaml"), 1),
    (("implies", "all.yaml", "reader.json", "--steps", "1"), 4),
]


@pytest.mark.parametrize(("arguments", "code"), PROOFS, ids=[" ".join(row[0]) for row in PROOFS])
def test_proofs(arguments: tuple[str, ...], code: int, lamward: Lamward) -> None:
    result = lamward("policy", "prove", *arguments)
    assert (result.code, result.err) == (code, "")
    assert result.out.split(":")[0] == {0: "proved", 1: "refuted", 4: "undetermined"}[code]
    found = record(lamward("policy", "prove", *arguments, "--json"))
    assert (found["witness"] is not None) is (code == 1)
    assert list(found) == ["version", "question", "claim", "answer", "assumptions", "reason", "witness"]


def test_a_difference_shows_a_request_for_each_statement(lamward: Lamward, tmp_path: Path) -> None:
    more = READER.replace('"s3:GetObject"', '["s3:GetObject", "s3:PutObject"]').replace(
        "[\n", '[\n    {"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"},\n', 1
    )
    (tmp_path / "more.json").write_text(more, encoding="utf-8")
    result = lamward("policy", "diff", "reader.json", "more.json")
    assert result.code == 1
    assert "+ more.json allows what reader.json does not, such as" in result.out
    assert "statement 1 `List`" in result.out
    assert "statement 2 `Read`" in result.out
    assert "- reader.json allows nothing that more.json does not" in result.out
    found = record(lamward("policy", "diff", "reader.json", "more.json", "--json"))
    assert {each["action"] for each in found["gained"]["requests"]} == {"s3:ListBucket", "s3:PutObject"}
    assert found["lost"]["answer"] == "proved"
    assert lamward("policy", "diff", "reader.json", "reader.json").code == 0


def test_lint_points_at_the_place(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(READER.replace("s3:GetObject", "s3:GetObjct"), encoding="utf-8")
    result = lamward("policy", "lint", "bad.json", "all.yaml", "--format", "concise")
    assert result.code == 1
    assert "bad.json:4:50: unknown-action: there is no action `s3:GetObjct`; did you mean" in result.out
    assert "^^^^" in lamward("policy", "lint", "bad.json").out
    (finding, *_) = record(lamward("policy", "lint", "bad.json", "--json"))["findings"]
    assert (finding["name"], finding["location"]["line"]) == ("unknown-action", 4)
    assert lamward("policy", "lint", "all.yaml", "template.yaml").code == 0


def test_lint_takes_broken_syntax_as_a_finding_and_a_missing_file_as_a_mistake(
    lamward: Lamward, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text('{"Statement": [', encoding="utf-8")
    result = lamward("policy", "lint", "broken.json", "--format", "concise")
    assert (result.code, result.out.split(": ")[:2]) == (1, ["broken.json:1:16", "malformed"])
    assert lamward("policy", "lint", "none.json").code == 2


TESTS: Final = """\
policies:
  reader: {identity: reader.json}
cases:
  - name: reads
    policies: reader
    request: {principal: 'arn:aws:iam::111122223333:role/r', action: 's3:GetObject', resource: 'arn:aws:s3:::b/k'}
    expected: allowed
properties:
  - {name: within all, prove: implies, first: reader, second: {identity: all.yaml}}
"""


def test_policy_tests_pass_and_fail(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "tests.yaml").write_text(TESTS, encoding="utf-8")
    result = lamward("policy", "test", "tests.yaml")
    assert result.code == 0
    assert result.out.endswith(": 2 passed\n")
    wrong = TESTS.replace("expected: allowed", "expected: explicitly denied").replace(
        "first: reader, second: {identity: all.yaml}", "first: {identity: all.yaml}, second: reader"
    )
    (tmp_path / "wrong.yaml").write_text(wrong, encoding="utf-8")
    result = lamward("policy", "test", "wrong.yaml", "tests.yaml")
    assert result.code == 1
    assert "failed: wrong.yaml: reads\n  - explicitly denied\n  + allowed\n" in result.out
    assert "--> reader.json:4:5" in result.out
    assert result.out.endswith(": 2 passed, 2 failed\n")


def test_policy_tests_for_machines(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "tests.yaml").write_text(TESTS.replace("allowed", "denied"), encoding="utf-8")
    found = record(lamward("policy", "test", "tests.yaml", "--json"))
    assert (found["passed"], found["failed"], found["undetermined"]) == (1, 1, 0)
    assert [each["kind"] for each in found["files"][0]["tests"]] == ["case", "property"]
    result = lamward("policy", "test", "tests.yaml", "--format", "junit")
    assert result.code == 1
    suites = ElementTree.fromstring(result.out)  # noqa: S314 - it is our own
    assert (suites.attrib["tests"], suites.attrib["failures"]) == ("2", "1")
    assert [each.attrib["name"] for each in suites.iter("testcase")] == ["reads", "within all"]


def test_a_file_of_tests_that_is_wrong_is_2(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "tests.yaml").write_text(TESTS.replace("reader.json", "none.json"), encoding="utf-8")
    result = lamward("policy", "test", "tests.yaml")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: tests.yaml:2:22: there is no file `none.json`\nhelp: ")


def test_thousands_of_cases_run_in_one_process(lamward: Lamward, tmp_path: Path) -> None:
    case = TESTS.partition("cases:\n")[2].partition("properties:")[0]
    (tmp_path / "many.yaml").write_text(TESTS.replace(case, case * 3000), encoding="utf-8")
    assert "3001 passed" in lamward("policy", "test", "many.yaml").out


def test_reach_tells_paths_and_relative_to_what(lamward: Lamward) -> None:
    result = lamward("policy", "reach", "template.yaml", "--role", "Opener")
    assert result.code == 1
    assert "can become arn:aws:iam::111122223333:role/Admin" in result.out
    assert "lambda-001" in result.out
    result = lamward("policy", "reach", "template.yaml", "--function", "Work")
    assert result.code == 0
    assert "no path to another role or to an administrator, of the " in result.out
    assert "dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/Orders" in result.out
    found = record(lamward("policy", "reach", "template.yaml", "--role", "Opener", "--json"))
    (subject,) = found["subjects"]
    assert subject["administrator"]
    assert found["as_of"]


def test_reach_of_a_template_without_functions_starts_from_its_roles(
    lamward: Lamward, tmp_path: Path
) -> None:
    without = TEMPLATE.partition("  Work:\n")[0]
    (tmp_path / "roles.yaml").write_text(without, encoding="utf-8")
    found = record(lamward("policy", "reach", "roles.yaml", "--json"))
    assert [subject["role"] for subject in found["subjects"]] == ["Admin", "Worker"]


MISTAKES: Final = [
    (("evaluate", "--identity", "all.yaml"), "the request has no principal"),
    (("evaluate", "--identity", "none.json"), "none.json:1:1: there is no such file"),
    (("evaluate", "--role", "Worker"), "`--role` and `--function` need a template"),
    (("evaluate", "--template", "template.yaml"), "no role is chosen"),
    (("evaluate", "--template", "template.yaml", "--role", "Wroker"), "has no role or function `Wroker`"),
    (("evaluate", "--template", "all.yaml", "--role", "W"), "`all.yaml` is not a template"),
    (("evaluate", "--context", "x"), "`--context` is not of the form KEY=VALUE: `x`"),
    (("prove", "implies", "all.yaml"), "2 policies are needed, and there are 1"),
    (("prove", "public", "all.yaml", "--owner", "me"), "`--owner` is not an account: `me`"),
    (("prove", "public", "arn:aws:iam::aws:policy/None"), "there is no AWS managed policy"),
    (("reach", "template.yaml", "--role", "Nobody"), "`Nobody` is no role of"),
    (("lint", "all.yaml", "--kind", "inlin"), "`--kind` must be one of"),
    (("test", "none.yaml"), "there is no file `none.yaml`"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=[row[1] for row in MISTAKES])
def test_mistakes_are_2_and_say_what_to_do(
    arguments: tuple[str, ...], message: str, lamward: Lamward
) -> None:
    result = lamward("policy", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert "\nhelp: " in result.err


def test_everything_wrong_is_told_at_once(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(
        '{"Statement": {"Effect": "Allow", "Acton": "*"}, "X": 1}', encoding="utf-8"
    )
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    result = lamward("policy", "evaluate", "--identity", "bad.json", "--boundary", "broken.json")
    assert result.code == 2
    places = [line.split(" ")[1] for line in result.err.splitlines() if line.startswith("error: ")]
    assert places == ["bad.json:1:15:", "bad.json:1:35:", "bad.json:1:50:", "broken.json:1:2:"]


def test_hostile_text_is_shown_and_not_obeyed(lamward: Lamward, tmp_path: Path) -> None:
    hostile = ALL.replace("Effect: Allow", 'Sid: "a\\e[31m\\u202e::error::", Effect: Allow')
    (tmp_path / "hostile.yaml").write_text(hostile, encoding="utf-8")
    for more in ((), ("--json",)):
        result = evaluate(lamward, "arn:aws:s3:::b/k", "--identity", "hostile.yaml", *more)
        assert result.code == 0
        assert not {"\x1b", "\u202e"} & set(result.out)


def test_help_loads_no_engine(tmp_path: Path) -> None:
    code = (
        "import sys; from lamward.cli import main; main(['policy', '--help']);"
        "sys.exit(any(name.startswith('lamward.iam') for name in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=surroundings(), check=False)
    assert result.returncode == 0
