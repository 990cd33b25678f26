"""Edits of every Lambda function of every real template: none wrong, hardly any refused, as small as they can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lamward.fixes.gate import Proven, proven
from lamward.fixes.refusal import Reason
from lamward.model.finding import Edit
from lamward.sources.file import SourceFile
from lamward.sources.node import Document, Mapping, Scalar, parse
from tests.fixes.edits import add, put, remove
from tests.loading import CORPUS

FUNCTIONS = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
ASKED_TOO_MUCH = frozenset({Reason.INTRINSIC})
"""Putting a plain value where a function decides is never right, so that it counts as no refusal."""

BLOCK = {"Mode": "Active", "Notes": ["a: b", {"Fn::Sub": "${AWS::Region}-x"}, {"A": 1, "B": []}]}

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of real templates is not beside the checkout"
)


def _documents() -> Iterator[tuple[Path, Document]]:
    for path in sorted(each for each in CORPUS.rglob("*") if each.suffix in {".yaml", ".yml", ".json"}):
        document = parse(SourceFile(path.name, path.read_bytes()))
        if isinstance(document.root, Mapping) and isinstance(document.root.get("Resources"), Mapping):
            yield path, document


def _functions(document: Document) -> Iterator[tuple[str, Mapping]]:
    resources = document.root.get("Resources") if isinstance(document.root, Mapping) else None
    for name, resource in resources.entries.items() if isinstance(resources, Mapping) else ():
        if isinstance(resource, Mapping):
            kind, properties = resource.get("Type"), resource.get("Properties")
            if isinstance(kind, Scalar) and kind.text in FUNCTIONS and isinstance(properties, Mapping):
                yield name, properties


def _edits(name: str, properties: Mapping) -> Iterator[tuple[str, Edit, int | None]]:
    """Give kinds of edits and how many lines each adds, where that is told."""
    base = f"Resources/{name}/Properties"
    yield "add a scalar", add(f"{base}/LamwardAdded", "yes"), 1
    yield "add a block", add(f"{base}/LamwardBlock", BLOCK), None
    for key, value in properties.entries.items():
        if isinstance(value, Scalar):
            yield "replace a scalar", put(f"{base}/{key}", "other: 012"), None if value.style == "|" else 0
        yield "delete a property", remove(f"{base}/{key}"), None
    yield "insert a resource", add("Resources/LamwardQueue", {"Type": "AWS::SQS::Queue"}), None
    yield "make a section", add("Parameters/LamwardParameter", {"Type": "String", "NoEcho": True}), None


def test_edits_of_the_corpus() -> None:
    right: Counter[str] = Counter()
    wrong: list[str] = []
    refused: list[str] = []
    longer = 0
    for path, document in _documents():
        for name, properties in _functions(document):
            for kind, edit, lines in _edits(name, properties):
                outcome = proven(document, [edit])
                if isinstance(outcome, Proven):
                    right[kind] += 1
                    grown = outcome.source.text.count("\n") - document.source.text.count("\n")
                    longer += lines is not None and grown > lines
                elif outcome.reason in {Reason.NOT_AS_INTENDED, Reason.MALFORMED}:
                    wrong.append(f"{path}: {kind}: {outcome.message}")
                elif outcome.reason not in ASKED_TOO_MUCH:
                    refused.append(f"{path}: {kind}: {outcome.message}")
    total = sum(right.values())
    assert wrong == [], right
    assert len(refused) <= total * 0.005, refused
    assert longer <= total * 0.001
    assert len(right) == 6
