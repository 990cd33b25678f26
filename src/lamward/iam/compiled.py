"""Statements compiled to functions, laid out so that a request touches only those that speak of its action."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from lamward.iam import pattern
from lamward.iam.conditions import Check, View, compile_entry, substitute, written
from lamward.iam.operands import operator
from lamward.iam.parse import VERSIONS
from lamward.iam.principals import BOUNDABLE, Naming, is_unique_id, merged, naming, spared
from lamward.model.access import Determining, Layer, Truth
from lamward.model.policy import Effect, Policy, Principal, PrincipalKind, Statement
from lamward.model.value import Case

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
WITH_PRINCIPALS = frozenset({Layer.RESOURCE, Layer.RESOURCE_CONTROL, Layer.ENDPOINT})
LEVELS = 100
"""Levels that a layer of control policies may have in a slot's number; AWS has at most seven."""

_LAYERS = tuple(Layer)


def slot_of(layer: Layer, level: int = 0) -> int:
    """Give a level of a layer a number, by which what is found for it is kept."""
    return _LAYERS.index(layer) * LEVELS + level


CERTAIN: Mapping[Naming, Truth] = {Naming.CALLER: YES}
EVERY_WAY: Mapping[Naming, Truth] = dict.fromkeys(Naming, UNKNOWN)


class Compiled(Struct, frozen=True):
    """A statement, ready to be asked.

    `actions` tells whether it speaks of an action. `resource` is None when every resource matches, `names` when it
    needs no principal. `at_most` caps the answer of a statement that cannot be read in full, `doubt` says why.
    `contextual` says that the answer depends on context keys, `personal` that it names some callers of a kind and not
    others, `by_id` that a principal is written as a unique id.
    """

    layer: Layer
    level: int
    allows: bool
    denies: bool
    determining: Determining
    actions: Callable[[str], Truth]
    resource: Check | None
    checks: tuple[Check, ...]
    names: Callable[[View], Mapping[Naming, Truth]] | None
    at_most: Truth = YES
    unreadable: str = ""
    doubt: str = ""
    slot: int = 0
    contextual: bool = False
    personal: bool = False
    by_id: bool = False

    def match(self, view: View) -> Truth:
        """Tell whether resource and conditions match (the action is known to)."""
        ask = self.open()
        return self.at_most if ask is None else ask(view)

    def open(self) -> Check | None:
        """Give what tells whether resource and conditions match; None where there is nothing to ask."""
        checks = self.checks if self.resource is None else (self.resource, *self.checks)
        if len(checks) == 1 and self.at_most is YES:
            return checks[0]
        return _all(checks, self.at_most) if checks else None


def _all(checks: tuple[Check, ...], at_most: Truth) -> Check:
    def holds(view: View) -> Truth:
        answer = at_most
        for check in checks:
            found = check(view)
            if found is NO:
                return NO
            if found is UNKNOWN:
                answer = UNKNOWN
        return answer

    return holds


def compile_policy(policy: Policy, layer: Layer, level: int = 0) -> tuple[Compiled, ...]:
    """Compile the statements of a settled policy."""
    found = [
        _statement(policy, index, statement, layer, level)
        for index, statement in enumerate(policy.statements)
    ]
    if policy.unreadable:
        found.append(_unreadable(policy, layer, level))
    return tuple(found)


def _unreadable(policy: Policy, layer: Layer, level: int) -> Compiled:
    """Make the statement that a policy which cannot be read in full may hold: it may allow or deny anything."""
    determining = Determining(layer, policy.name, -1)
    names = (lambda _view: EVERY_WAY) if layer in WITH_PRINCIPALS else None
    return Compiled(
        layer=layer,
        level=level,
        allows=True,
        denies=True,
        determining=determining,
        actions=lambda _action: YES,
        resource=None,
        checks=(),
        names=names,
        at_most=UNKNOWN,
        unreadable=policy.unreadable[0].reason,
        slot=slot_of(layer, level),
    )


def _statement(policy: Policy, index: int, statement: Statement, layer: Layer, level: int) -> Compiled:
    variables = policy.version == VERSIONS[1]
    doubt = _doubt(statement, layer)
    conditions = tuple(compile_entry(entry, variables=variables) for entry in statement.conditions)
    checks = (*_resolvable(statement, variables=variables), *conditions)
    named = (*(statement.principals or ()), *(statement.not_principals or ()))
    return Compiled(
        layer=layer,
        level=level,
        allows=statement.effect is Effect.ALLOW,
        denies=statement.effect is Effect.DENY,
        determining=Determining(layer, policy.name, index, statement.sid, statement.location),
        actions=_actions(statement),
        resource=_resource(statement, variables=variables),
        checks=checks,
        names=_names(statement) if layer in WITH_PRINCIPALS else None,
        at_most=UNKNOWN if doubt else YES,
        doubt=doubt,
        slot=slot_of(layer, level),
        contextual=bool(checks),
        personal=statement.not_principals is not None or not all(map(_is_everyone, named)),
        by_id=any(map(is_unique_id, named)),
    )


