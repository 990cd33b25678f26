"""What the texts of statements say on their own: which patterns meet, which services and keys they name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from lamward.iam import operands, pattern
from lamward.iam.automaton import STAR, Characters, Exhausted, Tokens, common, included
from lamward.iam.conditions import written
from lamward.iam.prove.answers import GaveUp
from lamward.iam.prove.sides import Clause
from lamward.iam.worlds import every
from lamward.model.access import Policies
from lamward.model.policy import Statement
from lamward.model.value import Case, Reference, ReferenceKind, Symbolic

COVERING: Final = 500
"""How many states may be looked at to see whether a resource pattern covers another."""


@lru_cache(maxsize=65_536)
def meets(first: Tokens, second: Tokens) -> bool:
    """Tell whether some text is matched by both patterns."""
    for one, other in zip(first, second, strict=False):
        if one.starred or other.starred:
            break
        if _apart(one.characters, other.characters):
            return False
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if one.starred or other.starred:
            break
        if _apart(one.characters, other.characters):
            return False
    return common((first, second)) is not None


def _apart(first: Characters, second: Characters) -> bool:
    """Tell whether two sets of listed characters have none in common."""
    return not (first.negated or second.negated or first.members & second.members)


@lru_cache(maxsize=65_536)
def covers(general: Tokens, specific: Tokens) -> bool:
    """Tell whether every text of one pattern is one of the other; false where that takes long to tell."""
    if general in ((STAR,), specific):
        return True
    try:
        return included(specific, general, limit=COVERING)
    except Exhausted:
        return False


def statements_of(sets: tuple[Policies, ...]) -> list[Statement]:
    """List the statements of all layers."""
    return [each for policies in sets for document in every(policies) for each in document.statements]


def unreadable(sets: tuple[Policies, ...]) -> str:
    """Say why a part of the policies cannot be read; empty when all of it can."""
    documents = (document for policies in sets for document in every(policies))
    parts = (
        part
        for one in documents
        for part in (*one.unreadable, *(each for s in one.statements for each in s.unreadable))
    )
    return next((part.reason for part in parts), "")


def literals(sets: tuple[Policies, ...]) -> set[str]:
    """List the plain texts that conditions compare with: a variable may well stand for one of them."""
    return {
        text
        for policies in sets
        for document in every(policies)
        for statement in document.statements
        for entry in statement.conditions
        for case in entry.values
        if isinstance(text := written(case), str) and text and "*" not in text and "$" not in text
    }


def may_be_refused(statement: Statement) -> bool:
    """Tell whether a statement may speak of an action that AWS refuses on some resources, or allows to all."""
    for case in statement.actions if statement.actions is not None else (None,):
        text = None if case is None else written(case)
        prefix = text.partition(":")[0].lower() if isinstance(text, str) else "*"
        if "*" in prefix or "?" in prefix or prefix in ("iam", "kms", "sts"):
            return True
    return False


def service_of(text: str | Symbolic | None) -> str:
    """Give the service that an ARN pattern names; empty where it may be any."""
    parts = text.split(":", 3) if isinstance(text, str) else []
    plain = len(parts) > 3 and parts[0] == "arn" and not set("*?$") & set(parts[2])
    return parts[2] if plain else ""


_variables_of: dict[tuple[int, bool], tuple[Statement, tuple[pattern.Variable, ...]]] = {}
KEPT: Final = 65_536


def variables_of(clause: Clause) -> tuple[pattern.Variable, ...]:
    """List the variables of a statement, whose keys must be there; each statement is read once."""
    statement, key = clause.statement, (id(clause.statement), clause.variables)
    found = _variables_of.get(key)
    if found is None or found[0] is not statement:
        if len(_variables_of) >= KEPT:
            _variables_of.clear()
        found = _variables_of[key] = (statement, tuple(_variables(statement) if clause.variables else ()))
    return found[1]


def _variables(statement: Statement) -> dict[pattern.Variable, None]:
    cases = [*(statement.resources or ()), *(statement.not_resources or ())]
    for entry in statement.conditions:
        operator = operands.operator(entry.operator)
        cases += entry.values if operator is not None and operator.takes_variables else ()
    texts = [text for text in map(written, cases) if text is not None]
    pieces = (piece for text in texts for piece in pattern.parse(text, variables=True))
    return dict.fromkeys(piece for piece in pieces if isinstance(piece, pattern.Variable))


def has_holes(cases: Iterable[Case]) -> bool:
    """Tell whether a variable or a reference stands in any of some texts."""
    for case in cases:
        text = written(case)
        if text is not None and any(
            isinstance(piece, pattern.Variable | Reference) for piece in pattern.parse(text, variables=True)
        ):
            return True
    return False


def choices(variables: list[pattern.Variable]) -> list[frozenset[pattern.Variable]]:
    """List which variables take their default, in every combination of their keys."""
    keys = sorted({variable.key for variable in variables})
    if len(keys) > 4:
        raise GaveUp("a statement has too many variables with defaults")
    return [
        frozenset(variable for variable in variables if number >> keys.index(variable.key) & 1)
        for number in range(1 << len(keys))
    ]


def is_arn(pieces: pattern.Pattern) -> bool:
    """Tell whether a pattern surely has the six parts of an ARN: they are written, or it begins with an ARN."""
    match pieces:
        case (Reference(kind=ReferenceKind.RESOURCE) as reference, *_) if reference.attribute.endswith("Arn"):
            return True
        case _:
            return pattern.split_arn(pieces) is not None


def is_open(pieces: pattern.Pattern) -> bool:
    """Tell whether something that may hold a colon stands in the first five parts of an ARN pattern."""
    parts = pattern.split_arn(pieces)
    early = pieces if parts is None else (piece for part in parts[:-1] for piece in part)
    return any(
        isinstance(piece, pattern.Variable | Reference) and not pattern.is_slug(piece) for piece in early
    )
