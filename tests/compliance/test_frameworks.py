"""The frameworks and the practices are complete, and name what exists."""

from __future__ import annotations

import re

import pytest

from lamward.checks import CHECKS
from lamward.compliance.frameworks import framework, names, practices

CIS_LAMBDA = tuple(f"4.{number}" for number in range(1, 13))


def test_the_frameworks_people_ask_for_are_there() -> None:
    assert set(names()) >= {
        "cis-compute",
        "csa-serverless",
        "fsbp",
        "gdpr",
        "hipaa",
        "iso-27001",
        "nist-800-53",
        "owasp-serverless",
        "pci-dss",
        "soc2",
    }


@pytest.mark.parametrize("name", names())
def test_a_framework_says_where_it_is_published(name: str) -> None:
    read = framework(name)
    assert read.title
    assert read.version
    assert read.source.startswith("https://")


@pytest.mark.parametrize("name", names())
def test_requirements_have_a_title_of_ours_and_known_practices(name: str) -> None:
    for identifier, requirement in framework(name).requirements.items():
        assert re.fullmatch(r"\S.*[^.]", requirement.title), identifier
        assert set(requirement.practices) <= practices().keys(), identifier
        assert len(set(requirement.practices)) == len(requirement.practices), identifier


@pytest.mark.parametrize("name", practices())
def test_a_practice_has_checks_that_exist_or_says_what_it_needs(name: str) -> None:
    practice = practices()[name]
    assert set(practice.checks) <= {check.name for check in CHECKS}
    assert bool(practice.checks) != bool(practice.needs)
    assert list(practice.checks) == sorted(practice.checks)


def test_every_practice_serves_a_requirement() -> None:
    used = {
        practice
        for name in names()
        for requirement in framework(name).requirements.values()
        for practice in requirement.practices
    }
    assert used == practices().keys()


def test_all_twelve_of_cis_are_judged() -> None:
    requirements = framework("cis-compute").requirements
    assert tuple(requirements) == CIS_LAMBDA
    assert all(requirement.practices for requirement in requirements.values())


def test_every_check_serves_a_practice() -> None:
    assert {name for practice in practices().values() for name in practice.checks} == {
        check.name for check in CHECKS
    }
