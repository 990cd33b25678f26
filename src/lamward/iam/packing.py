"""Statements as they fit IAM's limits: lossless first, lossy never silently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import msgspec
from msgspec import Struct

from lamward.iam.minimise import Allow, Block, shown
from lamward.model.evidence import Condition
from lamward.model.policy import Policy, Statement
from lamward.model.value import Known, Reference, Symbolic

INLINE_LIMIT: Final = 10_240
"""Characters of all inline policies of a role together, white space not counted (IAM User Guide, quotas)."""

MANAGED_LIMIT: Final = 6_144
"""Characters of one managed policy, white space not counted."""

MANAGED_POLICIES: Final = 10
"""Managed policies that may be attached to a role unless the quota was raised."""

MANAGED_POLICIES_RAISED: Final = 20
"""Managed policies of a role where that quota was raised as far as it can be."""

REFERENCE_LENGTH: Final = 64
"""Characters that a reference may come to when it is deployed; the longest names of most services."""

_MAX_CANDIDATES: Final = 400

_HEAD: Final = 40
"""Characters of a statement besides its actions and resources."""

_SLACK: Final = 512
"""Characters of a managed policy that may stay empty, as statements are dealt out."""

_AROUND: Final = len('{"Version":"2012-10-17","Statement":[]}')
"""Characters of a document besides its statements and the commas between them."""

_Pairs = set[tuple[str, Known | Symbolic]]


class Widening(Struct, frozen=True):
    """A step that allows more than is needed, to make a policy fit: what it put in place of what."""

    actions: tuple[str, ...]
    resource: str
    instead: tuple[str, ...]


class Packing(Struct, frozen=True):
    """Statements as they fit IAM's limits: inline, or in managed policies; `widened` says what was given up.

    `fits` is false where even that is too large.
    """

    inline: tuple[Allow, ...]
    managed: tuple[tuple[Allow, ...], ...] = ()
    widened: tuple[Widening, ...] = ()
    fits: bool = True


def pack(statements: Sequence[Allow], *, limit: int = INLINE_LIMIT) -> Packing:
    """Fit statements into IAM's limits: inline if they fit, else in managed policies, else widened, step by step."""
    exact = pack_exactly(statements, limit=limit)
    if exact.fits and len(exact.managed) <= MANAGED_POLICIES:
        return exact
    # Hardly any policy comes to this.
    from lamward.iam.widen import widen

    merged = _merged(statements)
    widened, steps = widen(merged, (MANAGED_LIMIT - _SLACK) * MANAGED_POLICIES)
    managed = _bins(widened)
    return Packing((), managed, steps, len(managed) <= MANAGED_POLICIES and _are_small(managed))


def pack_exactly(statements: Sequence[Allow], *, limit: int = INLINE_LIMIT) -> Packing:
    """Fit statements inline, else into as many managed policies as it takes; nothing is widened."""
    if size(statements) <= limit:
        return Packing(tuple(statements))
    merged = _merged(statements)
    if size(merged) <= limit:
        return Packing(merged)
    managed = _bins(merged)
    return Packing((), managed, fits=_are_small(managed))


def _are_small(managed: Iterable[Sequence[Allow]]) -> bool:
    return all(size(each) <= MANAGED_LIMIT for each in managed)


def size(statements: Sequence[Allow]) -> int:
    """Count the characters of a policy document, without white space, as IAM counts; references at their longest."""
    return _whole(list(map(_cost, statements)))


def _whole(costs: Sequence[int]) -> int:
    """Count the characters of a document whose statements take so many."""
    return _AROUND + sum(costs) + max(0, len(costs) - 1)


def _cost(allow: Allow) -> int:
    return len(msgspec.json.encode(_document(allow)))


def written_size(policy: Policy) -> int:
    """Count the characters of a policy that somebody wrote in the same way; what cannot be told is long."""
    return _AROUND + sum(map(_written_size, policy.statements))


def _written_size(statement: Statement) -> int:
    elements = {
        "Action": statement.actions,
        "NotAction": statement.not_actions,
        "Resource": statement.resources,
        "NotResource": statement.not_resources,
    }
    written: dict[str, Any] = {"Sid": statement.sid, "Effect": statement.effect.value}
    written |= {
        name: [_longest(each.value) for each in group]
        for name, group in elements.items()
        if group is not None
    }
    conditions = [
        {each.operator: {each.key: [_longest(case.value) for case in each.values]}}
        for each in statement.conditions
    ]
    return len(msgspec.json.encode({**written, "Condition": conditions})) + 1


def _longest(value: object) -> str:
    return _long(value) if isinstance(value, Known | Symbolic) else "x" * REFERENCE_LENGTH


