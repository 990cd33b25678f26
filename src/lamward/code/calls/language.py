"""What the interpreter asks of a language and of models of packages: what names, methods and operators mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lamward.code.analysis import Why
from lamward.code.calls.values import Atom, ClassValue, Foreign, Instance, Mapping, Value
from lamward.code.ir import Compute, MakeClass, Module
from lamward.code.source import Extent

if TYPE_CHECKING:
    from lamward.code.calls.interpreter import Interpreter
    from lamward.code.calls.invocation import Invocation


class Packages(Protocol):
    """The packages beside a function's code, whose sources are not read."""

    def note_unread(self, module: str) -> None:
        """Remember the package of a module that is not there."""

    def package_calling_aws(self, module: str) -> str:
        """Return the installed package of a module, if it builds on the SDK and has no model; else nothing."""


def imported_package(interpreter: Interpreter, at: Extent, packages: Packages, module: str) -> None:
    """Report the import of an installed package that calls AWS in ways that have no model."""
    packages.note_unread(module)
    package = packages.package_calling_aws(module)
    if package:
        reason = f"the package `{package}` uses the SDK of AWS in ways that are not modelled"
        interpreter.doubt(at, Why.PACKAGE, reason)


class Language(Protocol):
    """A language with its packages, as far as interpretation differs."""

    constructor: str
    """The name of the method that makes an instance ready."""
    items_are_attributes: bool
    """Whether `object[name]` is the attribute of this name."""

    def module(self, name: str) -> Module | None:
        """Return a module of the program; None for one whose source is not read."""

    def imported(self, interpreter: Interpreter, at: Extent, module: str) -> None:
        """Look at the import of a module whose source is not read."""

    def packages(self, name: str) -> tuple[str, ...]:
        """Return the modules that are run before a module of the program, as importing it runs them."""

    def builtin(self, name: str) -> Value:
        """Return what a name means that no module defines."""

    def attribute(self, interpreter: Interpreter, at: Extent, receiver: Atom, name: str) -> Value | None:
        """Return what an attribute of something built in or foreign holds; None if it can only be a method."""

    def method(self, invocation: Invocation, receiver: Atom, name: str) -> Value:
        """Call a method of something built in."""

    def foreign(self, invocation: Invocation, callee: Foreign) -> Value:
        """Call something of which no source is read."""

    def choose(self, callee: Value) -> Value:
        """Leave out of what is called what could not be."""

    def instance_of(self, interpreter: Interpreter, annotation: Value) -> Value:
        """Return what an annotation says of a value, or nothing."""

    def index(self, interpreter: Interpreter, receiver: Atom, index: Value) -> Value | None:
        """Return what indexing something built in or foreign gives; None if nothing is known of it."""

    def constructed(
        self, invocation: Invocation, instance: Instance, parents: tuple[str, ...]
    ) -> Value | None:
        """Construct an instance whose class has parents that are not read; None if nothing is known of them."""

    def class_made(self, interpreter: Interpreter, step: MakeClass, made: ClassValue) -> None:
        """Call what a class calls where it is written."""

    def storing(self, interpreter: Interpreter, at: Extent, owner: Instance, name: str, held: Value) -> None:
        """Call what an instance calls when an attribute of it is written."""

    def awaited(self, interpreter: Interpreter, at: Extent, value: Value) -> Value:
        """Return what waiting for a value gives."""

    def instantiated(self, invocation: Invocation, atom: ClassValue) -> Value | None:
        """Make an instance in a way of the class's own; None if it has none."""

    def mapping_made(self, interpreter: Interpreter, at: Extent, made: Mapping) -> None:
        """Look at a mapping that was written down."""

    def asks(self, atom: Atom, name: str) -> bool:
        """Tell whether a method of something of the SDK asks AWS for something, or makes what does."""

    def calls_itself(self, name: str) -> bool:
        """Tell whether the language calls methods of this name where no call is written."""

    def leaves_alone(self, parents: tuple[str, ...]) -> bool:
        """Tell whether none of these classes calls the methods of those that inherit from it."""

    def compute(self, interpreter: Interpreter, step: Compute, operands: tuple[Value, ...]) -> Value:
        """Return the result of an operator."""
