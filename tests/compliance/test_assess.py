"""A requirement passes only if everything it needs was asked and nothing was found or left open."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import msgspec
import pytest

from lamward.compliance.assess import Assessment, Status, assess
from lamward.compliance.frameworks import Framework, Requirement, practices
from lamward.compliance.render import CAVEAT, render
from lamward.model.finding import Baselined, Confidence, Doubt, Finding, Fixed, Open, Severity, Suppressed
from lamward.model.location import Location, Span
from lamward.model.report import CheckSummary, Failure, Report, Unanswered

WHERE = Location(Span("template.yaml", 90, 96, 7, 3, 7, 9), ("Resources", "Jobs"))
FRAMEWORK = Framework(
    "Some standard",
    "1.0",
    "https://example.com",
    {
        "1.1": Requirement("one role each", ("role-per-function",)),
        "1.2": Requirement("roles and signing", ("role-per-function", "code-signing")),
        "1.3": Requirement("the account", ("threat-detection",)),
        "1.4": Requirement("people", ()),
        "1.5": Requirement("least privilege", ("least-privilege",)),
    },
)
ASKED = sorted(
    {
        check
        for requirement in FRAMEWORK.requirements.values()
        for practice in requirement.practices
        for check in practices()[practice].checks
    }
)


def summary(name: str, asked: int) -> CheckSummary:
    return CheckSummary(name, name, "family", "low", "high", "regular", "", "", (), asked)


def finding(
    check: str = "shared-role", *, message: str = "two functions share it", status: Any = None
) -> Finding:
    return Finding(
        check=check,
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        message=message,
        location=WHERE,
        application="template.yaml",
        resource="Jobs",
        resource_type="AWS::IAM::Role",
        fingerprint="0123456789abcdef",
        status=status or Open(),
    )


def report(*findings: Finding, asked: int = 2, **fields: Any) -> Report:
    checks = tuple(summary(name, asked) for name in ASKED)
    return msgspec.structs.replace(Report("1", (), checks, findings), **fields)


def statuses(judged: Assessment) -> dict[str, str]:
    return {each.requirement: each.status.value for each in judged.judgements}


def test_what_was_asked_and_found_clean_passes_and_the_rest_is_never_a_pass() -> None:
    assert statuses(assess(report(), "some", FRAMEWORK)) == {
        "1.1": "pass",
        "1.2": "pass",
        "1.3": "not assessed",
        "1.4": "manual",
        "1.5": "not assessed",  # unused permissions show only elsewhere
    }


def test_nothing_to_ask_about_is_not_applicable() -> None:
    judged = statuses(assess(report(asked=0), "some", FRAMEWORK))
    assert (judged["1.1"], judged["1.2"]) == ("not applicable", "not applicable")


@pytest.mark.parametrize("status", [Open(), Suppressed("accepted by the board"), Baselined("2026-01-01")])
def test_a_finding_fails_also_when_it_is_accepted(status: Any) -> None:
    judged = statuses(assess(report(finding(status=status)), "some", FRAMEWORK))
    assert (judged["1.1"], judged["1.2"]) == ("fail", "fail")


def test_what_was_fixed_in_this_run_does_not_fail() -> None:
    assert statuses(assess(report(finding(status=Fixed())), "some", FRAMEWORK))["1.1"] == "pass"


def test_a_doubt_is_no_pass() -> None:
    doubt = Unanswered("shared-role", "template.yaml", "Jobs", Doubt(WHERE, "the role is a parameter"))
    judged = assess(report(unanswered=(doubt,)), "some", FRAMEWORK)
    assert statuses(judged)["1.1"] == "not assessed"
    assert judged.judgements[0].evidence[0].reason == "cannot be told in every place: `shared-role`"


def test_a_failure_is_no_pass_and_hides_no_finding() -> None:
    failure = Failure("unreadable", "the file cannot be read", WHERE)
    assert statuses(assess(report(failures=(failure,)), "some", FRAMEWORK))["1.1"] == "not assessed"
    assert statuses(assess(report(finding(), failures=(failure,)), "some", FRAMEWORK))["1.1"] == "fail"


def test_a_check_that_was_not_asked_is_no_pass() -> None:
    asked = tuple(each for each in report().checks if each.name != "code-signing-warns-only")
    judged = statuses(assess(report(checks=asked), "some", FRAMEWORK))
    assert (judged["1.1"], judged["1.2"]) == ("pass", "not assessed")


def test_text_says_why_and_ends_with_what_it_is_worth() -> None:
    text = render("text", [assess(report(finding()), "some", FRAMEWORK)], colour=False, width=100)
    lines = text.splitlines()
    assert lines[:2] == ["Some standard, 1.0", "2 fail, 2 not assessed, 1 manual"]
    assert "fail            1.1  one role each" in lines
    assert "    template.yaml:7:3 shared-role: two functions share it" in lines
    assert " ".join(lines[-2:]) == CAVEAT


def test_json_has_counts_evidence_and_fingerprints() -> None:
    page = json.loads(render("json", [assess(report(finding()), "some", FRAMEWORK)], colour=False, width=80))
    (framework,) = page["frameworks"]
    assert framework["counts"]["fail"] == 2
    (practice,) = framework["requirements"][0]["practices"]
    assert practice["findings"][0]["fingerprint"] == "0123456789abcdef"


def test_csv_has_a_row_for_each_piece_of_evidence_and_no_formulas() -> None:
    judged = assess(report(finding(message="=HYPERLINK(1)"), finding()), "some", FRAMEWORK)
    rows = list(csv.DictReader(io.StringIO(render("csv", [judged], colour=False, width=80))))
    assert [row["message"] for row in rows if row["requirement"] == "1.1"] == [
        "'=HYPERLINK(1)",
        "two functions share it",
    ]
    assert {row["requirement"] for row in rows} == set(FRAMEWORK.requirements)


@pytest.mark.parametrize("name", ["text", "markdown", "csv", "json"])
def test_hostile_text_is_harmless(name: str) -> None:
    hostile = finding(message="\x1b[31m|<script>`x` \u202e", status=Suppressed("\x1b]8;;\x07|<b>"))
    text = render(name, [assess(report(hostile), "some", FRAMEWORK)], colour=False, width=80)
    assert not set(text) & {"\x1b", "\x07", "\u202e"}
    if name == "markdown":
        assert "<script>" not in text
        assert "<b>" not in text


def test_every_status_is_counted() -> None:
    judged = assess(report(), "some", FRAMEWORK)
    assert sum(judged.count(status) for status in Status) == len(FRAMEWORK.requirements)
