"""Whether a statement names the caller and matches action, resource and conditions: read one element at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from lamward.iam import context, operands, pattern, platform
from lamward.iam.operands import Comparison, Network, Operator, Quantifier
from lamward.iam.principals import BOUNDABLE, Names, Naming, merged, naming, spared
from lamward.model.access import ContextValue, Layer, Policies, Request, Truth
from lamward.model.policy import ConditionEntry, Effect, Policy, Statement
from lamward.model.value import Case, Known, Symbolic

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES


class Asked(Struct, frozen=True):
    """A request with all that follows from it."""

    request: Request
    context: Mapping[str, ContextValue]
    unknown_keys: frozenset[str]
    resource: str
    bounded: bool


def ask(policies: Policies, request: Request) -> Asked:
    """Complete a request with what follows from it."""
    return Asked(
        request,
        context.complete(request),
        frozenset(key.lower() for key in request.unknown_keys),
        platform.effective_resource(request.action, request.resource),
        policies.boundary is not None and request.principal.kind in BOUNDABLE,
    )


def names(layer: Layer, statement: Statement, asked: Asked) -> Names:
    """Tell how a statement names the caller; the layers of the caller's side have no principals."""
    named, others = statement.principals, statement.not_principals
    if layer not in (Layer.RESOURCE, Layer.RESOURCE_CONTROL, Layer.ENDPOINT):
        return {Naming.CALLER: YES if named is None and others is None else UNKNOWN}
    if named is not None:
        return merged(naming(each, asked.request, asked.context) for each in named)
    if others is None:
        return {}
    if statement.effect is Effect.ALLOW:
        return {Naming.CALLER: UNKNOWN}  # AWS does not support this pair
    if asked.bounded:
        return {Naming.CALLER: YES}
    return {Naming.CALLER: ~spared(others, asked.request, asked.context)}


def applies(policy: Policy, statement: Statement, layer: Layer, asked: Asked) -> Truth:
    """Tell whether action, resource and conditions match; all must, and every variable must have a value."""
    variables = policy.version == "2012-10-17"
    action, resource = asked.request.action, asked.resource
    answer = YES
    if statement.actions is not None:
        answer &= max_of(_glob(each, action, ignore_case=True) for each in statement.actions)
    if statement.not_actions is not None:
        answer &= ~max_of(_glob(each, action, ignore_case=True) for each in statement.not_actions)
    if statement.resources is not None:
        answer &= max_of(
            _resource(each, resource, asked, variables=variables) for each in statement.resources
        )
    if statement.not_resources is not None:
        answer &= ~max_of(
            _resource(each, resource, asked, variables=variables) for each in statement.not_resources
        )
    if statement.resources is None and statement.not_resources is None and layer is not Layer.RESOURCE:
        answer &= UNKNOWN  # only a trust policy may leave the resource out
    for entry in statement.conditions:
        answer &= _entry(entry, asked, variables=variables)
    answer &= UNKNOWN if statement.unreadable else YES
    return answer & _resolvable(statement, asked, variables=variables)


def _glob(case: Case, text: str, *, ignore_case: bool) -> Truth:
    value = case.value
    if isinstance(value, Known | Symbolic):
        written = value if isinstance(value, Symbolic) else operands.text(value.value)
        return pattern.match(written, text, ignore_case=ignore_case)
    return UNKNOWN


def _pieces(case: Case, asked: Asked, *, variables: bool, wild: bool) -> pattern.Pattern | None:
    """Give a value with its variables replaced; None for one that cannot be told."""
    value = case.value
    if not isinstance(value, Known | Symbolic):
        return None
    written = value if isinstance(value, Symbolic) else operands.text(value.value)
    found: list[pattern.Piece] = []
    for piece in pattern.parse(written, variables=variables):
        if isinstance(piece, pattern.Variable):
            found.append(_replaced(piece, asked))
        else:
            found.append(piece if wild or not isinstance(piece, str) else pattern.Literal(piece))
    return tuple(found)


def _replaced(variable: pattern.Variable, asked: Asked) -> pattern.Piece:
    held = asked.context.get(variable.key)
    if isinstance(held, str):
        return pattern.Literal(held)
    return (
        variable
        if variable.default is None or variable.key in asked.unknown_keys
        else pattern.Literal(variable.default)
    )


def _resource(case: Case, text: str, asked: Asked, *, variables: bool) -> Truth:
    pieces = _pieces(case, asked, variables=variables, wild=True)
    return UNKNOWN if pieces is None else pattern.match_pieces(pieces, (pattern.Literal(text),))


