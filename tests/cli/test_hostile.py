"""The command where it is given what it cannot use, and a template from standard input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import ONLY, PUBLIC, run, surroundings, write
from tests.cli.conftest import Lamward


def _piped(folder: Path, content: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "lamward", "audit", *arguments],
        cwd=folder,
        env=surroundings(),
        input=content,
        capture_output=True,
        check=False,
    )


def test_a_template_from_standard_input(tmp_path: Path) -> None:
    result = _piped(tmp_path, PUBLIC.encode(), "-", "--format", "concise", *ONLY)
    assert result.returncode == 1
    assert result.stdout.startswith(b"<stdin>:13:19: public-function-url [high]")
    write(tmp_path)
    both = _piped(tmp_path, PUBLIC.encode(), "-", "template.yaml", "--format", "json", *ONLY)
    names = [each["name"] for each in json.loads(both.stdout)["applications"]]
    assert sorted(names) == ["<stdin>", "template.yaml"]


@pytest.mark.parametrize(("content", "code"), [(b"", 3), (b"\xff\xfeR", 4), (b"Resources: {", 4)])
def test_standard_input_that_is_no_template(tmp_path: Path, content: bytes, code: int) -> None:
    result = _piped(tmp_path, content, "-")
    assert result.returncode == code
    assert b"<stdin>" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "error: a path is empty\n"),
        ("a" * 300, "file name too long\n"),
        ("nope", "error: `nope` does not exist\n"),
    ],
)
def test_paths_that_cannot_be(lamward: Lamward, path: str, said: str) -> None:
    result = lamward("audit", path)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_only_an_audit_reads_standard_input(lamward: Lamward) -> None:
    assert "`lamward audit -`" in lamward("config", "-").err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_is_no_bug(tmp_path: Path) -> None:
    write(tmp_path)
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "lamward", "audit"],
            cwd=tmp_path,
            env=surroundings(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert result.returncode == 2
    assert result.stderr == b"error: cannot write the result: no space left on device\n"


def test_streams_that_are_closed(tmp_path: Path) -> None:
    write(tmp_path)
    command = f'"{sys.executable}" -m lamward audit --select public-function-url'
    for closed in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        done = subprocess.run(
            ["/bin/sh", "-c", f"{command} {closed}"],
            cwd=tmp_path,
            env=surroundings(),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, b"")


def test_a_value_for_no_parameter_is_told(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--parameter", "Auht=x", *ONLY)
    assert "no template has a parameter `Auht`" in result.out
    assert "did you mean `Auth`?" in result.out


def test_no_check_left_is_an_error(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", *ONLY, "--disable", "public-function-url")
    assert (result.code, result.err.splitlines()[0]) == (2, "error: no check is left to ask")


def test_a_misspelt_variable_is_an_error(tmp_path: Path) -> None:
    write(tmp_path)
    result = run(tmp_path, "audit", LAMWARD_FAILON="high")
    assert (result.returncode, "LAMWARD_FAIL_ON" in result.stderr) == (2, True)
    assert run(tmp_path, "audit", *ONLY, LAMWARD_IMAGE="x").returncode == 1


def test_globs_of_a_file_start_at_the_file(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "app", name="new.yaml")
    write(tmp_path / "app" / "legacy")
    (tmp_path / "app" / "lamward.toml").write_text('exclude = ["legacy/*"]\n')
    for path in ("app", str(tmp_path / "app")):
        lines = lamward("audit", path, "--format", "concise", *ONLY).out.splitlines()
        assert [line.partition(":")[0] for line in lines] == ["app/new.yaml"]


def test_a_table_that_is_none(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool]\nlamward = 3\n")
    result = lamward("audit")
    assert (result.code, "`tool.lamward` must be a table" in result.err) == (2, True)


def test_an_environment_samconfig_does_not_have(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "samconfig.toml").write_text(
        "[prod.deploy.parameters]\nparameter_overrides = ['Auth=\"x\"']\n"
    )
    result = lamward("audit", "--samconfig", "pord", *ONLY)
    assert "samconfig.toml has no environment `pord`" in result.out
    assert "has no environment" not in lamward("audit", "--samconfig", "prod", *ONLY).out


@pytest.mark.parametrize("name", ["a\\u0000b", "a" * 300])
def test_a_baseline_of_impossible_names(lamward: Lamward, tmp_path: Path, name: str) -> None:
    write(tmp_path)
    entry = f'"application":"{name}","resource":"r","check":"c","fingerprint":"f","since":"2026-01-01"'
    (tmp_path / "b.json").write_text(f'{{"schema":1,"findings":[{{{entry}}}]}}')
    assert lamward("audit", "--baseline", "b.json", *ONLY).code == 1


def test_a_secret_one_step_below_its_name(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, "Resources: {T: {Type: AWS::SNS::Topic}}\nOutputs:\n  Password: {Value: Zx81hunter2q}\n")
    for form in ("text", "json", "sarif", "github", "markdown", "junit", "gitlab", "concise"):
        result = lamward("audit", "--format", form)
        assert "Zx81hunter2q" not in result.out + result.err


def test_a_mark_in_capitals(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, PUBLIC.replace("NONE", "NONE # Lamward: ignore[public-function-url] signed"))
    assert lamward("audit", *ONLY).code == 0


@pytest.mark.parametrize("made", ["pipe", "huge", "loop", "endless"])
def test_a_baseline_that_is_no_file_of_ours(lamward: Lamward, tmp_path: Path, made: str) -> None:
    write(tmp_path)
    _odd(tmp_path / "b.json", made)
    for command in (("audit",), ("baseline", "write"), ("baseline", "show")):
        result = lamward(*command, "--baseline", "b.json")
        assert (result.code, "`b.json`" in result.err) == (2, True)


@pytest.mark.parametrize("name", ["lamward.toml", "pyproject.toml"])
def test_a_configuration_without_end(lamward: Lamward, tmp_path: Path, name: str) -> None:
    write(tmp_path)
    _odd(tmp_path / name, "huge")
    result = lamward("audit")
    assert result.err == f"error: cannot read the configuration `{name}`: file too large\n"


def test_a_configuration_nested_too_deeply(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "lamward.toml").write_text(f"select = {'[' * 5000}{']' * 5000}\n")
    assert lamward("audit").err == "error: `lamward.toml` is nested too deeply\n"
    (tmp_path / "lamward.toml").rename(tmp_path / "samconfig.toml")
    assert "it is nested too deeply" in lamward("audit").out


@pytest.mark.parametrize("made", ["pipe", "huge", "loop", "endless"])
def test_records_of_packages_that_are_no_records(lamward: Lamward, tmp_path: Path, made: str) -> None:
    write(tmp_path, FUNCTION)
    record = tmp_path / "src" / "x-1.0.dist-info"
    record.mkdir(parents=True)
    (tmp_path / "src" / "app.py").write_text("def handler(event, context): ...\n")
    for name in ("METADATA", "RECORD", "top_level.txt"):
        _odd(record / name, made)
    assert lamward("roles").code == 0


@pytest.mark.parametrize("uri", [r'"a\0b"', "loop", "../../../../etc", '"%0A::error::x"'])
def test_code_where_none_can_be(lamward: Lamward, tmp_path: Path, uri: str) -> None:
    write(tmp_path, FUNCTION.replace("src/", uri))
    _odd(tmp_path / "loop", "loop")
    for command in ("audit", "roles"):
        assert lamward(command).code in (0, 1)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless device")
@pytest.mark.parametrize("command", [("test",), ("prove", "always-denies"), ("lint",)])
def test_policies_without_end(lamward: Lamward, tmp_path: Path, command: tuple[str, ...]) -> None:
    _odd(tmp_path / "p.json", "huge")
    for name in ("/dev/zero", "p.json"):
        assert lamward("policy", *command, name).code in (1, 2)


def test_tests_of_policies_that_name_no_file(lamward: Lamward, tmp_path: Path) -> None:
    _odd(tmp_path / "loop.json", "loop")
    for name, said in (("loop.json", "there is no file"), (r"a\0.json", "lies outside")):
        (tmp_path / "t.yaml").write_text(f'policies: {{a: {{identity: "{name}"}}}}\ncases: []\n')
        result = lamward("policy", "test", "t.yaml")
        assert (result.code, said in result.err) == (2, True)


def test_policies_of_a_template_that_reads_in_part(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, "AWSTemplateFormatVersion: '2010-09-09'\nResources: [1]\n")
    result = lamward("policy", "lint", "template.yaml")
    assert result.code == 4
    assert "not looked at: template.yaml:2:12: `Resources` is not a mapping" in result.err


FUNCTION = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
"""


