"""The results of policy tests as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lamward.cli import terminal
from lamward.iam.suite import Case, Outcome, Property, Result
from lamward.report.escape import xml_text

if TYPE_CHECKING:
    from lamward.cli.policy.test import Ran


def show(ran: Sequence[Ran]) -> None:
    """Print a suite for each file: a failure for what failed, an error for what cannot be told."""
    everything = [result for each in ran for result in each.results]
    seconds = sum(each.seconds for each in ran)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_tally('lamward', everything, seconds)}>",
    ]
    for each in ran:
        lines.append(f"  <testsuite{_tally(each.file, each.results, each.seconds)}>")
        for pair in zip(each.tests, each.results, strict=True):
            lines.extend(_case(each.file, *pair))
        lines.append("  </testsuite>")
    terminal.show("\n".join([*lines, "</testsuites>"]))


def _tally(name: str, results: Sequence[Result], seconds: float) -> str:
    outcomes = [result.outcome for result in results]
    return _attributes(
        name=name,
        tests=str(len(outcomes)),
        failures=str(outcomes.count(Outcome.FAILED)),
        errors=str(outcomes.count(Outcome.UNDETERMINED)),
        time=f"{seconds:.3f}",
    )


def _case(file: str, test: Case | Property, result: Result) -> Iterator[str]:
    kind = "case" if isinstance(test, Case) else "property"
    opening = f"    <testcase{_attributes(classname=f'policy.{kind}', name=result.name, file=file)}"
    if result.outcome is Outcome.PASSED:
        yield f"{opening}/>"
        return
    element = "failure" if result.outcome is Outcome.FAILED else "error"
    yield f"{opening}>"
    yield f"      <{element}{_attributes(message=result.difference[0], type=result.outcome.value)}>"
    yield from map(xml_text, result.difference)
    yield f"      </{element}>"
    yield "    </testcase>"


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{xml_text(value)}"' for name, value in values.items())
