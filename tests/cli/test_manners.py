"""Manners of the command: a broken pipe, an interrupt, a bug, another encoding, a quick start."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import lamward
from lamward.cli import group, terminal
from lamward.errors import TRACEBACK
from tests.cli.command import ONLY, PUBLIC, run, surroundings, write
from tests.cli.conftest import Lamward


def _python(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_version(lamward: Lamward) -> None:
    result = lamward("--version")
    assert (result.code, result.out, result.err) == (0, f"lamward {_VERSION}\n", "")


_VERSION = lamward.__version__


def _verbs(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from _verbs(found, *before, name)
        else:
            yield (*before, name)


@pytest.mark.parametrize("verb", list(_verbs(group.lamward)), ids=" ".join)
def test_every_command_tells_its_exit_codes(verb: tuple[str, ...], lamward: Lamward) -> None:
    told = " ".join(lamward(*verb, "--help").out.partition("Exit codes: ")[2].split())
    assert told.startswith("0 ")
    assert " 2 usage" in told
    assert told.endswith("70 bug.")


def test_no_command_is_help_and_2(lamward: Lamward) -> None:
    result = lamward()
    assert (result.code, result.out) == (2, "")
    assert "Commands:" in result.err


def test_a_misspelt_command_is_suggested(lamward: Lamward) -> None:
    result = lamward("adit")
    assert (result.code, result.err) == (
        2,
        "error: there is no command `adit`\nhelp: did you mean `audit`?\n",
    )
    assert lamward("baseline", "wriet").err == (
        "error: there is no command `wriet`\nhelp: did you mean `write`?\n"
    )


def test_a_bug_is_70_and_quotes_nothing(
    lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)

    def fail(*_arguments: object, **_options: object) -> None:
        raise KeyError("a secret")

    monkeypatch.setattr("lamward.audit.pipeline.load", fail)
    result = lamward("audit")
    assert (result.code, result.out) == (70, "")
    assert result.err.startswith("error: lamward failed unexpectedly: KeyError in lamward/audit/pipeline.py:")
    assert "please report it" in result.err
    assert "a secret" not in result.err
    monkeypatch.setenv(TRACEBACK, "1")
    assert "a secret" in lamward("audit").err


def test_an_interrupt_is_130_and_one_line(
    lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lamward.audit.pipeline.load", interrupt)
    result = lamward("audit")
    assert (result.code, result.out, result.err.strip()) == (130, "", "error: interrupted")


def test_a_reader_that_left_is_no_error(tmp_path: Path) -> None:
    write(tmp_path)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "lamward", "audit"],
            cwd=tmp_path,
            env=surroundings(),
            stdout=pipe,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "")


def test_utf8_whatever_the_locale(tmp_path: Path) -> None:
    write(tmp_path, PUBLIC, "schön.yaml")
    done = run(tmp_path, "audit", "--format", "concise", *ONLY, PYTHONIOENCODING="latin-1")
    assert done.stdout.startswith("schön.yaml:13:19: ")


def test_hostile_names_are_spelt_out(lamward: Lamward) -> None:
    result = lamward("audit", "\x1b[31mred\u202e.yaml")
    assert result.err.startswith("error: `\\x1b[31mred\\u202e.yaml` does not exist\n")


@pytest.mark.parametrize(
    ("choice", "variables", "expected"),
    [
        ("auto", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, True),
        ("auto", {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ("auto", {"CLICOLOR_FORCE": "1", "NO_COLOR": ""}, True),
    ],
)
def test_colours(choice: str, variables: dict[str, str], expected: bool, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        assert terminal.colours(choice, stream, variables) is expected


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    terminal.save(path, "one\n")
    path.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    terminal.save(link, "two\r\n")
    assert path.read_bytes() == b"two\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert {each.name for each in tmp_path.iterdir()} == {"a.json", "link.json"}


LOADED = textwrap.dedent("""
    import sys
    from lamward.cli import main
    main(sys.argv[1:])
    heavy = {"msgspec", "yaml", "boto3", "z3", "rich", "pydantic", "jinja2", "difflib", "traceback", "tempfile"}
    rooms = {"model", "iam", "sources", "facts", "checks", "report", "audit"}
    found = sorted((heavy | {f"lamward.{room}" for room in rooms}) & set(sys.modules))
    print(*found, file=sys.stderr)
""")


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("audit", "--help"), ("baseline", "--help")]
)
def test_nothing_is_loaded_to_help(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=tmp_path,
        env=surroundings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == "\n"


def test_the_public_api_is_lazy_and_whole(tmp_path: Path) -> None:
    code = """
        import sys, lamward
        assert "msgspec" not in sys.modules
        assert all(getattr(lamward, name) for name in lamward.__all__)
    """
    done = _python(tmp_path, code)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("first", ["lamward.cli.audit", "lamward.audit.pipeline", "lamward.sources.project"])
def test_audit_is_a_call_whatever_was_imported_first(first: str, tmp_path: Path) -> None:
    write(tmp_path)
    code = f"import {first}, lamward; print(len(lamward.audit('template.yaml').findings) > 0)"
    done = _python(tmp_path, code)
    assert done.stdout == "True\n", done.stderr
