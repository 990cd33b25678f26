"""A summary for a pull request: a short table, worst first, and what each check says, folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamward.model.finding import Finding
from lamward.model.report import CheckSummary, Failure, Report
from lamward.report.escape import html_code, markdown_code, markdown_sentence, markdown_text, visible
from lamward.report.options import Options
from lamward.report.order import condition, file_of, worst_first
from lamward.report.prose import advice, first_code, opening
from lamward.report.stories import story_lines, told_stories
from lamward.report.summary import counted, summary, verdict

MAX_ROWS = 50
"""A comment may have 65,536 characters, and nobody reads a longer table."""

MAX_EXAMPLE_LINES = 12


def render(report: Report, _options: Options) -> str:
    """Render the worst open findings, what could not be audited, and the summary."""
    findings = worst_first(report.open)
    shown, rest = findings[:MAX_ROWS], len(findings) - MAX_ROWS
    parts = [f"### lamward: {verdict(report)}"]
    if shown:
        parts.append("\n".join(_table(shown)))
    if rest > 0:
        parts.append(f"and {counted(rest, 'more finding')}")
    parts.extend(_stories(report))
    parts.extend(_explanations(report, shown))
    parts.extend(_failures(report.failures))
    parts.append(summary(report))
    return "\n\n".join(parts) + "\n"


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    yield "| severity | check | place | problem |"
    yield "|---|---|---|---|"
    for finding in findings:
        where = f"{file_of(finding.location, finding.application)}:{finding.location.span.line}"
        when = f" ({markdown_sentence(condition(finding.when))})" if finding.when else ""
        yield (
            f"| {finding.severity.value} | {markdown_code(finding.check)} | {markdown_code(where)} "
            f"| {markdown_sentence(finding.message)}{when} |"
        )


def _stories(report: Report) -> Iterator[str]:
    told = told_stories(report)
    for story in told.shown:
        lines = [f"**{story.severity.value}: {markdown_sentence(story.title)}**", ""]
        lines += [f"- {lead}: {markdown_sentence(text)}" for lead, text in story_lines(story)]
        yield "\n".join(lines)
    if told.rest:
        yield markdown_sentence(told.rest)


def _explanations(report: Report, findings: Sequence[Finding]) -> Iterator[str]:
    checks = {check.name: check for check in report.checks}
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.check] = counts.get(finding.check, 0) + 1
    for name, count in counts.items():
        if name in checks:
            yield _explanation(checks[name], count)


def _explanation(check: CheckSummary, count: int) -> str:
    title = f": {markdown_text(check.title)}" if check.title else ""
    heading = f"<details><summary>{html_code(check.name)}{title} ({count})</summary>"
    why, remedy = opening(check.why), advice(check.remedy)
    parts = [
        heading,
        f"**Why** {markdown_sentence(why)}" if why else "",
        f"**How to fix** {markdown_sentence(remedy)}" if remedy else _example(check.remedy),
        "</details>",
    ]
    return "\n\n".join(part for part in parts if part)


def _example(remedy: str) -> str:
    code = first_code(remedy)
    if not code:
        return ""
    lines = "\n".join(f"    {visible(line)}".rstrip() for line in code.split("\n")[:MAX_EXAMPLE_LINES])
    return f"**How to fix** Use instead:\n\n{lines}"


def _failures(failures: Sequence[Failure]) -> Iterator[str]:
    if not failures:
        return
    yield "**Not audited**"
    lines = []
    for failure in failures[:MAX_ROWS]:
        where = f"{file_of(failure.location)}:{failure.location.span.line}"
        remedy = f" ({markdown_sentence(failure.hint)})" if failure.hint else ""
        lines.append(f"- {markdown_code(where)} {markdown_sentence(failure.message)}{remedy}")
    if len(failures) > MAX_ROWS:
        lines.append(f"- and {len(failures) - MAX_ROWS} more")
    yield "\n".join(lines)
