"""JUnit XML: a suite for each application, a test case for each check and file, green ones included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from lamward.model.finding import Finding, Open, Suppressed
from lamward.model.report import Failure, Report
from lamward.report.escape import xml_text
from lamward.report.options import Options
from lamward.report.order import condition, file_of, place
from lamward.report.summary import counted


class _Case(Struct, frozen=True):
    """One test case: its check, the file, the lines inside, and how it ended."""

    name: str
    family: str
    file: str
    line: int
    outcome: str
    body: tuple[str, ...]


def render(report: Report, _options: Options) -> str:
    """Render a failure for each check and file with open findings, an error for each audit failure."""
    suites = [*_suites(report), *_failures(report.failures)]
    cases = [case for _, suite in suites for case in suite]
    attributes = _attributes(name="lamward", **_tally(cases), time=f"{report.seconds:.3f}")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{attributes}>"]
    for name, suite in suites:
        lines.append(f"  <testsuite{_attributes(name=name, **_tally(suite))}>")
        lines.extend(line for case in suite for line in _case(case))
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suites(report: Report) -> Iterator[tuple[str, list[_Case]]]:
    families = {check.name: check.family for check in report.checks}
    groups: dict[str, dict[tuple[str, str], list[Finding]]] = {
        application.name: {} for application in report.applications
    }
    for finding in report.findings:
        key = (finding.check, file_of(finding.location, finding.application))
        groups.setdefault(finding.application, {}).setdefault(key, []).append(finding)
    for application, cases in groups.items():
        failing = {check for check, _ in cases}
        passing = [_passing(name, families[name], application) for name in families if name not in failing]
        finished = [_finished(found, families.get(check, "")) for (check, _), found in cases.items()]
        yield application, finished + passing


def _passing(name: str, family: str, file: str) -> _Case:
    return _Case(name, family, file, 1, "passed", ())


def _finished(findings: Sequence[Finding], family: str) -> _Case:
    """Make the case of one check and file: a failure, or skipped when every finding was accepted."""
    shown = [finding for finding in findings if isinstance(finding.status, Open)]
    first = (shown or findings)[0]
    return _Case(
        name=first.check,
        family=family,
        file=file_of(first.location, first.application),
        line=first.location.span.line,
        outcome="failure" if shown else "skipped",
        body=tuple(map(_told, shown)) if shown else (_accepted(findings),),
    )


def _told(finding: Finding) -> str:
    when = f" ({condition(finding.when)})" if finding.when else ""
    return (
        f"{place(finding.location, finding.application)}: [{finding.severity.value}] {finding.message}{when}"
    )


def _accepted(findings: Sequence[Finding]) -> str:
    reasons = (finding.status.reason for finding in findings if isinstance(finding.status, Suppressed))
    return next(reasons, "") or f"{counted(len(findings), 'finding')} accepted"


def _failures(failures: Sequence[Failure]) -> Iterator[tuple[str, list[_Case]]]:
    if failures:
        yield "not audited", list(map(_failed, failures))


def _failed(failure: Failure) -> _Case:
    said = f"{place(failure.location)}: {failure.message}"
    return _Case(
        name=failure.kind,
        family="audit",
        file=file_of(failure.location),
        line=failure.location.span.line,
        outcome="error",
        body=(said, failure.hint) if failure.hint else (said,),
    )


def _tally(cases: Sequence[_Case]) -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(outcomes.count("failure")),
        "errors": str(outcomes.count("error")),
        "skipped": str(outcomes.count("skipped")),
    }


def _case(case: _Case) -> Iterator[str]:
    attributes = _attributes(
        classname=case.family or "checks",
        name=f"{case.name} {case.file}",
        file=case.file,
        line=str(case.line),
    )
    opening = f"    <testcase{attributes}"
    if case.outcome == "passed":
        yield f"{opening}/>"
        return
    more = f" (and {len(case.body) - 1} more)" if len(case.body) > 1 and case.outcome == "failure" else ""
    yield f"{opening}>"
    if case.outcome == "skipped":
        yield f"      <skipped{_attributes(message=case.body[0])}/>"
    else:
        yield f"      <{case.outcome}{_attributes(message=case.body[0] + more, type=case.name)}>"
        yield from map(xml_text, case.body)
        yield f"      </{case.outcome}>"
    yield "    </testcase>"


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{xml_text(value)}"' for name, value in values.items())
