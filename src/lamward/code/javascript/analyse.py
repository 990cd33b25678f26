"""The calls that a handler written in JavaScript or TypeScript can make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from lamward.code import ir
from lamward.code.analysis import Analysis
from lamward.code.calls.frames import Frame
from lamward.code.calls.handlers import INVOKER, START, analysed
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import Foreign, is_mystery
from lamward.code.javascript.code_set import CodeSet
from lamward.code.javascript.language import JavaScript
from lamward.code.javascript.package_models import models_with
from lamward.code.pattern import Constant
from lamward.code.source import Source

INLINE: Final = "index.js"


def analyse(handler: str, roots: Sequence[Path], *, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler, such as `src/app.handler`, in the folders its code is deployed from.

    `roots` are the function's own folder, then those of its layers (what is in `nodejs`). `models` are files that
    describe further packages.
    """
    code = CodeSet(roots)
    return _analyse(handler, code, models)


def analyse_text(handler: str, text: str, *, file: str, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler whose module is given as text, as inline code is."""
    code = CodeSet(())
    code.add(_split(handler)[0], Source(file, text.removeprefix("\ufeff")))
    return _analyse(handler, code, models)


def _split(handler: str) -> tuple[str, list[str]]:
    """Take a handler apart as Lambda does: `src/app.nested.handler` is `nested.handler` of the file `src/app`."""
    path = PurePosixPath(handler)
    module, *names = path.name.split(".")
    return (path.parent / module).as_posix().lstrip("/"), names


def _analyse(handler: str, code: CodeSet, models: Sequence[Path]) -> Analysis:
    module, names = _split(handler)
    entry = code.entry(module)
    interpreter = Interpreter(JavaScript(code, models_with(models)))

    def doubts(frame: Frame) -> list[str]:
        return _doubts(frame, handler, len(names)) if entry else [_absent(handler)]

    return analysed(interpreter, _invoker(entry, names), code, entry, doubts)


def _invoker(module: str, names: list[str]) -> ir.Function:
    """Write what Lambda does: load the module, take the handler from it, call it with event and context."""
    body: list[ir.Instruction] = [
        ir.Import(at=START, into=0, module=module),
        ir.Compute(at=START, into=1, operator="require", operands=(0,)),
    ]
    last = 1
    for name in names:
        body.append(ir.LoadAttribute(at=START, into=last + 1, object=last, name=name))
        last += 1
    event, context = last + 1, last + 2
    body += [
        ir.Load(at=START, into=event, name="@event", scope=ir.Scope.MODULE),
        ir.Load(at=START, into=context, name="@context", scope=ir.Scope.MODULE),
        ir.Call(at=START, into=last + 3, callee=last, arguments=(ir.Argument(event), ir.Argument(context))),
    ]
    return ir.Function("<invoke>", "<invoke>", INVOKER, (), tuple(body), last + 4, START)


def _doubts(frame: Frame, handler: str, names: int) -> list[str]:
    """Say so when there is no code behind the handler's name."""
    value = frame.value_of(names + 1)
    there = [atom for atom in value if atom != Constant(None)]  # compilers set an export to undefined first
    if not names or not there or any(map(is_mystery, there)):
        return [_absent(handler)]
    unread = sorted(atom.path for atom in value if isinstance(atom, Foreign) and "()" not in atom.path)
    return [f"the handler is `{unread[0]}`, whose code was not read"] if unread else []


def _absent(handler: str) -> str:
    return f"the handler `{handler}` is not in the code that was read"
