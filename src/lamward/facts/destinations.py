"""Where the events of functions go when they have failed or succeeded, and their logs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import foreign_account
from lamward.facts.links import functions_named
from lamward.facts.places import Shared, shared
from lamward.model.application import Function
from lamward.model.value import Case, Guard, Value, at, cases


class ForeignDestination(Struct, frozen=True):
    """A place that sends events or logs (`what`) to an account nobody said can be trusted."""

    what: str
    account: str
    place: Shared


@fact
def foreign_destinations(facts: Facts) -> tuple[ForeignDestination, ...]:
    """Find the destinations in other accounts, each place once."""
    found: dict[tuple[str, str], list[tuple[Function | None, Case]]] = {}
    for function, what, value, when in _destinations(facts):
        for case in cases(value, when):
            account = foreign_account(facts, case.value)
            if account:
                found.setdefault((what, account), []).append((function, case))
    return tuple(
        ForeignDestination(what, account, place)
        for (what, account), uses in found.items()
        for place in shared(uses)
    )


def _destinations(facts: Facts) -> Iterator[tuple[Function | None, str, Value, Guard]]:
    application = facts.application
    for function in application.functions:
        yield function, "events that keep failing", function.dead_letter, function.when
    for config in application.event_invoke_configs:
        named = next((each for each, _ in functions_named(facts, config.function, config.when)), None)
        yield named, "the events and answers of finished runs", config.on_success, config.when
        yield named, "events that keep failing", config.on_failure, config.when
    for forwarded in application.resources.values():
        if forwarded.type == "AWS::Logs::SubscriptionFilter":
            yield None, "log lines", at(forwarded.properties, "DestinationArn"), forwarded.when
    for mapping in application.event_source_mappings:
        named = next((each for each, _ in functions_named(facts, mapping.function, mapping.when)), None)
        yield named, "records that keep failing", mapping.on_failure, mapping.when
