"""What to run where the permissions of a role can be derived from the code of its functions."""

from __future__ import annotations

from collections.abc import Iterable

from lamward.facts import Facts
from lamward.facts.grants import functions_of
from lamward.facts.needs.units import unit_of
from lamward.model.application import Role


def derivable(facts: Facts, roles: Iterable[Role], *, otherwise: str = "") -> str:
    """Say how to write least privilege, where the code of all functions of some roles is beside the template."""
    functions = functions_of(facts, tuple(roles))
    if functions and not any(unit_of(facts, function).missing for function in functions):
        written = "`lamward roles --write` allows what the code needs, and no more"
        return f"{otherwise}; {written}" if otherwise else written
    return otherwise
