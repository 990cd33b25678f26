"""Log files: which are read, and what is not, whoever wrote it."""

from __future__ import annotations

import datetime
import gzip
import os
import sys
import zlib
from pathlib import Path

import pytest

from lamward.trail import files
from lamward.trail.files import Content, FilePath, Unread, delivered, find, unpack
from lamward.trail.record import Malformed
from tests.trail.made import event, write

FOLDER = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/10/01"
OWN = f"{FOLDER}/111122223333_CloudTrail_eu-west-1_20261001T1205Z_abc.json.gz"


def names(folder: Path, since: datetime.datetime | None = None) -> list[str]:
    found, unread = find(folder, since)
    assert unread == []
    return [Path(each.name).relative_to(folder).as_posix() for each in found]


def test_all_log_files_below_a_folder_are_found(tmp_path: Path) -> None:
    for name in (
        OWN,
        "a.json",
        "b.JSONL",
        "c.ndjson.gz",
        "readme.txt",
        "AWSLogs/1/CloudTrail-Digest/d.json.gz",
    ):
        write(tmp_path / name, event())
    assert names(tmp_path) == [OWN, "a.json", "b.JSONL", "c.ndjson.gz"]


def test_files_that_are_older_than_all_that_is_wanted_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / OWN, event())
    write(tmp_path / "export.json", event())
    day = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
    assert delivered(OWN) == day.replace(hour=12, minute=5)
    assert names(tmp_path, day) == [OWN, "export.json"]
    assert names(tmp_path, day.replace(day=2)) == ["export.json"]
    assert delivered("1_CloudTrail_eu-west-1_99999999T9999Z_x.json.gz") is None


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.json", event())
    folder = tmp_path / "logs"
    inside = write(folder / "a.json", event())
    (folder / "link.json").symlink_to(outside)
    (folder / "folder").symlink_to(outside.parent)
    (folder / "same.json").symlink_to(inside)
    found, unread = find(folder)
    assert [Path(each.name).name for each in found] == ["a.json", "same.json"]
    assert unread == [Unread(str(folder / "link.json"), "it is a link that leads out of the folder")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert FilePath(str(tmp_path / "pipe.json")).fetch() == Unread(
        str(tmp_path / "pipe.json"), "it is no file"
    )


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    missing = str(tmp_path / "gone.json")
    assert FilePath(missing).fetch() == Unread(missing, "it cannot be read: no such file or directory")


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    one, two = (FilePath(str(write(tmp_path / name, event()))).fetch() for name in ("a.json", "b.json"))
    assert isinstance(one, Content)
    assert isinstance(two, Content)
    assert one.sha256 == two.sha256


def test_files_over_the_cap_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PACKED", 1 << 20)
    path = tmp_path / "big.json"
    path.write_bytes(b" " * ((1 << 20) + 1))
    assert FilePath(str(path)).fetch() == Unread(str(path), "it has more than 1 MB")


@pytest.fixture(params=["isal", "zlib"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Unpack with either library."""
    if request.param == "isal":
        pytest.importorskip("isal")
    else:
        monkeypatch.setitem(sys.modules, "isal", None)
    return str(request.param)


@pytest.mark.usefixtures("library")
def test_what_is_packed_is_unpacked() -> None:
    assert unpack(b"plain") == b"plain"
    assert unpack(gzip.compress(b"packed", mtime=0)) == b"packed"
    assert unpack(gzip.compress(b"two ", mtime=0) + gzip.compress(b"members", mtime=0)) == b"two members"


@pytest.mark.usefixtures("library")
def test_a_bomb_is_stopped() -> None:
    bomb = gzip.compress(b"0" * 50_000_000, mtime=0)
    assert len(bomb) < 100_000
    with pytest.raises(Malformed, match="unpacks to more than"):
        unpack(bomb, 1_000_000)
    many = gzip.compress(b"0" * 400_000, mtime=0) * 3
    with pytest.raises(Malformed, match="unpacks to more than"):
        unpack(many, 1_000_000)


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (gzip.compress(b"text", mtime=0)[:-9], "cut off"),
        (gzip.compress(b"text", mtime=0)[:12], "cut off"),
        (b"\x1f\x8b", "cut off"),
        (b"\x1f\x8bnonsense that is long enough", "does not unpack"),
        (
            gzip.compress(b"text", mtime=0)[:-8] + zlib.crc32(b"other").to_bytes(4, "little") + b"\x04\0\0\0",
            "does not unpack",
        ),
    ],
)
@pytest.mark.usefixtures("library")
def test_damaged_files_are_told(packed: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        unpack(packed)
