"""What the methods of arrays, sets, maps and plain objects do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code.calls import objects, storing
from lamward.code.calls.heap import ANY, Key
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import concatenated
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    Mapping,
    Sequence,
    Texts,
    Value,
    join,
    join_all,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.pattern import Constant, Pattern

TRUTH: Final[Value] = frozenset(map(Constant, (True, False)))
NUMBER: Final[Value] = mystery("it is a number")


def sequence_of(invocation: Invocation, what: str, elements: Value) -> Value:
    """Make a sequence of elements in no known order."""
    made = Sequence(invocation.make(what))
    invocation.heap.write(made.id, ANY, elements)
    return one(made)


def pairs(invocation: Invocation, what: str, first: Value, second: Value) -> Value:
    """Make a sequence of pairs."""
    pair = Sequence(invocation.make(what, "pair"))
    invocation.heap.write(pair.id, 0, first)
    invocation.heap.write(pair.id, 1, second)
    return sequence_of(invocation, what, one(pair))


def elements_of(invocation: Invocation, atom: Atom) -> Value:
    """Give the elements of an array, or of what an event or an answer may hold as one; of a map its values."""
    if isinstance(atom, Mapping):
        return held_in(invocation, atom)
    return objects.elements(invocation.interpreter, one(atom))


def held_in(invocation: Invocation, atom: Mapping) -> Value:
    """Give all that an object or a map holds."""
    return join_all(value for _, value in invocation.heap.items(atom.id))


# Arrays; what an event holds may be one too


def _mapped(invocation: Invocation, atom: Atom) -> Value:
    given = invocation.call(invocation.get(0), elements_of(invocation, atom), NUMBER, one(atom))
    return sequence_of(invocation, "map", given)


def _flat_mapped(invocation: Invocation, atom: Atom) -> Value:
    given = invocation.call(invocation.get(0), elements_of(invocation, atom), NUMBER, one(atom))
    return sequence_of(invocation, "flatMap", _flattened(invocation, given))


def _flattened(invocation: Invocation, value: Value) -> Value:
    return join_all(
        elements_of(invocation, atom) if isinstance(atom, Sequence) else one(atom) for atom in value
    )


def _flat(invocation: Invocation, atom: Atom) -> Value:
    return sequence_of(invocation, "flat", _flattened(invocation, elements_of(invocation, atom)))


def _for_each(invocation: Invocation, atom: Atom) -> Value:
    keys = objects.keys_held(invocation.interpreter, atom.id) if isinstance(atom, Mapping) else NUMBER
    invocation.call(invocation.get(0), elements_of(invocation, atom), keys, one(atom))
    return NONE


def _filtered(invocation: Invocation, atom: Atom) -> Value:
    elements = elements_of(invocation, atom)
    invocation.call(invocation.get(0), elements, NUMBER, one(atom))
    truthy = frozenset(each for each in elements if each != Constant(None) and each != Constant(value=False))
    return sequence_of(invocation, "filter", truthy)


def _found(invocation: Invocation, atom: Atom) -> Value:
    elements = elements_of(invocation, atom)
    invocation.call(invocation.get(0), elements, NUMBER, one(atom))
    return elements


def _tested(invocation: Invocation, atom: Atom) -> Value:
    invocation.call(invocation.get(0), elements_of(invocation, atom), NUMBER, one(atom))
    return TRUTH


def _reduced(invocation: Invocation, atom: Atom) -> Value:
    elements = elements_of(invocation, atom)
    number = invocation.make("reduce")
    start = invocation.get(1) or elements
    invocation.heap.write(number, ANY, start)
    folded = invocation.heap.read(number, ANY)
    invocation.heap.write(
        number, ANY, invocation.call(invocation.get(0), folded, elements, NUMBER, one(atom))
    )
    return invocation.heap.read(number, ANY)


def _sorted(invocation: Invocation, atom: Atom) -> Value:
    elements = elements_of(invocation, atom)
    if invocation.get(0):
        invocation.call(invocation.get(0), elements, elements)
    return sequence_of(invocation, "sort", elements)


def _element(invocation: Invocation, atom: Atom) -> Value:
    return elements_of(invocation, atom)


def _copied(invocation: Invocation, atom: Atom) -> Value:
    elements = elements_of(invocation, atom)
    for value in invocation.arguments.positional:
        elements = join(elements, _flattened(invocation, value))
    return sequence_of(invocation, "copy", elements)


def _sliced(invocation: Invocation, atom: Atom) -> Value:
    return sequence_of(invocation, "slice", elements_of(invocation, atom))


def _pushed(invocation: Invocation, atom: Atom) -> Value:
    if isinstance(atom, Sequence):
        for value in (*invocation.arguments.positional, invocation.arguments.rest):
            if value:
                invocation.heap.write(atom.id, ANY, value)
    return NUMBER


def _spliced(invocation: Invocation, atom: Atom) -> Value:
    if isinstance(atom, Sequence):
        for value in invocation.arguments.positional[2:]:
            invocation.heap.write(atom.id, ANY, value)
    return sequence_of(invocation, "splice", elements_of(invocation, atom))


def _joined(invocation: Invocation, atom: Atom) -> Value:
    cells: dict[Key, Value] = dict(invocation.heap.items(atom.id)) if isinstance(atom, Sequence) else {}
    if not cells or ANY in cells:
        return mystery("it is joined from an array that is put together at run time")
    separator = texts_of(invocation.get(0)) or texts_of(of_text(","))
    pieces: list[Texts] = []
    for key in sorted(key for key in cells if isinstance(key, int)):
        pieces += [separator, texts_of(cells[key])]
    return concatenated(pieces[1:])


def _entries(invocation: Invocation, atom: Atom) -> Value:
    if isinstance(atom, Mapping):
        keys = objects.keys_held(invocation.interpreter, atom.id)
        return pairs(invocation, "entries", keys, held_in(invocation, atom))
    return pairs(invocation, "entries", NUMBER, elements_of(invocation, atom))


def _keys(invocation: Invocation, atom: Atom) -> Value:
    if isinstance(atom, Mapping):
        return sequence_of(invocation, "keys", objects.keys_held(invocation.interpreter, atom.id))
    return sequence_of(invocation, "keys", NUMBER)


def _values(invocation: Invocation, atom: Atom) -> Value:
    return sequence_of(invocation, "values", elements_of(invocation, atom))


def _truth(_: Invocation, __: Atom) -> Value:
    return TRUTH


def _number(_: Invocation, __: Atom) -> Value:
    return NUMBER


Method = Callable[[Invocation, Atom], Value]

ARRAY: Final[dict[str, Method]] = {
    "map": _mapped,
    "flatMap": _flat_mapped,
    "flat": _flat,
    "forEach": _for_each,
    "filter": _filtered,
    "find": _found,
    "findLast": _found,
    "findIndex": _tested,
    "some": _tested,
    "every": _tested,
    "reduce": _reduced,
    "reduceRight": _reduced,
    "sort": _sorted,
    "toSorted": _sorted,
    "reverse": _sliced,
    "toReversed": _sliced,
    "slice": _sliced,
    "concat": _copied,
    "splice": _spliced,
    "push": _pushed,
    "unshift": _pushed,
    "add": _pushed,
    "pop": _element,
    "shift": _element,
    "at": _element,
    "next": _element,
    "join": _joined,
    "entries": _entries,
    "keys": _keys,
    "values": _values,
    "includes": _truth,
    "has": _truth,
    "indexOf": _number,
}


# Maps and plain objects


def _get(invocation: Invocation, atom: Mapping) -> Value:
    keys = objects.keys_of(invocation.get(0))
    return join_all(objects.held(invocation.interpreter, atom, key) for key in keys) or NONE


def _set(invocation: Invocation, atom: Mapping) -> Value:
    storing.index(invocation.interpreter, invocation.at, one(atom), invocation.get(0), invocation.get(1))
    return one(atom)


MAP: Final[dict[str, Callable[[Invocation, Mapping], Value]]] = {
    "get": _get,
    "set": _set,
    "has": _truth,
    "delete": _truth,
    "hasOwnProperty": _truth,
    "forEach": _for_each,
    "entries": _entries,
    "keys": _keys,
    "values": _values,
    "clear": lambda _, __: NONE,
    "toString": lambda _, __: mystery("it is an object written as text"),
}


def of_mapping(invocation: Invocation, atom: Mapping, name: str) -> Value | None:
    """Call a method of a map or an object; None if it has none of this name."""
    known = MAP.get(name)
    return None if known is None else known(invocation, atom)


def of_sequence(invocation: Invocation, atom: Sequence, name: str) -> Value | None:
    """Call a method of an array or a set; None if it has none of this name."""
    known = ARRAY.get(name)
    return None if known is None else known(invocation, atom)


def add_pairs(invocation: Invocation, target: Mapping, value: Value) -> None:
    """Add pairs of keys and values to a map or an object."""
    for pair in objects.elements(invocation.interpreter, value):
        if isinstance(pair, Sequence):
            cells = dict(invocation.heap.items(pair.id))
            key = cells.get(0, cells.get(ANY, mystery("it is a key")))
            held = cells.get(1, cells.get(ANY, NOTHING))
            storing.index(invocation.interpreter, invocation.at, one(target), key, held)
        elif isinstance(pair, Pattern):
            invocation.heap.write(target.id, ANY, one(pair))
