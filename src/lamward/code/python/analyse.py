"""The calls that a handler written in Python can make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lamward.code import ir
from lamward.code.analysis import Analysis
from lamward.code.calls.handlers import START, analysed, invoked
from lamward.code.calls.interpreter import Interpreter
from lamward.code.packages import Models, with_own
from lamward.code.python.code_set import CodeSet
from lamward.code.python.language import Python
from lamward.code.source import Source


def analyse(handler: str, roots: Sequence[Path], *, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler, such as `src/app.handler`, in the folders its code is deployed from.

    `roots` are searched as `sys.path` is: the function's own folder, then those of its layers. `models` are files
    that describe further packages.
    """
    known = with_own("python", models)
    code = CodeSet(roots, known.packages)
    return _analyse(handler, code, known)


def analyse_text(handler: str, text: str, *, file: str, models: Sequence[Path] = ()) -> Analysis:
    """Find the SDK calls of a handler whose module is given as text, as inline code is."""
    known = with_own("python", models)
    code = CodeSet((), known.packages)
    code.add(_module_of(handler), Source(file, text))
    return _analyse(handler, code, known)


def _module_of(handler: str) -> str:
    return handler.rpartition(".")[0].replace("/", ".").lstrip(".")


def _analyse(handler: str, code: CodeSet, models: Models) -> Analysis:
    module = _module_of(handler)
    finding = (
        ir.Import(at=START, into=0, module=module),
        ir.LoadAttribute(at=START, into=1, object=0, name=handler.rpartition(".")[2]),
    )
    return analysed(Interpreter(Python(code, models)), invoked(handler, module, finding), code.files)
