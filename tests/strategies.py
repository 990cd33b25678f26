"""Hypothesis strategies for the model; hostile text on purpose, because templates are untrusted."""

from __future__ import annotations

from hypothesis import strategies as st

from lamward.model.finding import (
    Baselined,
    Confidence,
    Doubt,
    Edit,
    EditKind,
    Finding,
    Fix,
    Fixed,
    FixSafety,
    Open,
    Related,
    Severity,
    Status,
    Suppressed,
)
from lamward.model.location import Location, Span
from lamward.model.report import (
    AuditedApplication,
    CheckSummary,
    Coverage,
    Cut,
    Entry,
    Failure,
    Report,
    Skipped,
    Story,
    StoryStep,
    Unanswered,
)
from lamward.model.value import Assumption, AssumptionKind, Guard

HOSTILE = (
    "::error file=x::gotcha",
    "::stop-commands::x",
    "##[error]gotcha",
    "##vso[task.setvariable]x",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "line\nbreak\r\nand\ttab",
    "\u202egnp.exe\u2066",
    "\ud800",
    "</failure></x>",
    "]]>",
    "<script>alert(1)</script>",
    "<!-- -->",
    "a | b \\| c \\",
    "`code` ``more`` ```",
    "![x](https://example.com/x.png) [click](https://example.com)",
    "@everyone #1 https://example.com www.example.com",
    "%0A%25,title=x:y",
    "{0} ${AWS::Region}",
    "\U000e0041\ufeff\u200b",
    "日本語 \uff37\uff29\uff24\uff25 é e\u0301",
    " leading and trailing ",
    "two\n\nparagraphs",
    "-->",
    "",
)
"""Text that breaks, or speaks to, a terminal, a build server, Markdown, XML or HTML."""

FILES = (
    "template.yaml",
    "src/app/template.json",
    "a b/ü%.yaml",
    "../outside/t.yaml",
    "/root/abs/t.yaml",
    "./x/y.yaml",
)


def hostile_text() -> st.SearchStrategy[str]:
    """Make text: hostile, any at all (halves of surrogate pairs too), or both together."""
    arbitrary = st.text(st.characters(), max_size=20)
    return st.one_of(
        st.sampled_from(HOSTILE), arbitrary, st.tuples(st.sampled_from(HOSTILE), arbitrary).map("".join)
    )


def words() -> st.SearchStrategy[str]:
    """Make harmless text of a few words."""
    word = st.sampled_from(("the", "function", "role", "allows", "everything", "orders", "a-b", "never"))
    return st.lists(word, min_size=1, max_size=6).map(" ".join)


@st.composite
def spans(draw: st.DrawFn, file: st.SearchStrategy[str]) -> Span:
    """Make a half-open span that does not end before it starts."""
    start, length = draw(st.integers(0, 5000)), draw(st.integers(0, 300))
    line, lines = draw(st.integers(1, 300)), draw(st.integers(0, 12))
    column, wide = draw(st.integers(1, 200)), draw(st.integers(0, 60))
    end_column = draw(st.integers(1, 60)) if lines else column + wide
    return Span(draw(file), start, start + length, line, column, line + lines, end_column)


def locations(text: st.SearchStrategy[str]) -> st.SearchStrategy[Location]:
    """Make a location with a path of keys and indexes."""
    path = st.lists(st.one_of(text, st.integers(0, 9)), max_size=3).map(tuple)
    return st.builds(Location, spans(st.one_of(st.sampled_from(FILES), text)), path)


def guards(text: st.SearchStrategy[str]) -> st.SearchStrategy[Guard]:
    """Make a guard of up to two assumptions."""
    assumption = st.builds(Assumption, st.sampled_from(AssumptionKind), text, text)
    return st.lists(assumption, max_size=2, unique=True).map(lambda found: tuple(sorted(found)))


def statuses(text: st.SearchStrategy[str]) -> st.SearchStrategy[Status]:
    """Make a status, mostly open."""
    return st.one_of(
        st.builds(Open),
        st.builds(Open),
        st.builds(Suppressed, text, st.sampled_from(["", "2027-03-01"]), text),
        st.builds(Baselined, st.sampled_from(["", "2026-11-21"])),
        st.builds(Fixed),
    )


def fixes(text: st.SearchStrategy[str]) -> st.SearchStrategy[Fix]:
    """Make a fix with symbolic edits."""
    value = st.one_of(st.none(), st.booleans(), text, st.dictionaries(text, text, max_size=2))
    edit = st.builds(Edit, st.sampled_from(EditKind), locations(text), st.just(("Resources", "A", 0)), value)
    return st.builds(
        Fix,
        text,
        st.lists(edit, max_size=2).map(tuple),
        st.sampled_from(FixSafety),
        st.one_of(st.just(""), text),
    )


