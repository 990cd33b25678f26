"""Whether the roles of functions may write to the log groups that the functions write to."""

from __future__ import annotations

import re
from typing import Final

from lamward.facts import Facts
from lamward.facts.breadth import allows, plain
from lamward.facts.grants import functions_of
from lamward.facts.needs.held import Granted, held_by
from lamward.facts.needs.platform import platform_of
from lamward.facts.rights import statements_on
from lamward.model.application import Function, Role
from lamward.model.value import Case, ReferenceKind, Symbolic, Unknown, Value

WRITING: Final = "logs:PutLogEvents"
_ANY_GROUP: Final = re.compile(r"\*|arn:(?:[^:]*:){4}(?:log-group:\*.*|\*)", re.DOTALL)

_OUTSIDE: Final = frozenset({ReferenceKind.PARAMETER, ReferenceKind.IMPORT, ReferenceKind.DYNAMIC})


def functions_without_logs(facts: Facts, role: Role) -> tuple[Function, ...]:
    """List the functions of a role that surely may not write to their log group, though to some other."""
    written = _resources(facts, role)
    # Most roles may write to all groups: nothing has to be asked.
    if any(_ANY_GROUP.fullmatch(plain(case)) for case in written):
        return ()
    held = held_by(facts, role)
    return tuple(
        function
        for function in functions_of(facts, (role,))
        if (writes := [each for each in platform_of(facts, function) if each.action == WRITING])
        and all(
            all(_given(case.value) == _given(each.resource) for case in written)
            and held.answers([each])[0].granted is Granted.NO
            for each in writes
        )
    )


def _given(value: Value) -> frozenset[str]:
    """Name what only who deploys knows of an ARN: two that have the same of it can be compared."""
    if isinstance(value, Unknown):
        return frozenset({""})
    references = value.references if isinstance(value, Symbolic) else ()
    return frozenset(each.target for each in references if each.kind in _OUTSIDE)


def _resources(facts: Facts, role: Role) -> list[Case]:
    statements = (each for each in statements_on(facts, role, WRITING) if allows(each))
    return [case for statement in statements for case in statement.resources or ()]
