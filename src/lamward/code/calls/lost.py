"""What was made to call AWS and called nothing, where something is called that cannot be told: one may be the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls.frames import FoundDoubt, Frame
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import SDK, Atom, Client, Collection, Method, Operation, Resource

MAX_GUESSES: Final = 4


def doubt_what_is_lost(interpreter: Interpreter, reached: Iterable[int]) -> None:
    """Note the calls of something unknown that may be calls of what nobody was seen to call."""
    frames = [interpreter.frames[number] for number in reached]
    unknown = [(frame, at, name) for frame in frames for at, name in frame.lost.items()]
    unused = sorted(_unused(interpreter, frames), key=repr) if unknown else []
    for frame, at, name in unknown if unused else ():
        fitting = [atom for atom in unused if _may_be(interpreter, atom, name)]
        if fitting:
            called = f"`{name}` is called" if name else "something is called"
            reason = f"{called} on what cannot be told, and nothing that was read uses {_shown(fitting[0])}"
            guesses = tuple(sorted({_guess(each) for each in fitting})[:MAX_GUESSES])
            frame.found.setdefault((at, reason), FoundDoubt(Why.UNTYPED_RECEIVER, reason, guesses))


def _unused(interpreter: Interpreter, frames: list[Frame]) -> Iterator[Atom]:
    """List the clients, resources and their methods that were held somewhere and called nowhere."""
    used = {atom.owner if isinstance(atom, Collection) else atom for atom in interpreter.used}
    held = frozenset(atom for frame in frames for value in frame.registers for atom in value)
    for atom in held - used - interpreter.used:
        match atom:
            case Client() | Resource() | Collection(started=False) | Operation(role="paginator" | "waiter"):
                yield atom
            case Method(receiver=receiver) if isinstance(receiver, SDK):
                yield atom
            case _:
                pass


def _may_be(interpreter: Interpreter, atom: Atom, name: str) -> bool:
    if isinstance(atom, Method):
        return interpreter.language.asks(atom.receiver, atom.name)
    return bool(name) and interpreter.language.asks(atom, name)


def _shown(atom: Atom) -> str:
    if isinstance(atom, Method):
        return f"`{atom.name}` of {_shown(atom.receiver)}"
    client = _client(atom)
    return f"a client of `{client.service}`" if isinstance(client, Client) else "a session"


def _guess(atom: Atom) -> Guess:
    client = _client(atom.receiver if isinstance(atom, Method) else atom)
    return Guess(client.service if isinstance(client, Client) else "")


def _client(atom: Atom) -> Atom:
    owner = atom.owner if isinstance(atom, Collection) else atom
    return owner.client if isinstance(owner, Resource | Operation) else owner
