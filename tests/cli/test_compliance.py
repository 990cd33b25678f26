"""`lamward audit --compliance`: which frameworks, formats and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from lamward.compliance.frameworks import names
from tests.cli.command import QUIET, write
from tests.cli.conftest import Lamward


def test_failing_requirements_are_1(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--compliance", "cis-compute")
    assert result.code == 1
    assert result.out.startswith("CIS AWS Compute Services Benchmark, section 4, 1.0.0\n")
    assert "fail            4.6  functions are not open to everyone" in result.out


def test_nothing_that_fails_is_0(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, QUIET)
    assert lamward("audit", "--compliance", "cis-compute").code == 0


def test_several_and_all(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    some = lamward("audit", "--format", "json", "--compliance", "soc2, gdpr,soc2", "--exit-zero")
    assert [each["framework"] for each in json.loads(some.out)["frameworks"]] == ["soc2", "gdpr"]
    every = lamward("audit", "--format", "json", "--compliance", "all", "--exit-zero")
    assert [each["framework"] for each in json.loads(every.out)["frameworks"]] == list(names())


def test_a_severity_filter_hides_no_failing_requirement(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    assert lamward("audit", "--compliance", "cis-compute", "--min-severity", "critical").code == 1


def test_an_unknown_framework_is_2_with_a_suggestion(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--compliance", "cis-computer")
    assert (result.code, result.out) == (2, "")
    assert "did you mean `cis-compute`?" in result.err


def test_a_format_for_findings_only_is_2(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--compliance", "soc2", "--format", "sarif")
    assert (result.code, result.out) == (2, "")


def test_an_incomplete_audit_is_4(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, QUIET)
    write(tmp_path, "Resources:\n  A: {Type: AWS::SNS::Topic\n", "broken.yaml")
    assert lamward("audit", "--compliance", "cis-compute").code == 4


def test_files_are_written(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path)
    result = lamward("audit", "--compliance", "gdpr", "--output", "csv=gdpr.csv", "--exit-zero", "-q")
    assert (result.code, result.err) == (0, "")
    assert (tmp_path / "gdpr.csv").read_text(encoding="utf-8").startswith("framework,version,requirement,")
