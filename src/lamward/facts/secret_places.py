"""Where a template has secrets written down, so that nobody shows them."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.secret_code import secrets_in_code
from lamward.facts.secret_flows import secret_parameters, told_by, variables
from lamward.facts.secret_properties import written_secrets
from lamward.facts.secrets import by_format
from lamward.model.location import Span
from lamward.model.value import Absent, Value, cases, text_of


@fact
def secret_places(facts: Facts) -> tuple[Span, ...]:
    """List the places of all secrets that a template has written down."""
    return tuple(dict.fromkeys(origin.span for value in _secrets(facts) for origin in value.origins))


def _secrets(facts: Facts) -> Iterator[Value]:
    for each in variables(facts):
        yield from (
            case.value for case in cases(each.variable.value) if told_by(facts, each, case) is not None
        )
    yield from (each.case.value for each in written_secrets(facts))
    yield from (each.case.value for each in secrets_in_code(facts))
    yield from (
        parameter.default
        for parameter in facts.application.parameters
        if not isinstance(parameter.default, Absent)
        and (parameter.id in secret_parameters(facts) or by_format(text_of(parameter.default) or ""))
    )
