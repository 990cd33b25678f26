"""Findings that are one path, told as one story: who comes in where, what waits at the end, and where to cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.errors import is_debugging
from lamward.facts import Facts
from lamward.facts.doors import ANY_ACCOUNT, INTERNET, KEY_HOLDERS, Door, DoorKind
from lamward.facts.ends import End, EndKind
from lamward.facts.paths import Path, paths
from lamward.model.finding import Baselined, Finding, FixSafety, Open
from lamward.model.location import Location, Step
from lamward.model.report import Cut, Entry, Failure, Story, StoryStep

AT_DOORS: Final[Mapping[DoorKind, str]] = {
    DoorKind.URL: "public-function-url",
    DoorKind.WEB: "open-web-endpoint",
    DoorKind.ROUTE: "open-api-route",
    DoorKind.PERMISSION: "public-resource-policy",
    DoorKind.TRUST: "open-trust-policy",
    DoorKind.QUEUE: "public-queue-policy",
    DoorKind.TOPIC: "public-topic-policy",
    DoorKind.BUCKET: "public-trigger-bucket",
    DoorKind.BUS: "public-event-bus",
}
"""The check that tells of each kind of door."""

AT_ENDS: Final[Mapping[EndKind, tuple[str, ...]]] = {
    EndKind.ADMINISTRATOR: ("full-administrator-role", "service-wide-action"),
    EndKind.ASCENT: ("privilege-escalation",),
    EndKind.ACCOUNT_WIDE: (
        "wildcard-resource",
        "service-wide-action",
        "broad-managed-policy",
        "allow-with-not-action",
        "allow-with-not-resource",
        "assume-any-role",
        "self-changing-role",
    ),
}
"""The checks that tell of each kind of end."""

_OF_ENDS: Final = frozenset(check for checks in AT_ENDS.values() for check in checks)

_WIDEST: Final = (INTERNET, ANY_ACCOUNT, KEY_HOLDERS)


class Walked(Struct, frozen=True):
    """The paths of one application; a `failure` where they could not be walked."""

    application: str
    paths: tuple[Path, ...] = ()
    failure: Failure | None = None


def walk(facts: Facts) -> Walked:
    """Walk the paths of an application; a crash takes none of its findings along."""
    name = facts.application.name
    try:
        return Walked(name, paths(facts))
    except Exception as crash:
        if is_debugging():
            raise
        # As with a check: a crash must not look like "no story", and its message may quote the template.
        failure = Failure(
            "crashed-check",
            f"following paths through the application crashed ({type(crash).__name__})",
            facts.application.location,
            "this is a bug in lamward: please report it; the findings are complete",
        )
        return Walked(name, failure=failure)


class _Standing:
    """The findings of one application that nobody has accepted, by their places."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._at: dict[tuple[str, Location], Finding] = {}
        self._in: dict[tuple[str, tuple[Step, ...]], list[tuple[int, Finding]]] = defaultdict(list)
        for position, each in enumerate(findings):
            file, path = each.location.span.file, each.location.path
            self._at.setdefault((each.check, each.location), each)
            for depth in range(len(path) + 1) if each.check in _OF_ENDS else ():
                self._in[file, path[:depth]].append((position, each))

    def at(self, door: Door) -> Finding | None:
        """Give the finding of a door, None where it has none."""
        found = (self._at.get((AT_DOORS[door.kind], place)) for place in door.places)
        return next(filter(None, found), None)

    def inside(self, end: End) -> tuple[Finding, ...]:
        """Give the findings inside the places where the end of a path is allowed."""
        found = {
            position: each
            for place in end.places
            for position, each in self._in.get((place.span.file, place.path), ())
            if each.check in AT_ENDS[end.kind]
        }
        return tuple(found[position] for position in sorted(found))


