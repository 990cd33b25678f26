"""From what the interpreter found to what the analysis says: places, chains, parameters as shapes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final

from lamward.code.analysis import Call, Command, Unresolved
from lamward.code.calls.frames import FoundCall, FoundCommand, FoundDoubt, Frame, Place
from lamward.code.calls.heap import Heap, Special
from lamward.code.calls.interpreter import Interpreter, place_of
from lamward.code.calls.values import Atom, Mapping, Sequence, Texts, Value
from lamward.code.pattern import (
    Constant,
    Elements,
    Entries,
    Pattern,
    Possible,
    Shape,
    shown,
    unknown,
)
from lamward.model.finding import Confidence
from lamward.model.location import Location

MAX_SHAPE_DEPTH: Final = 6
MAX_WIDTH: Final = 64
"""How many entries or elements of a parameter are written out."""

Locate = Callable[[Place], Location]


def reachable(interpreter: Interpreter, root: Frame) -> dict[int, tuple[Place, ...]]:
    """Give the frames that the root leads to, each with the places of the calls that lead there, shortest first."""
    chains: dict[int, tuple[Place, ...]] = {root.number: ()}
    pending = [root.number]
    for number in pending:
        frame = interpreter.frames[number]
        chain = chains[number]
        for callee, at in frame.callees.items():
            if callee not in chains:
                chains[callee] = chain if number == root.number else (*chain, place_of(frame, at))
                pending.append(callee)
    return chains


def outcome(
    interpreter: Interpreter,
    chains: dict[int, tuple[Place, ...]],
    locate: Locate,
    known: frozenset[Location] = frozenset(),
) -> tuple[tuple[Call, ...], tuple[Unresolved, ...]]:
    """Give the calls and the doubts of all frames that are reached, in the order of the text.

    Calls at places that are known already are left out.
    """
    calls: dict[object, Call] = {}
    doubts: dict[object, Unresolved] = {}
    for number, chain in chains.items():
        frame = interpreter.frames[number]
        where = tuple(locate(place) for place in chain)
        for (at, _), found in frame.found.items():
            location = locate(place_of(frame, at))
            if isinstance(found, FoundCall):
                if location in known:
                    continue
                call = _call(interpreter.heap, found, location, where)
                calls.setdefault(_identity(call), call)
            elif isinstance(found, FoundDoubt):
                doubt = _doubt(found, location, where)
                doubts.setdefault((doubt.why, location, doubt.reason, doubt.guesses), doubt)
    return tuple(sorted(calls.values(), key=_order)), tuple(sorted(doubts.values(), key=_order))


def commands(
    interpreter: Interpreter, chains: dict[int, tuple[Place, ...]], locate: Locate
) -> tuple[Command, ...]:
    """Give what is handed to shells in the frames that are reached, in the order of the text."""
    found: dict[object, Command] = {}
    for number, chain in chains.items():
        frame = interpreter.frames[number]
        for (at, _), each in frame.found.items():
            if isinstance(each, FoundCommand):
                where = locate(place_of(frame, at))
                command = Command(each.callee, each.texts, where, tuple(locate(place) for place in chain))
                found.setdefault((each.callee, where, shown(each.texts)), command)
    return tuple(sorted(found.values(), key=lambda each: (each.location.span.start, shown(each.texts))))


def _order(found: Call | Unresolved) -> tuple[str, int, str]:
    span = found.location.span
    if isinstance(found, Call):
        detail = ", ".join(f"{name}={shown(value)}" for name, value in sorted(found.parameters.items()))
        return span.file, span.start, f"{found.service}:{found.operation} {detail}"
    return span.file, span.start, found.reason


def _identity(call: Call) -> object:
    shape = tuple((name, shown(value)) for name, value in sorted(call.parameters.items()))
    return (
        call.service,
        call.operation,
        call.location,
        shape,
        call.optional,
        call.open,
        shown(call.region),
        shown(call.endpoint),
        call.credentials,
        call.model,
    )


def _call(heap: Heap, found: FoundCall, location: Location, chain: tuple[Location, ...]) -> Call:
    return Call(
        found.service,
        found.operation,
        location,
        {name: possible(heap, value) for name, value in found.parameters.items()},
        found.optional,
        found.open,
        _texts(found.region),
        _texts(found.endpoint),
        found.credentials,
        chain,
        Confidence.HIGH if found.certain and not found.model else Confidence.MEDIUM,
        found.model,
    )


def _doubt(found: FoundDoubt, location: Location, chain: tuple[Location, ...]) -> Unresolved:
    return Unresolved(found.why, found.reason, location, found.guesses, chain)


def _texts(texts: Texts) -> Possible:
    return tuple(sorted(texts, key=str))


def possible(heap: Heap, value: Value, depth: int = 0) -> Possible:
    """Write out what a value may be."""
    shapes = [_shape(heap, atom, depth) for atom in value]
    unique = {shown((shape,)): shape for shape in shapes}
    return tuple(unique[key] for key in sorted(unique)) or (
        unknown("nothing that was read gives it a value"),
    )


def _shape(heap: Heap, atom: Atom, depth: int) -> Shape:
    match atom:
        case Pattern() | Constant():
            return atom
        case Mapping() if depth < MAX_SHAPE_DEPTH:
            return _entries(heap, atom, depth + 1)
        case Sequence() if depth < MAX_SHAPE_DEPTH:
            return _elements(heap, atom, depth + 1)
        case _:
            return unknown("it is put together at run time")


def _entries(heap: Heap, atom: Mapping, depth: int) -> Entries:
    entries: dict[str, Possible] = {}
    computed: list[tuple[Pattern, Possible]] = []
    more = False
    for key, value in islice(heap.items(atom.id), MAX_WIDTH):
        match key:
            case str():
                entries[key] = possible(heap, value, depth)
            case int():
                entries[str(key)] = possible(heap, value, depth)
            case Pattern():
                computed.append((key, possible(heap, value, depth)))
            case _:
                more = True
    more = more or len(entries) + len(computed) >= MAX_WIDTH
    optional = frozenset(entries) - heap.definite(atom.id)
    return Entries(entries, optional, tuple(sorted(computed, key=lambda each: str(each[0]))), more)


def _elements(heap: Heap, atom: Sequence, depth: int) -> Elements:
    cells = dict(islice(heap.items(atom.id), MAX_WIDTH))
    ordered = [
        possible(heap, cells[key], depth) for key in sorted(key for key in cells if isinstance(key, int))
    ]
    others = [possible(heap, value, depth) for key, value in cells.items() if key is Special.ANY]
    return Elements((*ordered, *others), open=bool(others) or len(cells) >= MAX_WIDTH)
