"""Code that the handler does not reach: what it would call, so that nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lamward.code import ir
from lamward.code.analysis import Call
from lamward.code.calls.calling import call
from lamward.code.calls.frames import Arguments, Definition, Place
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.outcome import Locate, outcome
from lamward.code.calls.values import ClassValue, FunctionValue, Value, one
from lamward.code.pattern import Param, Pattern
from lamward.model.location import Location

MAX_ROUNDS: Final = 3
"""How often functions are looked for inside those that were found last."""


def explore(interpreter: Interpreter, known: frozenset[Location], locate: Locate) -> tuple[Call, ...]:
    """Interpret what was left out; give the calls that are found at places where none is known.

    This comes last: it may store anything anywhere.
    """
    interpreter.explore()
    for frame in list(interpreter.frames.values()):
        if not interpreter.visited.issuperset(_steps(frame.function.body)):
            interpreter.look_again(frame)
    interpreter.run()
    for _ in range(MAX_ROUNDS):
        left = [
            (number, definition)
            for number, definition in list(interpreter.definitions.items())
            if definition.function not in interpreter.called
        ]
        for number, definition in left:
            _call_with_parameters(interpreter, FunctionValue(number), definition)
        interpreter.run()
        if not left:
            break
    chains: dict[int, tuple[Place, ...]] = dict.fromkeys(interpreter.frames, ())
    calls, _ = outcome(interpreter, chains, locate, known)
    return calls


def _call_with_parameters(interpreter: Interpreter, value: FunctionValue, definition: Definition) -> None:
    parameters = definition.function.parameters
    arguments = {each.name: _parameter(each.name) for each in parameters}
    owner = interpreter.owners.get(value.id)
    if owner is not None and parameters:
        unclear = Arguments(rest=_parameter("an argument"), open=True)
        receiver = call(interpreter, definition.function.at, one(ClassValue(owner)), unclear)
        arguments[parameters[0].name] = receiver
    interpreter.call_function(value, arguments, definition.function.at)


def _parameter(name: str) -> Value:
    return one(Pattern((Param(name),)))


def _steps(block: Iterable[ir.Instruction]) -> Iterator[ir.Instruction]:
    """List the instructions of a block and of those inside it, but of no function inside."""
    for step in block:
        yield step
        for inner in _blocks(step):
            yield from _steps(inner)


def _blocks(step: ir.Instruction) -> tuple[ir.Block, ...]:
    match step:
        case ir.Branch():
            return (step.then, step.otherwise)
        case ir.Loop():
            return (step.header, step.body, step.otherwise)
        case ir.Try():
            return (step.body, *step.handlers, step.otherwise, step.finally_)
        case ir.Unreachable() | ir.MakeClass():
            return (step.body,)
        case _:
            return ()
