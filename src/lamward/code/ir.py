"""The intermediate representation: what every language is lowered to, and all that the analyses read.

A program is modules; a module and a function have a body; a body is nested blocks of instructions. An
expression is taken apart into instructions that each write one *register*, a number that is written at one
place of its function only. Variables have names and are read and written by `Load` and `Store`, which say whose
variable it is; a front end resolves scopes, so that no analysis knows the scoping rules of a language. Text is
never flattened: `Format` keeps the segments of interpolated strings.

Control flow is structured. What a language has beyond this (comprehensions, destructuring, decorators, `match`,
`with`, optional chaining …) is lowered to it; what cannot be lowered becomes `Opaque` with a reason, never nothing.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.code.source import Extent

Register = int
"""A place for one intermediate value of a function."""

LiteralValue = str | bytes | int | float | bool | None


class Scope(StrEnum):
    """Whose variable a name is."""

    LOCAL = "local"
    """This function's own, and no inner function uses it."""
    SHARED = "shared"
    """A function's own that inner functions use too; `depth` functions further out (0: this one)."""
    CLASS = "class"
    """A name in the body of a class: first the class's, then the module's."""
    MODULE = "module"
    """The module's; if it has none of this name, the language's built-in one."""


class ArgumentKind(StrEnum):
    """How an argument is passed."""

    POSITIONAL = "positional"
    KEYWORD = "keyword"
    SPREAD = "spread"
    """`*list`, `...list`"""
    SPREAD_KEYWORDS = "spread keywords"
    """`**mapping`"""


class ParameterKind(StrEnum):
    """How a parameter takes its argument."""

    POSITIONAL = "positional"
    """By position or by name."""
    POSITIONAL_ONLY = "positional only"
    KEYWORD_ONLY = "keyword only"
    REST = "rest"
    """`*args`, `...args`"""
    REST_KEYWORDS = "rest keywords"
    """`**kwargs`"""


class SequenceKind(StrEnum):
    """What `BuildSequence` makes."""

    LIST = "list"
    TUPLE = "tuple"
    SET = "set"


class Argument(Struct, frozen=True, gc=False):
    """One argument of a call; `name` only where it is passed by name."""

    value: Register
    kind: ArgumentKind = ArgumentKind.POSITIONAL
    name: str = ""


class Entry(Struct, frozen=True, gc=False):
    """One entry of a mapping display; without a key, `value` is a mapping whose entries are spread here."""

    key: Register | None
    value: Register


class Item(Struct, frozen=True, gc=False):
    """One item of a sequence display; `spread`: `value` is a sequence whose items stand here."""

    value: Register
    spread: bool = False


class Parameter(Struct, frozen=True):
    """A parameter of a function. The default and the annotation are in the `Closure` that makes the function."""

    name: str
    kind: ParameterKind = ParameterKind.POSITIONAL
    scope: Scope = Scope.LOCAL
    optional: bool = False
    """A call may leave it out even without a default: then it is `None` (JavaScript's `undefined`)."""


class Instruction(Struct, frozen=True, eq=False):
    """What one step of a program does; `at` is the text it stands for. Two are the same only if they are one."""

    at: Extent


class Writes(Instruction, frozen=True, eq=False):
    """An instruction with a result."""

    into: Register


Block = tuple[Instruction, ...]


# Values


class Literal(Writes, frozen=True, eq=False):
    """A constant."""

    value: LiteralValue


class Format(Writes, frozen=True, eq=False):
    """Text put together from segments, in order: constant text, or the text form of a register."""

    segments: tuple[str | Register, ...]


class Compute(Writes, frozen=True, eq=False):
    """An operator as the language writes it, with word operators in words: `+`, `%`, `not`, `in`, `==`, `typeof`."""

    operator: str
    operands: tuple[Register, ...]


class Phi(Writes, frozen=True, eq=False):
    """Whichever of the registers was written: the value of a conditional expression, `and`, `or`, `??`."""

    options: tuple[Register, ...]


class Opaque(Writes, frozen=True, eq=False):
    """Something that has no lowering; the reason is a clause such as `a starred assignment`."""

    reason: str


class BuildSequence(Writes, frozen=True, eq=False):
    """A list, tuple or set display."""

    items: tuple[Item, ...]
    kind: SequenceKind = SequenceKind.LIST


class BuildMapping(Writes, frozen=True, eq=False):
    """A dict or object display."""

    entries: tuple[Entry, ...]


class Closure(Writes, frozen=True, eq=False):
    """A function as a value. Defaults and annotations are by parameter; the annotation of the result is `return`."""

    function: Function
    defaults: tuple[tuple[str, Register], ...] = ()
    annotations: tuple[tuple[str, Register], ...] = ()