def _odd(path: Path, made: str) -> None:
    """Make what is no file, or too much of one; the latter takes no room on a disk."""
    if made == "pipe":
        os.mkfifo(path)
    elif made == "loop":
        path.symlink_to(path.name)
    elif made == "endless":
        path.symlink_to("/dev/zero")
    else:
        with path.open("wb") as file:
            file.truncate(1 << 30)


def test_secrets_around_what_a_fix_changes(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, AROUND)
    result = lamward("fix", "--diff", "--unsafe")
    assert "+++ b/template.yaml" in result.out
    assert "Tags: {password: ************, from: !Ref Stage}" in result.out
    assert not any(each in result.out + result.err for each in ("Zx81hunter2q", "Gh72winter9p"))


def test_a_secret_in_the_place_of_a_name(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, AROUND)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(SECRET_NAMES)
    commands = (
        ("audit", "--format", "json"),
        *(("roles", "--format", form) for form in ("text", "json", "sam", "cloudformation", "policy")),
        ("roles", "--explain", "s3:GetObject"),
    )
    results = [lamward(*command) for command in commands]
    for result in results:
        assert "s3:GetObject" in result.out
        for secret in ("Zx81hunter2q", "Gh72winter9p", "Kp63summer4t", TOKEN):
            assert secret not in result.out + result.err
    assert "`Bucket`: it is a secret, which is not shown" in results[-1].out


