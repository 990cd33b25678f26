"""The commands beside `audit`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lamward.checks import CHECKS
from lamward.cli import options
from lamward.cli.group import COMMANDS, LazyGroup
from lamward.cli.group import lamward as group
from lamward.model.finding import Confidence, Persona, Severity
from tests.cli.command import ONLY, PUBLIC, write
from tests.cli.conftest import Lamward

TWICE = PUBLIC + PUBLIC.partition("Resources:\n")[2].replace("Hook", "Other")


def test_checks_lists_every_check(lamward: Lamward) -> None:
    listed = json.loads(lamward("checks", "--format", "json").out)
    assert {each["name"] for each in listed} == {check.name for check in CHECKS}
    shown = lamward("checks").out
    assert all(check.name in shown for check in CHECKS)


def test_checks_of_a_family_and_a_persona(lamward: Lamward) -> None:
    listed = json.loads(
        lamward("checks", "--family", "exposure", "--persona", "regular", "--format", "json").out
    )
    assert {(each["family"], each["persona"]) for each in listed} == {("exposure", "regular")}


@pytest.mark.parametrize("arguments", [("--family", "exposur"), ("--persona", "x"), ("--format", "xml")])
def test_checks_refuses_what_there_is_not(arguments: tuple[str, str], lamward: Lamward) -> None:
    result = lamward("checks", *arguments)
    assert (result.code, result.out) == (2, "")


def test_explain_a_check(lamward: Lamward) -> None:
    result = lamward("explain", "public-function-url")
    assert result.code == 0
    assert result.out.startswith("public-function-url\nFunction URL that anyone on the internet may call.\n")
    assert "      FunctionUrlConfig:\n          AuthType: NONE" in result.out
    assert "```" not in result.out
    assert "\n\n\n" not in result.out


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_explain_every_check(check: object, lamward: Lamward) -> None:
    assert lamward("explain", check.name).code == 0  # type: ignore[attr-defined]


def test_explain_a_finding(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path / "app")
    report = json.loads(lamward("audit", "--format", "json", *ONLY).out)
    (finding,) = report["findings"]
    result = lamward("explain", finding["fingerprint"][:8], "--path", "app")
    assert result.code == 0
    assert "  app/template.yaml:13:19\n" in result.out
    assert "Why it matters" in result.out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("public-function-ulr", "help: did you mean `public-function-url`?"),
        ("nonsense", "help: `lamward checks` lists the checks there are"),
        ("0123456789abcdef", "error: no finding `0123456789abcdef` in `.`"),
    ],
)
def test_explain_refuses_what_there_is_not(name: str, said: str, lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("explain", name)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_config_tells_origins(lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lamward.toml").write_text('\npersona = "auditor"\n', encoding="utf-8")
    monkeypatch.setenv("LAMWARD_MIN_SEVERITY", "low")
    told = json.loads(lamward("config", "--fail-on", "never", "--format", "json").out)
    assert told["file"] == str(tmp_path / "lamward.toml")
    assert told["settings"]["fail-on"] == {"value": "never", "origin": "--fail-on"}
    assert told["settings"]["min-severity"] == {"value": "low", "origin": "LAMWARD_MIN_SEVERITY"}
    assert told["settings"]["persona"] == {"value": "auditor", "origin": "lamward.toml:2"}
    assert told["settings"]["select"] == {"value": [], "origin": "default"}
    assert '"auditor"' in lamward("config").out


def test_config_shows_suppressions(lamward: Lamward, tmp_path: Path) -> None:
    ignore = '[[ignore]]\ncheck = "public-function-url"\nreason = "why"\nuntil = 2027-03-01\n'
    (tmp_path / "lamward.toml").write_text(ignore, encoding="utf-8")
    told = json.loads(lamward("config", "--format", "json").out)
    (entry,) = told["settings"]["ignore"]["value"]
    assert (entry["check"], entry["until"]) == ("public-function-url", "2027-03-01")
    assert lamward("config").code == 0


def test_baseline_lets_only_new_findings_fail(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("baseline", "write", "--today", "2026-11-21", *ONLY)
    assert (result.code, result.out) == (0, "")
    assert result.err == "written: lamward-baseline.json, 1 recorded, 0 before\n"
    known = ("--baseline", "lamward-baseline.json", *ONLY)
    assert lamward("audit", *known).code == 0
    write(tmp_path, TWICE)
    assert lamward("audit", *known).code == 1
    assert lamward("audit", "--no-ignores", *known).code == 1


def test_baseline_update_only_forgets(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TWICE)
    lamward("baseline", "write", *ONLY)
    write(tmp_path)
    assert "1 recorded, 2 before" in lamward("baseline", "update", *ONLY).err
    write(tmp_path, TWICE)
    assert "1 recorded, 1 before" in lamward("baseline", "update", *ONLY).err
    assert "2 recorded, 1 before" in lamward("baseline", "write", *ONLY).err


def test_baseline_show(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    lamward("baseline", "write", "--today", "2026-11-21", *ONLY)
    shown = lamward("baseline", "show").out
    assert "since 2026-11-21  public-function-url  Hook  template.yaml\n1 finding recorded\n" in shown
    (entry,) = json.loads(lamward("baseline", "show", "--format", "json").out)["findings"]
    assert entry["since"] == "2026-11-21"


def test_baseline_may_be_configured(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "lamward.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert lamward("audit", *ONLY).code == 2
    assert lamward("baseline", "write", *ONLY).code == 0
    assert (tmp_path / "known.json").exists()
    assert lamward("audit", *ONLY).code == 0
    assert "1 finding recorded" in lamward("baseline", "show").out


def test_an_incomplete_audit_writes_no_baseline(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "Resources:\n  A: {Type: AWS::SNS::Topic\n", "broken.yaml")
    result = lamward("baseline", "write")
    assert result.code == 4
    assert "no baseline was written" in result.err
    assert not (tmp_path / "lamward-baseline.json").exists()
    assert lamward("baseline", "write", "--allow-partial").code == 0


def test_update_needs_a_baseline(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    assert lamward("baseline", "update").code == 2


def test_summaries_are_those_of_the_commands() -> None:
    assert isinstance(group, LazyGroup)
    for name, (_, summary) in COMMANDS.items():
        command = group.commands.get(name) or group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert (command.help or "").splitlines()[0] == summary


def test_words_of_the_help_are_those_of_the_model() -> None:
    assert tuple(each.value for each in Severity) == options.SEVERITIES
    assert tuple(each.value for each in Confidence) == options.CONFIDENCES
    assert tuple(each.value for each in Persona) == options.PERSONAS