def _resolvable(statement: Statement, asked: Asked, *, variables: bool) -> Truth:
    """Tell whether every variable has a value; a statement with one that has none matches nothing."""
    if not variables:
        return YES
    places = [*(statement.resources or ()), *(statement.not_resources or ())]
    for entry in statement.conditions:
        taken = operands.operator(entry.operator)
        places += entry.values if taken is not None and taken.takes_variables else ()
    answer = YES
    for place in places:
        if not isinstance(place.value, Known | Symbolic):
            continue
        written = place.value if isinstance(place.value, Symbolic) else operands.text(place.value.value)
        for piece in pattern.parse(written, variables=True):
            if isinstance(piece, pattern.Variable) and not isinstance(asked.context.get(piece.key), str):
                without = YES if piece.default is not None else NO
                answer &= UNKNOWN if piece.key in asked.unknown_keys else without
    return answer


def max_of(truths: Iterable[Truth]) -> Truth:
    """Give YES when one is, UNKNOWN when one may be: any of them suffices."""
    return max(truths, default=NO)


def _entry(entry: ConditionEntry, asked: Asked, *, variables: bool) -> Truth:
    """Tell whether one line of a condition block holds."""
    operator, key = operands.operator(entry.operator), entry.key.lower()
    if not entry.values:
        return NO
    if operator is None or key in asked.unknown_keys:
        return UNKNOWN
    held = asked.context.get(key, ())
    values = (held,) if isinstance(held, str) else held
    if operator.comparison is Comparison.NULL:
        return max_of(_is_null(each, absent=not values) for each in entry.values)

    answers = [_value(operator, entry, value, asked, variables=variables) for value in values]
    match operator.quantifier:
        case Quantifier.ALL:
            return min(answers, default=YES)
        case Quantifier.ANY:
            return max(answers, default=YES if operator.if_exists else NO)
        case Quantifier.NONE if not answers:
            return YES if operator.negated or operator.if_exists else NO
        case Quantifier.NONE:
            # AWS does not say what an operator without ForAllValues or ForAnyValue does with several values.
            return answers[0] if len(set(answers)) == 1 else UNKNOWN


def _is_null(case: Case, *, absent: bool) -> Truth:
    wanted = operands.truth(operands.text(case.value.value)) if isinstance(case.value, Known) else None
    return UNKNOWN if wanted is None else YES if wanted is absent else NO


def _value(operator: Operator, entry: ConditionEntry, value: str, asked: Asked, *, variables: bool) -> Truth:
    """Compare one value of the request: any value of the policy suffices, negated none may match."""
    variables = variables and operator.takes_variables
    found = max_of(_compare(operator, each, value, asked, variables=variables) for each in entry.values)
    return ~found if operator.negated else found


def _compare(operator: Operator, case: Case, value: str, asked: Asked, *, variables: bool) -> Truth:
    kind = operator.comparison
    wild = kind in (Comparison.LIKE, Comparison.ARN)
    pieces = _pieces(case, asked, variables=variables, wild=wild)
    if pieces is None:
        return UNKNOWN
    if kind in (Comparison.STRING, Comparison.STRING_IGNORE_CASE, Comparison.LIKE, Comparison.ARN):
        ignore_case = kind is Comparison.STRING_IGNORE_CASE
        arn = kind is Comparison.ARN
        return pattern.match_pieces(pieces, (pattern.Literal(value),), ignore_case=ignore_case, arn=arn)
    if not all(isinstance(piece, pattern.Literal) for piece in pieces):
        return UNKNOWN
    return _measured(
        operator, "".join(piece.text for piece in pieces if isinstance(piece, pattern.Literal)), value
    )


def _measured(operator: Operator, written: str, value: str) -> Truth:
    """Compare what is not text. A value of the request that cannot be read does not match [assumed]."""
    match operator.comparison:
        case Comparison.NUMBER | Comparison.DATE:
            wanted = operands.measure(operator.comparison, written)
            held = operands.measure(operator.comparison, value)
            if wanted is None:
                return UNKNOWN
            return NO if held is None else YES if _relates(operator.relation, held, wanted) else NO
        case Comparison.ADDRESS:
            inside, around = operands.network(value), operands.network(written)
            if around is None:
                return UNKNOWN
            return YES if inside is not None and _within(inside, around) else NO
        case Comparison.BOOL:
            truth = operands.truth(written)
            return UNKNOWN if truth is None else YES if operands.truth(value) is truth else NO
        case _:
            return YES if written == value else NO


def _relates(relation: str, held: Decimal, wanted: Decimal) -> bool:
    return {
        "==": held == wanted,
        "<": held < wanted,
        "<=": held <= wanted,
        ">": held > wanted,
        ">=": held >= wanted,
    }[relation]


def _within(inside: Network, around: Network) -> bool:
    return inside.version == around.version and inside.subnet_of(around)  # type: ignore[arg-type]
