"""From the accesses that are needed to the fewest statements that allow them and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from lamward.iam import pattern
from lamward.model.access import Truth
from lamward.model.evidence import Condition
from lamward.model.policy import ConditionEntry, Effect, Policy, Statement
from lamward.model.value import Case, Known, Part, Reference, Symbolic


class Needed(Struct, frozen=True, order=False):
    """One action on one resource pattern, under conditions that may be demanded."""

    action: str
    resource: Known | Symbolic
    conditions: tuple[Condition, ...] = ()


class Allow(Struct, frozen=True):
    """One statement: every action on every resource, under all the conditions."""

    actions: tuple[str, ...]
    resources: tuple[Known | Symbolic, ...]
    conditions: tuple[Condition, ...] = ()


def minimise(needed: Iterable[Needed]) -> tuple[Allow, ...]:
    """Write accesses as few statements: nothing more is allowed, nothing less.

    What another access covers is left out. Statements are of one service each and in the order of their actions, so
    that a change of one need changes one statement.
    """
    kept = _without_covered(needed)
    groups: dict[tuple[str, tuple[Condition, ...]], list[Needed]] = defaultdict(list)
    for each in kept:
        groups[(_service(each.action), each.conditions)].append(each)
    statements = (
        Allow(actions, resources, conditions)
        for (_, conditions), members in groups.items()
        for actions, resources in _blocks(members)
    )
    return tuple(sorted(statements, key=lambda each: (each.actions, list(map(shown, each.resources)))))


def policy(statements: Iterable[Allow], *, name: str = "") -> Policy:
    """Give statements as the policy that the engine evaluates and proves."""
    return Policy(tuple(map(_statement, statements)), name=name, version="2012-10-17")


def _statement(allow: Allow) -> Statement:
    return Statement(
        Effect.ALLOW,
        actions=tuple(Case(Known(action)) for action in allow.actions),
        resources=tuple(Case(resource) for resource in allow.resources),
        conditions=tuple(
            ConditionEntry(operator, key, (Case(value),)) for operator, key, value in allow.conditions
        ),
    )


def shown(value: Known | Symbolic) -> str:
    """Write a text with its references."""
    return str(value.value) if isinstance(value, Known) else str(value)


def _service(action: str) -> str:
    return action.partition(":")[0]


def _without_covered(needed: Iterable[Needed]) -> list[Needed]:
    """Leave out what another access allows already, for every request."""
    by_action: dict[str, list[Needed]] = defaultdict(list)
    for each in dict.fromkeys(needed):
        by_action[each.action].append(each)
    return [each for members in by_action.values() for each in _widest(members)]


def _widest(members: Sequence[Needed]) -> Iterator[Needed]:
    """Give the accesses of one action that no other covers; of two that cover each other, the first by its text."""
    ordered = sorted(members, key=lambda each: (shown(each.resource), len(each.conditions)))
    # Nearly all patterns end in their only wildcard: those that cover a text are among its own beginnings.
    starts: dict[str, list[Needed]] = defaultdict(list)
    for each in ordered:
        if _ends_in_star(each.resource):
            starts[shown(each.resource)[:-1]].append(each)
    odd = [each for each in ordered if _has_wildcard(each.resource) and not _ends_in_star(each.resource)]
    position = {each: index for index, each in enumerate(ordered)}
    for each in ordered:
        spelt = shown(each.resource)
        near = [wide for length in range(len(spelt) + 1) for wide in starts.get(spelt[:length], ())]
        same = [wide for wide in ordered if wide.resource == each.resource] if each.conditions else []
        if not any(
            _covers(wide, each) and not (_covers(each, wide) and position[each] < position[wide])
            for wide in (*near, *odd, *same)
            if wide is not each
        ):
            yield each


def _ends_in_star(resource: Known | Symbolic) -> bool:
    if isinstance(resource, Symbolic):
        return False
    text = str(resource.value)
    return text.endswith("*") and "*" not in text[:-1] and "?" not in text and "${" not in text


def _has_wildcard(resource: Known | Symbolic) -> bool:
    parts = resource.parts if isinstance(resource, Symbolic) else (str(resource.value),)
    return any(isinstance(part, str) and ("*" in part or "?" in part) for part in parts)


def _covers(wide: Needed, narrow: Needed) -> bool:
    if not set(wide.conditions) <= set(narrow.conditions):
        return False
    if wide.resource == narrow.resource:
        return True
    return pattern.covers(*_rests(wide.resource, narrow.resource)) is Truth.YES


def _rests(first: Known | Symbolic, second: Known | Symbolic) -> tuple[str | Symbolic, str | Symbolic]:
    """Leave out the reference that both begin with: the rests tell as much, and mostly without an automaton."""
    match first, second:
        case Symbolic(parts=(Reference() as one, *left)), Symbolic(parts=(other, *right)) if one == other:
            return _rest(left), _rest(right)
        case _:
            return _text(first), _text(second)


def _rest(parts: Sequence[Part]) -> str | Symbolic:
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else Symbolic(tuple(parts))


def _text(value: Known | Symbolic) -> str | Symbolic:
    return str(value.value) if isinstance(value, Known) else value


Block = tuple[tuple[str, ...], tuple[Known | Symbolic, ...]]


def _blocks(members: Sequence[Needed]) -> Iterator[Block]:
    """Group one service's accesses: actions with the same resources together."""
    resources: dict[str, list[Known | Symbolic]] = defaultdict(list)
    for each in members:
        resources[each.action].append(each.resource)
    actions: dict[tuple[Known | Symbolic, ...], list[str]] = defaultdict(list)
    for action, found in resources.items():
        actions[tuple(sorted(found, key=shown))].append(action)
    for listed, names in actions.items():
        yield tuple(sorted(names)), listed
