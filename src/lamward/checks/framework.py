"""What a check is: a named question about one kind of subject, documented by its own module."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec import Struct

from lamward.facts import Facts
from lamward.model.finding import Confidence, Doubt, Persona, Problem, Severity
from lamward.model.value import Symbolic, Unknown, Value

Subject = TypeVar("Subject")

Answer = Iterator[Problem | Doubt]

SECTIONS = ("Why it matters", "Example", "Use instead", "References")
"""The sections every check's documentation has, in order; `Fix safety` and `Options` may follow `Use instead`."""


class Check(Struct, frozen=True):
    """A question: its name, family, the subject's type, how bad and how sure by default, and how to ask it.

    One about a bare `Resource` is asked of the CloudFormation `types` it names; of all where it names none. One that
    `needs_trail` is asked only where a ledger says what CloudTrail showed.
    """

    name: str
    family: str
    subject: type
    ask: Callable[[Any, Facts], Answer]
    severity: Severity
    confidence: Confidence
    persona: Persona
    since: str
    module: str
    types: tuple[str, ...] = ()
    needs_trail: bool = False


class Documentation(Struct, frozen=True):
    """A check's documentation, read from its module's docstring: title and sections by heading."""

    title: str
    sections: dict[str, str]

    def section(self, heading: str) -> str:
        """Give the text of a section, "" when it is not there."""
        return self.sections.get(heading, "")


def check(
    subject: type[Subject],
    *,
    severity: Severity,
    since: str,
    confidence: Confidence = Confidence.HIGH,
    persona: Persona = Persona.REGULAR,
    types: tuple[str, ...] = (),
    needs_trail: bool = False,
) -> Callable[[Callable[[Subject, Facts], Answer]], Check]:
    """Make a check of a function; its name and family are those of its module. Registers nothing.

    `types` are the CloudFormation types of the resources it is asked of, where its subject is `Resource`;
    `needs_trail` says that it is about what CloudTrail showed.
    """

    def declare(ask: Callable[[Subject, Facts], Answer]) -> Check:
        family, module = ask.__module__.rsplit(".", 2)[1:]
        return Check(
            name=module.replace("_", "-"),
            family=family,
            subject=subject,
            ask=ask,
            severity=severity,
            confidence=confidence,
            persona=persona,
            since=since,
            module=ask.__module__,
            types=types,
            needs_trail=needs_trail,
        )

    return declare


def documentation(question: Check) -> Documentation:
    """Read the documentation of a check from its module's docstring."""
    text = inspect.cleandoc(sys.modules[question.module].__doc__ or "")
    title, _, body = text.partition("\n")
    sections: dict[str, str] = {}
    heading = ""
    lines: list[str] = []
    for line in [*body.splitlines(), "## "]:
        if line.startswith("## "):
            if heading:
                sections[heading] = "\n".join(lines).strip()
            heading, lines = line[3:].strip(), []
        else:
            lines.append(line)
    return Documentation(title.strip(), sections)


def undecided(value: Value) -> bool:
    """Tell whether a settled value is one that only the deployment decides."""
    return isinstance(value, Symbolic | Unknown)
