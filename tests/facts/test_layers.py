"""Publishers of layers are told apart by account."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from lamward.facts import layers
from lamward.facts.accounts import ACCOUNT
from lamward.facts.layers import PublisherKind


def test_the_table_is_not_from_the_future() -> None:
    assert layers.as_of() <= datetime.datetime.now(tz=datetime.UTC).date()


def test_every_account_is_one_and_belongs_to_one_publisher() -> None:
    accounts = [account for each in layers.publishers() for account in each.accounts]
    assert all(ACCOUNT.fullmatch(account) for account in accounts)
    assert [account for account, uses in Counter(accounts).items() if uses > 1] == []


def test_every_publisher_says_where_that_is_written() -> None:
    assert all(each.reference.startswith("https://") for each in layers.publishers())


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ("017000801446", PublisherKind.AWS),
        ("580247275435", PublisherKind.AWS),
        ("177933569100", PublisherKind.AWS),
        ("464622532012", PublisherKind.VENDOR),
        ("210987654321", None),
        ("", None),
    ],
)
def test_publisher_by_account(account: str, kind: PublisherKind | None) -> None:
    found = layers.publisher(account)
    assert (found.kind if found else None) is kind
