"""Which functions accept signed code only, and which publish versions."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.links import functions_named
from lamward.model.application import Function
from lamward.model.value import Absent, Guard, at, cases, text_of


@fact
def unsigned_functions(facts: Facts) -> dict[Guard, tuple[Function, ...]]:
    """Group the functions that accept any code by the branch in which they do; Lambda checks packages, not images."""
    found: dict[Guard, list[Function]] = {}
    for function in facts.application.functions:
        for when in _accepting(function):
            found.setdefault(when, []).append(function)
    return {when: tuple(functions) for when, functions in found.items()}


def _accepting(function: Function) -> Iterator[Guard]:
    for packed in cases(function.package_type, function.when):
        for case in cases(function.code_signing, packed.when):
            if text_of(packed.value) != "Image" and isinstance(case.value, Absent):
                yield case.when


@fact
def signs_some_functions(facts: Facts) -> bool:
    """Tell whether some function accepts signed code only."""
    return any(
        not isinstance(case.value, Absent)
        for function in facts.application.functions
        for case in cases(function.code_signing, function.when)
    )


@fact
def versioned_functions(facts: Facts) -> frozenset[str]:
    """Name the functions of which the application publishes versions."""
    return frozenset(
        function.id
        for resource in facts.application.resources.values()
        if resource.type == "AWS::Lambda::Version"
        for function, _ in functions_named(facts, at(resource.properties, "FunctionName"), resource.when)
    )
