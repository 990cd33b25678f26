"""Applying the fixes of a check to a template, for tests of what they write."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import msgspec

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.cli.repairing import difference, examiner
from lamward.fixes.apply import Repaired, repair
from lamward.model.finding import Fix, Persona, SecretsIn
from tests.checks.casefile import TODAY

SETTINGS = Settings(persona=Persona.AUDITOR, samconfig="none")
MOVING = msgspec.structs.replace(SETTINGS, secrets=SecretsIn.SECRETS_MANAGER)

SAM = """\
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.14
    CodeUri: src/
"""
PLAIN = """\
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
Orders:
  Type: AWS::Lambda::Function
  Properties:
    Handler: app.handler
    Runtime: python3.14
    Code: {S3Bucket: code, S3Key: orders.zip}
    Role: !GetAtt Role.Arn
"""

DATABASE = """\
Shop:
  Type: AWS::RDS::DBInstance
  Properties:
    Engine: mysql
    PubliclyAccessible: false
    StorageEncrypted: true
    MasterUsername: shop
    MasterUserPassword: gr8-Winter-tyres
"""
WITH_SECRET = (
    "    Environment:\n      Variables:\n        STAGE: prod\n        API_TOKEN: 9f8e7d6c5b4a39281706\n"
)


def changed_by(folder: Path, check: str, text: str, settings: Settings = SETTINGS) -> list[str]:
    """Give the lines that all fixes of a check take out and put in; the fixes must pass their proof."""
    repaired = repaired_by(folder, check, text, settings)
    assert [why for _, why in repaired.refused] == []
    return [line for line in difference(repaired)[2:] if line[0] in "+-"]


def repaired_by(folder: Path, check: str, text: str, settings: Settings = SETTINGS) -> Repaired:
    """Give what all fixes of a check make of a template."""
    path = _written(folder, text)

    def audit(paths: Sequence[Path]) -> Audited:
        return run(paths, settings, checks=CHECKS, today=TODAY)

    audited = audit([path])
    assert audited.report.failures == ()
    found = [finding for finding in audited.report.open if finding.check == check]
    assert found
    (repaired,) = repair(found, audited.loaded.files, examiner(audited, audit))
    return repaired


def fixes_of(folder: Path, check: str, text: str, settings: Settings = SETTINGS) -> list[Fix | None]:
    """Give the fixes of what a check finds, which must be something."""
    report = run([_written(folder, text)], settings, checks=CHECKS, today=TODAY).report
    assert report.failures == ()
    found = [finding for finding in report.open if finding.check == check]
    assert found
    return [finding.fix for finding in found]


def _written(folder: Path, text: str) -> Path:
    """Write a template; the resources of one are enough."""
    if '"Resources"' not in text and "Resources:" not in text:
        text = "Transform: AWS::Serverless-2016-10-31\nResources:\n" + textwrap.indent(text, "  ")
    path = folder / ("template.json" if text.startswith("{") else "template.yaml")
    path.write_text(text, encoding="utf-8")
    return path
