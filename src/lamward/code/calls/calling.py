"""Calls: which function is meant, what its parameters are bound to, and what callables do."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from typing import Final

from msgspec import structs

from lamward.code import ir
from lamward.code.analysis import Why
from lamward.code.calls import commands, objects
from lamward.code.calls.frames import Arguments, Definition
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    SDK,
    TOO_MANY,
    Atom,
    Bound,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Method,
    Partial,
    Sequence,
    Value,
    Wrapped,
    is_mystery,
    join,
    join_all,
    mystery,
    one,
)
from lamward.code.ir import ArgumentKind, ParameterKind
from lamward.code.pattern import Constant, Context, EventField, Pattern, Result, Unknown
from lamward.code.source import Extent

MAX_REST: Final = 16
"""With more arguments than this in a rest parameter, their order is given up."""


def passed(interpreter: Interpreter, written: tuple[ir.Argument, ...]) -> Arguments:
    """Evaluate the arguments of a call."""
    registers = interpreter.frame.registers
    positional: list[Value] = []
    rest = NOTHING
    keywords: dict[str, Value] = {}
    optional: set[str] = set()
    unclear = False
    for argument in written:
        value = registers[argument.value]
        match argument.kind:
            case ArgumentKind.POSITIONAL:
                positional.append(value)
            case ArgumentKind.KEYWORD:
                keywords[argument.name] = value
            case ArgumentKind.SPREAD:
                known, more = _spread(interpreter, value)
                positional += known
                rest = join(rest, more)
            case ArgumentKind.SPREAD_KEYWORDS:
                unclear |= _spread_keywords(interpreter, value, keywords, optional)
    return Arguments(tuple(positional), rest, keywords, frozenset(optional), unclear)


def _spread(interpreter: Interpreter, value: Value) -> tuple[list[Value], Value]:
    """Give the elements of a spread sequence in order, as far as it has one, and the others."""
    match tuple(value):
        case (Sequence() as sequence,):
            cells = dict(interpreter.heap.items(sequence.id))
            if ANY not in cells:
                return [cells[key] for key in sorted(key for key in cells if isinstance(key, int))], NOTHING
    return [], objects.elements(interpreter, value)


def _spread_keywords(
    interpreter: Interpreter, value: Value, keywords: dict[str, Value], optional: set[str]
) -> bool:
    """Add the entries of a spread mapping; tell whether there may be others."""
    unclear = False
    mappings = [atom for atom in value if isinstance(atom, Mapping)]
    for atom in value:
        if not isinstance(atom, Mapping):
            unclear |= not isinstance(atom, Constant)
            continue
        definite = interpreter.heap.definite(atom.id)
        for key, held in interpreter.heap.items(atom.id):
            if not isinstance(key, str):
                unclear = True
                continue
            if (key not in definite or len(mappings) > 1) and key not in keywords:
                optional.add(key)
            keywords[key] = join(keywords.get(key, NOTHING), held)
    return unclear


def call(
    interpreter: Interpreter,
    at: Extent,
    callee: Value,
    arguments: Arguments,
    *,
    decorates: bool = False,
    constructs: bool = False,
    name: str = "",
) -> Value:
    """Call whatever the callee may be; `name` is what it is called, if it is an attribute of something."""
    invocation = Invocation(interpreter, at, arguments, decorates=decorates, constructs=constructs, name=name)
    chosen = interpreter.language.choose(callee) if len(callee) > 1 else callee
    ordered = sorted(chosen, key=repr) if len(chosen) > 1 else chosen  # the same in every run
    return join_all(_call(invocation, atom) for atom in ordered)


def _call(invocation: Invocation, atom: Atom) -> Value:
    interpreter, arguments = invocation.interpreter, invocation.arguments
    match atom:
        case FunctionValue():
            return _call_function(invocation, atom)
        case Bound(function=function, receiver=receiver):
            return _bound(invocation, function, arguments.after(one(receiver)))
        case ClassValue():
            from lamward.code.calls.constructing import construct

            return construct(invocation, atom)
        case Instance():
            method = objects.attribute(interpreter, invocation.at, one(atom), "__call__")
            return call(interpreter, invocation.at, method, arguments)
        case Partial():
            return _call_partial(invocation, atom)
        case Wrapped(inner=inner):
            return call(interpreter, invocation.at, one(inner), arguments)
        case Method(receiver=receiver, name=name):
            commands.listen(invocation, atom)
            _note(invocation, atom, receiver, name)
            return interpreter.language.method(invocation, receiver, name)
        case Foreign():
            commands.listen(invocation, atom)
            return interpreter.language.foreign(invocation, atom)
        case Pattern(parts=(EventField() | Context() | Result() as origin,)) if origin.path:
            owner, name = structs.replace(origin, path=origin.path[:-1]), str(origin.path[-1])
            return interpreter.language.method(invocation, Pattern((owner,)), name)
        case Pattern():
            return _call_unknown(invocation, atom)
        case Sequence() if (
            invocation.decorates
        ):  # a context manager made of a generator runs around a function
            return invocation.get(0)
        case Constant():
            return NOTHING
        case _:
            interpreter.frame.lost[invocation.at] = ""
            return interpreter.missing("it comes from a call of something that is none to call")


def _note(invocation: Invocation, atom: Method, receiver: Atom, name: str) -> None:
    """Remember of what something is called, and where that cannot be told."""
    if isinstance(receiver, SDK):
        invocation.interpreter.used.update((receiver, atom))
    elif is_mystery(receiver):
        invocation.interpreter.frame.lost[invocation.at] = name


def _call_function(invocation: Invocation, atom: FunctionValue) -> Value:
    """Call a function on nothing, or make what it constructs."""
    arguments = invocation.arguments
    if not invocation.interpreter.definitions[atom.id].function.receiver:
        return _bound(invocation, atom, arguments)
    if not invocation.constructs:
        return _bound(invocation, atom, arguments.after(NOTHING))
    made = one(
        Instance(invocation.make("instance", atom.id), atom.id)
    )  # its methods are the function's attributes
    return join(made, _bound(invocation, atom, arguments.after(made)) - NONE)


def _bound(invocation: Invocation, atom: FunctionValue, arguments: Arguments) -> Value:
    interpreter = invocation.interpreter
    bound = bind(interpreter, atom, interpreter.definitions[atom.id], arguments)
    return interpreter.call_function(atom, bound, invocation.at)


def _call_unknown(invocation: Invocation, atom: Pattern) -> Value:
    origin = atom.sole
    if isinstance(origin, Unknown) and origin.reason == TOO_MANY:
        invocation.doubt(Why.LIMIT, "what is called here may be too many functions to follow")
    if is_mystery(atom):
        invocation.interpreter.frame.lost[invocation.at] = invocation.name
    if invocation.name and is_mystery(atom) and not invocation.decorates:
        return invocation.interpreter.language.method(invocation, atom, invocation.name)
    from lamward.code.calls.outside import hand_over

    hand_over(invocation)
    if invocation.decorates:
        return invocation.get(0)
    return mystery("it comes from a call of something that is not known")


def _call_partial(invocation: Invocation, atom: Partial) -> Value:
    heap, arguments = invocation.heap, invocation.arguments
    given = dict(heap.items(atom.id))
    positional = tuple(given[key] for key in sorted(key for key in given if isinstance(key, int)))
    keywords = {key: value for key, value in given.items() if isinstance(key, str)}
    merged = Arguments(
        (*positional, *arguments.positional),
        arguments.rest,
        {**keywords, **arguments.keywords},
        arguments.optional,
        arguments.open,
    )
    return call(invocation.interpreter, invocation.at, given.get(Special.CALLEE, NOTHING), merged)


# Parameters


def bind(
    interpreter: Interpreter, value: FunctionValue, definition: Definition, arguments: Arguments
) -> dict[str, Value]:
    """Say what each parameter of a function is in a call."""
    bound: dict[str, Value] = {}
    left = list(arguments.positional)
    names = dict(arguments.keywords)
    for parameter in definition.function.parameters:
        match parameter.kind:
            case ParameterKind.REST:
                bound[parameter.name] = _rest(interpreter, value, parameter.name, left, arguments.rest)
                left = []
            case ParameterKind.REST_KEYWORDS:
                bound[parameter.name] = _rest_keywords(interpreter, value, parameter.name, names, arguments)
            case _:
                by_position = left and parameter.kind is not ParameterKind.KEYWORD_ONLY
                if by_position:
                    bound[parameter.name] = left.pop(0)
                    names.pop(parameter.name, None)
                else:
                    bound[parameter.name] = _by_name(interpreter, parameter, names, definition, arguments)
    return bound


def _by_name(
    interpreter: Interpreter,
    parameter: ir.Parameter,
    names: dict[str, Value],
    definition: Definition,
    arguments: Arguments,
) -> Value:
    given = names.pop(parameter.name, NOTHING)
    if given and parameter.name not in arguments.optional:
        return given
    if arguments.rest and parameter.kind is not ParameterKind.KEYWORD_ONLY:
        given = join(given, arguments.rest)
    if arguments.open:
        given = join(given, mystery("it may be passed by a name that is not known"))
    if parameter.name in definition.defaults:
        return join(given, definition.defaults[parameter.name])
    if parameter.optional:
        return given or NONE
    return given or interpreter.missing(f"nothing is passed for `{parameter.name}`")


def _rest(interpreter: Interpreter, value: FunctionValue, name: str, left: list[Value], more: Value) -> Value:
    if len(left) > MAX_REST:
        left, more = [], join(join_all(left), more)
    made = Sequence(interpreter.heap.number("rest", value.id, name, tuple(left), more), ir.SequenceKind.TUPLE)
    for position, each in enumerate(left):
        interpreter.heap.write(made.id, position, each)
    if more:
        interpreter.heap.write(made.id, ANY, more)
    return one(made)


def _rest_keywords(
    interpreter: Interpreter,
    value: FunctionValue,
    name: str,
    names: ReadOnly[str, Value],
    arguments: Arguments,
) -> Value:
    heap = interpreter.heap
    identity = (tuple(sorted(names.items(), key=lambda item: item[0])), arguments.optional, arguments.open)
    made = Mapping(heap.number("keywords", value.id, name, *identity))
    for key, each in names.items():
        heap.write(made.id, key, each)
    if arguments.open:
        heap.write(made.id, ANY, mystery("it is passed by a name that is not known"))
    heap.define(made.id, frozenset(names) - arguments.optional)
    return one(made)
