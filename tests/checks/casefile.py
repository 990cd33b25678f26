"""Case files: Markdown whose templates say, on the line, what a check must find there and nowhere else.

A file belongs to one check, by its name. Every fenced `yaml` or `json` block is one case: a whole template, or what
stands below `Resources`. Comments in YAML say what is expected of their line:

    # problem: check-name                     a problem starts on this line
    # problem: check-name [high]              ... of this severity
    # problem: check-name [low auditor]       ... told to auditors only; `regular`: told to everybody
    # problem: check-name when IsProd=true    ... under this assumption
    # unknown: check-name                     the check cannot tell, on this line

and, at the top, how to load it: `# parameter: NAME=VALUE`, `# today: 2027-03-01`, `# trusted-account: 111122223333`,
`# stack: NAME`, and what a ledger shows (`# logged:`, `# used:`, `# denied:`; `ledgers` says how that is written).
JSON has no comments: a list after the block says `- line 7: problem check-name` instead, and `- parameter NAME=VALUE`.
A block without expectations is silent: the check finds nothing in it.
"""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.audit.ask import Answers, ask
from lamward.checks.framework import Check
from lamward.facts import Facts
from lamward.model.finding import Persona, Severity
from lamward.model.value import Guard
from lamward.sources.project import LoadOptions, load
from lamward.trail import days
from tests.checks import ledgers

TODAY: Final = datetime.date(2026, 11, 21)
"""The day of a case that names none, so that no case ages."""

_HEADER: Final = "AWSTemplateFormatVersion: 2010-09-09\nTransform: AWS::Serverless-2016-10-31\nResources:\n"
_JSON_HEADER: Final = (
    '{"AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31", "Resources":\n'
)

_HEADING = re.compile(r"#+\s+(.*)")
_FENCE = re.compile(r"\s*```\s*(\w*)\s*$")
_WORDS = r"(problem|unknown):?\s+([\w-]+)(?:\s+\[(\w+)(?:\s+(auditor|regular))?\])?(?:\s+when\s+(.+?))?"
_COMMENT = re.compile(rf"#\s*{_WORDS}\s*(?=#|$)")
_LISTED = re.compile(rf"\s*[-*]\s+line\s+(\d+):\s+{_WORDS}\s*$")
_SETTINGS = "parameter|today|trusted-account|stack|logged|used|denied"
_SETTING = re.compile(rf"\s*(?:#|-)\s*({_SETTINGS}):?\s+(\S.*?)\s*$")
_LOOKS_EXPECTING = re.compile(rf"#\s*(problem|unknown|{_SETTINGS})\b")


class Expectation(Struct, frozen=True, order=True):
    """What a check says of a line; `severity`, `when` and `persona` are "" where the case does not pin them."""

    line: int
    kind: str
    check: str
    severity: str = ""
    when: str = ""
    persona: str = ""


