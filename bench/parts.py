"""Parts of lamward by themselves: what the tests hold to a number of calls, here in time."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bench import inputs
from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.code import javascript, python
from lamward.facts.secrets import by_format, by_name
from lamward.model.finding import Persona
from lamward.report import FORMATS, render

HOSTILE: Final = (
    "a/" * 4096,
    "<<" * 4096,
    "://:" * 2048,
    "=;" * 4096,
    "password=" * 900,
    "eyJ" + "a." * 4000,
)
"""Texts made for expressions that try again at every character."""

_ROUNDS: Final = 5


def report(scratch: Path) -> str:
    """Measure the parts and say it in Markdown."""
    rows = [
        ("2,000 lines of Python, analysed", _analysed("app.py", inputs.python(330)), 2000),
        ("2,000 lines of JavaScript, analysed", _analysed("app.js", inputs.javascript(140)), 2000),
        *_formats(scratch),
        ("the worst of the texts of 8 KB made to be slow, judged", max(map(_judged, HOSTILE)), 100),
    ]
    lines = [f"| {what} | {1000 * spent:.1f} ms | ≤ {target:,} ms |" for what, spent, target in rows]
    return "\n".join(["## Parts, one by one\n", "| what | CPU | target |", "| --- | --- | --- |", *lines, ""])


def _least(work: Callable[[], object]) -> float:
    """Give the CPU seconds of the cheapest of several rounds, the first of which also loads what is needed."""
    spent = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return min(spent)


def _analysed(file: str, text: str) -> float:
    language = python if file.endswith(".py") else javascript
    return _least(lambda: language.analyse_text("app.handler", text, file=file))


def _formats(scratch: Path) -> Iterator[tuple[str, float, int]]:
    template = inputs.generated(scratch / "parts", 1000)
    day = datetime.datetime.now(tz=datetime.UTC).date()
    audited = run([template], Settings(persona=Persona.AUDITOR), checks=CHECKS, today=day)
    spent = {
        name: _least(lambda name=name: render(name, audited.report, sources=audited.sources))  # type: ignore[misc]
        for name in FORMATS
    }
    slowest = max(spent, key=lambda name: spent[name])
    yield (
        f"{len(audited.report.findings):,} findings as `{slowest}`, the slowest of the formats",
        spent[slowest],
        2000,
    )


def _judged(text: str) -> float:
    return _least(lambda: (by_name("API_KEY", text), by_format(text)))
