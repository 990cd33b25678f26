"""Checks made for these tests, and a way to audit a few lines with them."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks.framework import Check
from lamward.facts import Facts
from lamward.model.application import Resource
from lamward.model.finding import Confidence, Doubt, Finding, Persona, Problem, Severity
from lamward.model.location import Location
from lamward.model.report import Report
from lamward.model.value import Fields, Items, Known, Value, cases, location_of

TODAY = datetime.date(2026, 11, 21)


def _words(value: Value, key: str = "") -> Iterator[tuple[str, str, Location]]:
    for case in cases(value):
        match case.value:
            case Known(value=str() as text):
                yield key, text, location_of(case.value)
            case Items(items=items):
                for item in items:
                    yield from _words(item, key)
            case Fields(fields=fields):
                for name, child in fields.items():
                    yield from _words(child, name)
            case _:
                pass


def _ask_bad_word(resource: Resource, _facts: Facts) -> Iterator[Problem | Doubt]:
    for key, text, where in _words(resource.properties):
        if text == "bad":
            yield Problem(where, f"the word of `{key}` is bad", discriminator=key)
        elif text == "maybe":
            yield Doubt(where, "nobody knows")
        elif text == "crash":
            raise ValueError("a secret of the template")


def _ask_loud_word(resource: Resource, _facts: Facts) -> Iterator[Problem | Doubt]:
    for key, text, where in _words(resource.properties):
        if text == "LOUD":
            yield Problem(
                where, f"the word of `{key}` is loud", severity=Severity.LOW, confidence=Confidence.LOW
            )


def _check(name: str, ask: Any, severity: Severity, persona: Persona = Persona.REGULAR) -> Check:
    return Check(name, "words", Resource, ask, severity, Confidence.HIGH, persona, "0.1", __name__)


BAD_WORD = _check("bad-word", _ask_bad_word, Severity.HIGH)
LOUD_WORD = _check("loud-word", _ask_loud_word, Severity.INFO)
PICKY_WORD = _check("picky-word", _ask_bad_word, Severity.LOW, Persona.AUDITOR)
SAMPLES = (BAD_WORD, LOUD_WORD, PICKY_WORD)

TOPIC = """
Resources:
  Alerts:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: bad
      DisplayName: good
"""


def write(folder: Path, text: str, name: str = "template.yaml") -> Path:
    """Write a template; its first line is the first that says something."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def audit(
    *paths: Path,
    settings: Settings | None = None,
    checks: Sequence[Check] = SAMPLES,
    today: datetime.date = TODAY,
) -> Report:
    """Audit with the checks of these tests."""
    return run(paths, settings or Settings(), checks=checks, today=today).report


def audit_text(folder: Path, text: str, settings: Settings | None = None) -> Report:
    """Audit one template given as text."""
    return audit(write(folder, text), settings=settings)


def places(findings: Sequence[Finding]) -> list[str]:
    """Say where findings are, as `check:line:status`."""
    return [
        f"{each.check}:{each.location.span.line}:{type(each.status).__name__.lower()}" for each in findings
    ]
