"""The example applications: everything planted in the one is found where it is, and the other is silent."""

from __future__ import annotations

import datetime
from pathlib import Path

from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.model.finding import Persona
from lamward.model.report import Report

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EXPECTED = Path(__file__).parent / "orders.txt"
TODAY = datetime.date(2026, 11, 21)


def audited(name: str, persona: Persona = Persona.REGULAR) -> Report:
    return run([EXAMPLES / name], Settings(persona=persona), checks=CHECKS, today=TODAY).report


def lines(report: Report) -> list[str]:
    return [
        f"{one.location.span.line}:{one.location.span.column} {one.check} {one.severity.value} {one.resource}".strip()
        for one in report.findings
    ]


def test_every_planted_flaw_is_found_on_its_line() -> None:
    report = audited("orders")
    assert report.complete
    assert lines(report) == EXPECTED.read_text(encoding="utf-8").splitlines()


def test_the_findings_are_told_as_three_paths() -> None:
    stories = audited("orders").stories
    assert [one.severity.value for one in stories] == ["critical", "high", "high"]
    assert [one.title.partition(" can ")[0] for one in stories] == [
        "anyone on the internet feeds `InvoiceImportFunction` and, by a flaw in the code,",
        "anyone on the internet reaches any of 4 functions and, by a flaw in the code,",
        "any AWS account",
    ]
    assert [one.does for one in stories] == [
        "do everything in the account",
        "read every secret, bucket and table, and change every bucket and table",
        "take every role that trusts the account, and read every secret and bucket, and change every bucket",
    ]


def test_the_secured_application_is_silent() -> None:
    report = audited("orders-secured")
    assert lines(report) == []
    assert report.stories == ()
    assert report.unanswered == ()
    assert report.complete


def test_nearly_every_check_of_everyday_use_finds_something_in_the_example() -> None:
    found = {line.split()[1] for line in lines(audited("orders", Persona.AUDITOR))}
    # What the application has no occasion for: a credentialed HTTP API, a topic policy, a declared log group,
    # statements by exclusion, and functions that change roles or one another.
    absent = {
        "allow-with-not-action",
        "allow-with-not-resource",
        "api-without-client-certificate",
        "broad-api-source",
        "cached-authorisation",
        "build-role-at-run-time",
        "compute-without-customer-key",
        "credentials-to-any-origin",
        "default-endpoint-beside-domain",
        "default-security-group",
        "disabled-key",
        "endless-stream-retries",
        "frozen-runtime",
        "graphql-by-key",
        "guest-identities",
        "ineffective-permission",
        "leftover-permission",
        "literal-secret-in-code",
        "literal-secret-in-property",
        "log-group-without-customer-key",
        "logged-request-bodies",
        "loose-deployment-role",
        "mismatched-source",
        "mutable-image-tag",
        "unresolved-call",
        "missing-permission",
        "no-log-permission",
        "no-permissions-boundary",
        "open-build-webhook",
        "open-network-acl",
        "open-vpc-endpoint",
        "open-web-endpoint",
        "organisation-wide-invoke",
        "outdated-tls",
        "overwritable-image-tag",
        "pass-any-role",
        "permission-past-alias",
        "plain-http-front",
        "plain-http-subscription",
        "plaintext-connection",
        "privilege-escalation",
        "privileged-build",
        "privileged-microvm-image",
        "public-event-bus",
        "public-key-policy",
        "public-layer",
        "public-log-policy",
        "public-response-stream",
        "public-secret-policy",
        "public-store-policy",
        "public-topic-policy",
        "publicly-reachable-store",
        "reads-other-functions",
        "recursion-allowed",
        "resolved-secret-in-environment",
        "risky-runtime-option",
        "role-for-several-services",
        "self-changing-role",
        "self-triggering-function",
        "service-trust-without-source",
        "service-use-without-source",
        "shared-capacity-provider",
        "shared-queue",
        "silent-alarm",
        "snap-start-without-version",
        "split-alias-traffic",
        "switched-off-function",
        "toothless-boundary",
        "unauthenticated-broker",
        "unauthenticated-event-source",
        "unauthenticated-listener",
        "unblocked-bucket",
        "unbounded-log-retention",
        "unencrypted-api-cache",
        "unlogged-microvm-image",
        "unlogged-state-machine",
        "unmasked-log-group",
        "unpinned-code",
        "unrotated-key",
        "unrotated-secret",
        "unscanned-image",
        "unthrottled-web-endpoint",
        "untraced-state-machine",
        "vpc-without-flow-log",
        "weaker-failure-store",
        "whole-file-system",
    }
    assert {check.name for check in CHECKS if not check.needs_trail} - found == absent
