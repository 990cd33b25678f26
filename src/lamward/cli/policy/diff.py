"""`lamward policy diff`: what one policy allows and another does not, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from lamward.cli import options
from lamward.cli.policy import options as policy_options
from lamward.cli.policy import telling
from lamward.cli.policy.prove import ask_deployed, search_options
from lamward.cli.policy.reading import Input, shown
from lamward.iam import documents, prove
from lamward.model.access import Determining
from lamward.model.policy import Effect, Policy

FORMATS: Final = ("text", "json")


class Change(Struct, frozen=True):
    """What one direction shows: the answer for the whole, and a request for each statement that gives more."""

    gained: bool
    answer: prove.Answer
    witnesses: tuple[prove.Witness, ...]


@click.command(
    "diff",
    epilog=f"Exit codes: 0 they allow the same, 1 they differ, {policy_options.CODES}",
)
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@policy_options.together(*policy_options.proof_options)
@policy_options.format_options(*FORMATS)
def command(before: str, after: str, format_name: str, color: str, *, as_json: bool, **given: Any) -> int:
    """Say what one policy allows and another does not.

    What AFTER allows and BEFORE does not comes first, then the reverse, by requests that show it. Both are
    policy files, files with sets of policies by layer, TEMPLATE#ROLE, or ARNs of AWS managed policies; one of them
    may be `-`, standard input.
    """
    wanted = policy_options.chosen_format(format_name, FORMATS, as_json=as_json)
    colour = options.coloured(color)
    found = Input()
    old, new = found.subject(before), found.subject(after)
    found.finish()
    before, after = shown(before), shown(after)
    search = search_options(given)
    changes = [
        compare(found, (new, old), search, gained=True),
        compare(found, (old, new), search, gained=False),
    ]
    if wanted == "json":
        telling.show_json("diff", {"before": before, "after": after, **_records(changes)})
    else:
        teller = telling.Teller(found.texts, colour=colour)
        for change in changes:
            _tell(teller, change, before, after)
        teller.show()
    return telling.code_of([change.answer for change in changes])


def compare(
    found: Input, pair: tuple[prove.Subject, prove.Subject], search: prove.Options, *, gained: bool
) -> Change:
    """Find what one subject allows and another does not: a request for each statement that shows some."""
    answer = ask_deployed(found, pair, lambda both: prove.implies(both[0], both[1], search))
    if not isinstance(answer, prove.Refuted):
        return Change(gained, answer, ())
    more, less = pair
    witnesses = tuple(_by_statement(more, less, search)) if isinstance(more, Policy) else ()
    return Change(gained, answer, witnesses or (answer.witness,))


def _by_statement(more: Policy, less: prove.Subject, search: prove.Options) -> Iterator[prove.Witness]:
    """Ask for each allow statement alone, together with every deny."""
    for index, statement in enumerate(more.statements):
        if statement.effect is Effect.ALLOW:
            kept = tuple(each for each in more.statements if each is statement or each.effect is Effect.DENY)
            answer = prove.implies(replace(more, statements=kept), less, search)
            if isinstance(answer, prove.Refuted):
                numbers = {kept.index(statement): index}
                yield _renumbered(answer.witness, more.name, numbers)


def _renumbered(witness: prove.Witness, policy: str, numbers: dict[int, int]) -> prove.Witness:
    """Name statements by their place in the whole policy."""

    def change(each: Determining) -> Determining:
        own = each.policy == policy and each.index in numbers
        return replace(each, index=numbers[each.index]) if own else each

    return replace(witness, allowed_by=tuple(map(change, witness.allowed_by)))


def _records(changes: list[Change]) -> dict[str, Any]:
    return {
        "gained" if change.gained else "lost": {
            **telling.answer_record(change.answer),
            "requests": [documents.request_data(each.request) for each in change.witnesses],
        }
        for change in changes
    }


def _tell(teller: telling.Teller, change: Change, before: str, after: str) -> None:
    teller.gap()
    more, less = (after, before) if change.gained else (before, after)
    sign, style = ("+", "high") if change.gained else ("-", "info")
    match change.answer:
        case prove.Proved():
            teller.head(sign, f"{more} allows nothing that {less} does not", "strong", mark=" ")
        case prove.Undetermined(reason=reason):
            teller.head(
                "?",
                f"whether {more} allows what {less} does not cannot be told: {reason}",
                "medium",
                mark=" ",
            )
        case prove.Refuted():
            teller.head(sign, f"{more} allows what {less} does not, such as", style, mark=" ")
            for witness in change.witnesses:
                teller.gap()
                teller.witness(witness)
