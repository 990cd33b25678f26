"""Models of npm packages: those that come with lamward make sense, and a project can add its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.code import packages
from lamward.code.javascript import analyse
from lamward.code.sdk import operations
from lamward.model.finding import Confidence

MODELS = packages.bundled("javascript")


@pytest.mark.parametrize("path", sorted(MODELS.calls))
def test_models_call_operations_there_are(path: str) -> None:
    _, model = MODELS.calls[path]
    assert model.operations or model.unresolved
    for each in model.operations:
        service, _, operation = each.partition(":")
        known = operations.service(service)
        assert known is not None, each
        assert operation in known.operations or (model.unresolved and not operation), each


def test_a_project_adds_a_model(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[call]]\npaths = ["ours/storage.load"]\narguments = ["name"]\noperations = ["s3:GetObject"]\n'
        'parameters = { Key = "name", Bucket = "bucket" }\n',
        encoding="utf-8",
    )
    code = (
        'import { load } from "ours/storage";\nexport const handler = () => load("x", { bucket: "ours" });\n'
    )
    (tmp_path / "app.mjs").write_text(code, encoding="utf-8")
    assert analyse("app.handler", [tmp_path]).calls == ()
    (call,) = analyse("app.handler", [tmp_path], models=[own]).calls
    assert (call.operation, call.model, str(call.parameters["Bucket"][0])) == ("GetObject", "own", "ours")
    assert call.confidence is Confidence.MEDIUM


def test_layers_are_looked_into(tmp_path: Path) -> None:
    function, layer = tmp_path / "function", tmp_path / "layer" / "nodejs"
    function.mkdir()
    layer.mkdir(parents=True)
    (function / "index.js").write_text(
        'const { list } = require("/opt/nodejs/files");\nexports.handler = () => list();\n', encoding="utf-8"
    )
    (layer / "files.js").write_text(
        'const { S3 } = require("@aws-sdk/client-s3");\nexports.list = () => new S3().listBuckets({});\n',
        encoding="utf-8",
    )
    (call,) = analyse("index.handler", [function, layer]).calls
    assert (call.operation, Path(call.location.span.file).name) == ("ListBuckets", "files.js")