def _document(allow: Allow) -> dict[str, Any]:
    conditions: dict[str, dict[str, str]] = {}
    for operator, key, value in allow.conditions:
        conditions.setdefault(operator, {})[key] = _long(value)
    resources = list(map(_long, allow.resources))
    return {
        "Effect": "Allow",
        "Action": list(allow.actions) if len(allow.actions) > 1 else allow.actions[0],
        "Resource": resources if len(resources) > 1 else resources[0],
        **({"Condition": conditions} if conditions else {}),
    }


def _long(value: Known | Symbolic) -> str:
    """Give a text as long as it can become."""
    if isinstance(value, Known):
        return str(value.value)
    return "".join(part if isinstance(part, str) else "x" * _length(part) for part in value.parts)


def _length(reference: Reference) -> int:
    lengths = {"AWS::AccountId": 12, "AWS::Region": 14, "AWS::Partition": 10}
    return lengths.get(reference.target, REFERENCE_LENGTH * (2 if reference.attribute else 1))


def _merged(statements: Sequence[Allow]) -> tuple[Allow, ...]:
    """Cover all pairs of action and resource with statements that cost fewest characters; nothing is added.

    A statement allows every one of its actions on every one of its resources: a biclique of the pairs. Candidates are
    the common resources of groups of actions; the cheapest for what they newly cover is taken first.
    """
    by_conditions: dict[tuple[Condition, ...], dict[str, set[Known | Symbolic]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for each in statements:
        for action in each.actions:
            by_conditions[each.conditions][action] |= set(each.resources)
    made: list[Allow] = []
    for conditions, rows in by_conditions.items():
        made += _cover({action: frozenset(found) for action, found in rows.items()}, conditions)
    merged = tuple(made)
    return merged if size(merged) < size(statements) else tuple(statements)


def _cover(
    rows: dict[str, frozenset[Known | Symbolic]], conditions: tuple[Condition, ...]
) -> Iterator[Allow]:
    left = {(action, resource) for action, found in rows.items() for resource in found}
    groups = [
        (tuple(sorted(action for action, found in rows.items() if common <= found)), common)
        for common in _common(set(rows.values()))
    ]
    while left:
        trimmed = (
            (actions, tuple(sorted((each for each in common if _any(actions, each, left)), key=shown)))
            for actions, common in groups
        )
        actions, resources = max(
            (each for each in trimmed if each[1]), key=lambda each: (_worth(each, left), each[0])
        )
        yield Allow(actions, resources, conditions)
        left -= {(action, resource) for action in actions for resource in resources}


def _any(actions: tuple[str, ...], resource: Known | Symbolic, left: _Pairs) -> bool:
    return any((action, resource) in left for action in actions)


def _worth(block: Block, left: _Pairs) -> float:
    """Give the pairs that are newly covered for each character that it costs."""
    actions, resources = block
    covered = sum((action, resource) in left for action in actions for resource in resources)
    return covered / (_HEAD + sum(map(len, actions)) + sum(len(_long(each)) for each in resources))


def _common(rows: set[frozenset[Known | Symbolic]]) -> set[frozenset[Known | Symbolic]]:
    """Give all intersections of rows, up to a number that is still quick; the rows themselves are always there."""
    found = set(rows)
    fresh = set(rows)
    while fresh and len(found) < _MAX_CANDIDATES:
        fresh = {one & other for one, other in combinations(found, 2)} - found - {frozenset()}
        found |= set(list(fresh)[: _MAX_CANDIDATES - len(found)])
    return found


def _bins(statements: Sequence[Allow]) -> tuple[tuple[Allow, ...], ...]:
    """Put statements into managed policies: the largest first, each where it still fits."""
    bins: list[tuple[list[Allow], list[int]]] = []
    for cost, each in sorted(((_cost(one), one) for one in _split(statements)), key=_largest_first):
        for chosen, costs in bins:
            if _whole([*costs, cost]) <= MANAGED_LIMIT:
                chosen.append(each)
                costs.append(cost)
                break
        else:
            bins.append(([each], [cost]))
    return tuple(tuple(chosen) for chosen, _ in bins)


def _largest_first(costed: tuple[int, Allow]) -> tuple[int, tuple[str, ...]]:
    return -costed[0], costed[1].actions


def _split(statements: Iterable[Allow]) -> Iterator[Allow]:
    """Deal out the resources of statements that no managed policy can hold."""
    for each in statements:
        parts = -(-size([each]) // (MANAGED_LIMIT - _SLACK))
        length = -(-len(each.resources) // parts)
        for start in range(0, len(each.resources), length):
            yield Allow(each.actions, each.resources[start : start + length], each.conditions)
