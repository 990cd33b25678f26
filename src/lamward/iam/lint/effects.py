"""Remarks on statements without effect: proved, never guessed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from lamward.iam import platform, prove
from lamward.iam.conditions import written
from lamward.iam.lint.remark import Remark
from lamward.model.policy import Effect, Policy, Statement

STEPS = 20_000
"""The budget of one proof: a remark that takes long to prove is left out."""


def remarks(policy: Policy) -> Iterator[Remark]:
    """List the statements that change nothing."""
    options = prove.Options(steps=STEPS)
    removed: set[int] = set()
    for index, statement in enumerate(policy.statements):
        if statement.unreadable or statement.when or _may_match_more(statement):
            continue
        alone = _as_allow(policy, (statement,))
        if isinstance(prove.always_denies(alone, options), prove.Proved):
            message = "the statement matches no request: no action fits its resources and conditions"
            yield Remark("statement-never-matches", message, "", statement.location, index)
            removed.add(index)
            continue
        others = [
            each for place, each in enumerate(policy.statements) if place != index and place not in removed
        ]
        denies = tuple(each for each in others if each.effect is Effect.DENY)
        if statement.effect is Effect.ALLOW and denies and _all_denied(policy, statement, denies, options):
            message = "all that the statement allows is denied by others"
            yield Remark("statement-denied", message, "", statement.location, index)
            removed.add(index)
            continue
        same = tuple(each for each in others if each.effect is statement.effect)
        if same and isinstance(prove.implies(alone, _as_allow(policy, same), options), prove.Proved):
            verb = "allows" if statement.effect is Effect.ALLOW else "denies"
            message = f"other statements already say all that this one {verb}"
            yield Remark("statement-redundant", message, "remove it", statement.location, index)
            removed.add(index)


def _may_match_more(statement: Statement) -> bool:
    texts = (written(case) for case in statement.actions or ())
    return any(isinstance(each, str) and platform.may_compare_more(each) for each in texts)


def _as_allow(policy: Policy, statements: tuple[Statement, ...]) -> Policy:
    """Take statements of one effect as a policy that allows what they match."""
    allowing = tuple(replace(each, effect=Effect.ALLOW) for each in statements)
    return replace(policy, statements=allowing, unreadable=())


def _all_denied(
    policy: Policy, statement: Statement, denies: tuple[Statement, ...], options: prove.Options
) -> bool:
    together = replace(policy, statements=(statement, *denies), unreadable=())
    return isinstance(prove.always_denies(together, options), prove.Proved)
