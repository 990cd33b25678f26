"""Code that is named or put together at run time: `import_module`, `eval` and the like."""

from __future__ import annotations

from typing import Final

from lamward.code.analysis import Why
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import NOTHING, Foreign, Value, constants_of, join, mystery, one, texts_of

_OWN_NAMES: Final[Value] = frozenset({Foreign("builtins.__name__"), Foreign("builtins.__package__")})


def dynamic_code(invocation: Invocation) -> Value:
    """Run text as code."""
    invocation.doubt(Why.DYNAMIC_CODE, "code that is put together at run time is run here")
    return mystery("it comes from code that is put together at run time")


def import_by_name(invocation: Invocation) -> Value:
    """Import a module whose name is a value."""
    found = NOTHING
    for pattern in texts_of(invocation.get(0, "name")):
        constant = _absolute(pattern.constant, invocation)
        if constant is None:
            reason = f"a module is imported by a name that is not constant: `{pattern}`"
            invocation.doubt(Why.DYNAMIC_CODE, reason)
            continue
        module = invocation.interpreter.enter_module(constant, invocation.at)
        found = join(found, one(module or Foreign(constant)))
    return found


def _absolute(name: str | None, invocation: Invocation) -> str | None:
    """Give the name of a module that may be written from a package on; None if either is not constant."""
    if name is None or not name.startswith("."):
        return name
    package = invocation.get(1, "package")
    packages = constants_of(package)
    if package and package <= _OWN_NAMES:
        packages = (invocation.interpreter.frame.function.module,)
    steps = packages[0].split(".") if len(packages) == 1 else []
    up = len(name) - len(name.lstrip(".")) - 1
    return ".".join([*steps[: len(steps) - up], name.lstrip(".")]) if len(steps) > up else None
