"""Values for policy variables: those with which a request has the texts that were found for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from lamward.iam import pattern
from lamward.iam.conditions import written
from lamward.iam.parse import VERSIONS
from lamward.iam.worlds import every
from lamward.model.access import ContextValue, Policies, Request
from lamward.model.policy import Effect, Policy, Statement

TRIED: Final = 16


def solved(request: Request, positive: Iterable[Policies], negative: Policies | None) -> Iterator[Request]:
    """List a request with values for the variables of what may match it: all at once, then one text's by itself."""
    statements = [each for one in positive for each in _with_variables(one, Effect.ALLOW)]
    statements += [] if negative is None else _with_variables(negative, Effect.DENY)
    found = [each for statement in statements for each in _solutions(statement, request)][:TRIED]
    together: dict[str, ContextValue] = {}
    for each in found:
        together = {**each, **together}
    for values in (together, *found):
        if values:
            yield replace(request, context={**request.context, **values})


def _with_variables(policies: Policies, effect: Effect) -> list[Statement]:
    documents: Iterable[Policy] = (each for each in every(policies) if each.version == VERSIONS[1])
    return [each for document in documents for each in document.statements if each.effect is effect]


def _solutions(statement: Statement, request: Request) -> Iterator[Mapping[str, str]]:
    """List for each pattern of a statement the values with which it matches what the request holds."""
    pairs = [(case, request.resource) for case in statement.resources or ()]
    for entry in statement.conditions:
        held = request.context.get(entry.key.lower(), ())
        pairs += [
            (case, value) for case in entry.values for value in ((held,) if isinstance(held, str) else held)
        ]
    for case, text in pairs:
        pieces = pattern.parse(written(case) or "", variables=True)
        if any(isinstance(piece, pattern.Variable) for piece in pieces):
            yield from _values(pieces, text)


def _values(pieces: pattern.Pattern, text: str) -> Iterator[Mapping[str, str]]:
    groups: dict[str, str] = {}
    expression = ""
    for piece in pieces:
        match piece:
            case pattern.Variable(key=key) if key in groups:
                expression += f"(?P={groups[key]})"
            case pattern.Variable(key=key):
                groups[key] = f"v{len(groups)}"
                expression += f"(?P<{groups[key]}>.*)"
            case pattern.Literal(text=literal):
                expression += re.escape(literal)
            case str():
                expression += re.escape(piece).replace(r"\*", ".*?").replace(r"\?", ".")
            case _:
                return
    found = re.fullmatch(expression, text, re.DOTALL)
    if found is not None:
        yield {key: found[group] for key, group in groups.items()}
