"""Models of packages: those that come with lamward make sense, and a project can add its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.code import packages
from lamward.code.python import analyse
from lamward.code.sdk import operations
from lamward.errors import ConfigurationError
from lamward.model.finding import Confidence

MODELS = packages.bundled("python")


@pytest.mark.parametrize("path", sorted(MODELS.calls))
def test_models_call_operations_there_are(path: str) -> None:
    _, model = MODELS.calls[path]
    assert model.operations or model.unresolved or model.calls or model.gives
    for each in (*model.operations, *model.writes):
        service, _, operation = each.partition(":")
        known = operations.service(service)
        assert known is not None, each
        assert operation in known.operations or (model.unresolved and not operation), each


@pytest.mark.parametrize("path", sorted(MODELS.calls))
def test_models_take_parameters_from_arguments_they_name(path: str) -> None:
    _, model = MODELS.calls[path]
    for parameter, source in model.parameters.items():
        _, _, only = parameter.partition(" of ")
        assert not only or any(each.endswith(f":{only}") for each in (*model.operations, *model.writes))
        name = source.rpartition(" of ")[2]
        assert name.startswith(("self.", "class.", "=")) or name in model.arguments, source


def test_a_project_adds_a_model(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[call]]\npaths = ["ours.load"]\narguments = ["name"]\noperations = ["s3:GetObject"]\n'
        'parameters = { Key = "name", Bucket = "=ours" }\n',
        encoding="utf-8",
    )
    code = "import ours\ndef handler(event, context):\n    return ours.load('x')\n"
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    assert analyse("app.handler", [tmp_path]).calls == ()
    (call,) = analyse("app.handler", [tmp_path], models=[own]).calls
    assert (call.operation, call.model, str(call.parameters["Bucket"][0])) == ("GetObject", "own", "ours")
    assert call.confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    "text", ["[[call]]\n", '[[call]]\npaths = ["x"]\nsurprise = 1\n', "not toml", "\xff"]
)
def test_a_model_that_says_something_else_is_an_error(text: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"own\.toml"):
        packages.with_own("python", [own])