def _doubt(statement: Statement, layer: Layer) -> str:
    """Say why AWS would not take a statement as it is; empty when it would."""
    if statement.unreadable:
        return statement.unreadable[0].reason
    if layer not in WITH_PRINCIPALS and (statement.principals, statement.not_principals) != (None, None):
        return "it names principals, as the policies of resources alone may"
    if statement.resources is None and statement.not_resources is None and layer is not Layer.RESOURCE:
        return "it has no `Resource`"
    return ""


def _actions(statement: Statement) -> Callable[[str], Truth]:
    wanted = None if statement.actions is None else _texts(statement.actions)
    unwanted = None if statement.not_actions is None else _texts(statement.not_actions)

    def speaks_of(action: str) -> Truth:
        answer = YES if wanted is None else wanted(action)
        return answer if unwanted is None else answer & ~unwanted(action)

    return speaks_of


def _texts(cases: tuple[Case, ...]) -> Callable[[str], Truth]:
    tests = [_text(case) for case in cases]
    return lambda action: max((test(action) for test in tests), default=NO)


def _text(case: Case) -> Callable[[str], Truth]:
    text = written(case)
    if text is None:
        return lambda _action: UNKNOWN
    if isinstance(text, str):
        matches = pattern.matcher(text, ignore_case=True)
        return lambda action: YES if matches(action) else NO
    return lambda action: pattern.match(text, action, ignore_case=True)


def _resource(statement: Statement, *, variables: bool) -> Check | None:
    wanted = None if statement.resources is None else _resources(statement.resources, variables=variables)
    if statement.not_resources is None:
        return wanted
    unwanted = _resources(statement.not_resources, variables=variables)
    if unwanted is None:
        return lambda _view: NO
    if wanted is None:
        return lambda view: ~unwanted(view)
    return lambda view: wanted(view) & ~unwanted(view)


def _resources(cases: tuple[Case, ...], *, variables: bool) -> Check | None:
    """Compile the patterns; None when one of them is `*`."""
    exact: set[str] = set()
    plain: list[Callable[[str], object]] = []
    slow: list[Check] = []
    for case in cases:
        text = written(case)
        if text == "*":
            return None
        if text is None:
            slow.append(lambda _view: UNKNOWN)
            continue
        pieces = pattern.parse(text, variables=variables)
        if isinstance(text, str) and not {"*", "?", "$"} & set(text):
            exact.add(text)
        elif isinstance(text, str) and not any(isinstance(piece, pattern.Variable) for piece in pieces):
            plain.append(pattern.pieces_matcher(pieces))
        else:
            slow.append(_open_resource(pieces))
    return _joined(frozenset(exact), tuple(plain), tuple(slow))


def _joined(
    exact: frozenset[str], plain: tuple[Callable[[str], object], ...], slow: tuple[Check, ...]
) -> Check:
    def matches(view: View) -> Truth:
        text = view.resource
        if text in exact:
            return YES
        for fits in plain:
            if fits(text):
                return YES
        return max((check(view) for check in slow), default=NO)

    return matches


def _open_resource(pieces: pattern.Pattern) -> Check:
    return lambda view: pattern.match_pieces(substitute(pieces, view), (pattern.Literal(view.resource),))


def _resolvable(statement: Statement, *, variables: bool) -> tuple[Check, ...]:
    """Require a value for every variable: a statement with one that has none matches nothing."""
    if not variables:
        return ()
    cases = [*(statement.resources or ()), *(statement.not_resources or ())]
    for entry in statement.conditions:
        taken = operator(entry.operator)
        if taken is not None and taken.takes_variables:
            cases += entry.values
    texts = [text for text in map(written, cases) if text is not None]
    found = {piece for text in texts for piece in pattern.parse(text, variables=True)}
    return tuple(_has_value(piece) for piece in found if isinstance(piece, pattern.Variable))


def _has_value(variable: pattern.Variable) -> Check:
    otherwise = NO if variable.default is None else YES

    def holds(view: View) -> Truth:
        if isinstance(view.context.get(variable.key), str):
            return YES
        return UNKNOWN if variable.key in view.unknown_keys else otherwise

    return holds


def _is_everyone(principal: Principal) -> bool:
    return written(principal.value) == "*" and principal.kind in (PrincipalKind.ANYONE, PrincipalKind.AWS)


def _names(statement: Statement) -> Callable[[View], Mapping[Naming, Truth]]:
    principals, others = statement.principals, statement.not_principals
    if principals is not None and any(_is_everyone(each) for each in principals):
        return lambda _view: CERTAIN
    if principals is not None:
        return lambda view: merged(naming(each, view.request, view.context) for each in principals)
    if others is None:
        return lambda _view: {}
    if statement.effect is Effect.ALLOW:
        return lambda _view: {Naming.CALLER: UNKNOWN}

    def not_spared(view: View) -> Mapping[Naming, Truth]:
        bounded = view.bounded and view.request.principal.kind in BOUNDABLE
        return CERTAIN if bounded else {Naming.CALLER: ~spared(others, view.request, view.context)}

    return not_spared
