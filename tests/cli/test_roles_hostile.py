"""`lamward roles` where names, files, readers and options are not what they should be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import hcl2
import pytest

from lamward.fixes.content import content
from lamward.fixes.refusal import Refusal
from lamward.fixes.write import write as replace
from lamward.sources.file import SourceFile
from lamward.sources.node import parse
from tests.cli.command import surroundings
from tests.cli.conftest import Lamward
from tests.cli.test_roles import LEAST, TEMPLATE
from tests.roles.application import write

TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


@pytest.mark.parametrize("name", ["text", "json", "sam", "cloudformation", "terraform", "policy"])
def test_no_format_shows_a_secret_of_the_code(name: str, lamward: Lamward, tmp_path: Path) -> None:
    code = (
        "import os, boto3\n"
        f"TOKEN = '{TOKEN}'\n"
        "def handler(event, context):\n"
        "    s3 = boto3.client('s3')\n"
        "    getattr(s3, TOKEN)()\n"
        "    getattr(s3, event[TOKEN])()\n"
        "    boto3.client(TOKEN).list_things()\n"
        "    s3.get_object(Bucket='orders', Key=TOKEN)\n"
        "    s3.put_object(Bucket=os.environ['PASSWORD'], Key='x')\n"
    )
    write(tmp_path, TEMPLATE.replace("TABLE: !Ref Table", "PASSWORD: hunter2Xk9"), app=code)
    result = lamward("roles", "--format", name)
    assert result.code == 0
    for secret in (TOKEN, "hunter2Xk9"):
        assert secret not in result.out + result.err
    if name not in {"text", "json"}:
        assert "4 calls are not resolved" in result.err
        assert "s3:GetObject" in result.out


HOSTILE = "::error::Or\n::error file=x::y\x1b[2J\u202e##[error]: [*a, !Ref &b] #c */ ${x} %{if} \"'"


def texts(data: Any) -> list[str]:
    """List all texts in data."""
    if isinstance(data, dict):
        return [text for child in data.values() for text in texts(child)]
    return [text for child in data for text in texts(child)] if isinstance(data, list) else [str(data)]


@pytest.mark.parametrize("name", ["text", "json", "sam", "cloudformation", "terraform", "policy"])
def test_hostile_names_act_nowhere_and_are_read_back_as_they_are(
    name: str, lamward: Lamward, tmp_path: Path
) -> None:
    table = f"Ta{HOSTILE}"
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Handler": "app.handler",
            "Runtime": "python3.13",
            "CodeUri": "src/",
            "Environment": {"Variables": {"TABLE": {"Ref": table}}},
        },
    }
    code = f"""
import os, boto3
def handler(event, context):
    boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item={{}})
    boto3.client("s3").get_object(Bucket="b", Key={HOSTILE!r})
    boto3.client("s3").put_object(Bucket="b", Key=event[{HOSTILE!r}])
    getattr(boto3.client("s3"), {HOSTILE!r})()
"""
    own = HOSTILE.replace("/", "")  # which in ids is between the names of nested stacks
    resources = {table: {"Type": "AWS::DynamoDB::Table"}, own: function}
    path = write(tmp_path, "", app=code).rename(tmp_path / "te\n::error::mplate.json")
    path.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
    for arguments in (("--format", name), ("--explain", "s3:GetObject"), ("--diff",)):
        result = lamward("roles", *arguments)
        for line in (result.out + result.err).splitlines():
            assert not line.lstrip().startswith("::")
            assert not re.search("##\\w*\\[|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", line)
    result = lamward("roles", "--format", name)
    match name:
        case "json":
            assert json.loads(result.out)["functions"][0]["function"] == own
        case "policy":
            assert list(json.loads(result.out)) == [own]
        case "terraform":
            assert len(hcl2.loads(result.out)["resource"]) == 2
        case "sam" | "cloudformation":
            root = parse(SourceFile("template.yaml", result.out.encode())).root
            assert root is not None
            resources = content(root)["Resources"]
            (found,) = (each for each in resources if each.startswith(own))
            keys = [text for text in texts(resources[found]) if "s3:::b/" in text]
            # What would be a variable or a wildcard for IAM, and what would be a reference for CloudFormation.
            key = HOSTILE.replace("${x", "${$}{x").replace("*", "${*}").replace("${", "${!")
            assert f"arn:${{AWS::Partition}}:s3:::b/{key}" in keys


def piped(folder: Path, *arguments: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with streams of the test's."""
    return subprocess.run(
        [sys.executable, "-m", "lamward", "roles", *arguments],
        cwd=folder,
        env=surroundings(),
        encoding="utf-8",
        check=False,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def test_a_reader_that_left_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    for name in ("text", "terraform"):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            done = piped(tmp_path, "--format", name, "--stack", "shop", stdout=pipe)
        assert (done.returncode, done.stderr) == (0, "")


def test_asking_where_nobody_answers_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    done = piped(tmp_path, "--write", "--interactive")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "error: interrupted")
    assert path.read_text(encoding="utf-8") == TEMPLATE


