"""24 functions in other styles than the fifty, held against their truth in the same way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.apps.truth import HELD, Verdict, applications, derived, figures, judged, truths

SHORTFALLS = Path(__file__).with_name("held.txt")


@cache
def verdicts() -> tuple[Verdict, ...]:
    found = []
    for deployment in applications(HELD):
        told = derived(deployment)
        found += [judged(deployment, truth, told[truth.function]) for truth in truths(deployment)]
    return tuple(found)


def test_there_are_twenty_four_functions_in_two_languages() -> None:
    languages = [verdict.truth.language for verdict in verdicts()]
    assert (languages.count("Python"), languages.count("Node.js")) == (14, 10)
    for application in applications(HELD):
        assert set(application.functions) == {truth.function for truth in truths(application)}


@pytest.mark.parametrize("language", ["Python", "Node.js"])
def test_policies_are_right_and_whole(language: str) -> None:
    found = figures(each for each in verdicts() if each.truth.language == language)
    assert found.action_precision >= 0.95
    assert found.action_recall >= 0.97
    assert found.pair_precision >= 0.85
    assert found.pair_recall >= 0.85
    assert found.silent == 0


def test_what_only_looks_needed_is_not_granted_and_what_lambda_needs_is() -> None:
    assert {each.truth.function: each.trapped for each in verdicts() if each.trapped} == {}
    assert {each.truth.function: each.unserved for each in verdicts() if each.unserved} == {}


def test_where_policies_fall_short_is_known() -> None:
    lines = [
        f"{each.truth.application} {each.truth.function} {kind} {action} {resource}"
        for each in verdicts()
        for kind, pairs in (("excess", each.excess), ("missing", each.missing))
        for action, resource in sorted(pairs)
    ]
    assert lines == SHORTFALLS.read_text(encoding="utf-8").splitlines()
