"""Condition blocks compiled to functions: one call tells whether a line holds for a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from lamward.iam import context as contexts
from lamward.iam import operands, pattern, platform
from lamward.iam.operands import Comparison, Network, Operator, Quantifier
from lamward.model.access import ContextValue, Request, Truth
from lamward.model.policy import ConditionEntry
from lamward.model.value import Case, Known, Symbolic

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES


class View:
    """A request as compiled statements look at it: the context completed, with lower-case keys."""

    __slots__ = ("bounded", "context", "request", "resource", "unknown_keys")

    def __init__(
        self, request: Request, context: Mapping[str, ContextValue], resource: str, *, bounded: bool
    ) -> None:
        self.request = request
        self.context = context
        self.resource = resource
        self.bounded = bounded
        self.unknown_keys = frozenset(map(str.lower, request.unknown_keys)) if request.unknown_keys else _NONE

    @classmethod
    def of(cls, request: Request, *, bounded: bool) -> View:
        """Complete a request with all that follows from it."""
        resource = platform.effective_resource(request.action, request.resource)
        return cls(request, contexts.complete(request), resource, bounded=bounded)


_NONE: Final[frozenset[str]] = frozenset()
Check = Callable[[View], Truth]
"""Tells whether something holds for a request."""

Test = Callable[[str, View], Truth]
"""Tells whether one value of a key is matched by the values of the policy."""


def compile_entry(entry: ConditionEntry, *, variables: bool) -> Check:
    """Compile one line of a condition block."""
    operator, key = operands.operator(entry.operator), entry.key.lower()
    if not entry.values:
        return lambda _view: NO
    if operator is None:
        return lambda _view: UNKNOWN
    if operator.comparison is Comparison.NULL:
        return _null(entry, key)
    test = _test(operator, entry.values, variables=variables and operator.takes_variables)
    if operator.negated:
        test = _negated(test)
    return _guarded(key, _QUANTIFIED[operator.quantifier](operator, key, test))


def _guarded(key: str, check: Check) -> Check:
    def holds(view: View) -> Truth:
        return UNKNOWN if view.unknown_keys and key in view.unknown_keys else check(view)

    return holds


def _null(entry: ConditionEntry, key: str) -> Check:
    wanted = [
        operands.truth(operands.text(case.value.value)) if isinstance(case.value, Known) else None
        for case in entry.values
    ]
    if_absent = YES if True in wanted else UNKNOWN if None in wanted else NO
    if_present = YES if False in wanted else UNKNOWN if None in wanted else NO

    def holds(view: View) -> Truth:
        return if_present if view.context.get(key, ()) != () else if_absent

    return _guarded(key, holds)


def _negated(test: Test) -> Test:
    return lambda value, view: ~test(value, view)


def _plain(operator: Operator, key: str, test: Test) -> Check:
    missing = YES if operator.negated or operator.if_exists else NO

    def holds(view: View) -> Truth:
        held = view.context.get(key)
        if isinstance(held, str):
            return test(held, view)
        if not held:
            return missing
        answers = {test(value, view) for value in held}
        # AWS does not say what an operator without ForAllValues or ForAnyValue does with several values.
        return answers.pop() if len(answers) == 1 else UNKNOWN

    return holds


def _all(_operator: Operator, key: str, test: Test) -> Check:
    def holds(view: View) -> Truth:
        held = view.context.get(key, ())
        if isinstance(held, str):
            return test(held, view)
        return min((test(value, view) for value in held), default=YES)

    return holds


def _any(operator: Operator, key: str, test: Test) -> Check:
    missing = YES if operator.if_exists else NO

    def holds(view: View) -> Truth:
        held = view.context.get(key, ())
        if isinstance(held, str):
            return test(held, view)
        return max((test(value, view) for value in held), default=missing)

    return holds


_QUANTIFIED: Final = {Quantifier.NONE: _plain, Quantifier.ALL: _all, Quantifier.ANY: _any}


def written(case: Case) -> str | Symbolic | None:
    """Give what a case says as text; None when it cannot be told."""
    match case.value:
        case Known(value=str(text)):
            return text
        case Known(value=value):
            return operands.text(value)
        case Symbolic():
            return case.value
        case _:
            return None


def _test(operator: Operator, values: tuple[Case, ...], *, variables: bool) -> Test:
    """Compile the values: what is plain text at once, the rest one by one."""
    plain: list[str] = []
    open_patterns: list[pattern.Pattern] = []
    undecided = NO
    for case in values:
        text = written(case)
        if text is None:
            undecided = UNKNOWN
            continue
        pieces = pattern.parse(text, variables=variables)
        if isinstance(text, str) and not any(isinstance(piece, pattern.Variable) for piece in pieces):
            plain.append(text)
        else:
            open_patterns.append(pieces)
    fast = _FAST[operator.comparison](operator, plain, variables=variables)
    if not open_patterns and not undecided:
        return lambda value, _view: fast(value)
    slow = [_open(operator, pieces) for pieces in open_patterns]

    def test(value: str, view: View) -> Truth:
        answer = fast(value) | undecided
        for one in slow:
            if answer is YES:
                break
            answer |= one(value, view)
        return answer

    return test


def substitute(pieces: pattern.Pattern, view: View) -> pattern.Pattern:
    """Replace the variables that have a value."""
    return tuple(
        _substituted(piece, view) if isinstance(piece, pattern.Variable) else piece for piece in pieces
    )


def _substituted(variable: pattern.Variable, view: View) -> pattern.Piece:
    held = view.context.get(variable.key)
    if isinstance(held, str):
        return pattern.Literal(held)
    if variable.default is None or variable.key in view.unknown_keys:
        return variable
    return pattern.Literal(variable.default)


def _open(operator: Operator, pieces: pattern.Pattern) -> Test:
    kind = operator.comparison
    wild = kind in (Comparison.LIKE, Comparison.ARN)
    textual = wild or kind in (Comparison.STRING, Comparison.STRING_IGNORE_CASE)

    def test(value: str, view: View) -> Truth:
        found = substitute(pieces, view)
        if not wild:
            found = tuple(pattern.Literal(piece) if isinstance(piece, str) else piece for piece in found)
        if textual:
            ignore_case = kind is Comparison.STRING_IGNORE_CASE
            text = (pattern.Literal(value),)
            return pattern.match_pieces(found, text, ignore_case=ignore_case, arn=kind is Comparison.ARN)
        texts = [piece.text for piece in found if isinstance(piece, pattern.Literal)]
        if len(texts) < len(found):
            return UNKNOWN
        return _FAST[kind](operator, ["".join(texts)], variables=False)(value)

    return test


Fast = Callable[[str], Truth]


def _unescape(text: str, *, variables: bool) -> str:
    """Give the text of a value without wildcards: `${*}` is `*`."""
    if not variables or "${" not in text:
        return text
    return "".join(
        piece.text if isinstance(piece, pattern.Literal) else str(piece)
        for piece in pattern.parse(text, variables=True)
    )


def _strings(_operator: Operator, values: list[str], *, variables: bool) -> Fast:
    wanted = frozenset(_unescape(value, variables=variables) for value in values)
    return lambda value: YES if value in wanted else NO


def _folded(_operator: Operator, values: list[str], *, variables: bool) -> Fast:
    wanted = frozenset(pattern.fold(_unescape(value, variables=variables)) for value in values)
    return lambda value: YES if pattern.fold(value) in wanted else NO


def _likes(_operator: Operator, values: list[str], *, variables: bool) -> Fast:
    matchers = [pattern.pieces_matcher(pattern.parse(value, variables=variables)) for value in values]
    return lambda value: YES if any(matches(value) for matches in matchers) else NO


def _arns(_operator: Operator, values: list[str], *, variables: bool) -> Fast:
    matchers = [pattern.arn_matcher(pattern.parse(value, variables=variables)) for value in values]
    return lambda value: YES if any(matches(value) for matches in matchers) else NO


def _measures(operator: Operator, values: list[str], *, variables: bool) -> Fast:
    del variables
    compare = _RELATIONS[operator.relation]
    wanted = [operands.measure(operator.comparison, value) for value in values]
    bounds = [bound for bound in wanted if bound is not None]
    otherwise = UNKNOWN if len(bounds) < len(wanted) else NO

    def test(value: str) -> Truth:
        held = operands.measure(operator.comparison, value)
        return YES if held is not None and any(compare(held, bound) for bound in bounds) else otherwise

    return test


_RELATIONS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "==": Decimal.__eq__,
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}


def _bools(_operator: Operator, values: list[str], *, variables: bool) -> Fast:
    wanted = {operands.truth(_unescape(value, variables=variables)) for value in values}
    otherwise = UNKNOWN if None in wanted else NO

    def test(value: str) -> Truth:
        held = operands.truth(value)
        return YES if held is not None and held in wanted else otherwise

    return test


def _addresses(_operator: Operator, values: list[str], *, variables: bool) -> Fast:
    del variables
    found = [operands.network(value) for value in values]
    ranges = [(each.version, _first(each), _last(each)) for each in found if each is not None]
    otherwise = UNKNOWN if len(ranges) < len(found) else NO

    def test(value: str) -> Truth:
        held = operands.network(value)
        if held is None:
            return otherwise
        version, first, last = held.version, _first(held), _last(held)
        inside = any(version == each and low <= first and last <= high for each, low, high in ranges)
        return YES if inside else otherwise

    return test


def _first(network: Network) -> int:
    return int(network.network_address)


def _last(network: Network) -> int:
    return int(network.broadcast_address)


_FAST: Final = {
    Comparison.STRING: _strings,
    Comparison.BINARY: _strings,
    Comparison.STRING_IGNORE_CASE: _folded,
    Comparison.LIKE: _likes,
    Comparison.ARN: _arns,
    Comparison.NUMBER: _measures,
    Comparison.DATE: _measures,
    Comparison.BOOL: _bools,
    Comparison.ADDRESS: _addresses,
}
