"""The join: lazy, cached answers about one application; all that a check may ask."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from lamward.model.application import Application
from lamward.model.finding import SecretsIn

if TYPE_CHECKING:
    from lamward.trail.ledger import Ledger

Question = ParamSpec("Question")
Answer = TypeVar("Answer")


class Facts:
    """The facts about one application as of a day. Fact functions take it first and keep their answers in it.

    `trail` is what CloudTrail showed of it, if somebody looked; `stack` is the name it is deployed under, if known;
    what was not used for `unused_days` counts as unused. Fixes put secrets where `secrets` says.
    """

    def __init__(
        self,
        application: Application,
        *,
        today: datetime.date,
        trusted_accounts: frozenset[str] = frozenset(),
        trail: Ledger | None = None,
        stack: str = "",
        unused_days: int = 90,
        secrets: SecretsIn = SecretsIn.PARAMETER,
    ) -> None:
        self.application = application
        self.trail, self.stack, self.unused_days = trail, stack, unused_days
        self.secrets = secrets
        self.today = today
        self.trusted_accounts = trusted_accounts
        self.answers: dict[tuple[object, ...], tuple[object, Any]] = {}


def fact(
    derive: Callable[Concatenate[Facts, Question], Answer],
) -> Callable[Concatenate[Facts, Question], Answer]:
    """Make a function of facts (and model objects, compared by identity) answer each question once."""

    @wraps(derive)
    def answer(facts: Facts, /, *subject: Question.args, **options: Question.kwargs) -> Answer:
        key = (derive, *map(id, subject), *sorted(options.items())) if subject or options else (derive,)
        found = facts.answers.get(key)
        if found is None:
            # The subject is kept with its answer so that no other object can ever get its identity.
            found = facts.answers[key] = (subject, derive(facts, *subject, **options))
        known: Answer = found[1]
        return known

    return answer
