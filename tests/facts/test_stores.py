"""Every demand on a store can be met and be missed, and only stores around functions are asked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest

from lamward.facts import Facts
from lamward.facts import stores as tables
from lamward.facts.settings import Way
from lamward.facts.stores import Demand, lacks
from lamward.model.value import Known
from tests.loading import application

WORKER = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"Environment": {"Variables": {"STORE": {"Ref": "Store"}}}},
}
VALUES = (True, False, "KMS", "TLS", "ENABLED", "Enabled", "DISABLED", "IMMUTABLE", "ERROR", "7", "alias/own")


def _tabled() -> Iterator[Any]:
    for name in ("ENCRYPTION", "CUSTOMER_KEYS", "RECOVERY", "DELETION_PROTECTION", "LOGS", "PRIVACY"):
        for kind, demand in getattr(tables, name).items():
            yield pytest.param(kind, demand, id=f"{name}-{kind}")
    for name in ("TRANSIT", "SIGN_IN"):
        for kind, demands in getattr(tables, name).items():
            for number, demand in enumerate(demands):
                yield pytest.param(kind, demand, id=f"{name}-{kind}-{number}")


DEMANDS = tuple(_tabled())


def _nested(path: tuple[Any, ...], value: object) -> Any:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _asked(kind: str, demand: Demand, properties: object, *, worker: object = WORKER) -> bool:
    """Tell whether a store with these properties lacks something."""
    store = {"Type": kind, "Properties": properties}
    template = json.dumps({"Resources": {"Worker": worker, "Store": store}})
    facts = Facts(application(template), today=datetime.date(2026, 11, 21))
    return any(lacks(facts, facts.application.resources["Store"], demand))


def _value(way: Way, *, good: bool) -> object:
    return next(value for value in VALUES if way.means(Known(value)) is good)


@pytest.mark.parametrize(("kind", "demand"), DEMANDS)
def test_any_way_meets_a_demand(kind: str, demand: Demand) -> None:
    for way in demand.ways:
        assert not _asked(kind, demand, _nested(way.path, _value(way, good=True)))


def _default(way: Way) -> bool:
    return way.absent if isinstance(way.absent, bool) else _default(way.absent)


@pytest.mark.parametrize(("kind", "demand"), DEMANDS)
def test_a_store_that_says_nothing_has_the_default(kind: str, demand: Demand) -> None:
    fulfilled = any(_default(way) for way in (*demand.ways, *demand.unless))
    assert _asked(kind, demand, {}) is not fulfilled


@pytest.mark.parametrize(("kind", "demand"), DEMANDS)
def test_a_remedy_meets_its_demand(kind: str, demand: Demand) -> None:
    if demand.remedy is not None:
        assert not _asked(kind, demand, _nested(demand.ways[0].path, demand.remedy))


@pytest.mark.parametrize(("kind", "demand"), DEMANDS)
def test_a_store_of_no_function_is_not_asked(kind: str, demand: Demand) -> None:
    assert not _asked(kind, demand, {}, worker={"Type": "AWS::Lambda::Function", "Properties": {}})