class Case(Struct, frozen=True):
    """One block of a case file; `line` is where its text starts in the file, for messages."""

    title: str
    language: str
    text: str
    line: int
    expected: tuple[Expectation, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    today: datetime.date = TODAY
    trusted_accounts: frozenset[str] = frozenset()
    stack: str = ""
    trail: tuple[tuple[str, str], ...] = ()

    @property
    def silent(self) -> bool:
        """Whether nothing is expected."""
        return not self.expected


def read(path: Path) -> list[Case]:
    """Read the cases of a file."""
    return list(parse(path.read_text(encoding="utf-8")))


def parse(text: str) -> Iterator[Case]:
    """Parse the cases of a file's text."""
    lines = text.splitlines()
    title, number = "", 0
    while number < len(lines):
        heading, fence = _HEADING.match(lines[number]), _FENCE.match(lines[number])
        number += 1
        if heading:
            title = heading[1].strip()
        elif fence:
            end = _closing(lines, number)
            if fence[1] in {"yaml", "yml", "json"}:
                after = _list_after(lines, end + 1)
                yield _case(title, fence[1], lines[number:end], number + 1, after)
            number = end + 1


def blocks(markdown: str) -> list[str]:
    """Give the text of the fenced template blocks of a piece of Markdown."""
    return [case.text for case in parse(markdown)]


def _closing(lines: Sequence[str], start: int) -> int:
    for number in range(start, len(lines)):
        if lines[number].strip() == "```":
            return number
    raise ValueError(f"the block before line {start + 1} is never closed")


def _list_after(lines: Sequence[str], start: int) -> list[str]:
    found = []
    for line in lines[start:]:
        if line.strip() and not line.lstrip().startswith(("- ", "* ")):
            break
        found.append(line)
    return found


def _case(title: str, language: str, block: Sequence[str], line: int, after: Sequence[str]) -> Case:
    if language == "json":
        expected = [
            _expectation(int(found[1]), found.groups()[1:]) for found in map(_LISTED.match, after) if found
        ]
        settings = after
    else:
        expected = [
            _expectation(number, found.groups())
            for number, text in enumerate(block, start=1)
            for found in _COMMENT.finditer(text)
        ]
        settings = block
        _refuse_misspelt(block, line)
    given = [(found[1], found[2]) for found in map(_SETTING.match, settings) if found]
    days = [datetime.date.fromisoformat(value) for name, value in given if name == "today"]
    return Case(
        title=title,
        language=language,
        text=textwrap.dedent("\n".join(block)) + "\n",
        line=line,
        expected=tuple(expected),
        parameters=tuple(_pair(value) for name, value in given if name == "parameter"),
        today=days[0] if days else TODAY,
        trusted_accounts=frozenset(value for name, value in given if name == "trusted-account"),
        stack="".join(value for name, value in given if name == "stack"),
        trail=tuple(each for each in given if each[0] in {"logged", "used", "denied"}),
    )


def _pair(written: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    return name, value


def _expectation(line: int, words: Sequence[str | None]) -> Expectation:
    kind, check, severity, persona, when = (word or "" for word in words)
    return Expectation(line, kind, check, severity, when, persona)


def _refuse_misspelt(block: Sequence[str], line: int) -> None:
    for number, text in enumerate(block, start=line):
        if _LOOKS_EXPECTING.search(text) and not _COMMENT.search(text) and not _SETTING.match(text):
            raise ValueError(f"line {number}: this expectation cannot be read: {text.strip()}")


def template(case: Case) -> tuple[str, int]:
    """Complete a case to a template; also give how many lines stand before the case's first."""
    if case.language == "json":
        whole = re.search(r'"Resources"\s*:', case.text)
        return (case.text, 0) if whole else (f"{_JSON_HEADER}{case.text}}}\n", 1)
    if re.search(r"^Resources\s*:", case.text, re.MULTILINE):
        return case.text, 0
    return _HEADER + textwrap.indent(case.text, "  "), _HEADER.count("\n")


def answer(
    checks: Sequence[Check], case: Case, folder: Path, *, persona: Persona = Persona.AUDITOR
) -> list[Answers]:
    """Ask checks about a case; the template must load without failures."""
    text, _ = template(case)
    path = folder / f"template.{case.language}"
    path.write_text(text, encoding="utf-8")
    loaded = load([path], LoadOptions(parameters=dict(case.parameters), samconfig=False))
    failures = [*loaded.failures, *(failure for each in loaded.applications for failure in each.failures)]
    assert not failures, f"the case does not load: {failures}"
    assert loaded.applications, "the case is not a template"
    ledger = ledgers.written(case.trail, folder)
    return [
        ask(
            checks,
            Facts(
                application,
                today=case.today,
                trusted_accounts=case.trusted_accounts,
                trail=days.read(ledger) if ledger else None,
                stack=case.stack,
            ),
            severities={},
            persona=persona,
        )
        for application in loaded.applications
    ]


def said(check: Check, case: Case, folder: Path) -> set[Expectation]:
    """Say what a check finds in a case, in the words of the case file, with severity and assumptions."""
    _, above = template(case)
    told = _told_to_everybody(check, case, folder) if any(each.persona for each in case.expected) else None
    found = set()
    for answers in answer([check], case, folder):
        assert not answers.failures, answers.failures
        for each in answers.raised:
            line = each.finding.location.span.line - above
            persona = "" if told is None else "regular" if each.finding.fingerprint in told else "auditor"
            one = _found(line, "problem", check, each.finding.severity, each.finding.when)
            found.add(replace(one, persona=persona))
        for doubted in answers.doubted:
            doubt = doubted.unanswered.doubt
            found.add(_found(doubt.location.span.line - above, "unknown", check, None, doubt.when))
    return found


def _told_to_everybody(check: Check, case: Case, folder: Path) -> set[str]:
    """Give the fingerprints of what is told to everybody and not to auditors only."""
    if check.persona is Persona.AUDITOR:
        return set()
    answers = answer([check], case, folder, persona=Persona.REGULAR)
    return {each.finding.fingerprint for one in answers for each in one.raised}


def _found(line: int, kind: str, check: Check, severity: Severity | None, when: Guard) -> Expectation:
    assumptions = ", ".join(f"{each.name}={each.value}" if each.value else each.name for each in when)
    return Expectation(line, kind, check.name, severity.value if severity else "", assumptions)


def disagreements(expected: Sequence[Expectation], found: set[Expectation]) -> list[str]:
    """List what was expected and not found, and what was found and not expected; [] when all agree."""
    missing = [each for each in expected if not any(_agrees(each, one) for one in found)]
    surplus = [one for one in found if not any(_agrees(each, one) for each in expected)]
    return [f"missing: {_shown(each)}" for each in sorted(missing)] + [
        f"not expected: {_shown(one)}" for one in sorted(surplus)
    ]


def _agrees(expected: Expectation, found: Expectation) -> bool:
    same = (expected.line, expected.kind, expected.check) == (found.line, found.kind, found.check)
    severity = not expected.severity or expected.severity == found.severity
    persona = not expected.persona or expected.persona == found.persona
    return same and severity and persona and (not expected.when or expected.when == found.when)


def _shown(each: Expectation) -> str:
    told = " ".join(filter(None, (each.severity, each.persona)))
    severity = f" [{told}]" if told else ""
    when = f" when {each.when}" if each.when else ""
    return f"line {each.line}: {each.kind} {each.check}{severity}{when}"
