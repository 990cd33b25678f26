"""What events tell functions: of which service's resources, whichever they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lamward.facts import Facts, fact
from lamward.facts.grants import functions_of
from lamward.facts.links import functions_named, of_type
from lamward.model.application import Role
from lamward.model.value import at, elements, text_of

_OF_AWS = "aws."


def services_told_of(facts: Facts, roles: Iterable[Role]) -> frozenset[str]:
    """Name the services of whose resources events tell all functions of some roles: which, shows at run time only."""
    functions = functions_of(facts, tuple(roles))
    told = [_sources(facts).get(function.id, frozenset()) for function in functions]
    return frozenset.intersection(*told) if told else frozenset()


@fact
def _sources(facts: Facts) -> Mapping[str, frozenset[str]]:
    """Index by function the services whose own events start it."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in of_type(facts, "AWS::Events::Rule"):
        written = elements(at(rule.properties, "EventPattern", "source"), rule.when)
        names = {text_of(case.value) or "" for case in written}
        services = {name.removeprefix(_OF_AWS) for name in names if name.startswith(_OF_AWS)}
        for target in elements(at(rule.properties, "Targets"), rule.when) if services else ():
            for function, _ in functions_named(facts, at(target.value, "Arn")):
                found[function.id] |= services
    return {function: frozenset(names) for function, names in found.items()}
