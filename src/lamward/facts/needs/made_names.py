"""The names that CloudFormation makes for functions without one: the stack's, the logical id, and a suffix of its own.

A function's name has at most 64 characters, so that long names are cut. Nothing says how, but all that were seen were
cut alike, in 2017 as in 2026: 49 characters are for both, the id keeps 24 of them or all that it has, the stack 25 or
what the id leaves, and the id then has what the stack leaves. The suffix has 12 or 13 characters.
"""

from __future__ import annotations

from typing import Final

from lamward.facts import Facts
from lamward.model.application import Function
from lamward.model.value import Absent, Known, Part, Reference, ReferenceKind, Symbolic, at, cases

_BOTH: Final = 49
_ID: Final = 24

_STACK_NAME: Final = Reference(ReferenceKind.PSEUDO, "AWS::StackName")


def made_names(facts: Facts, function: Function) -> tuple[tuple[Part, ...], ...]:
    """Give the names that a function without one may have as patterns, the last of which covers the others.

    They are right for a stack whose name is known, or not long. A long id is cut unless the stack's name is short.
    """
    *outer, own = function.id.split("/")
    # A nested stack has a name that CloudFormation makes as well.
    stack = "" if outer else facts.stack
    ending = f"-{own}-*" if len(own) <= _ID else f"-{own[:_ID]}*"
    if len(stack) > longest_stack(own):
        return ((f"{stack[: longest_stack(own)]}*{ending}",),)
    whole = (_STACK_NAME, f"-{own}-*")
    if len(own) <= _ID or (stack and len(stack) + len(own) <= _BOTH):
        return (whole,)
    return ((_STACK_NAME, ending),) if stack else (whole, (_STACK_NAME, ending))


def longest_stack(own: str) -> int:
    """Give the length of the longest name of a stack that is not cut in the name of a function with this id."""
    return _BOTH - min(len(own), _ID)


def right_up_to(facts: Facts, function: Function) -> int | None:
    """Say up to which length of its stack's name a function's log group is told right; None where for all."""
    own = function.id.rpartition("/")[2]
    named = all(isinstance(case.value, Known | Symbolic) for case in cases(function.name))
    if named or not isinstance(at(function.logging, "LogGroup"), Absent):
        return None
    return None if facts.stack and "/" not in function.id else longest_stack(own)
