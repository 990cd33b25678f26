"""Secrets in the files of functions' code: those that handlers reach, once for each file."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from lamward.facts import Facts
from lamward.facts.secret_files import InFile, secrets_in_files
from lamward.sources.project import LoadOptions, load

KEY = "9vXq2LrT7mZc4HdWb6Ns1KfY"
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Ask: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}}
  Tell: {Type: AWS::Serverless::Function, Properties: {Handler: app.other, Runtime: python3.13, CodeUri: src/}}
"""


def found(folder: Path, **files: str) -> tuple[InFile, ...]:
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "src").mkdir()
    for name, text in files.items():
        (folder / "src" / f"{name}.py").write_text(text, encoding="utf-8")
    (application,) = load([folder], LoadOptions()).applications
    return secrets_in_files(Facts(application, today=datetime.date(2026, 11, 21)))


def test_a_secret_of_a_module_that_a_handler_imports(tmp_path: Path) -> None:
    (secret,) = found(
        tmp_path,
        app="import keys\ndef handler(event, context):\n    return keys.API_KEY\nother = handler\n",
        keys=f'"""Keys."""\nAPI_KEY = "{KEY}"\n',
    )
    assert (secret.name, Path(secret.file).name, secret.place.span.line) == ("API_KEY", "keys.py", 2)
    assert [function.id for function in secret.functions] == ["Ask", "Tell"]


@pytest.mark.parametrize(
    "text",
    [
        "import os\nAPI_KEY = os.environ['API_KEY']\n",
        "API_KEY = 'your-api-key'\n",
        f"API_KEY = '{KEY}'  # {'x' * 5000}\n",
    ],
)
def test_names_of_secrets_placeholders_and_bundles_are_left_alone(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, app=f"{text}def handler(event, context):\n    return API_KEY\n") == ()


def test_what_no_handler_reaches_is_not_read(tmp_path: Path) -> None:
    handler = "def handler(event, context):\n    return 1\n"
    assert found(tmp_path, app=handler, keys=f'API_KEY = "{KEY}"\n') == ()


def test_no_code_is_no_secret(tmp_path: Path) -> None:
    assert found(tmp_path) == ()
