"""Stories as JSON tells them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from lamward.model.finding import Severity
from lamward.model.report import Entry, Story, StoryStep
from lamward.report.machine_places import Assumption, Place, place, when


class MachineStoryStep(Struct, frozen=True):
    """A step of a story in words, and the finding that tells it; `fingerprint` is "" where nobody can tell."""

    says: str
    check: str
    location: Place
    fingerprint: str


class MachineCut(Struct, frozen=True):
    """The finding whose repair closes the most paths of a story, how many, and what to do."""

    step: MachineStoryStep
    closes: Annotated[int, Meta(ge=1)]
    advice: str


class MachineStory(Struct, frozen=True):
    """Findings that together are one path: the ways in, the functions on it, and the worst that waits at the end.

    `entries` say how one comes in: a function is `invoked` without any right to it, or `fed` with data, or a role is
    `taken`. With a `doubt` nobody can tell whether the path is open.
    """

    application: str
    severity: Severity
    title: str
    entries: tuple[Entry, ...]
    who: str
    does: str
    ways: tuple[MachineStoryStep, ...]
    through: tuple[str, ...]
    ends: tuple[MachineStoryStep, ...]
    cut: MachineCut | None
    when: tuple[Assumption, ...]
    doubt: str


def told(story: Story) -> MachineStory:
    """Tell a story."""
    return MachineStory(
        application=story.application,
        severity=story.severity,
        title=story.title,
        entries=story.entries,
        who=story.who,
        does=story.does,
        ways=tuple(_step(step, story.application) for step in story.ways),
        through=story.through,
        ends=tuple(_step(step, story.application) for step in story.ends),
        cut=MachineCut(_step(story.cut.step, story.application), story.cut.closes, story.cut.advice)
        if story.cut
        else None,
        when=when(story.when),
        doubt=story.doubt,
    )


def _step(step: StoryStep, application: str) -> MachineStoryStep:
    return MachineStoryStep(step.says, step.check, place(step.location, application), step.fingerprint)
