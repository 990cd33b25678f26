"""The calls that a handler written in Python can make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import structs

from lamward.code import ir
from lamward.code.analysis import Analysis, Reached, Unresolved, Why
from lamward.code.calls.frames import MAX_STEPS, Frame, Place
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.outcome import outcome, reachable
from lamward.code.calls.unreached import explore, functions_of
from lamward.code.calls.values import EVENT, Foreign, Value, is_mystery, one
from lamward.code.packages import Models, with_own
from lamward.code.pattern import Context, Pattern
from lamward.code.python.code_set import CodeSet
from lamward.code.python.language import Python
from lamward.code.source import Extent, Source
from lamward.model.location import NOWHERE, Location
from lamward.model.report import Failure, Skipped

_INVOKER: Final = "<lambda runtime>"
_START: Final = Extent(0, 0)
_CONTEXT: Final[Value] = one(Pattern((Context(),)))


def analyse(handler: str, roots: Sequence[Path], *, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler, such as `src/app.handler`, in the folders its code is deployed from.

    `roots` are searched as `sys.path` is: the function's own folder, then those of its layers. `models` are files
    that describe further packages.
    """
    known = with_own(models)
    code = CodeSet(roots, known.packages)
    return _analyse(handler, code, known)


def analyse_text(handler: str, text: str, *, file: str, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler whose module is given as text, as inline code is."""
    known = with_own(models)
    code = CodeSet((), known.packages)
    code.add(_module_of(handler), Source(file, text))
    return _analyse(handler, code, known)


def _module_of(handler: str) -> str:
    return handler.rpartition(".")[0].replace("/", ".").lstrip(".")


def _analyse(handler: str, code: CodeSet, models: Models) -> Analysis:
    interpreter = Interpreter(Python(code, models))
    try:
        return _run(handler, code, interpreter)
    except RecursionError:
        message = "the code is nested too deeply to follow"
        failure = Failure("analysis-limit", message, NOWHERE)
        limit = Unresolved(Why.LIMIT, message, _entry(code, handler))
        return Analysis(unresolved=(limit,), failures=(*code.failures, failure), files=_files(code))


def _run(handler: str, code: CodeSet, interpreter: Interpreter) -> Analysis:
    module = _module_of(handler)
    name = handler.rpartition(".")[2]
    root = _invoker(module, name)
    frame = interpreter.begin(root, {"@event": EVENT, "@context": _CONTEXT})
    interpreter.run()
    locate = _locator(code)
    chains = reachable(interpreter, frame)
    calls, doubts = outcome(interpreter, chains, locate)
    doubts = (*_about_handler(frame, code, handler), *doubts)
    if interpreter.exhausted:
        reason = f"the analysis gave up after {MAX_STEPS:,} steps"
        doubts = (*doubts, Unresolved(Why.LIMIT, reason, _entry(code, handler)))
    reached = frozenset(interpreter.frames[number].function for number in chains)
    every = functions_of(interpreter)
    counts = Reached(len(every & reached), len(every - reached))
    analysis = Analysis(calls, doubts, reached=counts)
    elsewhere = explore(interpreter, frozenset(call.location for call in calls), locate)
    return structs.replace(
        analysis,
        unreached=elsewhere,
        failures=tuple(code.failures),
        files=_files(code),
        packages=tuple(sorted(code.unread)),
        skipped=(Skipped("code that is not reached", "there is too much of it"),)
        if interpreter.exhausted
        else (),
    )


def _invoker(module: str, name: str) -> ir.Function:
    """Write what Lambda does: import the module, take the handler from it, call it with event and context."""
    body = (
        ir.Import(at=_START, into=0, module=module),
        ir.LoadAttribute(at=_START, into=1, object=0, name=name),
        ir.Load(at=_START, into=2, name="@event", scope=ir.Scope.MODULE),
        ir.Load(at=_START, into=3, name="@context", scope=ir.Scope.MODULE),
        ir.Call(at=_START, into=4, callee=1, arguments=(ir.Argument(2), ir.Argument(3))),
    )
    return ir.Function("<invoke>", "<invoke>", _INVOKER, (), body, 5, _START)


def _about_handler(frame: Frame, code: CodeSet, handler: str) -> tuple[Unresolved, ...]:
    """Say so when there is no code behind the handler's name."""
    value = frame.value_of(1)
    if not _module_of(handler) or not value or any(map(is_mystery, value)):
        reason = f"the handler `{handler}` is not in the code that was read"
    elif unread := sorted(atom.path for atom in value if isinstance(atom, Foreign) and "()" not in atom.path):
        reason = f"the handler is `{unread[0]}`, whose code was not read"  # one that is made here wraps what is read
    else:
        return ()
    return (Unresolved(Why.HANDLER, reason, _entry(code, handler)),)


def _entry(code: CodeSet, handler: str) -> Location:
    source = code.sources.get(_module_of(handler))
    return source.location(_START) if source else NOWHERE


def _files(code: CodeSet) -> tuple[str, ...]:
    return tuple(sorted(source.file for source in code.sources.values()))


class _locator:  # noqa: N801 a function with a memory
    """Turns places into locations."""

    def __init__(self, code: CodeSet) -> None:
        self._sources = code.sources

    def __call__(self, place: Place) -> Location:
        source = self._sources.get(place.module)
        return NOWHERE if source is None else source.location(place.at)