TOKEN = "ghp_" + "aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW1x2Y"
SECRET_NAMES = f"""\
import os
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    s3.get_object(Bucket=os.environ["DB_PASSWORD"], Key="key")
    s3.get_object(Bucket="{TOKEN}", Key="key")
    s3.get_object(Bucket=os.environ.get("OTHER_PASSWORD", "Kp63summer4t"), Key="key")
"""
AROUND = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src/
      Runtime: python3.9
      Tags: {password: Zx81hunter2q, from: !Ref Stage}
      Environment: {Variables: {DB_PASSWORD: Gh72winter9p}}
"""


EVIL = "\n::error::x\x1b[31m\u202e##[error]"


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", EVIL),
        ("audit", "--format", EVIL),
        ("audit", "--parameter", EVIL),
        ("explain", EVIL),
        ("checks", "--family", EVIL),
        ("baseline", "show", "--baseline", EVIL),
        ("policy", "lint", EVIL),
        ("policy", "test", EVIL),
        ("policy", "reach", "template.yaml"),
        ("policy", "lint", "--format", "concise", "::error::.yaml"),
        ("fix", "--unsafe"),
        (EVIL,),
        (f"--{EVIL}",),
    ],
)
def test_names_that_would_speak_to_a_terminal(
    lamward: Lamward, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    evil = AROUND.replace("  F:", f"  {json.dumps(EVIL)}:")
    role = "{AssumeRolePolicyDocument: {Statement: [{Effect: Alow}]}}"
    evil += f"  {json.dumps(EVIL + 'R')}: {{Type: AWS::IAM::Role, Properties: {role}}}\n"
    for name in ("template.yaml", "::error::.yaml", f"{EVIL}.yaml"):
        write(tmp_path, evil, name=name)
    result = lamward(*arguments)
    assert result.code in (0, 1, 2)
    for line in (result.out + result.err).splitlines():
        assert not line.lstrip().startswith("::")
        assert not any(each in line for each in ("\x1b", "\u202e", "##["))


def test_a_report_over_what_it_is_about(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--output", "json=template.yaml")
    assert result.err.startswith("error: `template.yaml` is a template: it would be overwritten\n")
    assert (tmp_path / "template.yaml").read_text() == PUBLIC
    twice = lamward("audit", "--output", "json=o", "--output", "sarif=o")
    assert (twice.code, twice.err.splitlines()[0]) == (2, "error: `o` is written twice")


def test_output_to_standard_output_makes_no_file_of_that_name(lamward: Lamward, tmp_path: Path) -> None:
    result = lamward("audit", "template.yaml", "--output", "json=-")
    assert result.code == 2
    assert (
        result.err == "error: `--output` writes files, and `-` is none\nhelp: print it with `--format json`\n"
    )
    assert not (tmp_path / "-").exists()


def test_secrets_among_the_settings(lamward: Lamward) -> None:
    given = (
        "--parameter",
        "DbPassword=Zx81hunter2q",
        "--parameter",
        "Stage=prod",
        "--parameter",
        f"X={TOKEN}",
    )
    for form in ("text", "json"):
        told = lamward("config", *given, "--format", form).out
        assert ("prod" in told, "Zx81hunter2q" in told, TOKEN in told) == (True, False, False)


@pytest.mark.parametrize("form", ["text", "json", "sam", "cloudformation", "policy"])
def test_names_in_roles_reach_no_terminal(lamward: Lamward, tmp_path: Path, form: str) -> None:
    name = "\n::error::x\u001b[31m\u202e"
    function = {
        "Handler": "i.h",
        "Runtime": "python3.13",
        "Role": "arn:aws:iam::111122223333:role/x",
        "Code": {},
    }
    template = {"Resources": {name: {"Type": "AWS::Lambda::Function", "Properties": function}}}
    write(tmp_path, json.dumps(template), "template.json")
    result = lamward("roles", "--format", form)
    assert result.code == 0
    assert not set(result.out) & {"\x1b", "\u202e"}
    assert not any(line.startswith("::") for line in result.out.splitlines())
