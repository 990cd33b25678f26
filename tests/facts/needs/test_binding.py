"""A call with constant parameters needs the same, whether code or plain data says them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import msgspec
import pytest

from lamward.code.analysis import Call
from lamward.code.pattern import Elements, Entries, Pattern, Possible
from lamward.facts import Facts
from lamward.facts.needs.binding import Bound
from lamward.iam.operations import table
from lamward.iam.operations.needs import Need, needs
from lamward.model.application import Function
from lamward.model.location import NOWHERE
from tests.facts.needs.application import HEAD
from tests.iam.test_operations import HERE, Given
from tests.loading import application

FACTS = Facts(application(HEAD), today=datetime.date(2026, 11, 21))
FUNCTION: Function = FACTS.application.functions[0]
SELECTOR = re.compile(r"(?<!\$)\{([^}|]+)(?:\|[^}]*)?\}")


def paths(entry: table.Entry) -> set[str]:
    """List the parameters that an entry looks at."""
    atoms = {re.split(r"[~=]", atom.removeprefix("!"))[0] for atom in entry.when}
    texts = (*entry.resources, *entry.condition.values())
    return atoms | {found for text in texts for found in SELECTOR.findall(text)}


def filled(wanted: set[str]) -> dict[str, Any]:
    """Make parameters in which something is at every path."""
    data: dict[str, Any] = {}
    for path in sorted(wanted, reverse=True):
        at: Any = data
        steps = path.split(".")
        for number, step in enumerate(steps):
            name, last = step.removesuffix("[]"), number == len(steps) - 1
            if name == "*":
                at.setdefault("name", {})
                break
            child: Any = "value" if last else {}
            if step.endswith("[]"):
                listed = at.setdefault(name, [child]) if isinstance(at, dict) else [child]
                at = listed[0]
            else:
                at = at.setdefault(name, child) if isinstance(at, dict) else child
    return data


def possible(value: Any) -> Possible:
    """Say plain data as code's values."""
    match value:
        case dict():
            return (Entries({name: possible(child) for name, child in value.items()}),)
        case list():
            return (Elements(tuple(possible(item) for item in value)),)
        case _:
            return (Pattern((str(value),)),)


def by_hand() -> list[tuple[str, str]]:
    return [
        (service, operation)
        for service in table.services()
        for operation in table.operations(service)
        if any(entry.by_hand for entry in table.entries(service, operation) or ())
    ]


def told(found: tuple[Need, ...] | None) -> list[Need]:
    """Leave out the reasons, which say in different words what is not known."""
    return [msgspec.structs.replace(each, unknowns=()) for each in found or ()]


@pytest.mark.parametrize(("service", "operation"), by_hand())
def test_code_and_plain_data_need_the_same(service: str, operation: str) -> None:
    entries = table.entries(service, operation) or ()
    named = {path for entry in entries for path in paths(entry)}
    everything = {f"{path}[]" if f"{path}[]" in named else path for path in named}
    for wanted in (everything, set(), *({path} for path in everything)):
        data = filled(wanted)
        call = Call(service, operation, NOWHERE, {name: possible(value) for name, value in data.items()})
        from_code = needs(service, operation, Bound(FACTS, FUNCTION, call), HERE)
        assert told(from_code) == told(needs(service, operation, Given(data), HERE))
