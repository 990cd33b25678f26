"""Actions that have a question of their own: which statements allow them widely, and which check speaks of it.

A service's wildcard (`kms:*`) stays with `service-wide-action`, a pattern that names other things too (`iam:P*`) with
`wildcard-resource`; so every action of a statement is spoken of once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.actions import concerns, may_stand_beside, named
from lamward.facts.breadth import Reach, allows, bounded, plain, wide_reaches
from lamward.facts.grants import Grant, functions_of, statements
from lamward.facts.power import able
from lamward.model.access import Truth
from lamward.model.finding import Doubt
from lamward.model.policy import Statement
from lamward.model.value import Guard, Unknown, both, location_of

TOPICS: Final = ("pass", "assume", "decrypt", "change", "read")


class Wide(Struct, frozen=True):
    """A statement that allows actions of a topic on every resource of their kind: the action patterns, and when."""

    grant: Grant
    statement: Statement
    reaches: tuple[Reach, ...]
    when: Guard


def wide(facts: Facts, topic: str) -> Iterator[Wide]:
    """List the statements that allow a topic's actions on every resource and are not denied it elsewhere."""
    for grant, statement in statements(facts):
        named_here = any(named(plain(case), topic) for case in statement.actions or ())
        if not named_here or not _asked(statement, topic):
            continue
        by_guard: dict[Guard, list[Reach]] = defaultdict(list)
        for reach in wide_reaches(statement):
            when = None if reach.when is None else both(grant.when, reach.when)
            if when is not None and _on_topic(reach, topic) and _granted(facts, grant, reach, topic):
                by_guard[when].append(reach)
        for when, found in by_guard.items():
            yield Wide(grant, statement, tuple(found), when)


def unseen(facts: Facts, topic: str) -> Iterator[Doubt]:
    """Say of which resources of a topic's actions nothing at all is known."""
    for grant, statement in statements(facts):
        chosen = statement.resources or ()
        if (
            allows(statement)
            and not bounded(statement)
            and _asked(statement, topic)
            and all(isinstance(case.value, Unknown) for case in chosen)
            and any(named(plain(case), topic) for case in statement.actions or ())
        ):
            for case in chosen:
                when = both(grant.when, case.when)
                if isinstance(case.value, Unknown) and case.value not in statement.unreadable:
                    yield Doubt(location_of(case.value), case.value.reason, when=when or case.when)


def _asked(statement: Statement, topic: str) -> bool:
    """Tell whether a topic's check speaks of a statement: a role passed to one service only is half the way."""
    return topic != "pass" or not any(
        entry.key.lower() == "iam:passedtoservice"
        and not entry.when
        and "not" not in entry.operator.lower()
        and entry.operator.lower() != "null"
        and all(plain(value).strip("*") for value in entry.values)
        for entry in statement.conditions
    )


def _on_topic(reach: Reach, topic: str) -> bool:
    """Tell whether a wide action pattern is about a topic and nothing else."""
    names = [action.name for action in reach.examples]
    about = any(concerns(name, topic) for name in names)
    return about and all(may_stand_beside(name, topic) for name in names)


def _granted(facts: Facts, grant: Grant, reach: Reach, topic: str) -> bool:
    """Ask the engine whether any of the roles really may, whatever else its policies say."""
    names = [action.name for action in reach.examples if concerns(action.name, topic)]
    return any(able(facts, role, name) is not Truth.NO for role in grant.roles for name in names)


def left_over(facts: Facts, grant: Grant, statement: Statement, found: list[Reach]) -> list[Reach]:
    """Leave out the wide action patterns of a statement that are the matter of a check of their own."""
    topics = [
        topic
        for topic in TOPICS
        if _asked(statement, topic)
        and any(_on_topic(each, topic) for each in found)
        and (topic != "change" or functions_of(facts, grant.roles))
    ]
    return [each for each in found if not any(_covered(each, topic) for topic in topics)]


def _covered(reach: Reach, topic: str) -> bool:
    return all(may_stand_beside(action.name, topic) for action in reach.examples)