def tell(walked: Sequence[Walked], findings: Sequence[Finding]) -> tuple[Story, ...]:
    """Tell the stories of applications out of a report's findings, worst first.

    Only findings that nobody has accepted make one: a door that is suppressed is one that somebody looks after.
    """
    standing: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        if isinstance(each.status, Open | Baselined):
            standing[each.application].append(each)
    told = [story for each in walked for story in _stories(each, _Standing(standing[each.application]))]
    return tuple(sorted(told, key=_order))


def _order(story: Story) -> tuple[bool, int, bool, int]:
    # What is invoked is nearer than what is only fed; more ways in are found sooner.
    return bool(story.doubt), -story.severity.rank, story.entries == (Entry.FED,), -len(story.ways)


def _stories(walked: Walked, standing: _Standing) -> Iterator[Story]:
    groups: dict[tuple[str, bool], list[Path]] = defaultdict(list)
    for path in walked.paths:
        groups[path.role.id, bool(path.doubt)].append(path)
    for found in groups.values():
        story = _story(walked.application, found, standing)
        if story is not None:
            yield story


def _story(application: str, found: Sequence[Path], standing: _Standing) -> Story | None:
    """Tell one story of the paths that end with the same role; None where a part of it is no finding."""
    end = found[0].end
    ends = standing.inside(end)
    ways = [(path, finding) for path in found if (finding := standing.at(path.door)) or path.door.doubt]
    doors = list({finding.fingerprint: finding for _, finding in ways if finding}.values())
    # What the baseline holds whole is known.
    if not ends or not ways or not any(isinstance(each.status, Open) for each in (*ends, *doors)):
        return None
    open_paths = [path for path, _ in ways]
    who = min((path.door.who for path in open_paths), key=_WIDEST.index)
    story = Story(
        application=application,
        severity=end.severity,
        entries=tuple(entry for entry in Entry if any(path.door.entry is entry for path in open_paths)),
        who=who,
        does=end.does,
        ways=tuple(_steps(ways, who)),
        through=tuple(dict.fromkeys(path.door.through for path in open_paths if path.door.through)),
        ends=tuple(_told_by(each, each.message) for each in ends),
        when=min((path.when for path in open_paths), key=len),
        doubt=next((path.doubt for path in open_paths if path.doubt), ""),
    )
    return story if story.doubt else _with_cut(story, doors, ends)


def _steps(ways: Sequence[tuple[Path, Finding | None]], who: str) -> Iterator[StoryStep]:
    """Write one step a finding, however many ways it opens."""
    groups: dict[str, list[tuple[Path, Finding | None]]] = defaultdict(list)
    for number, (path, finding) in enumerate(ways):
        groups[finding.fingerprint if finding else str(number)].append((path, finding))
    for (path, finding), *others in groups.values():
        says = path.door.does if path.door.who == who else f"{path.door.who} may {path.door.does}"
        says += f", and {len(others)} more like it" if others else ""
        if finding is not None:
            yield _told_by(finding, says)
        else:
            yield StoryStep(says, AT_DOORS[path.door.kind], path.door.places[0], "")


def _told_by(finding: Finding, says: str) -> StoryStep:
    return StoryStep(says, finding.check, finding.location, finding.fingerprint)


def _with_cut(story: Story, doors: Sequence[Finding], ends: Sequence[Finding]) -> Story:
    """Choose the finding whose repair closes the most paths; among equals one with a fix, then a door.

    A door closes the paths to every end, an end the paths from every door.
    """
    closes = {each.fingerprint: len(story.ends) for each in doors}
    closes |= {each.fingerprint: len(story.ways) for each in ends}
    best = max((*doors, *ends), key=lambda each: (closes[each.fingerprint], _ease(each)))
    steps = {step.fingerprint: step for step in (*story.ends, *story.ways)}
    advice = best.fix.title if best.fix else best.help
    return replace(story, cut=Cut(steps[best.fingerprint], closes[best.fingerprint], advice))


def _ease(finding: Finding) -> int:
    """Rank how easily a finding is repaired."""
    if finding.fix is None:
        return 0
    return 2 if finding.fix.safety is FixSafety.SAFE else 1
