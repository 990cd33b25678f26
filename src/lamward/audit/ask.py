"""Asking: every check, once per subject, with what a crash leaves standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from lamward.audit.fingerprint import fingerprints, identify
from lamward.audit.subjects import ResourceIndex, Subject, Subjects
from lamward.checks.framework import Check
from lamward.errors import is_debugging
from lamward.facts import Facts
from lamward.facts.branches import together
from lamward.facts.secret_places import secret_places
from lamward.model.application import Application
from lamward.model.finding import Doubt, Finding, Persona, Problem, Severity
from lamward.model.location import Location, Span
from lamward.model.report import Failure, Unanswered
from lamward.model.value import Guard

Told = TypeVar("Told", Problem, Doubt)


class About(Struct, frozen=True):
    """What a finding or a doubt is about, for suppressions to match: an application's resources, and a detail."""

    application: str
    resources: frozenset[str]
    discriminator: str = ""


class Raised(Struct, frozen=True):
    """A finding and what it is about."""

    finding: Finding
    about: About


class Doubted(Struct, frozen=True):
    """An unanswered question and what it is about."""

    unanswered: Unanswered
    about: About


class Answers(Struct, frozen=True):
    """Everything the checks said, in the order of the text.

    `settled` names those that were asked without a crash; `asked` says of how many subjects each was asked, where an
    application without functions is none; `secrets` are the places that no format may show.
    """

    raised: tuple[Raised, ...]
    doubted: tuple[Doubted, ...]
    failures: tuple[Failure, ...]
    settled: frozenset[str]
    asked: Mapping[str, int] = {}
    secrets: tuple[Span, ...] = ()


class _Said(Struct, Generic[Told], frozen=True):
    """One answer of a check; `resource` is the logical id the author knows its subject by, `when` when it holds."""

    check: Check
    subject: Subject
    told: Told
    resource: str
    when: Guard


def ask(
    checks: Sequence[Check],
    facts: Facts,
    *,
    severities: Mapping[str, Severity],
    persona: Persona = Persona.AUDITOR,
) -> Answers:
    """Ask the checks about an application; `severities` replace those of the checks they name.

    What only an auditor wants to hear of a check is left out for others.
    """
    application = facts.application
    index, subjects = ResourceIndex(application), Subjects(application)
    problems: list[_Said[Problem]] = []
    doubts: list[_Said[Doubt]] = []
    crashes: dict[tuple[str, str], Failure] = {}
    asked: dict[str, int] = {}
    for check in checks:
        about = subjects.of(check) if facts.trail is not None or not check.needs_trail else ()
        asked[check.name] = len(about) if application.functions or check.subject is not Application else 0
        for subject in about:
            for told in _answers(check, subject, facts, crashes):
                when = together(facts, subject.when, told.when)
                resource = subject.resource or index.at(told.location)
                if when is None:
                    continue  # no deployment can make it true
                if isinstance(told, Problem) and Persona.AUDITOR is told.persona is not persona:
                    continue
                if isinstance(told, Problem):
                    problems.append(_Said(check, subject, told, resource, when))
                else:
                    doubts.append(_Said(check, subject, told, resource, when))
    return Answers(
        tuple(_raise(_ordered(problems), application.name, index, severities)),
        tuple(_doubt(each, application.name, index) for each in _ordered(doubts)),
        tuple(crashes.values()),
        frozenset(check.name for check in checks) - {name for name, _ in crashes},
        asked,
        secret_places(facts),
    )


def join(answers: Sequence[Answers]) -> Answers:
    """Put the answers about several applications together."""
    raised = (each for one in answers for each in one.raised)
    doubted = (each for one in answers for each in one.doubted)
    return Answers(
        tuple(sorted(raised, key=lambda each: _position(each.finding.location, each.finding.check))),
        tuple(
            sorted(doubted, key=lambda each: _position(each.unanswered.doubt.location, each.unanswered.check))
        ),
        tuple(failure for one in answers for failure in one.failures),
        frozenset.intersection(*(one.settled for one in answers)) if answers else frozenset(),
        dict(sum((Counter(one.asked) for one in answers), Counter())),
        tuple(span for one in answers for span in one.secrets),
    )


def _position(location: Location, check: str) -> tuple[str, int, int, str]:
    return (location.span.file, location.span.line, location.span.column, check)


def _answers(
    check: Check, subject: Subject, facts: Facts, crashes: dict[tuple[str, str], Failure]
) -> Iterator[Problem | Doubt]:
    try:
        yield from check.ask(subject.noun, facts)
    except Exception as crash:
        if is_debugging():
            raise
        # One crashed check must neither hide the answers of the others nor look like a passing one. Its message may
        # quote the template, so only its type is told; the same crash on the next subject would say nothing new.
        kind = type(crash).__name__
        about = f"`{subject.resource}`" if subject.resource else "the application"
        crashes.setdefault(
            (check.name, kind),
            Failure(
                "crashed-check",
                f"the check `{check.name}` crashed on {about} ({kind})",
                subject.location,
                "this is a bug in lamward: please report it; everything else was audited",
            ),
        )


def _ordered(said: list[_Said[Told]]) -> list[_Said[Told]]:
    """Sort answers by place, and keep one of those that several subjects of one resource give alike."""
    kept: dict[tuple[object, ...], _Said[Told]] = {}
    for each in sorted(said, key=_place):
        kept.setdefault(_content(each), each)
    return list(kept.values())


def _place(said: _Said[Told]) -> tuple[str | int, ...]:
    return (*_position(said.told.location, said.check.name), said.resource, _words(said.told))


def _content(said: _Said[Told]) -> tuple[object, ...]:
    told = said.told
    return (said.check.name, said.resource, told.location, said.when, _words(told), _discriminator(told))


def _words(told: Problem | Doubt) -> str:
    return told.message if isinstance(told, Problem) else told.reason


def _discriminator(told: Problem | Doubt) -> str:
    return told.discriminator if isinstance(told, Problem) else ""


def _raise(
    said: Sequence[_Said[Problem]], application: str, index: ResourceIndex, severities: Mapping[str, Severity]
) -> Iterator[Raised]:
    identities = [
        identify(each.check.name, each.resource, each.told.location.path, each.told.discriminator)
        for each in said
    ]
    for each, mark in zip(said, fingerprints(identities), strict=True):
        problem, check = each.told, each.check
        finding = Finding(
            check=check.name,
            severity=severities.get(check.name) or problem.severity or check.severity,
            confidence=problem.confidence or check.confidence,
            message=problem.message,
            location=problem.location,
            application=application,
            resource=each.resource,
            resource_type=index.type_of(each.resource) or each.subject.kind,
            fingerprint=mark,
            help=problem.help,
            when=each.when,
            related=problem.related,
            fix=problem.fix,
        )
        yield Raised(finding, _about(each, application, index))


def _doubt(said: _Said[Doubt], application: str, index: ResourceIndex) -> Doubted:
    unanswered = Unanswered(said.check.name, application, said.resource, said.told)
    return Doubted(unanswered, _about(said, application, index))


def _about(said: _Said[Told], application: str, index: ResourceIndex) -> About:
    named = {said.subject.id, said.subject.resource, index.at(said.told.location)}
    return About(application, frozenset(named - {""}), _discriminator(said.told))
