"""The fix for what must not be written into a template: whoever deploys is asked for it."""

from __future__ import annotations

import re

from lamward.checks.repairs import change, parameter, unsafe
from lamward.facts import Facts
from lamward.model.finding import Fix
from lamward.model.value import Case


def ask_for(facts: Facts, name: str, case: Case) -> Fix | None:
    """Put a parameter that is not echoed in the place of a secret, called after its name and the resource it is in."""
    if not case.value.origins:
        return None
    where = case.value.origins[-1]
    owner = str(where.path[1]) if where.path[:1] == ("Resources",) else ""
    words = re.findall(r"[A-Za-z0-9]+", name)
    given = parameter(
        facts,
        where,
        owner
        + "".join(word.capitalize() if word.isupper() else word[:1].upper() + word[1:] for word in words),
    )
    return unsafe(
        f"ask for the secret in parameter `{given.id}`",
        change(facts, case, given.ref),
        given.edits,
        why="every deployment must give the parameter a value",
    )
