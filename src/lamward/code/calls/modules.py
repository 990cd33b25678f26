"""Imports: modules of the program are run, all others stand for themselves."""

from __future__ import annotations

from lamward.code import ir
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import NOTHING, Foreign, ModuleValue, Value, join, mystery, of_text, one
from lamward.code.source import Extent


def imported(interpreter: Interpreter, step: ir.Import) -> Value:
    """Import a module, or a name from it."""
    if not step.module:
        return mystery("it is imported by a name that is put together at run time")
    if not step.runtime:
        return _for_types(interpreter, step)
    module = interpreter.enter_module(step.module, step.at)
    if module is None:
        interpreter.language.imported(interpreter, step.at, step.module)
    if step.name == "*":
        _take_all(interpreter, step.module, module)
        return NOTHING
    if module is None:
        return one(Foreign(f"{step.module}.{step.name}" if step.name else step.module))
    return member(interpreter, step.at, step.module, step.name) if step.name else one(module)


def member(interpreter: Interpreter, at: Extent, module: str, name: str) -> Value:
    """Read a name of a module: its variable, or the submodule of this name."""
    number = interpreter.module_number(module)
    held = interpreter.heap.read(number, name)
    if held:
        return held
    submodule = f"{module}.{name}"
    if interpreter.language.module(submodule) is not None:
        entered = interpreter.enter_module(submodule, at)
        return one(entered) if entered else NOTHING
    if interpreter.heap.has(number, "__getattr__"):
        from lamward.code.calls.calling import call

        made_up = call(
            interpreter, at, interpreter.heap.read(number, "__getattr__"), Arguments((of_text(name),))
        )
        return made_up or interpreter.missing(f"`{module}` makes up `{name}` when it is asked for")
    beyond = _beyond(interpreter, number, name)
    return beyond or interpreter.missing(f"`{module}` has no `{name}` in what was read")


def _for_types(interpreter: Interpreter, step: ir.Import) -> Value:
    """Import for annotations only: a module of the program is looked at if something else runs it."""
    if step.name == "*":
        return NOTHING
    if step.module in interpreter.modules:
        return (
            member(interpreter, step.at, step.module, step.name)
            if step.name
            else one(ModuleValue(step.module))
        )
    return one(Foreign(f"{step.module}.{step.name}" if step.name else step.module))


def _take_all(interpreter: Interpreter, name: str, module: ModuleValue | None) -> None:
    heap = interpreter.heap
    target = interpreter.module_number(interpreter.frame.function.module)
    if module is None:
        heap.write(target, Special.ANY, one(Foreign(f"{name}.*")))
        return
    exports = interpreter.modules[name].exports
    for key, value in heap.items(interpreter.module_number(name)):
        if (
            isinstance(key, str) and (key in exports if exports is not None else not key.startswith("_"))
        ) or key is Special.ANY:
            heap.write(target, key, value)


def _beyond(interpreter: Interpreter, number: int, name: str) -> Value:
    """Say what a name may be that a module took over from others that are not read."""
    return named(interpreter.heap.read(number, Special.ANY), name)


def named(value: Value, name: str) -> Value:
    """Give the member of this name of whatever a star import brought."""
    taken = NOTHING
    for atom in value:
        if isinstance(atom, Foreign) and atom.path.endswith(".*"):
            taken = join(taken, one(Foreign(atom.path[:-1] + name)))
    return taken
