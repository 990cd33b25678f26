"""What a proof comes to: proved, refuted by a request that was replayed, or undetermined for a reason."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lamward.model.access import Decision, Determining, Request


class Witness(Struct, frozen=True):
    """A request that shows the answer, replayed on the evaluator.

    `allowed_by` are the statements that allow it, `why_not` says for the other side what keeps it from doing so.
    `given` are the values taken for what only the deployment or the caller decides. `future_action` says that no
    action of the catalogue shows the difference, but one that AWS may add (or that is misspelt) does.
    """

    request: Request
    allowed_by: tuple[Determining, ...]
    why_not: tuple[str, ...] = ()
    other: Decision | None = None
    given: Mapping[str, str] = {}
    future_action: bool = False


class Proved(Struct, frozen=True, tag=True):
    """It holds for every request. `assumptions` say under which axioms."""

    assumptions: tuple[str, ...] = ()


class Refuted(Struct, frozen=True, tag=True):
    """It does not hold; here is a request."""

    witness: Witness


class Undetermined(Struct, frozen=True, tag=True):
    """Cannot be told, and why."""

    reason: str


Answer = Proved | Refuted | Undetermined


class Budget:
    """Steps of the search that may still be taken; counted, so that answers do not depend on the machine.

    `passed_over` says that something was left out for its number: nothing found is then no proof.
    """

    __slots__ = ("left", "passed_over")

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.passed_over = False

    def spend(self, steps: int = 1) -> None:
        """Take steps; raise `GaveUp` when none are left."""
        self.left -= steps
        if self.left < 0:
            raise GaveUp("the budget of steps is used up")


class GaveUp(Exception):
    """The search stops without an answer; the message is the reason."""
