"""What the methods of Python's lists, dicts and sets do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code.calls import objects, storing
from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Mapping,
    Sequence,
    Value,
    join,
    join_all,
    mystery,
    one,
)
from lamward.code.ir import SequenceKind


def of_mapping(invocation: Invocation, receiver: Mapping, name: str) -> Value | None:
    """Call a method of a dict; None if it has none of this name."""
    known = _OF_MAPPING.get(name)
    return None if known is None else known(invocation, receiver)


def of_sequence(invocation: Invocation, receiver: Sequence, name: str) -> Value | None:
    """Call a method of a list, tuple, set or whatever is iterated; None if it has none of this name."""
    known = _OF_SEQUENCE.get(name)
    return None if known is None else known(invocation, receiver)


def sequence_of(invocation: Invocation, what: str, elements: Value) -> Value:
    """Make a sequence of elements in no known order."""
    made = Sequence(invocation.make(what))
    invocation.heap.write(made.id, ANY, elements)
    return one(made)


def pairs(invocation: Invocation, what: str, first: Value, second: Value) -> Value:
    """Make a sequence of pairs."""
    pair = Sequence(invocation.make(what, "pair"), SequenceKind.TUPLE)
    invocation.heap.write(pair.id, 0, first)
    invocation.heap.write(pair.id, 1, second)
    return sequence_of(invocation, what, one(pair))


def update(invocation: Invocation, target: Mapping) -> None:
    """Add what a call passes to a dict, as `dict()` and `update` do."""
    heap = invocation.heap
    for value in invocation.arguments.positional:
        mappings = frozenset(atom for atom in value if isinstance(atom, Mapping))
        objects.spread_into(invocation.interpreter, target, mappings)
        for atom in value - mappings:
            if isinstance(atom, Sequence):
                _add_pairs(invocation, target, atom)
            else:
                objects.spread_into(invocation.interpreter, target, one(atom))
    for name, value in invocation.arguments.keywords.items():
        heap.write(target.id, name, value)
    if invocation.arguments.open:
        heap.write(target.id, ANY, mystery("it is passed by a name that is not known"))


def _add_pairs(invocation: Invocation, target: Mapping, atom: Sequence) -> None:
    for pair in objects.elements(invocation.interpreter, one(atom)):
        if isinstance(pair, Sequence):
            cells = dict(invocation.heap.items(pair.id))
            storing.index(
                invocation.interpreter,
                invocation.at,
                one(target),
                cells.get(0, mystery("it is a key")),
                cells.get(1, NOTHING),
            )


def _get(invocation: Invocation, receiver: Mapping) -> Value:
    keys = objects.keys_of(invocation.get(0))
    held = join_all(objects.held(invocation.interpreter, receiver, key) for key in keys)
    return join(held, invocation.get(1) or NONE)


def _setdefault(invocation: Invocation, receiver: Mapping) -> Value:
    key = invocation.get(0)
    storing.index(invocation.interpreter, invocation.at, one(receiver), key, invocation.get(1) or NONE)
    return objects.index(invocation.interpreter, one(receiver), key)


def _update(invocation: Invocation, receiver: Mapping) -> Value:
    update(invocation, receiver)
    return NONE


def _copy(invocation: Invocation, receiver: Mapping) -> Value:
    made = Mapping(invocation.make("copy", receiver.id))
    sure = objects.spread_into(invocation.interpreter, made, one(receiver))
    invocation.heap.define(made.id, sure)
    return one(made)


def _keys(invocation: Invocation, receiver: Mapping) -> Value:
    return sequence_of(invocation, "keys", objects.keys_held(invocation.interpreter, receiver.id))


def _held(invocation: Invocation, receiver: Mapping) -> Value:
    return join_all(value for _, value in invocation.heap.items(receiver.id))


def _values(invocation: Invocation, receiver: Mapping) -> Value:
    return sequence_of(invocation, "values", _held(invocation, receiver))


def _items(invocation: Invocation, receiver: Mapping) -> Value:
    keys = objects.keys_held(invocation.interpreter, receiver.id)
    return pairs(invocation, "items", keys, _held(invocation, receiver))


def _append(invocation: Invocation, receiver: Sequence) -> Value:
    for value in invocation.arguments.positional[-1:]:
        invocation.heap.write(receiver.id, ANY, value)
    return NONE


def _extend(invocation: Invocation, receiver: Sequence) -> Value:
    for value in invocation.arguments.positional:
        invocation.heap.write(receiver.id, ANY, objects.elements(invocation.interpreter, value))
    return NONE


def _any_element(invocation: Invocation, receiver: Sequence) -> Value:
    return objects.elements(invocation.interpreter, one(receiver))


def _copied(invocation: Invocation, receiver: Sequence) -> Value:
    elements = objects.elements(invocation.interpreter, one(receiver))
    for value in invocation.arguments.positional:
        elements = join(elements, objects.elements(invocation.interpreter, value))
    return sequence_of(invocation, "copy", elements)


def _nothing(_: Invocation, __: Sequence | Mapping) -> Value:
    return NONE


def _sort(invocation: Invocation, receiver: Sequence) -> Value:
    if invocation.get(-1, "key"):
        invocation.call(invocation.get(-1, "key"), _any_element(invocation, receiver))
    return NONE


def _number(_: Invocation, __: Sequence) -> Value:
    return mystery("it is a number")


_OF_MAPPING: Final[dict[str, Callable[[Invocation, Mapping], Value]]] = {
    "get": _get,
    "pop": _get,
    "setdefault": _setdefault,
    "update": _update,
    "copy": _copy,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "popitem": _items,
    "clear": _nothing,
    "__getitem__": _get,
}
_OF_SEQUENCE: Final[dict[str, Callable[[Invocation, Sequence], Value]]] = {
    "append": _append,
    "add": _append,
    "insert": _append,
    "appendleft": _append,
    "extend": _extend,
    "update": _extend,
    "pop": _any_element,
    "popleft": _any_element,
    "__next__": _any_element,
    "copy": _copied,
    "union": _copied,
    "difference": _copied,
    "intersection": _copied,
    "sort": _sort,
    "reverse": _nothing,
    "remove": _nothing,
    "discard": _nothing,
    "clear": _nothing,
    "index": _number,
    "count": _number,
}