class MakeClass(Writes, frozen=True, eq=False):
    """A class. Its body runs at once; what it stores in scope `CLASS` becomes the class's attributes.

    `fields` are the annotated names of the body in order (dataclasses are constructed from them).
    """

    name: str
    bases: tuple[Argument, ...]
    body: Block
    fields: tuple[str, ...] = ()


# Places


class Load(Writes, frozen=True, eq=False):
    """The value of a variable."""

    name: str
    scope: Scope
    depth: int = 0


class Store(Instruction, frozen=True, eq=False):
    """Set a variable."""

    name: str
    scope: Scope
    value: Register
    depth: int = 0


class LoadAttribute(Writes, frozen=True, eq=False):
    """`object.name`."""

    object: Register
    name: str


class StoreAttribute(Instruction, frozen=True, eq=False):
    """`object.name = value`."""

    object: Register
    name: str
    value: Register


class LoadIndex(Writes, frozen=True, eq=False):
    """`object[index]`."""

    object: Register
    index: Register


class StoreIndex(Instruction, frozen=True, eq=False):
    """`object[index] = value`."""

    object: Register
    index: Register
    value: Register


class Slice(Writes, frozen=True, eq=False):
    """`object[start:stop:step]`; bounds that are not written are None."""

    object: Register
    start: Register | None
    stop: Register | None
    step: Register | None = None


class Element(Writes, frozen=True, eq=False):
    """An element of whatever is iterated, none in particular; `position` if a destructuring says which.

    `rest`: a sequence of the elements from `position` on.
    """

    iterable: Register
    position: int | None = None
    rest: bool = False


# Calls


class Call(Writes, frozen=True, eq=False):
    """`callee(arguments)`. `construct`: JavaScript's `new`. `decorates`: the result replaces the argument."""

    callee: Register
    arguments: tuple[Argument, ...]
    construct: bool = False
    decorates: bool = False


class Await(Writes, frozen=True, eq=False):
    """Wait for a value that is promised."""

    value: Register


class Yield(Writes, frozen=True, eq=False):
    """Hand out a value; `every`: each element of it (`yield from`, `yield*`)."""

    value: Register
    every: bool = False


class Enter(Writes, frozen=True, eq=False):
    """The value a context manager gives to its block."""

    manager: Register


class Import(Writes, frozen=True, eq=False):
    """A module, or what it offers by `name`. `*` stores every public name of it in the module's scope.

    `module` is absolute (a front end resolves relative imports); empty when it is not known, see `reason`.
    `runtime` is false for imports that only type checkers perform: nothing is run then.
    """

    module: str
    name: str = ""
    runtime: bool = True


# Control


class Branch(Instruction, frozen=True, eq=False):
    """`if`: one of two blocks. What never runs is no branch but `Unreachable`."""

    condition: Register
    then: Block
    otherwise: Block = ()


class Loop(Instruction, frozen=True, eq=False):
    """Repeat: `header` before each round (it holds the condition or binds the next element), then `body`.

    `otherwise` runs when the loop ends by itself.
    """

    header: Block
    body: Block
    otherwise: Block = ()


class Try(Instruction, frozen=True, eq=False):
    """Run `body`; one of `handlers` when it raises, `otherwise` when it does not, `finally_` always."""

    body: Block
    handlers: tuple[Block, ...] = ()
    otherwise: Block = ()
    finally_: Block = ()


class Caught(Writes, frozen=True, eq=False):
    """The exception a handler was entered with; `types` as written, none for a bare handler."""

    types: tuple[Register, ...] = ()


class Unreachable(Instruction, frozen=True, eq=False):
    """A block that never runs where functions are served: below `if __name__ == "__main__"`, `if False`."""

    body: Block


class Return(Instruction, frozen=True, eq=False):
    """Leave the function with a value."""

    value: Register | None


class Raise(Instruction, frozen=True, eq=False):
    """Leave by an exception."""

    value: Register | None


class Break(Instruction, frozen=True, eq=False):
    """Leave the loop."""


class Continue(Instruction, frozen=True, eq=False):
    """Begin the next round."""


class Function(Struct, frozen=True, eq=False):
    """A function with its body. Two are the same only if they are one: identity stands for the place."""

    name: str
    qualified_name: str
    module: str
    parameters: tuple[Parameter, ...]
    body: Block
    registers: int
    at: Extent
    generator: bool = False
    receiver: bool = False
    """The first parameter is what the function is called on (`this`), even where it is called on nothing."""


class Module(Struct, frozen=True, eq=False):
    """A file, lowered: its body is a function without parameters. `exports` is `__all__` if written as constants."""

    name: str
    file: str
    main: Function
    exports: tuple[str, ...] | None = None
