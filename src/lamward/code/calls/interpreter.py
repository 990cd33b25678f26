"""The interpreter: runs functions on sets of values until nothing new is learnt."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from msgspec import structs

from lamward.code.analysis import Guess, Why
from lamward.code.calls.frames import (
    MAX_CONTEXTS,
    MAX_DEPTH,
    MAX_EXPLORED,
    MAX_STEPS,
    Arguments,
    Definition,
    Found,
    FoundCall,
    FoundCommand,
    FoundDoubt,
    Frame,
    Place,
)
from lamward.code.calls.heap import Heap, Special
from lamward.code.calls.language import Language
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    Bound,
    ClassValue,
    Client,
    FunctionValue,
    ModuleValue,
    Sequence,
    Value,
    is_untold,
    join,
    mystery,
    one,
)
from lamward.code.ir import Function, Instruction, MakeClass, Module, Scope
from lamward.code.source import Extent

CALLED_FROM_OUTSIDE: Final = "it is called from code that is not read"


class Interpreter:
    """The state of one analysis.

    While values still arrive, what is missing is nothing; once they have, it is unknown, for it comes from code
    that is not read. `settled` tells which.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.heap = Heap()
        self.frames: dict[int, Frame] = {}
        self.modules: dict[str, Module] = {}
        self.definitions: dict[int, Definition] = {}
        self.classes: dict[int, MakeClass] = {}
        self.owners: dict[int, int] = {}
        """The class in whose body a function was defined."""
        self.instances: dict[int, int] = {}
        """The class of an instance."""
        self.frame: Frame = _NO_FRAME
        self.steps = 0
        self.exhausted = False
        self.settled = False
        self.exploring = False
        """Whether code behind a `return` is interpreted too, to see what is there."""
        self.called: set[Function] = set()
        self.visited: set[Instruction] = set()
        self.used: set[Atom] = set()
        """Clients and the like of which something was called, and what was called of them."""
        self.depth = 0
        self._contexts: dict[int, dict[object, Frame]] = {}
        self._queue: dict[int, None] = {}
        self._waiting: dict[int, None] = {}
        self._deferred: dict[Atom, int] = {}
        self._activated: set[Atom] = set()
        self._written_elsewhere: set[tuple[str, str]] = set()

    # Programs

    def begin(self, function: Function, variables: Mapping[str, Value]) -> Frame:
        """Queue a function as the one that everything starts from, with variables of its module."""
        number = self.module_number(function.module)
        for name, value in variables.items():
            self.heap.write(number, name, value)
        frame = self._new_frame(function, number, None, None)
        self._queue[number] = None
        return frame

    def explore(self) -> None:
        """From now on interpret code behind a `return` too, for some more steps."""
        self.exploring = True
        self.exhausted = False
        self.steps = MAX_STEPS - MAX_EXPLORED

    def look_again(self, frame: Frame) -> None:
        """Queue a frame that was interpreted before."""
        self._queue[frame.number] = None

    def enter_module(self, name: str, at: Extent) -> ModuleValue | None:
        """Run a module and the packages around it, if it is one of the program."""
        for each in (*self.language.packages(name), name):
            if each in self.modules or (module := self.language.module(each)) is None:
                continue
            self.modules[each] = module
            self._new_frame(module.main, self.heap.number("module", each), None, None)
        if name not in self.modules:
            return None
        number = self.module_number(name)
        self.frame.callees.setdefault(number, at)
        if not self.frames[number].done:
            self._evaluate_or_queue(self.frames[number])
        return ModuleValue(name)

    def module_number(self, name: str) -> int:
        """Return the number of a module's frame, which owns its variables."""
        return self.heap.number("module", name)

    def run(self) -> None:
        """Interpret until nothing new is learnt."""
        while True:
            self._drain()
            waiting = [
                atom for atom in self._deferred if atom not in self._activated and not self._is_called(atom)
            ]
            if waiting and not self.exhausted:
                self._activated.update(waiting)
                self._queue.update(dict.fromkeys(self._deferred[atom] for atom in waiting))
            elif not self.settled:
                self.settled = True
                self._queue.update(self._waiting)
            else:
                return

    # Calls of functions

    def call_function(self, value: FunctionValue, arguments: Mapping[str, Value], at: Extent) -> Value:
        """Call a function with what its parameters are bound to, and return what it gives."""
        frame = self._frame_for(value, arguments)
        for name, given in arguments.items():
            self.heap.write(frame.number, name, given)
        self.called.add(frame.function)
        self.frame.callees.setdefault(frame.number, at)
        if not frame.done:
            self._evaluate_or_queue(frame)
        if frame.function.generator:
            generator = Sequence(self.heap.number("generator", frame.number))
            self.heap.write(generator.id, Special.ANY, self.heap.read(frame.number, Special.YIELD))
            return one(generator)
        result = self.heap.read(frame.number, Special.RETURN)
        annotation = self.definitions[value.id].annotations.get("return")
        return self._told_by(annotation, result) if annotation and any(map(is_untold, result)) else result

    def defer(self, callable_: Atom) -> bool:
        """Tell whether a callable that was handed to unread code must be called here, for nobody else does."""
        self._deferred.setdefault(callable_, self.frame.number)
        return callable_ in self._activated

    # What is found

    def report(self, at: Extent, found: Found) -> None:
        """Note an SDK call, or a place that may be one; a place may call with several objects."""
        key = (at, _discriminator(found))
        held = self.frame.found.get(key)
        if isinstance(held, FoundCall) and isinstance(found, FoundCall):
            found = _merged(held, found)
        self.frame.found[key] = found

    def doubt(self, at: Extent, why: Why, reason: str, *guesses: Guess) -> None:
        """Note a place that may call AWS and cannot be told."""
        self.report(at, FoundDoubt(why, reason, tuple(sorted(set(guesses)))))

    def sdk_call(
        self, at: Extent, client: Client, operation: str, arguments: Arguments, model: str = ""
    ) -> None:
        """Note a call of an SDK operation with parameters passed by name."""
        found = FoundCall(
            client.service,
            operation,
            arguments.keywords,
            arguments.optional,
            arguments.open,
            client.region,
            client.endpoint,
            client.credentials,
            client.certain,
            model,
        )
        self.report(at, found)

    # Values

    def missing(self, reason: str) -> Value:
        """Give the value of what was never stored: nothing so far, unknown once all is settled."""
        if self.settled:
            return mystery(reason)
        self._waiting[self.frame.number] = None
        return NOTHING

    def load(self, name: str, scope: Scope, depth: int) -> Value:
        """Read a variable."""
        if scope is Scope.LOCAL:
            return self.frame.local.get(name, NOTHING)
        if scope is Scope.SHARED:
            return self.heap.read(self._around(depth).number, name)
        module = self.frame.function.module
        number = self.module_number(module)
        if number == self.frame.number and (module, name) not in self._written_elsewhere:
            held = self.frame.local.get(name)
            if held is not None:
                return held
        return self.global_value(module, name)

    def global_value(self, module: str, name: str) -> Value:
        """Read a variable of a module, or what the language has of this name."""
        number = self.module_number(module)
        if self.heap.has(number, name):
            return self.heap.read(number, name)
        built_in = self.language.builtin(name)
        if built_in:
            return built_in
        return self.heap.read(number, Special.ANY) or self.missing(
            f"`{name}` is not defined in what was read"
        )

    def store(self, name: str, scope: Scope, depth: int, value: Value) -> None:
        """Write a variable."""
        if scope is Scope.LOCAL:
            self.frame.local[name] = value
        elif scope is Scope.SHARED:
            self.heap.write(self._around(depth).number, name, value)
        else:
            self._store_global(name, value)

    def frame_id(self, *identity: object) -> int:
        """Give the number of an object made at this place by this frame."""
        return self.heap.number(self.frame.number, *identity)

    # Evaluation

    def _store_global(self, name: str, value: Value) -> None:
        module = self.frame.function.module
        number = self.module_number(module)
        self.heap.write(number, name, value)
        if number == self.frame.number:
            self.frame.local[name] = value
        elif (module, name) not in self._written_elsewhere:
            self._written_elsewhere.add((module, name))
            self._queue[number] = None

    def _around(self, depth: int) -> Frame:
        frame = self.frame
        for _ in range(depth):
            if frame.outer is None:
                break
            frame = frame.outer
        return frame

    def _is_called(self, callable_: Atom) -> bool:
        if isinstance(callable_, ClassValue):
            return callable_.id in self.instances.values()
        function = callable_.function if isinstance(callable_, Bound) else callable_
        return isinstance(function, FunctionValue) and self.definitions[function.id].function in self.called

    def _frame_for(self, value: FunctionValue, arguments: Mapping[str, Value]) -> Frame:
        definition = self.definitions[value.id]
        contexts = self._contexts.setdefault(value.id, {})
        signature: object = tuple(sorted(arguments.items(), key=lambda item: item[0]))
        if signature not in contexts and len(contexts) >= MAX_CONTEXTS:
            signature = None
        frame = contexts.get(signature)
        if frame is None:
            number = self.heap.number("frame", value.id, len(contexts))
            frame = contexts[signature] = self._new_frame(
                definition.function, number, definition.outer, value
            )
        return frame

    def _new_frame(
        self, function: Function, number: int, outer: Frame | None, value: FunctionValue | None
    ) -> Frame:
        return self.frames.setdefault(number, Frame(number, function, outer, value))

    def _evaluate_or_queue(self, frame: Frame) -> None:
        if self.depth < MAX_DEPTH:
            self._evaluate(frame)
        else:
            self._queue[frame.number] = None

    def _drain(self) -> None:
        self._take_changes()
        while self._queue and not self.exhausted:
            number = next(iter(self._queue))
            del self._queue[number]
            self._evaluate(self.frames[number])
            self._take_changes()

    def _take_changes(self) -> None:
        self._queue.update(self.heap.changed)
        self._queue.pop(0, None)
        self.heap.changed.clear()

    def _evaluate(self, frame: Frame) -> None:
        from lamward.code.calls.steps import run_block

        if self.steps > MAX_STEPS:
            self.exhausted = True
            return
        outer, self.frame = self.frame, frame
        reading, self.heap.reading = self.heap.reading, frame.number
        self.depth += 1
        frame.begin()
        self._bind_parameters(frame)
        if run_block(self, frame.function.body) and frame.value:
            self.heap.write(frame.number, Special.RETURN, NONE)
        self.depth -= 1
        self.frame, self.heap.reading = outer, reading

    def _bind_parameters(self, frame: Frame) -> None:
        annotations = self.definitions[frame.value.id].annotations if frame.value else {}
        for parameter in frame.function.parameters:
            value = self.heap.read(frame.number, parameter.name)
            annotation = annotations.get(parameter.name)
            if annotation and (not value or any(map(is_untold, value))):
                value = self._told_by(annotation, value)
                if parameter.scope is Scope.SHARED:
                    self.heap.write(frame.number, parameter.name, value)
            if parameter.scope is Scope.LOCAL:
                frame.local[parameter.name] = value

    def _told_by(self, annotation: Value, value: Value) -> Value:
        told = self.language.instance_of(self, annotation)
        if not told:
            return value
        return join(frozenset(atom for atom in value if not is_untold(atom)), told)


def place_of(frame: Frame, at: Extent) -> Place:
    """Say where something in a frame is written."""
    return Place(frame.function.module, at)


def _discriminator(found: Found) -> Hashable:
    if isinstance(found, FoundDoubt):
        return (found.why, found.guesses)
    if isinstance(found, FoundCommand):
        return found.callee
    return (found.service, found.operation, found.region, found.endpoint, found.credentials, found.model)


def _merged(first: FoundCall, second: FoundCall) -> FoundCall:
    names = {**first.parameters, **second.parameters}
    return structs.replace(
        second,
        parameters={
            name: join(first.parameters.get(name, NOTHING), second.parameters.get(name, NOTHING))
            for name in names
        },
        optional=first.optional | second.optional | (first.parameters.keys() ^ second.parameters.keys()),
        open=first.open or second.open,
        certain=first.certain and second.certain,
    )


_NO_FRAME: Final = Frame(0, Function("", "", "", (), (), 0, Extent(0, 0)), None, None)
