"""Verified application: every gate by a fix that fails at it, and the fixes around it that pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from lamward.fixes.apply import Examined, Repaired, commit, repair
from lamward.fixes.refusal import Reason
from lamward.model.application import Application
from lamward.model.finding import Confidence, Edit, EditKind, Finding, Fix, Severity
from lamward.model.location import Location, Step
from lamward.model.value import Known, at
from lamward.sources.file import instead
from lamward.sources.project import LoadOptions, load
from tests.fixes.edits import lines, steps

TEXT = lines("""
    AWSTemplateFormatVersion: "2010-09-09"
    Resources:
      One:
        Type: AWS::SQS::Queue
        Properties:
          VisibilityTimeout: 1  # seconds
      Two:
        Type: AWS::SQS::Queue
        Properties: {VisibilityTimeout: 1}
      Three:
        Type: AWS::SQS::Queue
        Properties:
          VisibilityTimeout: !Ref Timeout
          Tags: *tags
    Parameters: {Timeout: {Type: Number, Default: 1}}
    """).replace("*tags", "[]")

Edits = Callable[[Location, str], tuple[Edit, ...]]


def _finding(application: Application, queue: str, edits: Edits, *, kind: str = "short-timeout") -> Finding:
    where = application.resources[queue].location
    return Finding(
        check=kind,
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        message="too short",
        location=where,
        application=application.name,
        resource=queue,
        resource_type="AWS::SQS::Queue",
        fingerprint=f"{kind}-{queue}",
        fix=Fix("wait longer", edits(where, queue)),
    )


def _raise_timeout(where: Location, queue: str) -> tuple[Edit, ...]:
    return (Edit(EditKind.SET, where, steps(f"Resources/{queue}/Properties/VisibilityTimeout"), 60),)


def _examine(edits: Mapping[str, Edits]) -> Callable[[str, Mapping[Path, bytes]], Examined]:
    """Ask one small check: a queue's timeout must be 60; 13 is bad luck."""

    def examine(name: str, contents: Mapping[Path, bytes]) -> Examined:
        with instead(contents):
            loaded = load([Path(name)], LoadOptions())
        found = []
        for application in loaded.applications:
            for queue, resource in application.resources.items():
                value = at(resource.properties, "VisibilityTimeout")
                seconds = value.value if isinstance(value, Known) else 1
                if seconds != 60:
                    found.append(_finding(application, queue, edits.get(queue, _raise_timeout)))
                if seconds == 13:
                    found.append(_finding(application, queue, _raise_timeout, kind="bad-luck"))
        failures = tuple(failure for each in loaded.applications for failure in each.failures)
        return Examined(loaded.applications, tuple(found), failures)

    return examine


def _repaired(folder: Path, text: str = TEXT, **edits: Edits) -> Repaired:
    path = folder / "template.yaml"
    path.write_text(text, encoding="utf-8")
    examine = _examine(edits)
    findings = examine(str(path), {}).findings
    (one,) = repair(findings, load([path], LoadOptions()).files, examine)
    return one


def _edit(kind: EditKind, path: str, value: object) -> Edits:
    return lambda where, _queue: (Edit(kind, where, steps(path), value),)


def test_what_passes_is_written_and_what_does_not_is_told(tmp_path: Path) -> None:
    repaired = commit(_repaired(tmp_path))
    assert [finding.resource for finding in repaired.fixed] == ["One", "Two"]
    assert [(finding.resource, why.reason) for finding, why in repaired.refused] == [
        ("Three", Reason.INTRINSIC)
    ]
    after = TEXT.replace("VisibilityTimeout: 1  #", "VisibilityTimeout: 60  #").replace("t: 1}", "t: 60}", 1)
    assert (tmp_path / "template.yaml").read_text(encoding="utf-8") == after


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    text = commit(_repaired(tmp_path)).after.text
    assert not _repaired(tmp_path, text).changed


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        (_edit(EditKind.SET, "Resources/One/Properties/VisibilityTimeout", 2), Reason.STILL_FOUND),
        (_edit(EditKind.SET, "Resources/One/Properties/VisibilityTimeout", 13), Reason.NEW_FINDING),
        (_edit(EditKind.SET, "Parameters/Timeout/Default", 2), Reason.STILL_FOUND),
        (_edit(EditKind.SET, "Resources/One/Type", {}), Reason.MALFORMED),
        (_edit(EditKind.REMOVE, "Parameters/Timeout/Nothing", None), Reason.STILL_FOUND),
        (_edit(EditKind.SET, "Resources/Two/Properties/VisibilityTimeout", 59), Reason.STILL_FOUND),
        (_edit(EditKind.ADD, "Resources/One/Properties/VisibilityTimeout/X", 59), Reason.SHAPE),
    ],
)
def test_each_gate_refuses_one_fix_and_lets_the_others_pass(
    tmp_path: Path, edits: Edits, reason: Reason
) -> None:
    repaired = _repaired(tmp_path, One=edits)
    refused = {finding.resource: why.reason for finding, why in repaired.refused}
    assert refused == {"One": reason, "Three": Reason.INTRINSIC}
    assert [finding.resource for finding in repaired.fixed] == ["Two"]


def test_of_two_fixes_of_one_place_the_first_is_applied(tmp_path: Path) -> None:
    def both(where: Location, _queue: str) -> tuple[Edit, ...]:
        return (*_raise_timeout(where, "One"), *_edit(EditKind.ADD, "Metadata/By", "one")(where, ""))

    repaired = _repaired(tmp_path, One=both, Two=_edit(EditKind.ADD, "Metadata", {"By": "two"}))
    assert [finding.resource for finding in repaired.fixed] == ["One"]
    assert [why.reason for _, why in repaired.refused] == [Reason.INTRINSIC, Reason.CONFLICT]


def test_an_edit_of_a_mapping_may_be_felt_everywhere(tmp_path: Path) -> None:
    text = TEXT.replace("VisibilityTimeout: 1  #", "VisibilityTimeout: !FindInMap [M, A, B] #")
    text += "Mappings: {M: {A: {B: 1}}}\n"
    repaired = _repaired(tmp_path, text, One=_edit(EditKind.SET, "Mappings/M/A/B", 60))
    assert {finding.resource for finding in repaired.fixed} == {"One", "Two"}


def test_nothing_is_written_over_a_newer_text(tmp_path: Path) -> None:
    repaired = _repaired(tmp_path)
    (tmp_path / "template.yaml").write_text(TEXT + "# saved meanwhile\n", encoding="utf-8")
    again = commit(repaired)
    assert again.fixed == ()
    assert {why.reason for _, why in again.refused} == {Reason.INTRINSIC, Reason.CHANGED_ON_DISK}
    assert (tmp_path / "template.yaml").read_text(encoding="utf-8").endswith("# saved meanwhile\n")


def test_a_fix_of_several_files_is_refused(tmp_path: Path) -> None:
    def edits(where: Location, queue: str) -> tuple[Edit, ...]:
        elsewhere = msgspec.structs.replace(
            where, span=msgspec.structs.replace(where.span, file="other.yaml")
        )
        path: tuple[Step, ...] = ("Outputs", "A", "Value")
        return (*_raise_timeout(where, queue), Edit(EditKind.ADD, elsewhere, path, "x"))

    reasons = {finding.resource: why.reason for finding, why in _repaired(tmp_path, One=edits).refused}
    assert reasons["One"] is Reason.SEVERAL_FILES
