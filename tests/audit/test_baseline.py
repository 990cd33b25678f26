"""The baseline: what it knows, through moves and renames, and how a broken one is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from lamward.audit import baseline
from lamward.audit.baseline import Baseline
from lamward.audit.settings import Settings
from lamward.errors import ConfigurationError
from lamward.model.finding import Baselined
from tests.audit.samples import TODAY, TOPIC, audit, places, write

LATER = TODAY + datetime.timedelta(days=9)


def _record(folder: Path, *templates: Path) -> Settings:
    file = folder / "known.json"
    content = baseline.record(audit(*templates).open, Baseline(()), folder, today=TODAY)
    file.write_text(baseline.render(content), encoding="utf-8")
    return Settings(baseline=str(file))


def test_known_findings_are_marked_and_new_ones_open(tmp_path: Path) -> None:
    template = write(tmp_path, TOPIC)
    settings = _record(tmp_path, template)
    write(tmp_path, TOPIC.replace("DisplayName: good", "DisplayName: bad"))
    report = audit(template, settings=settings)
    assert places(report.findings) == ["bad-word:5:baselined", "bad-word:6:open"]
    assert report.findings[0].status == Baselined(TODAY.isoformat())


def test_no_ignores_shows_them(tmp_path: Path) -> None:
    template = write(tmp_path, TOPIC)
    settings = _record(tmp_path, template)
    report = audit(template, settings=Settings(baseline=settings.baseline, ignores=False))
    assert places(report.findings) == ["bad-word:5:open"]


def test_two_applications_with_the_same_finding_are_told_apart(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a", TOPIC), write(tmp_path / "b", TOPIC)
    settings = _record(tmp_path, first)
    assert places(audit(first, second, settings=settings).findings) == [
        "bad-word:5:baselined",
        "bad-word:5:open",
    ]


def test_a_renamed_template_is_recognised_once(tmp_path: Path) -> None:
    first = write(tmp_path, TOPIC)
    settings = _record(tmp_path, first)
    second = first.rename(tmp_path / "other.yaml")
    third = write(tmp_path, TOPIC, "third.yaml")
    report = audit(second, third, settings=settings)
    assert places(report.findings) == ["bad-word:5:baselined", "bad-word:5:open"]


def test_the_current_folder_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _record(tmp_path, write(tmp_path / "deep", TOPIC))
    monkeypatch.chdir(tmp_path / "deep")
    assert places(audit(Path("template.yaml"), settings=settings).findings) == ["bad-word:5:baselined"]


def test_the_day_is_kept(tmp_path: Path) -> None:
    template = write(tmp_path, TOPIC)
    before = baseline.read(Path(_record(tmp_path, template).baseline))
    write(tmp_path, TOPIC.replace("DisplayName: good", "DisplayName: bad"))
    after = baseline.record(audit(template).open, before, tmp_path, today=LATER)
    assert [entry.since for entry in after.findings] == [TODAY.isoformat(), LATER.isoformat()]


def test_reading_gives_back_what_was_written(tmp_path: Path) -> None:
    content = baseline.read(Path(_record(tmp_path, write(tmp_path, TOPIC)).baseline))
    assert [(entry.application, entry.resource, entry.check) for entry in content.findings] == [
        ("template.yaml", "Alerts", "bad-word")
    ]
    (tmp_path / "again.json").write_text(baseline.render(content), encoding="utf-8")
    assert baseline.read(tmp_path / "again.json") == content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a baseline: "),
        ("[]", "is not a baseline: expected `object`, got `array`"),
        ('{"schema": 2, "findings": []}', "is a baseline of version 2, not 1"),
        ('{"findings": [], "finding": []}', "is not a baseline: object contains unknown field `finding`"),
        (
            '{"findings": [{"application": "", "resource": "", "check": "", "fingerprint": "f", "since": "x"}]}',
            "`since`",
        ),
    ],
)
def test_a_broken_one_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        baseline.read(path)


def test_a_missing_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no baseline"):
        audit(write(tmp_path, TOPIC), settings=Settings(baseline=str(tmp_path / "known.json")))