def findings(
    text: st.SearchStrategy[str], checks: st.SearchStrategy[str], applications: st.SearchStrategy[str]
) -> st.SearchStrategy[Finding]:
    """Make a finding of one of the checks in one of the applications."""
    return st.builds(
        Finding,
        check=checks,
        severity=st.sampled_from(Severity),
        confidence=st.sampled_from(Confidence),
        message=text,
        location=locations(text),
        application=applications,
        resource=text,
        resource_type=text,
        fingerprint=st.one_of(st.just(""), st.sampled_from(["f1", "f1:2", "f2"]), st.uuids().map(str)),
        help=text,
        when=guards(text),
        related=st.lists(st.builds(Related, locations(text), text), max_size=2).map(tuple),
        fix=st.one_of(st.none(), fixes(text)),
        status=statuses(text),
    )


def check_summaries(text: st.SearchStrategy[str], name: str) -> st.SearchStrategy[CheckSummary]:
    """Make the summary of a check with a name."""
    return st.builds(
        CheckSummary,
        name=st.just(name),
        title=text,
        family=text,
        severity=st.sampled_from([severity.value for severity in Severity]),
        confidence=st.sampled_from([confidence.value for confidence in Confidence]),
        persona=st.sampled_from(["regular", "auditor"]),
        why=text,
        remedy=text,
        references=st.lists(text, max_size=2).map(tuple),
    )


def audited_applications(text: st.SearchStrategy[str], name: str) -> st.SearchStrategy[AuditedApplication]:
    """Make an audited application with a name."""
    count = st.integers(0, 200)
    skipped = st.lists(st.builds(Skipped, text, text), max_size=2).map(tuple)
    coverage = st.builds(Coverage, st.lists(text, max_size=3).map(tuple), count, count, count, count, skipped)
    return st.builds(AuditedApplication, st.just(name), st.sampled_from(["sam", "cloudformation"]), coverage)


@st.composite
def reports(draw: st.DrawFn, text: st.SearchStrategy[str] | None = None, *, max_findings: int = 8) -> Report:
    """Make a whole report; `text` is hostile unless told otherwise."""
    text = hostile_text() if text is None else text
    names = draw(st.lists(st.one_of(st.just("public-function-url"), text), max_size=3, unique=True))
    apps = draw(st.lists(st.one_of(st.just("template.yaml"), text), max_size=3, unique=True))
    some_check = st.one_of(st.sampled_from([*names, "wildcard-action"]))
    some_application = st.sampled_from([*apps, "other/template.yaml"])
    failure = st.builds(
        Failure, st.sampled_from(["unreadable", "crashed-check"]), text, locations(text), text
    )
    question = st.builds(
        Unanswered, some_check, some_application, text, st.builds(Doubt, locations(text), text, guards(text))
    )
    found = st.lists(findings(text, some_check, some_application), max_size=max_findings)
    step = st.builds(StoryStep, text, some_check, locations(text), text)
    steps = st.lists(step, min_size=1, max_size=6).map(tuple)
    story = st.builds(
        Story,
        application=some_application,
        severity=st.sampled_from(Severity),
        entries=st.lists(st.sampled_from(Entry), min_size=1, unique=True).map(tuple),
        who=text,
        does=text,
        ways=steps,
        through=st.lists(text, max_size=2).map(tuple),
        ends=steps,
        cut=st.none() | st.builds(Cut, step, st.integers(1, 9), text),
        when=guards(text),
        doubt=st.just("") | text,
    )
    return Report(
        version=draw(st.sampled_from(["0.1.0", "12.3.4"])),
        applications=tuple(draw(audited_applications(text, name)) for name in apps),
        checks=tuple(draw(check_summaries(text, name)) for name in names),
        findings=tuple(draw(found)),
        unanswered=tuple(draw(st.lists(question, max_size=2))),
        failures=tuple(draw(st.lists(failure, max_size=2))),
        skipped=tuple(draw(st.lists(st.builds(Skipped, text, text), max_size=2))),
        notices=tuple(draw(st.lists(failure, max_size=2))),
        stories=tuple(draw(st.lists(story, max_size=4))),
        seconds=draw(st.floats(0, 5000)),
        as_of=draw(st.dictionaries(text, st.just("2026-11-21"), max_size=2)),
    )
