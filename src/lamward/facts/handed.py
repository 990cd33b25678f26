"""Roles that functions hand on: what their policies let them pass, and what their variables tell them."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts
from lamward.facts.breadth import allows, plain
from lamward.facts.grants import statements
from lamward.facts.links import resources_named
from lamward.iam.pattern import matcher
from lamward.model.application import Role
from lamward.model.location import Location
from lamward.model.policy import Statement
from lamward.model.value import location_of


def handed_on(facts: Facts, role: Role) -> Iterator[Location]:
    """List where functions are let pass a role by its name, or are given it in a variable."""
    for _, statement in statements(facts):
        for case in statement.resources or () if allows(statement) and _passes(statement) else ():
            if any(each.id == role.id for each, _ in resources_named(facts, case.value, case.when)):
                yield location_of(case.value)
    for function in facts.application.functions:
        for variable in function.environment:
            if any(each.id == role.id for each, _ in resources_named(facts, variable.value, variable.when)):
                yield variable.location


def _passes(statement: Statement) -> bool:
    return any(matcher(plain(case), ignore_case=True)("iam:PassRole") for case in statement.actions or ())
