"""Laws of fingerprints: they change with what a finding is about, and with nothing else."""

from __future__ import annotations

import textwrap
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lamward.audit.fingerprint import LENGTH, fingerprints, identify
from tests.audit.samples import audit as audit_file
from tests.audit.samples import audit_text, write

TWO = """
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: bad
      Subscription:
        - Endpoint: fine
        - Endpoint: bad
  B:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: bad
"""

REORDERED = """
# a comment
Resources:
  B:
    Properties:
      TopicName: bad
    Type: AWS::SNS::Topic
  A:
    Type: AWS::SNS::Topic
    Properties:
      Subscription:
        - Endpoint: bad
        - Endpoint: fine
        - Endpoint: another
      TopicName: bad
"""


def _marks(folder: Path, text: str) -> set[str]:
    marks = [finding.fingerprint for finding in audit_text(folder, text).findings]
    assert len(set(marks)) == len(marks) == 3
    return set(marks)


def test_survives_reordering(tmp_path: Path) -> None:
    assert _marks(tmp_path, TWO) == _marks(tmp_path, REORDERED)


def test_survives_indentation(tmp_path: Path) -> None:
    assert _marks(tmp_path, TWO) == _marks(tmp_path, TWO.replace("  ", "      "))


def test_survives_another_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    other = audit_file(write(tmp_path / "deep", TWO, "other.yml"))
    assert {each.fingerprint for each in other.findings} == _marks(tmp_path, TWO)


def test_survives_json(tmp_path: Path) -> None:
    flow = textwrap.dedent("""
        {"Resources": {
          "A": {"Type": "AWS::SNS::Topic", "Properties": {
            "TopicName": "bad", "Subscription": [{"Endpoint": "fine"}, {"Endpoint": "bad"}]}},
          "B": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "bad"}}}}
    """)
    assert _marks(tmp_path, TWO) == _marks(tmp_path, flow)


def test_equal_ones_of_an_application_are_numbered(tmp_path: Path) -> None:
    text = "Resources: {A: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Endpoint: bad}, {Endpoint: bad}]}}}"
    marks = [finding.fingerprint for finding in audit_text(tmp_path, text).findings]
    assert len(set(marks)) == len(marks) == 2


def test_is_pinned() -> None:
    # A change here makes every baseline out there worthless.
    identity = identify("public-function-url", "Fn", ("Resources", "Fn", "Properties", "AuthType"), "")
    assert fingerprints([identity, identity]) == ["2f5c5bf61a1d61df", "2ca1638d503baf35"]


_words = st.text(min_size=1, max_size=5)
_paths = st.lists(st.one_of(_words, st.integers(0, 9)), max_size=4).map(tuple)


@given(_words, _words, _paths, _words)
def test_list_positions_do_not_count(
    check: str, resource: str, path: tuple[str | int, ...], detail: str
) -> None:
    keys = tuple(step for step in path if isinstance(step, str))
    assert identify(check, resource, path, detail) == identify(check, resource, keys, detail)


@given(st.lists(st.tuples(_words, _words, _paths, _words), max_size=12))
def test_every_finding_has_its_own(findings: list[tuple[str, str, tuple[str | int, ...], str]]) -> None:
    marks = fingerprints([identify(*finding) for finding in findings])
    assert len(set(marks)) == len(findings)
    assert {len(mark) for mark in marks} <= {LENGTH}
