"""`Fn::ForEach`: the rounds of a loop, and the names its body makes.

Source: CloudFormation Template Reference, "Fn::ForEach".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from typing import TYPE_CHECKING

from msgspec import Struct

from lamward.model.location import Location, Step
from lamward.model.value import (
    ALWAYS,
    Fields,
    Guard,
    Items,
    Known,
    Option,
    Unknown,
    Value,
    both,
    cases,
    text_of,
)
from lamward.sources.cloudformation.combine import one_of
from lamward.sources.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from lamward.sources.cloudformation.evaluate import Evaluator

PREFIX = "Fn::ForEach::"
"""What the key of a loop starts with; a name of its own follows."""

MAX_ROUNDS = 20_000
"""A template has at most 500 resources: one whose loops turn more often was not written to be deployed."""


class Round(Struct, frozen=True):
    """One turn of a loop: the body, what the loop variable stands for in it, and when there is such a turn."""

    body: Mapping
    bindings: dict[str, Value]
    when: Guard = ALWAYS


def rounds(evaluator: Evaluator, node: Node, path: tuple[Step, ...]) -> list[Round] | str:
    """List the rounds of `[Variable, Collection, {Key: Body}]`; a clause says why they are not known."""
    if not isinstance(node, Sequence) or len(node.items) != 3 or not isinstance(node.items[0], Scalar):
        return "`Fn::ForEach` needs a variable, a list and a body"
    variable, body = node.items[0].text, node.items[2]
    if not isinstance(body, Mapping):
        return "`Fn::ForEach` needs a variable, a list and a body"
    found = _collected(evaluator.value(node.items[1], (*path, 1)))
    if found is None:
        return "the list of `Fn::ForEach` is not known"
    evaluator.rounds += len(found)
    if evaluator.rounds > MAX_ROUNDS:
        return f"the template's loops turn more than {MAX_ROUNDS} times"
    return [Round(body, {variable: item, f"&{variable}": item}, when) for item, when in found]


def _collected(collection: Value) -> list[tuple[Known, Guard]] | None:
    """Give the items of a list, each with when it is there: the default of a parameter may be another list."""
    possible = list(cases(collection))
    found: dict[str, tuple[Known, list[Guard]]] = {}
    for case in possible:
        if not isinstance(case.value, Items):
            return None
        for item in case.value.items:
            text = text_of(item)
            if not isinstance(item, Known) or text is None:
                return None
            found.setdefault(text, (item, []))[1].append(case.when)
    everywhere = len(possible)
    return [
        (item, whens[0] if len(whens) < everywhere or everywhere == 1 else ALWAYS)
        for item, whens in found.values()
    ]


def bound(key: str, bindings: ReadOnly[str, Value]) -> str:
    """Fill in a key's loop variables: `${Variable}` as it is, `&{Variable}` with letters and digits only."""
    if "{" not in key:
        return key
    for variable, item in bindings.items():
        text = text_of(item) or ""
        letters = re.sub(r"[^A-Za-z0-9]", "", text)
        key = key.replace(f"${{{variable}}}", text).replace(f"&{{{variable}}}", letters)
    return key


def for_each(evaluator: Evaluator, node: Node, path: tuple[Step, ...]) -> Fields | Unknown:
    """Expand a loop inside properties."""
    location = node.location(path)
    turns = rounds(evaluator, node, path)
    if isinstance(turns, str):
        return Unknown(turns, (location,))
    fields: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for turn in turns:
        with evaluator.binding(turn.bindings):
            for name, key, child in _entries(evaluator, turn.body):
                if name.startswith(PREFIX):
                    inner = for_each(evaluator, child, (*path, name))
                    if isinstance(inner, Unknown):
                        return inner
                    made, places = inner.fields, inner.keys
                else:
                    made = {name: evaluator.value(child, (*path, name))}
                    places = {name: key.location((*path, name))}
                fields |= {name: _when(value, turn.when) for name, value in made.items()}
                keys |= places
    return Fields(fields, keys, (location,))


def _entries(evaluator: Evaluator, body: Mapping) -> Iterator[tuple[str, Scalar, Node]]:
    for name, child in body.entries.items():
        yield bound(name, evaluator.bindings), body.keys[name], child


def _when(value: Value, when: Guard) -> Value:
    return value if when == ALWAYS else one_of([Option(value, when)], value.origins, exhaustive=False)


def together(first: Guard, second: Guard) -> Guard:
    """Join the guards of loops in each other; those of one list never contradict each other for long."""
    joined = both(first, second)
    return first if joined is None else joined
