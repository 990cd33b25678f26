"""From a handler that is run to all that is found: calls, doubts, what it does not reach, what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import structs

from lamward.code.analysis import Analysis, Reached, Unresolved, Why
from lamward.code.calls.frames import MAX_STEPS, Frame, Place
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.outcome import outcome, reachable
from lamward.code.calls.unreached import explore, functions_of
from lamward.code.calls.values import EVENT, Value, one
from lamward.code.ir import Function
from lamward.code.pattern import Context, Pattern
from lamward.code.source import Extent, Source
from lamward.model.location import NOWHERE, Location
from lamward.model.report import Failure, Skipped

INVOKER: Final = "<lambda runtime>"
"""The module that is taken to call the handler; its variables are `@event` and `@context`."""

START: Final = Extent(0, 0)
_CONTEXT: Final[Value] = one(Pattern((Context(),)))


class Code(Protocol):
    """The files of a function."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The files that were read, by the module they are."""

    @property
    def failures(self) -> Sequence[Failure]:
        """What could not be read."""

    @property
    def skipped(self) -> Sequence[Skipped]:
        """What was not looked into."""


def analysed(
    interpreter: Interpreter, invoker: Function, code: Code, entry: str, doubts: Callable[[Frame], list[str]]
) -> Analysis:
    """Run what calls the handler; `doubts` says what is wrong with the handler's value, `entry` its module."""
    try:
        return _run(interpreter, invoker, code, entry, doubts)
    except RecursionError:
        message = "the code is nested too deeply to follow"
        failure = Failure("analysis-limit", message, NOWHERE)
        limit = Unresolved(Why.LIMIT, message, _location(code, Place(entry, START)))
        return Analysis(unresolved=(limit,), failures=(*code.failures, failure), files=_files(code))


def _run(
    interpreter: Interpreter,
    invoker: Function,
    code: Code,
    entry: str,
    doubts: Callable[[Frame], list[str]],
) -> Analysis:
    def locate(place: Place) -> Location:
        return _location(code, place)

    frame = interpreter.begin(invoker, {"@event": EVENT, "@context": _CONTEXT})
    interpreter.run()
    chains = reachable(interpreter, frame)
    calls, found = outcome(interpreter, chains, locate)
    start = _location(code, Place(entry, START))  # now that it was read
    unresolved = [*(Unresolved(Why.HANDLER, reason, start) for reason in doubts(frame)), *found]
    if interpreter.exhausted:
        reason = f"the analysis gave up after {MAX_STEPS:,} steps"
        unresolved.append(Unresolved(Why.LIMIT, reason, start))
    reached = frozenset(interpreter.frames[number].function for number in chains)
    every = functions_of(interpreter)
    counts = Reached(len(every & reached), len(every - reached))
    analysis = Analysis(calls, tuple(unresolved), reached=counts)
    elsewhere = explore(interpreter, frozenset(call.location for call in calls), locate)
    return structs.replace(
        analysis,
        unreached=elsewhere,
        failures=tuple(code.failures),
        files=_files(code),
        skipped=tuple(code.skipped),
    )


def _location(code: Code, place: Place) -> Location:
    source = code.sources.get(place.module)
    return NOWHERE if source is None else source.location(place.at)


def _files(code: Code) -> tuple[str, ...]:
    return tuple(sorted(source.file for source in code.sources.values()))
