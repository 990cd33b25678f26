"""Suppressions: where they are written, what they cover, and how a wrong one fails closed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from lamward.audit.settings import Ignore, Settings
from lamward.model.finding import Suppressed
from lamward.model.report import Report
from tests.audit.samples import audit_text, places

# The finding of `bad-word` is on line 5 of each, and the resource's id on line 2.
PLACES = {
    "on the line": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: bad # lamward: ignore[bad-word] we like it
        """,
    "above the line": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            # lamward: ignore[bad-word] we like it
            Properties: {TopicName: bad}
        """,
    "above, among other comments": """
        Resources:
          A: {Type: AWS::SNS::Topic,
            # lamward: ignore[bad-word] we like it
            # and more words
            Properties: {TopicName: bad}}
        """,
    "on the resource": """
        Resources:
          A: # lamward: ignore[bad-word] we like it
            Type: AWS::SNS::Topic
            Properties:
              TopicName: bad
        """,
    "above the resource": """
        # lamward: ignore[bad-word] unused
        Resources:
          # lamward: ignore[loud-word, bad-word] we like it
          A: {Type: AWS::SNS::Topic, Properties: {
              TopicName: bad, DisplayName: LOUD}}
        """,
    "with a match": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: bad # lamward: ignore[bad-word: TopicName] we like it
        """,
    "in the resource's metadata": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            Metadata: {lamward: {ignore: [{check: bad-word, reason: we like it, match: TopicName}]}}
            Properties: {TopicName: bad}
        """,
    "in the template's metadata": """
        Metadata: {lamward: {ignore: [{check: bad-word, reason: we like it, until: 2026-11-21}]}}
        Resources:
          A:
            Type: AWS::SNS::Topic
            Properties: {TopicName: bad}
        """,
    "in JSON": """
        {"Resources": {"A": {
          "Type": "AWS::SNS::Topic",
          "Metadata": {"lamward": {"ignore": [{"check": "bad-word", "reason": "we like it"}]}},
          "Properties":
            {"TopicName": "bad"}}}}
        """,
}


def _bad(report: Report) -> list[str]:
    return [place for place in places(report.findings) if place.startswith("bad-word")]


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_suppressed(text: str, tmp_path: Path) -> None:
    report = audit_text(tmp_path, text)
    assert _bad(report) == ["bad-word:5:suppressed"]
    (status,) = [each.status for each in report.findings if each.check == "bad-word"]
    assert isinstance(status, Suppressed)
    assert status.reason == "we like it"
    assert status.where.startswith(report.findings[0].location.span.file)
    assert not report.failures


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_no_ignores_shows_everything(text: str, tmp_path: Path) -> None:
    report = audit_text(tmp_path, text, Settings(ignores=False))
    assert _bad(report) == ["bad-word:5:open"]
    assert not report.notices


OPEN = {
    "two lines above": """
        Resources:
          A:
            # lamward: ignore[bad-word] we like it
            Type: AWS::SNS::Topic
            Properties: {TopicName: bad}
        """,
    "at the end of the line above": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            Properties: # lamward: ignore[bad-word] we like it
              TopicName: bad
        """,
    "on another resource": """
        Resources:
          A: {Type: AWS::SNS::Topic,
              DependsOn: B,
              Properties: {
                TopicName: bad}}
          B: {Type: AWS::SNS::Topic} # lamward: ignore[bad-word] we like it
        """,
    "of another check": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: bad # lamward: ignore[loud-word] we like it
        """,
    "of another detail": """
        Resources:
          A:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: bad # lamward: ignore[bad-word: DisplayName] we like it
        """,
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_not_suppressed_and_unused(text: str, tmp_path: Path) -> None:
    report = audit_text(tmp_path, text)
    assert _bad(report) == ["bad-word:5:open"]
    assert [notice.kind for notice in report.notices] == ["unused-suppression"]


INSIDE_TEXT = """
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: bad
      DisplayName: "a # lamward: ignore[bad-word] quoted"
      Description: |
        # lamward: ignore[bad-word] in a script
        # lamward: nonsense
      Last: >-
        folded
        # lamward: ignore[] too
