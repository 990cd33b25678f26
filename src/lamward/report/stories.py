"""The stories of a report in words: which are shown to people, and the lines of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from lamward.model.report import Cut, Report, Story, StoryStep
from lamward.report.order import condition, place
from lamward.report.summary import counted

MAX_STORIES = 3
MAX_STEPS = 4


class Told(Struct, frozen=True):
    """The stories that are shown, and a sentence about the rest ("" for none)."""

    shown: tuple[Story, ...]
    rest: str


def told_stories(report: Report) -> Told:
    """Choose the worst of what is sure; of the rest it is only said how many there are."""
    sure = [story for story in report.stories if not story.doubt]
    unsure = len(report.stories) - len(sure)
    more = max(len(sure) - MAX_STORIES, 0)
    parts = (
        f"{counted(more, 'more story', 'more stories')} in the JSON report" if more else "",
        f"{counted(unsure, 'path')} of which nobody can tell whether {'they are' if unsure > 1 else 'it is'} open"
        if unsure
        else "",
    )
    return Told(tuple(sure[:MAX_STORIES]), "; ".join(filter(None, parts)))


def story_lines(story: Story) -> Iterator[tuple[str, str]]:
    """Write the parts of a story: the ways in, what is at the end, and the cut, each with its lead."""
    if story.when:
        yield "if", condition(story.when).removeprefix("when ")
    yield from _steps("in", story.ways, story.application)
    yield from _steps("end", story.ends, story.application)
    if story.cut is not None:
        yield "cut", _cut(story, story.cut)


def _steps(lead: str, steps: Sequence[StoryStep], application: str) -> Iterator[tuple[str, str]]:
    shown = steps if len(steps) <= MAX_STEPS else steps[: MAX_STEPS - 1]
    for step in shown:
        yield lead, f"{step.says} ({place(step.location, application)})"
    if len(steps) > len(shown):
        yield lead, f"and {len(steps) - len(shown)} more"


def _cut(story: Story, cut: Cut) -> str:
    where = f"`{cut.step.check}` at {place(cut.step.location, story.application)}"
    advice = f"{cut.advice}: " if cut.advice else ""
    if cut.closes < story.paths:
        return f"{advice}{where} closes {cut.closes} of {story.paths} paths"
    return (
        f"{advice}{where} closes it"
        if story.paths == 1
        else f"{advice}{where} closes all {story.paths} paths"
    )
