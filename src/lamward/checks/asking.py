"""The fix for what must not be written into a template: whoever deploys is asked for it."""

from __future__ import annotations

import re
from collections import defaultdict

from lamward.checks.repairs import Inserted, change, parameter, unsafe
from lamward.facts import Facts, fact
from lamward.facts.secret_flows import is_literal, variables
from lamward.facts.secret_properties import written_secrets
from lamward.facts.secrets import written
from lamward.model.finding import Fix
from lamward.model.location import Location
from lamward.model.value import Case, cases


def ask_for(facts: Facts, name: str, case: Case) -> Fix | None:
    """Put a parameter that is not echoed in the place of a secret."""
    if not case.value.origins:
        return None
    given = asked(facts, name, case)
    return unsafe(
        f"ask for the secret in parameter `{given.id}`",
        change(facts, case, given.ref),
        given.edits,
        why="every deployment must give the parameter a value",
    )


def asked(facts: Facts, name: str, case: Case) -> Inserted:
    """Insert a parameter that is not echoed, called after a secret's name and the resource it is in.

    Secrets that share both, such as the passwords of a broker's users, have a number each, equal ones the same.
    """
    where = case.value.origins[-1]
    words = re.findall(r"[A-Za-z0-9]+", name)
    capital = (word.capitalize() if word.isupper() else word[:1].upper() + word[1:] for word in words)
    others = _alike(facts).get((_owner(where), name), ())
    number = others.index(written(case.value)) if written(case.value) in others else 0
    return parameter(facts, where, _owner(where) + "".join(capital) + (str(number + 1) if number else ""))


def _owner(where: Location) -> str:
    return str(where.path[1]) if where.path[:1] == ("Resources",) else ""


@fact
def _alike(facts: Facts) -> dict[tuple[str, str], tuple[str, ...]]:
    """List the different texts that are called the same in the same resource."""
    named = [(each.name, each.case) for each in written_secrets(facts)]
    named += [(each.variable.name, case) for each in variables(facts) for case in cases(each.variable.value)]
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for name, case in named:
        if case.value.origins and is_literal(case):
            found[_owner(case.value.origins[-1]), name].setdefault(written(case.value))
    return {key: tuple(texts) for key, texts in found.items()}
