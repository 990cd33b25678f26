"""The pipeline: what is asked, in which order it is told, and what a crash leaves."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest

import lamward
from lamward.audit.settings import Settings
from lamward.audit.subjects import KEPT_IN
from lamward.errors import NothingToAudit
from lamward.model.application import Application
from lamward.model.finding import Confidence, Persona, Severity
from lamward.model.report import Failure
from tests.audit.samples import BAD_WORD, TOPIC, audit, audit_text, places, write


def test_finding_says_what_and_where(tmp_path: Path) -> None:
    report = audit_text(tmp_path, TOPIC)
    (finding,) = report.findings
    assert places(report.findings) == ["bad-word:5:open"]
    assert (finding.resource, finding.resource_type) == ("Alerts", "AWS::SNS::Topic")
    assert finding.severity is Severity.HIGH
    assert [each.name for each in report.checks] == ["bad-word", "loud-word"]
    assert set(report.as_of) == {"actions", "managed policies", "runtimes"}
    assert report.complete


def test_every_kind_of_noun_may_be_asked_about() -> None:
    hints = typing.get_type_hints(Application)
    kept = {attribute: noun for noun, attribute in KEPT_IN.items()}
    nouns = {
        name: typing.get_args(hint)[0] for name, hint in hints.items() if typing.get_origin(hint) is tuple
    }
    assert {name: noun for name, noun in nouns.items() if noun is not Failure} == kept


def test_order_is_that_of_files_and_lines(tmp_path: Path) -> None:
    words = """
        Resources:
          B: {Type: AWS::SNS::Topic, Properties: {TopicName: bad, DisplayName: bad}}
          A: {Type: AWS::SNS::Topic, Properties: {DisplayName: LOUD, TopicName: bad}}
    """
    second, first = write(tmp_path, words, "b.yaml"), write(tmp_path, words, "a.yaml")
    report = audit(second, first)
    seen = [
        (each.location.span.file, each.location.span.line, each.location.span.column)
        for each in report.findings
    ]
    assert seen == sorted(seen)
    assert len(seen) == 8
    assert report.findings == audit(first, second).findings


def test_crash_is_told_without_the_template(tmp_path: Path) -> None:
    report = audit_text(
        tmp_path,
        """
        Resources:
          A: {Type: AWS::SNS::Topic, Properties: {TopicName: bad, DisplayName: crash}}
          B: {Type: AWS::SNS::Topic, Properties: {TopicName: crash}}
          C: {Type: AWS::SNS::Topic, Properties: {TopicName: bad}}
        """,
    )
    (failure,) = report.failures
    assert (failure.kind, failure.message) == (
        "crashed-check",
        "the check `bad-word` crashed on `A` (ValueError)",
    )
    assert "secret" not in str(report)
    assert places(report.findings) == ["bad-word:2:open", "bad-word:4:open"]


def test_doubt_is_reported(tmp_path: Path) -> None:
    report = audit_text(tmp_path, "Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: maybe}}}")
    (unanswered,) = report.unanswered
    assert (unanswered.check, unanswered.resource, unanswered.doubt.reason) == (
        "bad-word",
        "A",
        "nobody knows",
    )


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (Settings(), ["bad-word", "loud-word"]),
        (Settings(persona=Persona.AUDITOR), ["bad-word", "loud-word", "picky-word"]),
        (Settings(select=("picky-word",)), ["picky-word"]),
        (Settings(disable=("bad-word",)), ["loud-word"]),
        (Settings(select=("bad-word", "loud-word"), disable=("bad-word",)), ["loud-word"]),
    ],
)
def test_chosen_checks(settings: Settings, names: list[str], tmp_path: Path) -> None:
    assert [check.name for check in audit_text(tmp_path, TOPIC, settings).checks] == names


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), ["bad-word:3:open", "loud-word:4:open"]),
        (Settings(min_severity=Severity.MEDIUM), ["bad-word:3:open"]),
        (Settings(min_confidence=Confidence.MEDIUM), ["bad-word:3:open"]),
        (
            Settings(severities={"loud-word": Severity.CRITICAL}, min_severity=Severity.CRITICAL),
            ["loud-word:4:open"],
        ),
    ],
)
def test_what_is_reported(settings: Settings, expected: list[str], tmp_path: Path) -> None:
    text = """
        Resources:
          A: {Type: AWS::SNS::Topic, Properties: {
            TopicName: bad,
            DisplayName: LOUD}}
    """
    assert places(audit_text(tmp_path, text, settings).findings) == expected


def test_nothing_to_audit(tmp_path: Path) -> None:
    with pytest.raises(NothingToAudit):
        audit(tmp_path)


def test_unreadable_template_is_a_failure_once(tmp_path: Path) -> None:
    report = audit_text(tmp_path, "Resources:\n  A: {Type: AWS::SNS::Topic\n")
    assert len(report.failures) == len(set(report.failures)) > 0
    assert not report.complete


def test_public_function_audits_with_the_real_checks(tmp_path: Path) -> None:
    report = lamward.audit(write(tmp_path, TOPIC))
    assert isinstance(report, lamward.Report)
    assert report.complete
    assert BAD_WORD.name not in {each.name for each in report.checks}
