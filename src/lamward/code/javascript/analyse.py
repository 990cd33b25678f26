"""The calls that a handler written in JavaScript or TypeScript can make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from lamward.code import ir
from lamward.code.analysis import Analysis
from lamward.code.calls.handlers import START, analysed, invoked
from lamward.code.calls.interpreter import Interpreter
from lamward.code.javascript.code_set import CodeSet
from lamward.code.javascript.language import JavaScript
from lamward.code.packages import Models, with_own
from lamward.code.source import Source


def analyse(handler: str, roots: Sequence[Path], *, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler, such as `src/app.handler`, in the folders its code is deployed from.

    `roots` are the function's own folder, then those of its layers (what is in `nodejs`). `models` are files that
    describe further packages.
    """
    known = with_own("javascript", models)
    return _analyse(handler, CodeSet(roots, known.packages), known)


def analyse_text(handler: str, text: str, *, file: str, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler whose module is given as text, as inline code is."""
    known = with_own("javascript", models)
    code = CodeSet((), known.packages)
    code.add(_split(handler)[0], Source(file, text.removeprefix("\ufeff")))
    return _analyse(handler, code, known)


def _split(handler: str) -> tuple[str, list[str]]:
    """Take a handler apart as Lambda does: `src/app.nested.handler` is `nested.handler` of the file `src/app`."""
    path = PurePosixPath(handler)
    module, *names = path.name.split(".")
    return (path.parent / module).as_posix().lstrip("/"), names


def _analyse(handler: str, code: CodeSet, models: Models) -> Analysis:
    written, names = _split(handler)
    module = code.entry(written)
    finding: list[ir.Instruction] = [
        ir.Import(at=START, into=0, module=module),
        ir.Compute(at=START, into=1, operator="require", operands=(0,)),
    ]
    for last, name in enumerate(names, start=1):
        finding.append(ir.LoadAttribute(at=START, into=last + 1, object=last, name=name))
    entry = invoked(handler, module if names else "", finding)
    return analysed(Interpreter(JavaScript(code, models)), entry, code.files)
