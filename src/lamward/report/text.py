"""The report for people: findings grouped by application and check, worst first, each with its place in the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from lamward.model.finding import Confidence, Finding, Severity
from lamward.model.location import Location
from lamward.model.report import CheckSummary, Failure, Report, Story, Unanswered
from lamward.report.escape import visible
from lamward.report.excerpt import Sources, excerpt_lines
from lamward.report.layout import painted, wrapped
from lamward.report.options import Options
from lamward.report.order import condition, place
from lamward.report.prose import advice, opening
from lamward.report.stories import story_lines, told_stories
from lamward.report.summary import counted, summary

MIN_WIDTH = 40
MAX_EXCERPTS = 5
"""A check with more places than these shows its first few with their source, the others on one line each."""

FEW = 3
MAX_REPAIRS = 3

_DETAIL = "     = "


class _Group(Struct, frozen=True):
    """The findings of one check with one severity in one application."""

    application: str
    check: str
    severity: Severity
    findings: list[Finding]


def render(report: Report, options: Options) -> str:
    """Render the open findings, what could not be audited and the counts; the last line says what was audited."""
    writer = _Writer(report, options)
    blocks = [*writer.findings(), *writer.stories(), *writer.unanswered(), *writer.failures()]
    body = "".join("\n".join(block) + "\n\n" for block in blocks)
    return body + writer.conclusion() + "\n"


def _groups(report: Report) -> list[_Group]:
    """Group the open findings: applications in the report's order, then the worst, then the first in the file."""
    groups: dict[tuple[str, Severity, str], _Group] = {}
    for finding in report.open:
        key = (finding.application, finding.severity, finding.check)
        if key not in groups:
            groups[key] = _Group(finding.application, finding.check, finding.severity, [])
        groups[key].findings.append(finding)
    order = {application.name: index for index, application in enumerate(report.applications)}
    return sorted(
        groups.values(),
        key=lambda group: (
            order.get(group.application, len(order)),
            "" if group.application in order else group.application,
            -group.severity.rank,
        ),
    )


