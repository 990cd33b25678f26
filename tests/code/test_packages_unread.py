"""Packages that are nowhere to be read are named, unless it is known what they call."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.code import python


@pytest.mark.parametrize(
    ("code", "packages"),
    [
        ("import json, os.path, boto3, botocore.config", ()),
        ("import requests\nfrom pydantic import BaseModel", ()),
        ("from mystery import *", ("mystery",)),
        ("from strands import Agent\nimport mystery.parts", ("mystery", "strands")),
        ("from aws_lambda_powertools import Logger\nimport awswrangler", ()),
        ("import cfnresponse\nfrom aws_xray_sdk.core import patch_all", ()),
        ("from mypy_boto3_s3 import S3Client", ()),
    ],
)
def test_unread_packages_are_named(code: str, packages: tuple[str, ...]) -> None:
    text = f"{code}\ndef handler(event, context):\n    return event\n"
    assert python.analyse_text("index.handler", text, file="index.py").packages == packages


def test_what_is_there_is_read_instead(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("VALUE = 1\n", encoding="utf-8")
    (tmp_path / "app.py").write_text("import own\ndef handler(event, context): ...\n", encoding="utf-8")
    assert python.analyse("app.handler", [tmp_path]).packages == ()


def test_what_is_not_reached_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("import mystery\n", encoding="utf-8")
    code = "def unused():\n    import mystery, other\ndef handler(event, context): ...\n"
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    assert python.analyse("app.handler", [tmp_path]).packages == ()
