"""One step of interpretation for each kind of instruction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lamward.code import ir
from lamward.code.calls import calling, entering, objects, storing
from lamward.code.calls.frames import Definition, Frame
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.texts import concatenated
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    ClassValue,
    FunctionValue,
    Instance,
    Mapping,
    Sequence,
    Value,
    Wrapped,
    join,
    join_all,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.pattern import Constant, Pattern, text

MAX_ROUNDS: Final = 4
"""How often a loop is gone through before what still changes in it is given up."""

Local = dict[str, Value]


def run_block(interpreter: Interpreter, block: ir.Block) -> bool:
    """Run instructions in order; tell whether control reaches the end."""
    frame = interpreter.frame
    visited = interpreter.visited
    reached = True
    for instruction in block:
        interpreter.steps += 1
        visited.add(instruction)
        if _STEPS[type(instruction)](interpreter, frame, instruction) is False:
            reached = False
            if not interpreter.exploring:
                return False
    return reached


def _literal(_: Interpreter, frame: Frame, step: ir.Literal) -> None:
    value = step.value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    frame.registers[step.into] = of_text(value) if isinstance(value, str) else one(Constant(value))


def _format(_: Interpreter, frame: Frame, step: ir.Format) -> None:
    pieces = [
        frozenset((text(piece),)) if isinstance(piece, str) else texts_of(frame.registers[piece])
        for piece in step.segments
    ]
    frame.registers[step.into] = concatenated(pieces)


def _compute(interpreter: Interpreter, frame: Frame, step: ir.Compute) -> None:
    operands = tuple(frame.registers[each] for each in step.operands)
    if step.operator == "+" and len(operands) == 2:
        frame.registers[step.into] = _added(interpreter, step, operands)
    else:
        frame.registers[step.into] = interpreter.language.compute(interpreter, step, operands)


def _added(interpreter: Interpreter, step: ir.Compute, operands: tuple[Value, ...]) -> Value:
    sequences = [atom for operand in operands for atom in operand if isinstance(atom, Sequence)]
    if sequences:
        made = Sequence(interpreter.frame_id(step.at, "sum"))
        for each in sequences:
            interpreter.heap.write(made.id, ANY, objects.elements(interpreter, one(each)))
        return one(made)
    if any(isinstance(atom, Constant | Instance) for operand in operands for atom in operand) and not any(
        isinstance(atom, Pattern) for operand in operands for atom in operand
    ):
        return interpreter.language.compute(interpreter, step, operands)
    return concatenated([texts_of(operand) for operand in operands])


def _phi(_: Interpreter, frame: Frame, step: ir.Phi) -> None:
    frame.registers[step.into] = join_all(frame.registers[each] for each in step.options)


def _opaque(_: Interpreter, frame: Frame, step: ir.Opaque) -> None:
    frame.registers[step.into] = mystery(step.reason)


def _sequence(interpreter: Interpreter, frame: Frame, step: ir.BuildSequence) -> None:
    made = Sequence(interpreter.frame_id(step.at, step.into), step.kind)
    heap = interpreter.heap
    ordered = step.kind is not ir.SequenceKind.SET
    for position, item in enumerate(step.items):
        value = frame.registers[item.value]
        if item.spread:
            ordered = False
            value = objects.elements(interpreter, value)
        heap.write(made.id, position if ordered else ANY, value)
    frame.registers[step.into] = one(made)


def _mapping(interpreter: Interpreter, frame: Frame, step: ir.BuildMapping) -> None:
    made = Mapping(interpreter.frame_id(step.at, step.into))
    definite: set[str] = set()
    for entry in step.entries:
        value = frame.registers[entry.value]
        if entry.key is None:
            definite |= objects.spread_into(interpreter, made, value)
            continue
        key = frame.registers[entry.key]
        storing.index(interpreter, step.at, one(made), key, value)
        keys = objects.keys_of(key)
        if len(keys) == 1 and isinstance(keys[0], str):
            definite.add(keys[0])
    interpreter.heap.define(made.id, frozenset(definite))
    interpreter.language.mapping_made(interpreter, step.at, made)
    frame.registers[step.into] = one(made)


def _closure(interpreter: Interpreter, frame: Frame, step: ir.Closure) -> None:
    number = interpreter.frame_id(step.function.at, "closure", step.into)
    interpreter.definitions[number] = Definition(
        step.function,
        frame,
        {name: frame.registers[register] for name, register in step.defaults},
        {name: frame.registers[register] for name, register in step.annotations},
    )
    frame.registers[step.into] = one(FunctionValue(number))


def _class(interpreter: Interpreter, frame: Frame, step: ir.MakeClass) -> None:
    number = interpreter.frame_id(step.at, "class")
    made = ClassValue(number)
    heap = interpreter.heap
    for base in step.bases:
        if base.kind is ir.ArgumentKind.POSITIONAL:
            heap.write(number, Special.CALLEE, frame.registers[base.value])
    interpreter.classes[number] = step
    frame.class_bodies.append(number)
    run_block(interpreter, step.body)
    frame.class_bodies.pop()
    interpreter.language.class_made(interpreter, step, made)
    frame.registers[step.into] = one(made)


def _load(interpreter: Interpreter, frame: Frame, step: ir.Load) -> None:
    if step.scope is ir.Scope.CLASS and frame.class_bodies:
        number = frame.class_bodies[-1]
        if interpreter.heap.has(number, step.name):
            frame.registers[step.into] = interpreter.heap.read(number, step.name)
            return
    frame.registers[step.into] = interpreter.load(step.name, step.scope, step.depth)


def _store(interpreter: Interpreter, frame: Frame, step: ir.Store) -> None:
    value = frame.registers[step.value]
    if step.scope is ir.Scope.CLASS and frame.class_bodies:
        interpreter.heap.write(frame.class_bodies[-1], step.name, value)
        for atom in value:
            inner = atom.inner if isinstance(atom, Wrapped) else atom
            if isinstance(inner, FunctionValue):
                interpreter.owners.setdefault(inner.id, frame.class_bodies[-1])
        return
    interpreter.store(step.name, step.scope, step.depth, value)
    if frame.attempts and step.name in frame.local:
        for attempt in frame.attempts:
            attempt[step.name] = join(attempt.get(step.name, NOTHING), value)


def _used(interpreter: Interpreter, frame: Frame, register: ir.Register) -> Value:
    """Give what is in a register that something is done with: if nothing ever comes there, it is not known."""
    return frame.registers[register] or interpreter.missing("nothing that was read gives it a value")


def _load_attribute(interpreter: Interpreter, frame: Frame, step: ir.LoadAttribute) -> None:
    owner = _used(interpreter, frame, step.object)
    frame.names[step.into] = step.name
    frame.registers[step.into] = objects.attribute(interpreter, step.at, owner, step.name)


def _store_attribute(interpreter: Interpreter, frame: Frame, step: ir.StoreAttribute) -> None:
    owner, held = frame.registers[step.object], frame.registers[step.value]
    storing.attribute(interpreter, step.at, owner, step.name, held)


def _load_index(interpreter: Interpreter, frame: Frame, step: ir.LoadIndex) -> None:
    owner = _used(interpreter, frame, step.object)
    frame.registers[step.into] = objects.index(interpreter, owner, frame.registers[step.index])


def _store_index(interpreter: Interpreter, frame: Frame, step: ir.StoreIndex) -> None:
    owner, held = frame.registers[step.object], frame.registers[step.value]
    storing.index(interpreter, step.at, owner, frame.registers[step.index], held)


def _slice(interpreter: Interpreter, frame: Frame, step: ir.Slice) -> None:
    frame.registers[step.into] = objects.sliced(interpreter, step.at, frame.registers[step.object])


def _element(interpreter: Interpreter, frame: Frame, step: ir.Element) -> None:
    iterable = _used(interpreter, frame, step.iterable)
    if step.rest:
        made = Sequence(interpreter.frame_id(step.at, step.into))
        interpreter.heap.write(made.id, ANY, objects.elements(interpreter, iterable))
        frame.registers[step.into] = one(made)
    elif step.position is not None:
        frame.registers[step.into] = objects.index(interpreter, iterable, one(Constant(step.position)))
    else:
        frame.registers[step.into] = objects.elements(interpreter, iterable)


def _call(interpreter: Interpreter, frame: Frame, step: ir.Call) -> None:
    callee, arguments = _used(interpreter, frame, step.callee), calling.passed(interpreter, step.arguments)
    how = {"decorates": step.decorates, "constructs": step.construct}
    name = frame.names.get(step.callee, "")
    frame.registers[step.into] = calling.call(interpreter, step.at, callee, arguments, name=name, **how)


def _await(interpreter: Interpreter, frame: Frame, step: ir.Await) -> None:
    value = frame.registers[step.value]
    frame.registers[step.into] = interpreter.language.awaited(interpreter, step.at, value)


def _yield(interpreter: Interpreter, frame: Frame, step: ir.Yield) -> None:
    value = frame.registers[step.value]
    given = objects.elements(interpreter, value) if step.every else value
    interpreter.heap.write(frame.number, Special.YIELD, given)
    frame.registers[step.into] = mystery("it is sent to the generator")


def _enter(interpreter: Interpreter, frame: Frame, step: ir.Enter) -> None:
    manager = _used(interpreter, frame, step.manager)
    frame.registers[step.into] = entering.entered(interpreter, step.at, manager)


def _import(interpreter: Interpreter, frame: Frame, step: ir.Import) -> None:
    from lamward.code.calls.modules import imported

    frame.registers[step.into] = imported(interpreter, step)


def _branch(interpreter: Interpreter, frame: Frame, step: ir.Branch) -> bool:
    before = dict(frame.local)
    ends = []
    for block in (step.then, step.otherwise):
        frame.local = dict(before)
        if run_block(interpreter, block):
            ends.append(frame.local)
    return _meet(frame, ends)


def _meet(frame: Frame, ends: list[Local]) -> bool:
    if not ends:
        return False
    frame.local = joined(ends)
    return True


def joined(ends: list[Local]) -> Local:
    """Give the variables as they may be after any of several ways."""
    met = dict(ends[0])
    for end in ends[1:]:
        for name, value in end.items():
            held = met.get(name)
            met[name] = value if held is None else join(held, value)
    return met


def _loop(interpreter: Interpreter, frame: Frame, step: ir.Loop) -> bool:
    ends: list[Local] = []
    for number in range(MAX_ROUNDS + 1):
        before = dict(frame.local)
        frame.local = _round(interpreter, frame, step, ends)
        if frame.local == before:
            break
        if number == MAX_ROUNDS - 1:
            frame.local = _given_up(before, frame.local)
    frame.local = joined([*ends, frame.local])
    return run_block(interpreter, step.otherwise)


def _round(interpreter: Interpreter, frame: Frame, step: ir.Loop, ends: list[Local]) -> Local:
    """Go through a loop once; give the variables at its start the next time, note them wherever it ends."""
    rounds = [dict(frame.local)]
    frame.loops.append([])
    frame.skips.append([])
    if run_block(interpreter, step.header):
        ends.append(dict(frame.local))
        if run_block(interpreter, step.body):
            rounds.append(frame.local)
    rounds += frame.skips.pop()
    ends += frame.loops.pop()
    return joined(rounds)


def _given_up(before: Local, after: Local) -> Local:
    changes = mystery("it changes in a loop")
    return {
        name: value if before.get(name) == value else join(value, changes) for name, value in after.items()
    }


def _break(_: Interpreter, frame: Frame, __: ir.Break) -> bool:
    if frame.loops:
        frame.loops[-1].append(dict(frame.local))
    return False


def _continue(_: Interpreter, frame: Frame, __: ir.Continue) -> bool:
    if frame.skips:
        frame.skips[-1].append(dict(frame.local))
    return False


def _try(interpreter: Interpreter, frame: Frame, step: ir.Try) -> bool:
    raised = dict(frame.local)
    frame.attempts.append(raised)
    ends = []
    fell = run_block(interpreter, step.body)
    frame.attempts.pop()
    if fell and run_block(interpreter, step.otherwise):
        ends.append(frame.local)
    for handler in step.handlers:
        frame.local = dict(raised)
        if run_block(interpreter, handler):
            ends.append(frame.local)
    frame.local = joined([raised, *ends])
    cleaned = run_block(interpreter, step.finally_)
    if cleaned and ends and not step.finally_:
        frame.local = joined(ends)
    return cleaned and bool(ends)


def _caught(_: Interpreter, frame: Frame, step: ir.Caught) -> None:
    frame.registers[step.into] = mystery("it is an exception")


def _unreachable(interpreter: Interpreter, _: Frame, step: ir.Unreachable) -> None:
    if interpreter.exploring:
        run_block(interpreter, step.body)


def _return(interpreter: Interpreter, frame: Frame, step: ir.Return) -> bool:
    value = NONE if step.value is None else frame.registers[step.value]
    interpreter.heap.write(frame.number, Special.RETURN, value)
    return False


def _raise(_: Interpreter, __: Frame, ___: ir.Raise) -> bool:
    return False


_STEPS: Final[dict[type[ir.Instruction], Callable[[Interpreter, Frame, Any], bool | None]]] = {
    ir.Literal: _literal,
    ir.Format: _format,
    ir.Compute: _compute,
    ir.Phi: _phi,
    ir.Opaque: _opaque,
    ir.BuildSequence: _sequence,
    ir.BuildMapping: _mapping,
    ir.Closure: _closure,
    ir.MakeClass: _class,
    ir.Load: _load,
    ir.Store: _store,
    ir.LoadAttribute: _load_attribute,
    ir.StoreAttribute: _store_attribute,
    ir.LoadIndex: _load_index,
    ir.StoreIndex: _store_index,
    ir.Slice: _slice,
    ir.Element: _element,
    ir.Call: _call,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Enter: _enter,
    ir.Import: _import,
    ir.Branch: _branch,
    ir.Loop: _loop,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.Try: _try,
    ir.Caught: _caught,
    ir.Unreachable: _unreachable,
    ir.Return: _return,
    ir.Raise: _raise,
}
