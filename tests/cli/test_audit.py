"""`lamward audit`: exit codes, formats, files, settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lamward.report import FORMATS
from tests.cli.command import ONLY, PUBLIC, QUIET, write
from tests.cli.conftest import Lamward

LINE = "template.yaml:13:19: public-function-url [high] anyone on the internet may call this function URL\n"
BROKEN = "Resources:\n  A: {Type: AWS::SNS::Topic\n"
IGNORED = PUBLIC.replace(
    "AuthType: NONE", "AuthType: NONE # lamward: ignore[public-function-url] signature checked"
)


def test_findings_are_1(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--format", "concise", *ONLY)
    assert (result.code, result.out, result.err) == (1, LINE, "")


def test_nothing_found_is_0(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, QUIET)
    result = lamward("audit", "--format", "concise")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_nothing_to_audit_is_3(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = lamward("audit", "empty")
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("error: no template found in `empty`\nhelp: ")


def test_synthesised_templates_are_audited_when_they_are_named(lamward: Lamward, tmp_path: Path) -> None:
    (tmp_path / "app" / "cdk.out").mkdir(parents=True)
    write(tmp_path / "app" / "cdk.out", QUIET)
    result = lamward("audit", "app")
    assert result.code == 3
    assert "help: `app/cdk.out` holds what is made from your sources" in result.err
    assert lamward("audit", "app/cdk.out").code == 0


def test_incomplete_is_4(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, BROKEN)
    assert lamward("audit").code == 4
    assert lamward("audit", "--allow-partial").code == 0
    assert lamward("audit", "--exit-zero").code == 0


def test_findings_count_more_than_incompleteness(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, BROKEN, "broken.yaml")
    assert lamward("audit").code == 1
    assert lamward("audit", "--fail-on", "never").code == 4


@pytest.mark.parametrize(("severity", "code"), [("info", 1), ("high", 1), ("critical", 0), ("never", 0)])
def test_fail_on(severity: str, code: int, lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--fail-on", severity, "--format", "concise", *ONLY)
    assert (result.code, result.out) == (code, LINE)


def test_exit_zero(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    assert lamward("audit", "--exit-zero").code == 0


def test_a_wrong_suppression_is_2_and_nothing_forgives_it(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, IGNORED.replace("public", "pubic"))
    assert lamward("audit").code == 2
    result = lamward("audit", "--exit-zero", "--allow-partial", "--fail-on", "never")
    assert result.code == 2
    assert "did you mean `public-function-url`?" in result.out
    assert lamward("audit", "--no-ignores").code == 1


def test_a_suppressed_finding_does_not_fail(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, IGNORED)
    assert lamward("audit", *ONLY).code == 0
    assert lamward("audit", "--no-ignores", *ONLY).code == 1


def test_today_ages_suppressions(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, IGNORED.replace("checked", "checked (until 2027-03-01)"))
    assert lamward("audit", "--today", "2027-03-01", *ONLY).code == 0
    assert lamward("audit", "--today", "2027-03-02", *ONLY).code == 1


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_changes_no_code(name: str, lamward: Lamward, tmp_path: Path) -> None:
    template = write(tmp_path)
    assert lamward("audit", "--format", name).code == 1
    template.write_text(QUIET, encoding="utf-8")
    assert lamward("audit", "--format", name).code == 0


def test_several_outputs(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward(
        "audit", "--format", "concise", "--output", "json=out/deep/a.json", "--output=sarif=a.sarif", *ONLY
    )
    assert (result.code, result.out) == (1, LINE)
    assert result.err == "written: out/deep/a.json\nwritten: a.sarif\n"
    (finding,) = json.loads((tmp_path / "out/deep/a.json").read_text(encoding="utf-8"))["findings"]
    assert finding["check"] == "public-function-url"
    assert json.loads((tmp_path / "a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert {path.name for path in tmp_path.iterdir()} == {"template.yaml", "out", "a.sarif"}


def test_quiet_says_nothing_on_stderr(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    assert lamward("audit", "--quiet", "--output", "json=a.json").err == ""


def test_an_output_that_cannot_be_written_prints_nothing(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--output", "json=template.yaml/a.json")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: cannot write `template.yaml/a.json`: ")


def test_color(lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    assert "\x1b[" not in lamward("audit").out
    assert "\x1b[" in lamward("audit", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in lamward("audit").out
    assert "\x1b[" not in lamward("audit", "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in lamward("audit").out


def test_parameters_decide(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, PUBLIC.replace("NONE", "!Ref Auth"))
    assert lamward("audit", *ONLY).code == 0
    assert "parameter `Auth` has no default" in lamward("audit", "--show-unanswered", *ONLY).out
    assert lamward("audit", "--parameter", "Auth=NONE", *ONLY).code == 1
    assert lamward("audit", "--parameter", "Auth=AWS_IAM", *ONLY).code == 0


def test_excluded_files_are_not_audited(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, QUIET)
    write(tmp_path / "vendor")
    assert lamward("audit", *ONLY).code == 1
    assert lamward("audit", "--exclude", "vendor/*", *ONLY).code == 0


def test_configuration_file_and_isolation(
    lamward: Lamward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    (tmp_path / "lamward.toml").write_text('fail-on = "critical"\n', encoding="utf-8")
    (tmp_path / "other.toml").write_text('disable = ["public-function-url"]\n', encoding="utf-8")
    assert lamward("audit").code == 0
    assert lamward("audit", "--isolated").code == 1
    assert LINE not in lamward("audit", "--config", "other.toml", "--format", "concise").out
    monkeypatch.setenv("LAMWARD_FAIL_ON", "high")
    assert lamward("audit").code == 1
    assert lamward("audit", "--fail-on", "never").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "jsno"), "error: `--format` must be one of "),
        (("--format", "jsno"), "help: did you mean `json`?"),
        (("--output", "json"), "error: `--output` is not of the form FORMAT=FILE: `json`"),
        (("--output", "jsn=a"), "error: `--output` must be one of "),
        (("--fail-on", "hgih"), "help: did you mean `high`?"),
        (("--persona", "root"), "error: `--persona` must be one of regular, auditor, not `root`"),
        (("--select", "public-function-ulr"), "help: did you mean `public-function-url`?"),
        (("--disable", "nonsense"), "error: --disable: there is no check `nonsense`"),
        (("--parameter", "Auth"), "error: --parameter: `Auth` is not of the form NAME=VALUE"),
        (("--today", "tomorrow"), "error: `--today` is not a date: `tomorrow`"),
        (("--color", "blue"), "error: `--color` must be one of auto, always, never, not `blue`"),
        (
            ("--config", "none.toml"),
            "error: cannot read the configuration `none.toml`: no such file or directory",
        ),
        (("--config", "a.toml", "--isolated"), "error: `--config` and `--isolated` exclude each other"),
        (("--baseline", "none.json"), "error: there is no baseline `none.json`"),
        (("none.yaml",), "error: `none.yaml` does not exist"),
        (("--formt", "json"), "error: there is no option `--formt`\nhelp: did you mean `--format`?"),
        (("--fail-on",), "error: option `--fail-on` requires an argument\nhelp: see the command's `--help`"),
    ],
)
def test_usage_errors_are_2(arguments: tuple[str, ...], said: str, lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
