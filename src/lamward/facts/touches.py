"""Which functions of the application a statement of a role is about, by their names in one imagined deployment."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.actions import named
from lamward.facts.breadth import allows, bounded, plain, reaches_everything, wide_reaches
from lamward.facts.grants import Grant, functions_of, statements
from lamward.facts.power import able, imagined
from lamward.iam import catalogue
from lamward.iam.pattern import matcher
from lamward.model.access import Truth
from lamward.model.application import Function
from lamward.model.policy import Statement
from lamward.model.value import Case, Guard, Reference, Symbolic, both, text_of


class Touch(Struct, frozen=True):
    """Actions of a topic that a statement allows: on every function (`everywhere`), or on these of the application.

    `holders` are the functions that run with the roles, `cases` the action patterns as they are written.
    """

    grant: Grant
    cases: tuple[Case, ...]
    actions: tuple[str, ...]
    functions: tuple[Function, ...]
    holders: tuple[Function, ...]
    when: Guard
    everywhere: bool = False


def touches(facts: Facts, topic: str) -> Iterator[Touch]:
    """List what the statements of execution roles allow of a topic; one answer a statement and branch."""
    for grant, statement in statements(facts):
        if not allows(statement) or bounded(statement):
            continue
        chosen = [case for case in statement.actions or () if named(plain(case), topic)]
        told: list[Guard] = []
        for when in _guards(grant, statement, chosen):
            if any(set(wider) <= set(when) for wider in told):
                continue
            there = [case for case in chosen if both(when, case.when) == when]
            touch = _touch(facts, grant, statement, chosen=there, topic=topic, when=when) if there else None
            if touch is not None:
                told.append(when)
                yield touch


def _guards(grant: Grant, statement: Statement, chosen: list[Case]) -> Iterator[Guard]:
    """List the branches on which an action and a resource meet, the widest first."""
    within = both(grant.when, statement.when)
    found: set[Guard] = set()
    for case in chosen:
        for resource in statement.resources or ():
            joined = both(case.when, resource.when)
            when = None if joined is None or within is None else both(within, joined)
            if when is not None:
                found.add(when)
    yield from sorted(found, key=lambda when: (len(when), when))


def _touch(
    facts: Facts, grant: Grant, statement: Statement, *, chosen: list[Case], topic: str, when: Guard
) -> Touch | None:
    resources = [case for case in statement.resources or () if both(when, case.when) == when]
    everywhere = _everywhere(facts, grant, statement, topic, resources)
    actions = tuple(dict.fromkeys(each for case in chosen for each in named(plain(case), topic)))
    found = tuple(
        function
        for function in facts.application.functions
        if any(_about(facts, case, function) for case in resources)
        and any(
            able(facts, role, action, imagined(facts).arn(function.id)) is not Truth.NO
            for role in grant.roles
            for action in actions
        )
    )
    if not everywhere and not found:
        return None
    holders = functions_of(facts, grant.roles)
    return Touch(grant, tuple(chosen), actions, found, holders, when, everywhere)


def _everywhere(facts: Facts, grant: Grant, statement: Statement, topic: str, resources: list[Case]) -> bool:
    """Tell whether it is about all functions there are, also where the action cannot be held to single ones."""
    wide = {
        action.name
        for reach in wide_reaches(statement)
        if reach.resource in resources
        for action in reach.examples
    }
    if any(map(reaches_everything, resources)):
        wide |= {
            action
            for case in statement.actions or ()
            for action in named(plain(case), topic)
            if (known := catalogue.action(action)) is not None and not known.supports_resources
        }
    asked = [
        action for case in statement.actions or () for action in named(plain(case), topic) if action in wide
    ]
    return any(able(facts, role, action) is not Truth.NO for role in grant.roles for action in asked)


def _about(facts: Facts, resource: Case, function: Function) -> bool:
    """Tell whether a resource pattern is about a function, where all of it is known or belongs to the application."""
    bindings = imagined(facts).bindings
    arn = imagined(facts).arn(function.id)
    match resource.value:
        case Symbolic(parts=parts):
            filled = [bindings.get(part, "") if isinstance(part, Reference) else part for part in parts]
            return all(filled) and bool(matcher("".join(filled))(arn))
        case _:
            text = text_of(resource.value)
            return text is not None and bool(matcher(text)(arn))
