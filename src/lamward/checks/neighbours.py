"""What the checks of stores have in common: a problem for each branch in which one lacks what it should have."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lamward.checks.framework import Answer
from lamward.checks.repairs import Edits, change, put, safe, unsafe
from lamward.facts import Facts
from lamward.facts.settings import Unmet, case_of
from lamward.facts.stores import Demand, lacks, users_of
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Fix, Problem, Related
from lamward.model.value import Known


def lacking(
    resource: Resource,
    facts: Facts,
    demand: Demand,
    message: str,
    *,
    remedy: str,
    title: str = "",
    caution: str = "",
    discriminator: str = "",
    edits: Callable[[Unmet], Edits] | None = None,
    answers: Iterable[Unmet] | None = None,
) -> Answer:
    """Yield a problem where a store around a function lacks something, a doubt where that cannot be told.

    `title` says what the fix does that gives the store what it lacks; `caution` in a clause what else that changes.
    `edits` are for what no single value gives; `answers` what is lacking, where that is asked of other resources too.
    """
    for answer in lacks(facts, resource, demand) if answers is None else answers:
        if answer.doubt:
            yield Doubt(answer.location, answer.doubt, when=answer.when)
            continue
        yield Problem(
            answer.location,
            message,
            when=answer.when,
            discriminator=discriminator,
            related=users(resource, facts),
            severity=demand.severity,
            persona=demand.persona,
            help=remedy,
            fix=_fix(title, edits(answer) if edits else set_as(resource, facts, demand, answer), caution),
        )


def _fix(title: str, edits: Edits, caution: str) -> Fix | None:
    if not title:
        return None
    return unsafe(title, edits, why=caution) if caution else safe(title, edits)


def users(resource: Resource, facts: Facts) -> tuple[Related, ...]:
    """Point at the functions that depend on a resource."""
    return tuple(Related(each.location, "depends on it") for each in users_of(facts, resource))


def set_as(resource: Resource, facts: Facts, demand: Demand, answer: Unmet) -> Edits:
    """Give a store what it lacks; None where no single value does, or its author wrote it in a form SAM expands."""
    if demand.remedy is None or facts.application.declared.get(resource.id) != resource.type:
        return None
    return settle(resource, facts, answer, *map(str, demand.ways[0].path), to=demand.remedy)


def settle(resource: Resource, facts: Facts, answer: Unmet, *path: str, to: object) -> Edits:
    """Change the value that is wrong where it is defined, or give a property that is not there one."""
    if isinstance(answer.value, Known):
        return change(facts, case_of(answer), to)
    return put(resource, *path, to=to, now=answer.value)