class _Writer:
    """Writes the parts of one report as blocks of lines."""

    def __init__(self, report: Report, options: Options) -> None:
        self._report = report
        self._options = options
        self._width = max(options.width, MIN_WIDTH)
        self._sources = Sources(options.sources)
        self._checks = {check.name: check for check in report.checks}

    def findings(self) -> Iterator[list[str]]:
        """Write a block for each group, and a heading where there are several applications."""
        heading = ""
        several = len({finding.application for finding in self._report.open}) > 1
        for group in _groups(self._report):
            if several and group.application != heading:
                heading = group.application
                yield [self._paint(f"== {visible(heading)} ==", "strong")]
            yield list(self._group(group))

    def stories(self) -> Iterator[list[str]]:
        """Write the worst stories that findings tell together, and how many more there are."""
        told = told_stories(self._report)
        for story in told.shown:
            yield list(self._story(story))
        if told.rest:
            yield list(wrapped("", told.rest, self._width, indent=0))

    def unanswered(self) -> Iterator[list[str]]:
        """Write the questions nobody could answer, when they are wanted."""
        if self._options.show_unanswered and self._report.unanswered:
            yield [line for question in self._report.unanswered for line in self._question(question)]

    def failures(self) -> Iterator[list[str]]:
        """Write what could not be audited, and notices about the audit."""
        for lead, style, items in (
            ("not audited", "critical", self._report.failures),
            ("notice", "medium", self._report.notices),
        ):
            if items:
                yield [line for item in items for line in self._failure(lead, style, item)]

    def conclusion(self) -> str:
        """Write the count of open questions and, as the last line, never broken, the summary."""
        waiting = len(self._report.unanswered)
        if not waiting or self._options.show_unanswered:
            return summary(self._report)
        hint = f"{counted(waiting, 'question')} could not be answered; --show-unanswered lists them"
        return "\n".join([*wrapped("", hint, self._width, indent=0), summary(self._report)])

    def _group(self, group: _Group) -> Iterator[str]:
        first, *others = group.findings
        check = self._checks.get(group.check)
        shared = all(finding.message == first.message for finding in others)
        headline = first.message if shared or check is None or not check.title else check.title
        if others:
            headline = f"{headline.removesuffix('.')} ({len(group.findings)} places)"
        yield from self._headline(group.severity.value, group.check, headline)
        remedies = dict.fromkeys(filter(None, map(_remedy, group.findings)))
        shown = len(group.findings) if len(group.findings) <= MAX_EXCERPTS else FEW
        for index, finding in enumerate(group.findings):
            said = "" if shared else finding.message
            yield from self._place(finding, said, brief=index >= shown, remedy=len(remedies) > 1)
        yield from self._explanation(list(remedies), group.findings, check)

    def _story(self, story: Story) -> Iterator[str]:
        yield from self._headline(story.severity.value, "story", story.title)
        for lead, text in story_lines(story):
            yield from self._lead(f"{lead:>5}: ", visible(text))

    def _headline(self, word: str, name: str, text: str) -> Iterator[str]:
        tag, bracket = word, f"[{visible(name)}]: "
        first, *others = wrapped(tag + bracket, visible(text), self._width, indent=2)
        yield self._paint(tag, word if word in _SEVERITY_WORDS else "strong") + first[len(tag) :]
        yield from others

    def _place(self, finding: Finding, message: str, *, brief: bool, remedy: bool) -> Iterator[str]:
        """Write one place; beyond the first few only its line, and the remedy only where remedies differ."""
        where = place(finding.location, finding.application)
        resource = f" in {visible(finding.resource)}" if finding.resource else ""
        said = f": {visible(message)}" if message else ""
        yield from self._lead("  --> ", f"{where}{resource}{said}")
        if not brief:
            yield from self._excerpt(finding)
        for detail in _details(finding, brief=brief):
            yield from self._lead(_DETAIL, visible(detail))
        if remedy and not brief and _remedy(finding):
            yield from self._lead(_DETAIL, f"fix: {_one_line(_remedy(finding))}")

    def _excerpt(self, finding: Finding) -> Iterator[str]:
        for line in excerpt_lines(finding.location.span, self._sources.excerpt(finding), self._width):
            text = self._paint(line.text, finding.severity.value) if line.underline else line.text
            gutter = self._paint(line.gutter, "faint")
            yield f"{gutter} {text}" if line.text else gutter

    def _explanation(
        self, remedies: list[str], findings: Sequence[Finding], check: CheckSummary | None
    ) -> Iterator[str]:
        """Say once why it matters and how to repair it."""
        if check is not None and check.why:
            yield from self._lead("  why: ", visible(opening(check.why)))
        if len(remedies) == 1:
            yield from self._lead("  fix: ", _one_line(remedies[0]))
        repairs = _repairs(findings)
        for repair in repairs[:MAX_REPAIRS]:
            yield from self._lead("  fix: ", _one_line(repair))
        if not remedies and not repairs and check is not None and check.remedy:
            yield from self._check_remedy(check)

    def _check_remedy(self, check: CheckSummary) -> Iterator[str]:
        words = advice(check.remedy)
        if words:
            yield from self._lead("  fix: ", visible(words))
            return
        yield from self._lead("  fix: ", f"`lamward explain {check.name}` shows what to write instead")

    def _question(self, question: Unanswered) -> Iterator[str]:
        where = place(question.doubt.location, question.application)
        resource = f" in {visible(question.resource)}" if question.resource else ""
        yield from self._headline("unanswered", question.check, question.doubt.reason)
        yield from self._lead("  --> ", where + resource)
        if question.doubt.when:
            yield from self._lead(_DETAIL, visible(condition(question.doubt.when)))

    def _failure(self, lead: str, style: str, failure: Failure) -> Iterator[str]:
        where = f"{place(failure.location)}: " if failure.location.span.file else ""
        first, *others = wrapped(f"{lead}: ", where + visible(failure.message), self._width, indent=2)
        yield self._paint(lead, style) + first[len(lead) :]
        yield from others
        if failure.hint:
            yield from self._lead("  help: ", visible(failure.hint))

    def _lead(self, lead: str, text: str) -> Iterator[str]:
        first, *others = wrapped(lead, text, self._width, indent=len(lead))
        yield (
            self._paint(first[: len(lead)], "faint" if lead.endswith(("> ", "= ")) else "strong")
            + first[len(lead) :]
        )
        yield from others

    def _paint(self, text: str, style: str) -> str:
        return painted(text, style, colour=self._options.colour)


_SEVERITY_WORDS = frozenset(severity.value for severity in Severity)


def _details(finding: Finding, *, brief: bool) -> Iterable[str]:
    """Say what must hold for a finding, how sure it is, and which other places belong to it."""
    if finding.when:
        yield condition(finding.when)
    if finding.confidence is not Confidence.HIGH and not brief:
        yield f"confidence {finding.confidence.value}"
    if not brief:
        yield from _related(finding)


def _related(finding: Finding) -> Iterator[str]:
    """Say the other places of a finding; several in its own file with the same note by line, in one sentence."""
    groups: dict[tuple[str, str], list[Location]] = {}
    for related in finding.related:
        groups.setdefault((related.location.span.file, related.note), []).append(related.location)
    for (file, note), locations in groups.items():
        if len(locations) > 1 and file == finding.location.span.file:
            lines = dict.fromkeys(str(location.span.line) for location in locations)
            yield f"{note or 'see'}: lines {', '.join(lines)}"
        else:
            places = map(place, locations) if file else ("" for _ in locations)
            yield from (": ".join(part for part in (where, note) if part) for where in places)


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _remedy(finding: Finding) -> str:
    return finding.help


def _repairs(findings: Sequence[Finding]) -> list[str]:
    """Say what `lamward fix` can do about findings, and what has to be thought of."""
    fixes = dict.fromkeys((fix.title, fix.why_unsafe) for each in findings if (fix := each.fix) and fix.edits)
    return [
        f"`lamward fix --unsafe` can {title}: {why}" if why else f"`lamward fix` can {title}"
        for title, why in fixes
    ]