"""


def test_a_hash_inside_a_text_is_no_comment(tmp_path: Path) -> None:
    report = audit_text(tmp_path, INSIDE_TEXT)
    assert places(report.findings) == ["bad-word:5:open"]
    assert not report.failures
    assert not report.notices


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[bad-wrod] why", "the suppression names a check that does not exist: `bad-wrod`"),
        ("ignore[bad-word]", "the suppression of `bad-word` gives no reason"),
        ("ignore[bad-word] (until 2027-03-01)", "the suppression of `bad-word` gives no reason"),
        (
            "ignore[bad-word] why (until tomorrow)",
            "the suppression of `bad-word` ends on no date: `tomorrow`",
        ),
        (
            "ignore[bad-word] why (until 2027-02-30)",
            "the suppression of `bad-word` ends on no date: `2027-02-30`",
        ),
        ("ignore[] why", "this comment for lamward is not a suppression"),
        ("ignore bad-word why", "this comment for lamward is not a suppression"),
        ("disable=bad-word", "this comment for lamward is not a suppression"),
    ],
)
def test_a_wrong_comment_fails_closed(comment: str, message: str, tmp_path: Path) -> None:
    text = f"Resources:\n  A: # lamward: {comment}\n    {{Type: AWS::SNS::Topic, Properties: {{TopicName: bad}}}}\n"
    report = audit_text(tmp_path, text)
    assert places(report.findings) == ["bad-word:3:open"]
    assert [(failure.kind, failure.message) for failure in report.failures] == [("bad-suppression", message)]
    assert report.failures[0].location.span.line == 2


def test_a_misspelt_check_is_suggested(tmp_path: Path) -> None:
    report = audit_text(tmp_path, PLACES["on the line"].replace("bad-word", "bad-wrod"))
    assert report.failures[0].hint == "did you mean `bad-word`?"


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("{ignore: [{check: bad-word}]}", "the suppression of `bad-word` gives no reason"),
        ("{ignore: [{check: bad-word, reason: why, untill: x}]}", "a suppression has no `untill`"),
        ("{ignore: [{check: bad-word, reason: 7}]}", "the suppression's `reason` is not text"),
        (
            "{ignore: [{check: bad-word, reason: !Ref Why}]}",
            "the suppression is not a mapping of plain texts",
        ),
        ("{ignore: bad-word}", "the `lamward` metadata is not a list of suppressions"),
        ("{ignores: []}", "the `lamward` metadata is not a list of suppressions"),
    ],
)
@pytest.mark.parametrize("where", ["resource", "template"])
def test_wrong_metadata_fails_closed(metadata: str, message: str, where: str, tmp_path: Path) -> None:
    own = f"Metadata: {{lamward: {metadata}}}"
    of_resource = f", {own}" if where == "resource" else ""
    text = f"Resources:\n  A: {{Type: AWS::SNS::Topic, Properties: {{TopicName: bad}}{of_resource}}}\n"
    report = audit_text(tmp_path, text if of_resource else f"{own}\n{text}")
    assert [finding.status for finding in report.open] == [finding.status for finding in report.findings]
    assert ("bad-suppression", message) in [(failure.kind, failure.message) for failure in report.failures]


def test_an_expired_one_gives_the_finding_back(tmp_path: Path) -> None:
    text = PLACES["on the line"].replace("we like it", "we like it (until 2026-11-18)")
    report = audit_text(tmp_path, text)
    (finding,) = report.findings
    assert places([finding]) == ["bad-word:5:open"]
    assert [each.note for each in finding.related] == [
        "the suppression written here expired 3 days ago, on 2026-11-18"
    ]
    assert [notice.kind for notice in report.notices] == ["expired-suppression"]
    assert report.complete


def test_a_current_one_covers_an_expired_one(tmp_path: Path) -> None:
    text = PLACES["on the line"].replace("we like it", "we like it (until 2026-11-18)")
    ignore = Ignore("bad-word", "still", until=datetime.date(2026, 11, 21))
    report = audit_text(tmp_path, text, Settings(ignore=(ignore,)))
    assert places(report.findings) == ["bad-word:5:suppressed"]


def test_last_day_counts(tmp_path: Path) -> None:
    text = PLACES["on the line"].replace("we like it", "we like it (until 2026-11-21)")
    (finding,) = audit_text(tmp_path, text).findings
    assert isinstance(finding.status, Suppressed)
    assert (finding.status.reason, finding.status.until) == ("we like it", "2026-11-21")


def test_unused_is_not_said_of_what_was_not_asked(tmp_path: Path) -> None:
    text = PLACES["on the line"].replace("bad-word", "picky-word")
    assert not audit_text(tmp_path, text).notices


def test_unused_is_not_said_where_a_check_could_not_decide(tmp_path: Path) -> None:
    text = PLACES["with a match"].replace("TopicName: bad", "TopicName: maybe")
    report = audit_text(tmp_path, text)
    assert report.unanswered
    assert not report.notices


@pytest.mark.parametrize(
    ("ignore", "status"),
    [
        (Ignore("bad-word", "why"), "suppressed"),
        (Ignore("bad-word", "why", resource="Alerts"), "suppressed"),
        (Ignore("bad-word", "why", resource="Other"), "open"),
        (Ignore("bad-word", "why", path="*.yaml"), "suppressed"),
        (Ignore("bad-word", "why", path="template.yaml", match="TopicName"), "suppressed"),
        (Ignore("bad-word", "why", path="services"), "open"),
        (Ignore("bad-word", "why", match="DisplayName"), "open"),
        (Ignore("loud-word", "why"), "open"),
    ],
)
def test_configured(ignore: Ignore, status: str, tmp_path: Path) -> None:
    text = "Resources:\n  Alerts: {Type: AWS::SNS::Topic, Properties: {TopicName: bad}}\n"
    placed = Ignore(
        **{**{name: getattr(ignore, name) for name in ignore.__struct_fields__}, "folder": str(tmp_path)}
    )
    assert places(audit_text(tmp_path, text, Settings(ignore=(placed,))).findings) == [f"bad-word:2:{status}"]


def test_a_folder_is_a_path_too(tmp_path: Path) -> None:
    ignore = Ignore("bad-word", "why", path="services/", folder=str(tmp_path))
    (tmp_path / "services").mkdir()
    text = "Resources:\n  Alerts: {Type: AWS::SNS::Topic, Properties: {TopicName: bad}}\n"
    report = audit_text(tmp_path / "services", text, Settings(ignore=(ignore,)))
    assert places(report.findings) == ["bad-word:2:suppressed"]
