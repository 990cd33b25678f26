"""Python as the interpreter asks for it."""

from __future__ import annotations

import builtins
from typing import Final

from lamward.code.calls import entering, objects, outside, package_models
from lamward.code.calls.heap import ANY
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.language import imported_package
from lamward.code.calls.modules import named
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    ClassValue,
    Client,
    Collection,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Method,
    Operation,
    Parent,
    Partial,
    Resource,
    Sequence,
    Session,
    Value,
    Wrapped,
    constants_of,
    is_mystery,
    join,
    join_all,
    mystery,
    one,
)
from lamward.code.ir import Compute, MakeClass, Module
from lamward.code.packages import Models
from lamward.code.pattern import Context, EventField, Pattern, Result, deeper
from lamward.code.python import (
    classes,
    containers,
    enumerations,
    operators,
    possible,
    records,
    standard,
    texts,
    typed,
)
from lamward.code.python.boto import clients, resources, sessions
from lamward.code.python.code_set import CodeSet
from lamward.code.python.names import INERT, INERT_MODULES, MODELS
from lamward.code.source import Extent

MAX_LINKS: Final = 10
"""How long a path into code that is not read may become."""

_PLAIN_PARENTS: Final = ("builtins.", "abc.", "typing.", "enum.", "typing_extensions.", "dataclasses.")
"""Classes of these modules call none of the methods of those that inherit from them."""

_ENVIRONMENT: Final = ("os.environ", "os.environb", "os.environ.copy()")


