"""What the checks of resource policies have in common: a problem for each statement that lets strangers in."""

from __future__ import annotations

from lamward.checks.framework import Answer
from lamward.facts import Facts
from lamward.facts.strangers import openings
from lamward.model.application import ResourcePolicy
from lamward.model.finding import Doubt, Problem


def let_in(written: ResourcePolicy, facts: Facts, *, message: str) -> Answer:
    """Yield a problem where a policy is open to everybody, a doubt where that cannot be told."""
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
                help="name the principals, or bound the statement by account, organisation or source",
            )
