"""Texts that are handed to what obeys them: a shell, or the language itself."""

from __future__ import annotations

from typing import Final

from lamward.code.calls.frames import FoundCommand
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.outcome import possible
from lamward.code.calls.values import NOTHING, Atom, Foreign, Method
from lamward.code.pattern import Constant, Elements, Entries, Possible

_OBEY: Final = {
    "asyncio.create_subprocess_shell": "cmd",
    "builtins.eval": "source",
    "builtins.exec": "source",
    "child_process.exec": "",
    "child_process.execSync": "",
    "eval": "",
    "os.popen": "cmd",
    "os.system": "command",
    "subprocess.getoutput": "cmd",
    "subprocess.getstatusoutput": "cmd",
    "vm.runInNewContext": "",
    "vm.runInThisContext": "",
}
"""What obeys its first argument, whose name follows."""

_MAY_OBEY: Final = frozenset(
    {"child_process.execFile", "child_process.execFileSync", "child_process.spawn"}
    | {"child_process.spawnSync", "subprocess.Popen", "subprocess.call", "subprocess.check_call"}
    | {"subprocess.check_output", "subprocess.run"}
)
"""What starts a program, and a shell where it is asked for one."""

_SHELLS: Final = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})
_ARGUMENTS: Final = 3
_YES: Final = Constant(value=True)


def listen(invocation: Invocation, callee: Atom) -> None:
    """Note what a call hands to a shell, or to the language as a program."""
    match callee:
        case Foreign(path=path):
            pass
        case Method(receiver=Foreign(path=owner), name=name):
            path = f"{owner}.{name}"
        case _:
            return
    path = path.removeprefix("node:")
    if path in _OBEY:
        _note(invocation, path, _argument(invocation, 0, _OBEY[path]))
    elif path in _MAY_OBEY:
        texts = _argument(invocation, 0, "args")
        _note(invocation, path, texts if _asks_for_shell(invocation) else _to_shell(invocation, texts))


def _note(invocation: Invocation, path: str, texts: Possible) -> None:
    if texts:
        invocation.interpreter.report(invocation.at, FoundCommand(path, texts))


def _argument(invocation: Invocation, position: int, name: str = "") -> Possible:
    """Give what an argument may be; nothing where it is not passed."""
    value = invocation.get(position, name)
    return () if value == NOTHING else possible(invocation.heap, value)


def _asks_for_shell(invocation: Invocation) -> bool:
    """Tell whether a call asks for a shell: `shell=True`, or an option of this name."""
    named = invocation.arguments.keywords.get("shell", NOTHING)
    options = (shape for position in (1, 2) for shape in _argument(invocation, position))
    asked = (shape.entries.get("shell", ()) for shape in options if isinstance(shape, Entries))
    return _YES in named or any(_YES in shapes for shapes in asked)


def _to_shell(invocation: Invocation, texts: Possible) -> Possible:
    """Give what a shell that is started as a program is to obey: `["sh", "-c", text]`."""
    listed = [shape.items for shape in texts if isinstance(shape, Elements)]
    named = [(texts, *shape.items) for shape in _argument(invocation, 1) if isinstance(shape, Elements)]
    return tuple(
        text
        for row in (*listed, *named)
        if len(row) >= _ARGUMENTS
        and _names(row[0], _SHELLS)
        and _names(row[1], frozenset({"-c", "-lc", "-ec"}))
        for text in row[2]
    )


def _names(possible_texts: Possible, wanted: frozenset[str]) -> bool:
    return any(str(shape).rpartition("/")[2] in wanted for shape in possible_texts)