class Python:
    """The language, with the modules of one function's code and the models of packages."""

    constructor = "__init__"
    items_are_attributes = False

    def __init__(self, code: CodeSet, models: Models) -> None:
        self.code = code
        self.models = models

    def module(self, name: str) -> Module | None:
        """Return a module of the program."""
        return self.code.module(name)

    def imported(self, interpreter: Interpreter, at: Extent, module: str) -> None:
        """Report the import of an installed package that calls AWS in ways that have no model."""
        imported_package(interpreter, at, self.code, module)

    def packages(self, name: str) -> tuple[str, ...]:
        """Return the packages a module is in."""
        steps = name.split(".")
        return tuple(".".join(steps[:end]) for end in range(1, len(steps)))

    def builtin(self, name: str) -> Value:
        """Return a built-in function or class."""
        return one(Foreign(f"builtins.{name}")) if hasattr(builtins, name) or name == "unicode" else NOTHING

    def attribute(self, interpreter: Interpreter, at: Extent, receiver: Atom, name: str) -> Value | None:
        """Read an attribute of something built in, of the SDK, or foreign."""
        match receiver:
            case Foreign():
                return self._foreign_attribute(interpreter, receiver, name)
            case Pattern():
                made_up = _text_attribute(receiver, name)
                return (
                    enumerations.attribute(interpreter, at, receiver, name) or None
                    if made_up is None
                    else made_up
                )
            case Client():
                return clients.attribute(receiver, name)
            case Resource():
                return resources.attribute(interpreter, at, receiver, name)
            case Session():
                return sessions.session_attribute(receiver, name)
            case Operation(role="meta"):
                return clients.meta_attribute(receiver.client, name)
            case Method(receiver=inner) if not is_mystery(inner) or name != receiver.name:
                return one(Method(_unread(receiver), name))
            case Wrapped() if name in ("setter", "getter", "deleter"):
                return one(Method(receiver, name))
            case ClassValue() if name == "__subclasses__":
                return one(Method(receiver, name))
            case Sequence() | Mapping():
                return enumerations.attribute(interpreter, at, receiver, name) or None
            case _:
                return None

    def method(self, invocation: Invocation, receiver: Atom, name: str) -> Value:
        """Call a method."""
        match receiver:
            case Client():
                return clients.method(invocation, receiver, name)
            case Resource():
                return resources.method(invocation, receiver, name)
            case Session():
                return sessions.session_method(invocation, receiver, name)
            case Collection():
                return resources.collection_method(invocation, receiver, name)
            case Operation():
                if receiver.role.startswith("writer"):
                    return resources.write_batch(invocation, receiver, name)
                return clients.operation_method(invocation, receiver, name)
            case Pattern():
                return self._text_method(invocation, receiver, name)
            case Mapping():
                found = containers.of_mapping(invocation, receiver, name)
            case Sequence():
                found = containers.of_sequence(invocation, receiver, name)
            case Wrapped(kind="property") if name in ("setter", "deleter"):
                return join(one(receiver), standard.wrapped(name)(invocation))
            case Wrapped():
                return one(receiver)
            case ClassValue() if name == "__subclasses__":
                return classes.subclasses(invocation, receiver)
            case Partial() if name == "register":
                return records.register(invocation, receiver)
            case Foreign(path=path):
                return self.foreign(invocation, Foreign(f"{path}.{name}", receiver.id))
            case Parent():
                return _parent_method(invocation, receiver, name)
            case Method():
                possible.look_at(invocation, name)
                found = None
            case _:
                found = None
        if found is None:
            possible.look_at(invocation, name)
            outside.hand_over(invocation)
            return mystery(f"it comes from a method `{name}` that is not known")
        return found

    def foreign(self, invocation: Invocation, callee: Foreign) -> Value:
        """Call something of which no source is read."""
        path = callee.path
        model = MODELS.get(path)
        if model is not None:
            invocation.owner = callee.id
            return model(invocation)
        if path.endswith("ContextDecorator().__call__") and callee.id in invocation.interpreter.instances:
            manager = Instance(callee.id, invocation.interpreter.instances[callee.id])
            entering.entered(invocation.interpreter, invocation.at, one(manager))
            return invocation.get(0)
        held = records.container(path, callee.id)
        if held is not None:
            return self.method(invocation, *held)
        known = package_models.call(self.models, invocation, path, callee.id)
        if known is not None:
            return known
        if path in INERT or path.startswith(INERT_MODULES):
            return invocation.get(0) if invocation.decorates else one(Foreign(f"{path}()"))
        if invocation.decorates:
            outside.hand_over(invocation)
            return invocation.get(0)
        possible.look_at(invocation, path.rpartition(".")[2])
        outside.hand_over(invocation)
        if path.count(".") + path.count("(") > MAX_LINKS:
            return mystery(f"it comes from `{path.partition('.')[0]}`")
        return one(Foreign(f"{path}()"))

    def instance_of(self, interpreter: Interpreter, annotation: Value) -> Value:
        """Return what an annotation says."""
        return typed.instance_of(interpreter, annotation)

    def index(self, interpreter: Interpreter, receiver: Atom, index: Value) -> Value | None:
        """Index something foreign, or iterate it (with no index)."""
        match receiver:
            case Foreign(path=path) if path in _ENVIRONMENT:
                return standard.environment(index)
            case Foreign(path=path) if path in typed.TRANSPARENT:
                return index
            case Foreign(path="builtins.globals()"):
                return _from_globals(interpreter, index)
            case Foreign(id=number) if number and interpreter.heap.has(number, ANY):
                return interpreter.heap.read(number, ANY)
            case Foreign(path=path):
                return mystery(f"it comes from `{path}`")
            case Collection():
                return resources.members(receiver)
            case ClassValue() if index and interpreter.heap.has(receiver.id, "__class_getitem__"):
                return classes.item(interpreter, receiver, index)
            case ClassValue():  # members of an enumeration, or a generic class with its parameters
                return one(receiver) if index else enumerations.members(interpreter, receiver)
            case _:
                return None

    def constructed(
        self, invocation: Invocation, instance: Instance, parents: tuple[str, ...]
    ) -> Value | None:
        """Construct an instance whose class has parents that are not read."""
        if any(path.startswith("enum.") for path in parents):
            return enumerations.members(invocation.interpreter, ClassValue(instance.class_id))
        records.fill(invocation, instance, parents)
        if any(path.endswith("BaseSettings") for path in parents):
            _settings(invocation, instance)
        return None

    def class_made(self, interpreter: Interpreter, step: MakeClass, made: ClassValue) -> None:
        """Call what a class calls where it is written."""
        classes.made(interpreter, step, made)

    def instantiated(self, invocation: Invocation, atom: ClassValue) -> Value | None:
        """Make an instance in a way of the class's own."""
        return classes.instantiated(invocation, atom)

    def storing(self, interpreter: Interpreter, at: Extent, owner: Instance, name: str, held: Value) -> None:
        """Call what an instance calls when an attribute of it is written."""
        classes.storing(interpreter, at, owner, name, held)

    def awaited(self, interpreter: Interpreter, at: Extent, value: Value) -> Value:
        """Wait for a value."""
        return classes.awaited(interpreter, at, value)

    def mapping_made(self, interpreter: Interpreter, at: Extent, made: Mapping) -> None:
        """Do nothing: Python calls nothing that is in a dict."""

    def asks(self, atom: Atom, name: str) -> bool:
        """Tell whether a method of something of the SDK asks AWS for something, or makes what does."""
        match atom:
            case Client():
                return clients.asks(atom, name)
            case Resource():
                return resources.asks(atom, name)
            case Collection():
                return resources.acts(atom, name)
            case Operation(role=role):
                return (role, name) in (("paginator", "paginate"), ("waiter", "wait"))
            case _:
                return False

    def calls_itself(self, name: str) -> bool:
        """Tell whether Python calls methods of this name where no call is written."""
        return classes.calls_itself(name)

    def leaves_alone(self, parents: tuple[str, ...]) -> bool:
        """Tell whether all parents are of modules that call no methods."""
        return all(path.startswith(_PLAIN_PARENTS) for path in parents)

    def compute(self, interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
        """Apply an operator."""
        return operators.compute(interpreter, step, operands)

    def choose(self, callee: Value) -> Value:
        """Leave out the methods that some clients do not have, where others have them."""
        unknown = frozenset(atom for atom in callee if isinstance(atom, Method) and not _is_offered(atom))
        return callee - unknown if len(unknown) < len(callee) else callee

    def _foreign_attribute(self, interpreter: Interpreter, receiver: Foreign, name: str) -> Value:
        path = f"{receiver.path}.{name}"
        number = objects.foreign_number(interpreter, receiver)
        if interpreter.heap.has(number, name):
            return interpreter.heap.read(number, name)
        given = self.models.values.get(path)
        if given is not None:
            return package_models.given(given.gives)
        if receiver.path.endswith(".*"):
            return named(one(receiver), name)
        if path.count(".") + path.count("(") > MAX_LINKS:
            return mystery(f"it comes from `{path.partition('.')[0]}`")
        return one(Foreign(path, receiver.id))

    def _text_method(self, invocation: Invocation, receiver: Pattern, name: str) -> Value:
        found = package_models.method(self.models, invocation, name) or texts.method(
            invocation, receiver, name
        )
        if is_mystery(receiver):
            possible.look_at(invocation, name)
        if found is not None:
            return found
        outside.hand_over(invocation)
        if isinstance(origin := receiver.sole, EventField | Context | Result):
            return one(Pattern((deeper(origin, name),)))
        return mystery(f"it comes from a method `{name}` that is not known")


def _is_offered(atom: Method) -> bool:
    return not isinstance(atom.receiver, Client) or clients.offers(atom.receiver, atom.name)


def _unread(receiver: Method) -> Pattern:
    inner = receiver.receiver
    if isinstance(inner, Pattern) and is_mystery(inner):
        return inner
    return next(iter(_as_pattern(f"it is an attribute of `{receiver.name}`")))


def _as_pattern(reason: str) -> frozenset[Pattern]:
    return frozenset(atom for atom in mystery(reason) if isinstance(atom, Pattern))


def _text_attribute(receiver: Pattern, name: str) -> Value | None:
    if name in ("value", "name", "_value_"):  # of a member of an enumeration
        origin = receiver.sole
        if not isinstance(origin, EventField | Context | Result) and not is_mystery(receiver):
            return one(receiver)
    if texts.is_method(name):
        return None
    if isinstance(origin := receiver.sole, EventField | Context | Result):
        return one(Pattern((deeper(origin, name),)))
    if name in ("parent", "stem", "suffix", "parts"):
        return mystery(f"it is a part of `{receiver}`")
    return None


def _from_globals(interpreter: Interpreter, index: Value) -> Value:
    module = interpreter.frame.function.module
    names = constants_of(index)
    found = join_all(interpreter.global_value(module, name) for name in names)
    if len(names) == len(index):
        return found
    for _, value in interpreter.heap.items(interpreter.module_number(module)):
        found = join(found, frozenset(atom for atom in value if isinstance(atom, FunctionValue | ClassValue)))
    return found


def _settings(invocation: Invocation, instance: Instance) -> None:
    """Fill a settings object from the environment, as pydantic does."""
    for name in invocation.interpreter.classes[instance.class_id].fields:
        invocation.heap.write(instance.id, name, standard.environment(one(Pattern((name.upper(),)))))


def _parent_method(invocation: Invocation, receiver: Parent, name: str) -> Value:
    """Call a method of what is above the classes of the program: `object`, or a class that is not read."""
    known = classes.of_parent(invocation, receiver, name)
    if known is not None:
        return known
    if name == "__init__" and isinstance(receiver.receiver, Instance):
        for key, value in invocation.arguments.keywords.items():
            invocation.heap.write(receiver.receiver.id, key, value)
        return NONE
    outside.hand_over(invocation)
    return mystery(f"it comes from `{name}` of a class that is not read")
