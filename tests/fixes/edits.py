"""Words for writing edits and documents in tests."""

from __future__ import annotations

import json
from textwrap import dedent

from lamward.fixes.gate import Proven, proven
from lamward.fixes.refusal import Reason, Refusal
from lamward.model.finding import Edit, EditKind
from lamward.model.location import NOWHERE, Step
from lamward.sources.file import SourceFile
from lamward.sources.node import Document, parse


def document(text: str, name: str = "template.yaml") -> Document:
    read = parse(SourceFile(name, text.encode()))
    assert read.root is not None, read.failures
    return read


def steps(path: str) -> tuple[Step, ...]:
    """Read `A/B/0` as a path."""
    return tuple(int(step) if step.isdigit() else step for step in path.split("/"))


def put(path: str, value: object) -> Edit:
    return Edit(EditKind.SET, NOWHERE, steps(path), value)


def add(path: str, value: object, after: str = "") -> Edit:
    return Edit(EditKind.ADD, NOWHERE, steps(path), value, after=after)


def append(path: str, value: object) -> Edit:
    return Edit(EditKind.APPEND, NOWHERE, steps(path), value)


def remove(path: str, *, comments: bool = False) -> Edit:
    return Edit(EditKind.REMOVE, NOWHERE, steps(path), comments=comments)


def edited(text: str, *edits: Edit) -> str:
    """Give the proven text after edits."""
    outcome = proven(document(text), edits)
    assert isinstance(outcome, Proven), outcome
    return outcome.source.text


def refused(text: str, *edits: Edit, name: str = "template.yaml") -> Reason:
    """Give the reason why edits are refused."""
    outcome = proven(document(text, name), edits)
    assert isinstance(outcome, Refusal), outcome.source.text
    return outcome.reason


def lines(text: str) -> str:
    """Write a document in a test at the test's own indentation."""
    return dedent(text).lstrip("\n")


def pretty(value: object) -> str:
    return json.dumps(value, indent=2)
