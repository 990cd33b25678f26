"""What JavaScript's operators make of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls import objects
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    Bound,
    ClassValue,
    Client,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    ModuleValue,
    Sequence,
    Value,
    Wrapped,
    constants_of,
    join,
    join_all,
    mystery,
    of_text,
    one,
)
from lamward.code.ir import Compute
from lamward.code.pattern import Constant, Env, Pattern
from lamward.code.source import Extent

if TYPE_CHECKING:
    from lamward.code.javascript.language import JavaScript

EXPORTS: Final = "module.exports"
_TRUTH: Final[Value] = frozenset(map(Constant, (True, False)))
_COMPARING: Final = frozenset(
    {"==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof", "! ", "delete "}
)


def compute(
    language: JavaScript, interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]
) -> Value:
    """Apply an operator, or one of those that stand for what the language does by itself."""
    match step.operator:
        case "[]":
            return join_all(_item(interpreter, step.at, atom, operands[1]) for atom in operands[0])
        case "&&":
            return join(_falsy(operands[0]), operands[1])
        case "||" | "??":
            return _otherwise(operands[0], operands[1], falsy=step.operator == "||")
        case "import" | "require":
            return join_all(_module(interpreter, atom) for atom in operands[0])
        case "default of":
            return join_all(_default(interpreter, atom) for atom in operands[0])
        case "without":
            return _without(interpreter, step, operands)
        case "keys of":
            return join_all(_keys(interpreter, step, atom) for atom in operands[0])
        case "elements of":
            return join_all(_pairs(interpreter, step, atom) for atom in operands[0])
        case "decorated":
            return _decorated(interpreter, *operands)
        case "a value of type":
            return language.instance_of(interpreter, operands[0]) or NONE
        case "typeof ":
            return mystery("it is the name of a type")
        case operator if operator in _COMPARING:
            return _TRUTH
        case _:
            return mystery("it is a number that is computed")


def _decorated(interpreter: Interpreter, value: Value, given: Value, described: Value) -> Value:
    """Give what a decorator leaves of a class or a method: itself, another, or what a description holds."""
    kept = frozenset(atom for atom in given if not isinstance(atom, Mapping | Constant))
    mappings = [atom for atom in join(given, described) if isinstance(atom, Mapping)]
    return join_all([value, kept, *(objects.held(interpreter, each, "value") for each in mappings)])


def _falsy(value: Value) -> Value:
    """Give what a value is where it counts as false; objects never do."""
    found = NOTHING
    for atom in value:
        if isinstance(atom, Constant):
            found = join(found, NOTHING if atom.value else one(atom))
        elif isinstance(atom, Pattern) and not any(isinstance(part, str) for part in atom.parts):
            found = join(found, NONE)
    return found


def _otherwise(value: Value, other: Value, *, falsy: bool) -> Value:
    """Give a value, or another where it counts as missing."""
    kept = frozenset(atom for atom in value if not _is_missing(atom, falsy=falsy))
    may_miss = len(kept) < len(value) or not value
    variables = [atom for atom in kept if isinstance(atom, Pattern) and isinstance(atom.sole, Env)]
    constants = constants_of(other)
    if len(kept) == len(variables) == 1 and len(other) == len(constants) == 1 and not may_miss:
        (variable,) = variables
        if isinstance(variable.sole, Env) and variable.sole.default is None:
            return of_text(Env(variable.sole.name, constants[0]))
    certain = all(_is_there(atom) for atom in kept)
    return kept if kept and certain and not may_miss else join(kept, other)


def _is_missing(atom: Atom, *, falsy: bool) -> bool:
    if isinstance(atom, Constant):
        return atom.value is None or (falsy and not atom.value)
    return falsy and isinstance(atom, Pattern) and not atom.parts


def _is_there(atom: Atom) -> bool:
    """Tell whether a value surely counts as true: an object, a number, text with something in it."""
    return not isinstance(atom, Pattern) or any(isinstance(part, str) for part in atom.parts)


# Items


def _item(interpreter: Interpreter, at: Extent, atom: Atom, key: Value) -> Value:
    match atom:
        case Mapping():
            held = objects.index(interpreter, one(atom), key)
            return bound_to(interpreter, at, atom, held)
        case Instance() | ClassValue() | ModuleValue() | FunctionValue() | Client():
            return _attributes(interpreter, at, atom, key)
        case Foreign(path=path) if path != "process.env" and not atom.id and constants_of(key):
            return join_all(objects.attribute(interpreter, at, one(atom), name) for name in constants_of(key))
        case _:
            return objects.index(interpreter, one(atom), key)


def _attributes(interpreter: Interpreter, at: Extent, atom: Atom, key: Value) -> Value:
    """Read attributes whose names are values; any there is where one is not constant."""
    names = constants_of(key)
    found = join_all(objects.attribute(interpreter, at, one(atom), name) for name in names)
    if len(names) == len(key):
        return found
    if isinstance(atom, Client):
        reason = f"the method of the client of `{atom.service}` that is called here is not constant"
        interpreter.doubt(at, Why.DYNAMIC_OPERATION, reason, Guess(atom.service))
        return mystery("it is a method of a client by a name that is not constant")
    for name in sorted(_names(interpreter, atom)):
        found = join(found, objects.attribute(interpreter, at, one(atom), name))
    own = (
        interpreter.heap.read(atom.id, ANY)
        if isinstance(atom, Instance | ClassValue | FunctionValue)
        else NOTHING
    )
    return join(found, own) or interpreter.missing("it is an attribute whose name is not constant")


def _names(interpreter: Interpreter, atom: Atom) -> set[str]:
    owners: list[int] = []
    match atom:
        case Instance():
            line = objects.ancestors(interpreter, atom.class_id)
            owners = [atom.id, *(each.id for each in line if isinstance(each, ClassValue))]
        case ModuleValue():
            owners = [interpreter.module_number(atom.name)]
        case ClassValue() | FunctionValue():
            owners = [atom.id]
        case _:
            pass
    return {
        key
        for owner in owners
        for key, _ in interpreter.heap.items(owner)
        if isinstance(key, str) and not key.startswith(("@", "__"))
    }


def bound_to(interpreter: Interpreter, at: Extent, receiver: Mapping, held: Value) -> Value:
    """Take what an object holds out of it: methods are bound to it, getters called."""
    taken = NOTHING
    for atom in held:
        match atom:
            case FunctionValue() if interpreter.definitions[atom.id].function.receiver:
                taken = join(taken, one(Bound(atom, receiver)))
            case Wrapped(kind="property", inner=FunctionValue() as getter):
                from lamward.code.calls.calling import call

                callee = (
                    Bound(getter, receiver)
                    if interpreter.definitions[getter.id].function.receiver
                    else getter
                )
                taken = join(taken, call(interpreter, at, one(callee), Arguments()))
            case Wrapped(kind="setter"):
                pass
            case _:
                taken = join(taken, one(atom))
    return taken


# Modules


def _module(interpreter: Interpreter, atom: Atom) -> Value:
    """Give what importing a module gives: what one of CommonJS exports, or the module with its names."""
    if not isinstance(atom, ModuleValue):
        return one(atom)
    exported = interpreter.heap.read(interpreter.module_number(atom.name), EXPORTS)
    module = interpreter.modules.get(atom.name)
    if not exported:
        return one(atom)
    has_names = module is not None and module.exports != ()
    return join(exported, one(atom)) if has_names else exported


def _default(interpreter: Interpreter, atom: Atom) -> Value:
    match atom:
        case ModuleValue():
            held = interpreter.heap.read(interpreter.module_number(atom.name), "default")
            return held or one(atom)
        case Mapping():
            return objects.held(interpreter, atom, "default") or one(atom)
        case _:
            return one(atom)


# Objects


def _without(interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
    """Copy objects without some of their entries."""
    value, *names = operands
    dropped = {name for each in names for name in constants_of(each)}
    rest = frozenset(atom for atom in value if not isinstance(atom, Mapping))
    mappings = [atom for atom in value if isinstance(atom, Mapping)]
    if not mappings:
        return rest
    made = Mapping(interpreter.frame_id(step.at, step.into))
    sure: list[frozenset[str]] = []
    for atom in mappings:
        for key, held in interpreter.heap.items(atom.id):
            if key not in dropped:
                interpreter.heap.write(made.id, key, held)
        sure.append(interpreter.heap.definite(atom.id) - dropped)
    interpreter.heap.define(made.id, frozenset.intersection(*sure))
    return join(rest, one(made))


def _keys(interpreter: Interpreter, step: Compute, atom: Atom) -> Value:
    match atom:
        case Mapping() | Instance():
            keys = objects.keys_held(interpreter, atom.id)
        case Pattern():
            keys = mystery(f"it is a key of `{atom}`")
        case _:
            keys = mystery("it is a key")
    made = Sequence(interpreter.frame_id(step.at, step.into, "keys"))
    interpreter.heap.write(made.id, ANY, keys)
    return one(made)


def _pairs(interpreter: Interpreter, step: Compute, atom: Atom) -> Value:
    """Give what is iterated: a map its pairs, all else itself."""
    if not isinstance(atom, Mapping):
        return one(atom)
    pair = Sequence(interpreter.frame_id(step.at, step.into, "pair"))
    interpreter.heap.write(pair.id, 0, objects.keys_held(interpreter, atom.id))
    interpreter.heap.write(pair.id, 1, join_all(value for _, value in interpreter.heap.items(atom.id)))
    made = Sequence(interpreter.frame_id(step.at, step.into, "pairs"))
    interpreter.heap.write(made.id, ANY, one(pair))
    interpreter.heap.write(made.id, ANY, _iterated(interpreter, step.at, atom))
    return one(made)


def _iterated(interpreter: Interpreter, at: Extent, atom: Mapping) -> Value:
    """Give what an object gives that says itself how it is iterated, under a symbol."""
    from lamward.code.calls.calling import call

    functions = frozenset(
        each for each in interpreter.heap.read(atom.id, ANY) if isinstance(each, FunctionValue | Bound)
    )
    iterators = (
        call(interpreter, at, bound_to(interpreter, at, atom, functions), Arguments())
        if functions
        else NOTHING
    )
    found = objects.elements(interpreter, frozenset(each for each in iterators if isinstance(each, Sequence)))
    for each in iterators:
        if isinstance(each, Mapping):
            step = call(interpreter, at, objects.attribute(interpreter, at, one(each), "next"), Arguments())
            found = join(found, objects.attribute(interpreter, at, step, "value"))
    return found
