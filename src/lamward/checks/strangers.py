"""What the checks of resource policies have in common: a problem for each statement that lets strangers in."""

from __future__ import annotations

from lamward.checks.framework import Answer
from lamward.checks.repairs import ACCOUNT, bound, unsafe
from lamward.facts import Facts
from lamward.facts.feeding import concerned
from lamward.facts.strangers import openings
from lamward.model.application import ResourcePolicy
from lamward.model.finding import Doubt, Problem


def let_in(written: ResourcePolicy, facts: Facts, *, message: str, bound_by: str = "") -> Answer:
    """Yield a problem where a policy is open to everybody, a doubt where that cannot be told.

    `bound_by` is the condition key by which the fix bounds it to the account; "" where none is right.
    """
    for opening in openings(facts, written.policy):
        where = opening.statement.location
        if opening.doubt:
            yield Doubt(where, opening.doubt, when=opening.when)
        else:
            yield Problem(
                where,
                message,
                when=opening.when,
                discriminator=opening.statement.sid,
                related=concerned(facts, written),
                help="name the principals, or bound the statement by account, organisation or source",
                fix=unsafe(
                    "serve the own account only",
                    bound(opening.statement, bound_by, ACCOUNT)
                    if bound_by and opening.statement.principals
                    else None,
                    why="what acts for other accounts is refused, and callers that have no rights of their own to it",
                ),
            )
