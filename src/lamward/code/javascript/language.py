"""JavaScript as the interpreter asks for it."""

from __future__ import annotations

from typing import Final

from lamward.code.analysis import Why
from lamward.code.calls import calling, objects, outside
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.language import imported_package
from lamward.code.calls.modules import named
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
    Method,
    Parent,
    Partial,
    Sequence,
    Session,
    Value,
    Wrapped,
    is_mystery,
    join,
    join_all,
    mystery,
    one,
)
from lamward.code.ir import Compute, MakeClass, Module
from lamward.code.javascript import (
    containers,
    middleware,
    names,
    operators,
    package_models,
    possible,
    reflection,
    standard,
    texts,
)
from lamward.code.javascript.code_set import CodeSet
from lamward.code.javascript.sdk import clients, packages
from lamward.code.packages import Models
from lamward.code.pattern import MAX_PATH, Context, EventField, Pattern, Result, deeper
from lamward.code.source import Extent

MAX_LINKS: Final = 12
"""How long a path into code that is not read may become."""

_OWN: Final = (".", "/", "#")
"""How specifiers begin that mean files of the program."""

_ASSETS: Final = (".css", ".scss", ".svg", ".png", ".jpg", ".html", ".txt", ".md", ".graphql", ".gql", ".sql")


class JavaScript:
    """The language, with the modules of one function's code and the models of packages."""

    constructor = "__init__"
    items_are_attributes = True

    def __init__(self, code: CodeSet, models: Models) -> None:
        self.code = code
        self.models = models

    def module(self, name: str) -> Module | None:
        """Return a module of the program."""
        return self.code.module(name)

    def imported(self, interpreter: Interpreter, at: Extent, module: str) -> None:
        """Report the import of a file of the program that is not there, or of a package that calls AWS."""
        if module.startswith(_OWN):
            if not self.code.knows(module) and not module.endswith(_ASSETS):
                interpreter.doubt(at, Why.PACKAGE, f"`{module}` is not in the code that was read")
            return
        imported_package(interpreter, at, self.code, module)

    def packages(self, name: str) -> tuple[str, ...]:  # noqa: ARG002 files of JavaScript run on their own
        """Return nothing: no other file is run before a module."""
        return ()

    def builtin(self, name: str) -> Value:
        """Return a global."""
        return one(Foreign(name)) if name in names.GLOBALS or name.startswith("@") else NOTHING

    def attribute(self, interpreter: Interpreter, at: Extent, receiver: Atom, name: str) -> Value | None:
        """Read an attribute of something built in, of the SDK, or foreign."""
        match receiver:
            case Foreign():
                return self._foreign_attribute(interpreter, receiver, name)
            case Pattern():
                return _text_attribute(receiver, name)
            case Mapping():
                return _entry(interpreter, at, receiver, name)
            case Sequence() if name == "length":
                return containers.NUMBER
            case Client():
                return clients.attribute(name)
            case Session():
                return mystery("it is a part of credentials")
            case Method(receiver=inner) if name not in _OF_FUNCTIONS:
                return one(Method(inner if is_mystery(inner) else _unread(receiver), name))
            case _:
                return None

    def method(self, invocation: Invocation, receiver: Atom, name: str) -> Value:
        """Call a method."""
        if name in _OF_FUNCTIONS and isinstance(receiver, FunctionValue | Bound | Partial | Method | Foreign):
            return _of_function(invocation, receiver, name)
        found: Value | None = None
        match receiver:
            case Client():
                return clients.method(invocation, receiver, name)
            case Pattern():
                return self._text_method(invocation, receiver, name)
            case Mapping():
                found = containers.of_mapping(invocation, receiver, name)
            case Sequence():
                found = containers.of_sequence(invocation, receiver, name)
            case Foreign(path=path):
                return self.foreign(invocation, Foreign(f"{path}.{name}", receiver.id))
            case Session() | Wrapped():
                return one(receiver)
            case Parent() if name == "__init__":
                outside.hand_over(invocation)
                return NONE
            case Method() | Foreign():
                return possible.unread_method(invocation, name)
            case _:
                pass
        return possible.unread_method(invocation, name) if found is None else found

    def foreign(self, invocation: Invocation, callee: Foreign) -> Value:
        """Call something of which no source is read."""
        path = callee.path
        if path == "@resolve":
            return standard.resolve(invocation, callee.id)
        model = names.MODELS.get(path)
        if model is not None:
            return model(invocation)
        known = packages.call(invocation, path) or middleware.call(invocation, path)
        if known is None:
            known = package_models.call(self.models, invocation, path, callee.id)
        if known is not None:
            return known
        if path.startswith(names.INERT):
            return invocation.get(0) if invocation.decorates else one(Foreign(f"{path}()"))
        if invocation.decorates:
            outside.hand_over(invocation)
            return invocation.get(0)
        return _unread_call(invocation, callee)

    def instance_of(self, interpreter: Interpreter, annotation: Value) -> Value:
        """Return the client that a type stands for."""
        found = NOTHING
        for atom in annotation:
            service = packages.instance_of(atom.path) if isinstance(atom, Foreign) else None
            if service is not None:
                found = join(found, one(Client(service, certain=False)))
            elif isinstance(atom, ClassValue):
                made = Instance(interpreter.heap.number("of type", atom.id), atom.id)
                interpreter.instances[made.id] = atom.id
                found = join(found, one(made))
        return found

    def index(self, interpreter: Interpreter, receiver: Atom, index: Value) -> Value | None:
        """Index something foreign, or iterate it (with no index)."""
        match receiver:
            case Foreign(path="process.env") if index:
                return standard.environment(index)
            case Foreign(id=number) if number and interpreter.heap.has(number, ANY):
                return interpreter.heap.read(number, ANY)
            case Foreign(path=path):
                return mystery(f"it comes from `{path}`")
            case _:
                return None

    def constructed(
        self, invocation: Invocation, instance: Instance, parents: tuple[str, ...]
    ) -> Value | None:
        """Construct an instance whose class has parents that are not read."""
        for path in parents:
            service = packages.instance_of(path)
            if service is not None:
                return join(one(instance), clients.new(invocation, service))
            if clients.COMMAND.fullmatch(f"{path}()"):
                return clients.new_command(invocation, path)
        return None

    def class_made(self, interpreter: Interpreter, step: MakeClass, made: ClassValue) -> None:
        """Call nothing: a class calls nothing where it is written but what is written there."""

    def instantiated(self, invocation: Invocation, atom: ClassValue) -> Value | None:  # noqa: ARG002
        """Return None: `new` always means the same."""
        return None

    def storing(self, interpreter: Interpreter, at: Extent, owner: Instance, name: str, held: Value) -> None:
        """Call nothing: only setters are called, and those are attributes."""

    def awaited(self, interpreter: Interpreter, at: Extent, value: Value) -> Value:  # noqa: ARG002
        """Wait for a value."""
        return value

    def mapping_made(self, interpreter: Interpreter, at: Extent, made: Mapping) -> None:
        """Offer the functions of an object that the language calls by itself: `toJSON`, those under symbols."""
        held = [value for key, value in interpreter.heap.items(made.id) if key in _CALLED or key is ANY]
        for atom in sorted(join_all(held), key=repr):
            if isinstance(atom, FunctionValue):
                receiver = interpreter.definitions[atom.id].function.receiver
                outside.lend(interpreter, at, Bound(atom, made) if receiver else atom)

    def asks(self, atom: Atom, name: str) -> bool:
        """Tell whether a method of something of the SDK asks AWS for something, or makes what does."""
        return isinstance(atom, Client) and clients.offers(atom, name)

    def calls_itself(self, name: str) -> bool:
        """Tell whether JavaScript calls methods of this name where no call is written."""
        return name in _CALLED or name in ("__iter__", "__aiter__") or name.startswith("Symbol.")

    def leaves_alone(self, parents: tuple[str, ...]) -> bool:
        """Tell whether all parents are errors and the like, which call no methods."""
        return all(path.endswith(("Error", "Exception")) or path in names.GLOBALS for path in parents)

    def compute(self, interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
        """Apply an operator."""
        return operators.compute(self, interpreter, step, operands)

    def choose(self, callee: Value) -> Value:
        """Leave out the methods that some clients do not have, where others have them."""
        unknown = frozenset(
            atom
            for atom in callee
            if isinstance(atom, Method)
            and isinstance(atom.receiver, Client)
            and not clients.offers(atom.receiver, atom.name)
        )
        return callee - unknown if len(unknown) < len(callee) else callee

    def _foreign_attribute(self, interpreter: Interpreter, receiver: Foreign, name: str) -> Value:
        path = receiver.path
        if path == "process.env":
            return standard.environment(one(Pattern((name,))))
        if name == "default":
            return one(receiver)
        if path in ("globalThis", "global") and name in names.GLOBALS:
            return one(Foreign(name))
        if path.endswith(".*"):
            return named(one(receiver), name)
        number = objects.foreign_number(interpreter, receiver)
        if interpreter.heap.has(number, name):  # the program put it there
            return interpreter.heap.read(number, name)
        given = self.models.values.get(f"{path}.{name}")
        if given is not None:
            return package_models.given(given.gives)
        if path.count(".") + path.count("(") > MAX_LINKS:
            return mystery(f"it comes from `{path.partition('.')[0]}`")
        return one(Foreign(f"{path}.{name}", receiver.id))

    def _text_method(self, invocation: Invocation, receiver: Pattern, name: str) -> Value:
        if receiver.constant is None:  # middleware may put clients into events and contexts
            known = possible.look_at(invocation, name)
            if known is not None:
                return known
        found = texts.method(invocation, receiver, name)
        if found is not None:
            return found
        outside.hand_over(invocation)
        if isinstance(origin := receiver.sole, EventField | Context | Result):
            return one(Pattern((deeper(origin, name),)))
        return mystery(f"it comes from a method `{name}` that is not known")


_CALLED: Final = frozenset(
    {"toString", "valueOf", "toJSON", "then", "next", "return"}
    | {"_transform", "_flush", "_read", "_write", "_writev", "_final", "_construct", "_destroy"}
)
"""Methods that JavaScript calls itself, and those that streams call."""

_OF_FUNCTIONS: Final = frozenset({"bind", "call", "apply"})


def _of_function(
    invocation: Invocation, receiver: FunctionValue | Bound | Partial | Method | Foreign, name: str
) -> Value:
    if name == "bind":
        if isinstance(receiver, Foreign):
            return one(receiver)
        return reflection.bound(invocation, receiver)
    callee = reflection.with_receiver(invocation, receiver, invocation.get(0))
    given = invocation.arguments
    passed = Arguments(given.positional[1:], given.rest)
    if name == "apply":
        passed = reflection.spread(invocation, invocation.get(1))
    return calling.call(invocation.interpreter, invocation.at, callee, passed)


def _entry(interpreter: Interpreter, at: Extent, receiver: Mapping, name: str) -> Value | None:
    """Read an entry of an object: a method is bound to it, a getter called."""
    held = objects.held(interpreter, receiver, name)
    if not held:
        if name in containers.MAP:
            return None
        return NONE if interpreter.missing("it is not set") else NOTHING
    return operators.bound_to(interpreter, at, receiver, held)


def _text_attribute(receiver: Pattern, name: str) -> Value | None:
    if isinstance(origin := receiver.sole, EventField | Context | Result):
        if len(origin.path) >= MAX_PATH and texts.is_method(name):
            return None
        return one(Pattern((deeper(origin, name),)))
    return containers.NUMBER if name == "length" else None


def _unread(receiver: Method) -> Pattern:
    return next(
        atom for atom in mystery(f"it is an attribute of `{receiver.name}`") if isinstance(atom, Pattern)
    )


def _unread_call(invocation: Invocation, callee: Foreign) -> Value:
    """Call something that is not read: it may wrap the functions it is given, and call them when it is called."""
    path = callee.path
    if callee.id and (inner := invocation.heap.read(callee.id, Special.CALLEE)) and path.endswith("()"):
        return join(
            invocation.call(inner, *invocation.arguments.positional), mystery(f"it comes from `{path}`")
        )
    known = possible.look_at(invocation, path.rpartition(".")[2])
    if known is not None:
        return known
    functions = join_all(
        frozenset(atom for atom in value if isinstance(atom, FunctionValue | Bound))
        for value in invocation.arguments.positional
    )
    wraps = bool(functions) and not callee.id
    handed = Invocation(invocation.interpreter, invocation.at, invocation.arguments, decorates=wraps)
    possible.hand_over_methods(invocation)
    outside.hand_over(handed)
    if path.count(".") + path.count("(") > MAX_LINKS:
        return mystery(f"it comes from `{path.partition('.')[0]}`")
    if not functions:
        return one(Foreign(f"{path}()", callee.id))
    made = Foreign(f"{path}()", callee.id or invocation.make("wrapper", path))
    invocation.heap.write(made.id, Special.CALLEE, functions)
    return one(made)
