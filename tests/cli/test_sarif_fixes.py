"""SARIF fixes do to a file what `lamward fix` does, and never carry a secret."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.cli.repairing import changes, examiner
from lamward.fixes.apply import repair
from lamward.model.finding import Persona
from lamward.report import render

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.9   # old
      CodeUri: src/
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Morning: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
"""
SECRET = "Tr1cky-but-written-down"
FLOW = f"""\
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      {{Handler: a.b, Runtime: python3.14, Code: {{ZipFile: "x"}}, Role: "arn:aws:iam::111122223333:role/r",
       Environment: {{Variables: {{DB_PASSWORD: {SECRET}}}}}}}
"""


def _audit(paths: Any) -> Audited:
    settings = Settings(persona=Persona.AUDITOR, samconfig="none")
    return run(paths, settings, checks=CHECKS, today=datetime.date(2026, 11, 21))


def _results(audited: Audited) -> list[Mapping[str, Any]]:
    log = json.loads(render("sarif", audited.report, sources=audited.sources, changes=changes(audited)))
    results: list[Mapping[str, Any]] = log["runs"][0]["results"]
    return results


def _applied(text: str, fix: Mapping[str, Any]) -> str:
    """Apply a fix as an editor does: regions by line and column, the last first."""
    (change,) = fix["artifactChanges"]
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    spots = []
    for each in change["replacements"]:
        region = each["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        spots.append((start, end, each["insertedContent"]["text"]))
    for start, end, new in sorted(spots, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def test_a_sarif_fix_does_what_the_command_does(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    audited = _audit([path])
    marks = {finding.fingerprint: finding for finding in audited.report.open if finding.fix}
    results = {
        each["partialFingerprints"]["lamward/v1"]: each for each in _results(audited) if "fixes" in each
    }
    assert results.keys() == marks.keys()
    assert len(marks) >= 4
    for mark, result in results.items():
        (one,) = repair([marks[mark]], audited.loaded.files, examiner(audited, _audit))
        assert one.fixed
        assert _applied(TEMPLATE, result["fixes"][0]) == one.after.text


def test_a_fix_that_would_show_a_secret_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(FLOW, encoding="utf-8")
    audited = _audit([path])
    assert any(finding.fix for finding in audited.report.open)
    assert SECRET not in json.dumps(_results(audited))


def test_an_unsafe_fix_says_why(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    told = {
        each["ruleId"]: each["fixes"][0]["description"]["text"]
        for each in _results(_audit([path]))
        if "fixes" in each
    }
    assert told["public-function-url"] == (
        "Ask callers to sign their requests. Unsafe: callers that do not sign their requests are refused."
    )
    assert "Unsafe" not in told["no-failure-destination"]
