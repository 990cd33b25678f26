"""What Python's operators make of values."""

from __future__ import annotations

from lamward.code.calls import objects
from lamward.code.calls.heap import ANY
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.texts import path_join
from lamward.code.calls.values import Atom, Mapping, Sequence, Value, join_all, mystery, one
from lamward.code.ir import Compute
from lamward.code.pattern import Pattern
from lamward.code.python import classes, standard, texts


def compute(interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
    """Apply an operator."""
    overloaded = classes.operated(interpreter, step, operands)
    if overloaded:
        return overloaded
    match step.operator:
        case "%" if any(isinstance(atom, Pattern) for atom in operands[0]):
            return join_all(_percent(interpreter, atom, operands[1]) for atom in operands[0])
        case "/" if any(isinstance(atom, Pattern) for atom in operands[0]):
            return path_join(operands)
        case "*" if any(isinstance(atom, Sequence) for operand in operands for atom in operand):
            return _repeated(interpreter, step, operands)
        case "|" | "&":
            return _united(interpreter, step, operands)
        case "and" | "or":
            return join_all(operands)
        case "-" | "+" | "*" | "//" | "**" | "/" | "<<" | ">>" | "^" | "~" | "%" | "@":
            return mystery("it is a number that is computed")
        case "format" | "!r" | "!a":
            return mystery("it is formatted")
        case _:
            return standard.UNKNOWN_TRUTH


def _united(interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
    mappings = [atom for operand in operands for atom in operand if isinstance(atom, Mapping)]
    if not mappings:
        return join_all(operands)
    made = Mapping(interpreter.frame_id(step.at, "union"))
    sure: frozenset[str] = frozenset()
    for operand in operands:
        sure |= objects.spread_into(interpreter, made, operand)
    interpreter.heap.define(made.id, sure)
    return one(made)


def _percent(interpreter: Interpreter, atom: Atom, operand: Value) -> Value:
    constant = atom.constant if isinstance(atom, Pattern) else None
    if constant is None:
        return mystery("it is formatted by a text that is not constant")
    return texts.percent(interpreter, constant, operand)


def _repeated(interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
    made = Sequence(interpreter.frame_id(step.at, "repeated"))
    for atom in join_all(operands):
        if isinstance(atom, Sequence):
            interpreter.heap.write(made.id, ANY, objects.elements_of(interpreter, atom))
    return one(made)