def test_an_interrupt_is_130_and_writes_nothing(
    lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, TEMPLATE)

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lamward.fixes.apply.write", interrupt)
    result = lamward("roles", "--write")
    assert (result.code, result.err.strip()) == (130, "error: interrupted")
    assert path.read_text(encoding="utf-8") == TEMPLATE
    assert sorted(each.name for each in tmp_path.iterdir()) == ["src", "template.yaml"]


def test_a_file_that_may_not_be_written_is_left_and_told(
    lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, TEMPLATE)
    monkeypatch.setattr("os.access", lambda *_arguments, **_options: False)
    result = lamward("roles", "--write")
    assert (result.code, result.out.splitlines()[0]) == (
        1,
        "left template.yaml:5 Orders: the file is not writable",
    )
    assert path.read_text(encoding="utf-8") == TEMPLATE


def test_a_link_stays_a_link(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    real = path.rename(tmp_path / "real.yaml")
    path.symlink_to(real)
    assert lamward("roles", "template.yaml", "--write").code == 0
    assert path.is_symlink()
    assert real.read_text(encoding="utf-8") == LEAST


def test_a_template_that_changed_meanwhile_is_left_as_it_is_now(
    lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, TEMPLATE)
    changed = TEMPLATE + "  # saved by an editor\n"

    def late(before: SourceFile, after: SourceFile) -> Refusal | None:
        path.write_text(changed, encoding="utf-8")
        return replace(before, after)

    monkeypatch.setattr("lamward.fixes.apply.write", late)
    result = lamward("roles", "--write")
    assert path.read_text(encoding="utf-8") == changed
    assert result.code == 1
    assert "left template.yaml:5 Orders: the file has changed since it was read\n" in result.out


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_byte_order_marks_stay(mark: bytes, end: str, lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    path.write_bytes(mark + TEMPLATE.replace("\n", end).encode())
    assert lamward("roles", "--write").code == 0
    assert path.read_bytes() == mark + LEAST.replace("\n", end).encode()
    assert lamward("roles", "--diff").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--write", "--diff"), "`--write` and `--diff` exclude each other"),
        (("--interactive",), "`--interactive` is for `--write`"),
        (("--diff", "--interactive"), "`--interactive` is for `--write`"),
        (("--unsafe",), "`--unsafe` is for `--write` or `--diff`"),
        (("--write", "--format", "json"), "`--format` is for what is printed, not for `--write` or `--diff`"),
        (
            ("--diff", "--explain", "s3:GetObject"),
            "`--explain` is for what is printed, not for `--write` or `--diff`",
        ),
    ],
)
def test_options_that_do_not_go_together(
    arguments: tuple[str, ...], said: str, lamward: Lamward, tmp_path: Path
) -> None:
    path = write(tmp_path, TEMPLATE)
    result = lamward("roles", *arguments)
    assert (result.code, result.out, result.err.splitlines()[0]) == (2, "", f"error: {said}")
    assert path.read_text(encoding="utf-8") == TEMPLATE
