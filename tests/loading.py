"""Load an application from text, as the tests of every room need it."""

from __future__ import annotations

from pathlib import Path

from lamward.model.application import Application
from lamward.model.value import Known, Settled, Symbolic, Unknown, Value, at, cases
from lamward.sources.file import SourceFile
from lamward.sources.node import parse
from lamward.sources.stack import load

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus" / "templates"


def application(text: str, *, root: Path | None = None, **parameters: str) -> Application:
    """Load one template's text."""
    document = parse(SourceFile("template.yaml", text.encode()))
    assert not document.failures, document.failures
    return load(document, root=root or Path.cwd(), given=parameters)[0]


def shown(value: Value) -> object:
    """Say a value briefly: what is known as it is, symbolic text with `${…}`, branches as a mapping by guard."""
    found = list(cases(value))
    if len(found) == 1 and not found[0].when:
        return _settled(found[0].value)
    return {" and ".join(map(str, case.when)) or "always": _settled(case.value) for case in found}


def _settled(value: Settled) -> object:
    match value:
        case Known(value=scalar):
            return scalar
        case Symbolic():
            return str(value)
        case Unknown(reason=reason):
            return f"unknown: {reason}"
        case _:
            items = getattr(value, "items", None)
            fields = getattr(value, "fields", None)
            if items is not None:
                return [shown(item) for item in items]
            if fields is not None:
                return {name: shown(child) for name, child in fields.items()}
            return None


def property_of(text: str, expression: str, **parameters: str) -> object:
    """Evaluate an expression as the property of a resource in a template that has `text` before its resources."""
    template = f"{text}\nResources:\n  Thing:\n    Type: AWS::Test::Thing\n    Properties:\n      Value: {expression}\n"
    loaded = application(template, root=None, **parameters)
    return shown(at(loaded.resources["Thing"].properties, "Value"))
