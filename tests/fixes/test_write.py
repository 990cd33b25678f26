"""Writing: the old file or the new one, never something between."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lamward.fixes.refusal import Reason
from lamward.fixes.write import write
from lamward.sources.file import SourceFile

OLD, NEW = b"\xef\xbb\xbfA: 1\r\n", b"\xef\xbb\xbfA: 2\r\n"


def _versions(path: Path) -> tuple[SourceFile, SourceFile]:
    path.write_bytes(OLD)
    return SourceFile(str(path), OLD), SourceFile(str(path), NEW)


def test_content_and_rights(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    versions = _versions(path)
    path.chmod(0o640)
    assert write(*versions) is None
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.yaml", tmp_path / "link.yaml"
    _versions(target)
    link.symlink_to("target.yaml")
    assert write(SourceFile(str(link), OLD), SourceFile(str(link), NEW)) is None
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    versions = _versions(path)
    path.write_bytes(b"A: 3\n")
    refusal = write(*versions)
    assert refusal is not None
    assert refusal.reason is Reason.CHANGED_ON_DISK
    assert path.read_bytes() == b"A: 3\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    versions = _versions(path)
    path.unlink()
    refusal = write(*versions)
    assert refusal is not None
    assert refusal.reason is Reason.UNWRITABLE
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_must_not_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = _versions(tmp_path / "template.yaml")
    monkeypatch.setattr(os, "access", lambda *_arguments: False)  # for root every file is writable
    refusal = write(*versions)
    assert refusal is not None
    assert refusal.reason is Reason.UNWRITABLE


@pytest.mark.parametrize("moment", ["os.fsync", "os.fchmod", "pathlib.Path.replace"])
def test_a_crash_before_the_last_step_leaves_the_old_file(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "template.yaml"
    _versions(path)
    owner, _, name = moment.rpartition(".")
    code = f"""
        import os, pathlib
        from lamward.fixes.write import write
        from lamward.sources.file import SourceFile
        {owner}.{name} = lambda *arguments: os.kill(os.getpid(), 9)
        write(SourceFile({str(path)!r}, {OLD!r}), SourceFile({str(path)!r}, {NEW!r}))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert ended.returncode == -9
    assert path.read_bytes() == OLD
