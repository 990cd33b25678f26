"""From a handler that is run to all that is found: calls, doubts, what it does not reach, what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, structs

from lamward.code import ir
from lamward.code.analysis import Analysis, Unresolved, Why
from lamward.code.calls.frames import MAX_STEPS, Place
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.lost import doubt_what_is_lost
from lamward.code.calls.outcome import commands, outcome, reachable
from lamward.code.calls.unreached import explore
from lamward.code.calls.values import EVENT, Foreign, Value, is_mystery, one
from lamward.code.files import Files
from lamward.code.pattern import Constant, Context, Pattern
from lamward.code.source import Extent
from lamward.model.location import NOWHERE, Location
from lamward.model.report import Failure, Skipped

START: Final = Extent(0, 0)
_INVOKER: Final = "<lambda runtime>"
"""The module that is taken to call the handler; its variables are `@event` and `@context`."""

_CONTEXT: Final[Value] = one(Pattern((Context(),)))


class Invoked(Struct, frozen=True):
    """A handler as Lambda invokes it: its name, its module (empty: there is none), and what does it.

    `register` holds the handler when `invoker` has run.
    """

    handler: str
    module: str
    invoker: ir.Function
    register: ir.Register


def invoked(handler: str, module: str, finding: Sequence[ir.Instruction]) -> Invoked:
    """Write what Lambda does: find the handler, which each step of `finding` comes nearer to, and call it."""
    event, context, answer = range(len(finding), len(finding) + 3)
    found = len(finding) - 1
    body = (
        *finding,
        ir.Load(at=START, into=event, name="@event", scope=ir.Scope.MODULE),
        ir.Load(at=START, into=context, name="@context", scope=ir.Scope.MODULE),
        ir.Call(at=START, into=answer, callee=found, arguments=(ir.Argument(event), ir.Argument(context))),
    )
    invoker = ir.Function("<invoke>", "<invoke>", _INVOKER, (), body, answer + 1, START)
    return Invoked(handler, module, invoker, found)


def analysed(interpreter: Interpreter, entry: Invoked, files: Files) -> Analysis:
    """Run a handler, and give all that is found; `files` are what the language reads meanwhile."""
    try:
        return _run(interpreter, entry, files)
    except RecursionError:
        message = "the code is nested too deeply to follow"
        failure = Failure("analysis-limit", message, NOWHERE)
        limit = Unresolved(Why.LIMIT, message, files.location(entry.module, START))
        return Analysis(
            unresolved=(limit,),
            failures=(*files.failures, failure),
            files=files.names(),
            packages=tuple(sorted(files.unread)),
        )


def _run(interpreter: Interpreter, entry: Invoked, files: Files) -> Analysis:
    def locate(place: Place) -> Location:
        return files.location(place.module, place.at)

    frame = interpreter.begin(entry.invoker, {"@event": EVENT, "@context": _CONTEXT})
    interpreter.run()
    chains = reachable(interpreter, frame)
    doubt_what_is_lost(interpreter, chains)
    calls, found = outcome(interpreter, chains, locate)
    obeyed = commands(interpreter, chains, locate)
    start = files.location(entry.module, START)  # now that it was read
    doubts = [Unresolved(Why.HANDLER, each, start) for each in _about(entry, frame.value_of(entry.register))]
    unresolved = [*doubts, *found]
    if interpreter.exhausted:
        reason = f"the analysis gave up after {MAX_STEPS:,} steps"
        unresolved.append(Unresolved(Why.LIMIT, reason, start))
    packages = tuple(sorted(files.unread))  # before what is not reached is looked at
    analysis = Analysis(calls, tuple(unresolved), packages=packages, commands=obeyed)
    elsewhere = explore(interpreter, frozenset(call.location for call in calls), locate)
    return structs.replace(
        analysis,
        unreached=elsewhere,
        failures=tuple(files.failures),
        files=files.names(),
        skipped=(_TOO_MUCH,) if interpreter.exhausted else (),
    )


_TOO_MUCH: Final = Skipped("code that is not reached", "there is too much of it")


def _about(entry: Invoked, value: Value) -> list[str]:
    """Say so when there is no code behind the handler's name."""
    there = [atom for atom in value if atom != Constant(None)]  # compilers set an export to undefined first
    if not entry.module or not there or any(map(is_mystery, there)):
        return [f"the handler `{entry.handler}` is not in the code that was read"]
    unread = sorted(atom.path for atom in there if isinstance(atom, Foreign) and "()" not in atom.path)
    # one that is made here wraps what is read
    return [f"the handler is `{unread[0]}`, whose code was not read"] if unread else []
