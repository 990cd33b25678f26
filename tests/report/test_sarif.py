"""SARIF: valid by the standard's schema, and as GitHub code scanning wants it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from lamward.model.finding import Related, Severity
from lamward.model.report import Report
from lamward.report import render, sarif
from lamward.report.sarif_places import artifact
from tests.report.sample import CLEAN, REPORT, at, finding, locate
from tests.strategies import reports

STANDARD = json.loads((Path(__file__).parent / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(STANDARD)
ADDRESS = re.compile(r"^[A-Za-z0-9._~/%-]+$")


def run(report: Report) -> Any:
    return json.loads(render("sarif", report))["runs"][0]


def strings(document: object) -> Iterator[str]:
    match document:
        case str():
            yield document
        case list():
            for each in document:
                yield from strings(each)
        case dict():
            for key, each in document.items():
                yield key
                yield from strings(each)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_every_report_is_valid_and_has_what_github_wants(report: Report) -> None:
    document = json.loads(render("sarif", report))
    VALIDATOR.validate(document)
    assert all(text.strip() or text in report.as_of for text in strings(document))
    rules = document["runs"][0]["tool"]["driver"]["rules"]
    for rule in rules:
        assert len(rule["name"]) <= 255
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["properties"]["tags"][0] == "security"
        assert len(rule["properties"]["tags"]) <= 10
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in document["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert ADDRESS.match(uri)
        assert not uri.startswith(("/", "../"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_fingerprints_are_unique(report: Report) -> None:
    hashes = [
        result["partialFingerprints"]["primaryLocationLineHash"]
        for result in run(report)["results"]
        if "partialFingerprints" in result
    ]
    assert len(hashes) == len(set(hashes))


def test_a_result_tells_its_story() -> None:
    first = run(REPORT)["results"][0]
    assert first["message"]["text"] == (
        "Anyone on the internet may call this function URL. When condition `IsProd` is true. "
        "See [the function is declared here](1)."
    )
    assert first["level"] == "error"
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "template.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 6, "startColumn": 19, "endLine": 6, "endColumn": 23},
            },
            "logicalLocations": [
                {"name": "Orders", "fullyQualifiedName": "Resources/Orders", "kind": "resource"}
            ],
        }
    ]
    assert first["relatedLocations"][0]["id"] == 1
    assert first["partialFingerprints"] == {
        "primaryLocationLineHash": "public-function-url-orders:1",
        "lamward/v1": "public-function-url-orders",
    }


def test_accepted_findings_are_marked_and_repaired_ones_are_gone() -> None:
    results = run(REPORT)["results"]
    suppressed = [result for result in results if "suppressions" in result]
    assert [result["suppressions"] for result in suppressed] == [
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "the batch needs it (until 2027-03-01)",
            }
        ]
    ]
    assert [result["message"]["text"] for result in results if result["baselineState"] == "unchanged"] == [
        "Old."
    ]
    assert "Gone." not in [result["message"]["text"] for result in results]


def test_an_incomplete_audit_is_not_successful() -> None:
    [invocation] = run(REPORT)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "error",
            "message": {"text": "The file is not UTF-8 (byte 12). Save it as UTF-8."},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "other.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                    }
                }
            ],
            "descriptor": {"id": "encoding"},
        }
    ]
    assert run(CLEAN)["invocations"] == [{"executionSuccessful": True}]
    assert run(CLEAN)["results"] == []


def test_too_many_results_are_cut_worst_first_and_said() -> None:
    low = finding("plain-secret", Severity.LOW, "low", locate("NONE"))
    high = finding("plain-secret", Severity.HIGH, "high", locate("NONE"))
    report = msgspec.structs.replace(CLEAN, findings=(*[low] * sarif.MAX_RESULTS, high))
    found = run(report)
    assert len(found["results"]) == sarif.MAX_RESULTS
    assert found["results"][0]["message"]["text"] == "High."
    [said] = found["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"] == "1 result left out, the least bad: code scanning keeps 5000 of a run."


def test_a_message_from_a_template_makes_no_link() -> None:
    hostile = finding(
        "plain-secret",
        Severity.LOW,
        "[click](https://example.com)",
        at("a.yaml", 1),
        related=(Related(at("a.yaml", 2), "x](https://example.com) [y"),),
    )
    [result] = run(msgspec.structs.replace(CLEAN, findings=(hostile,)))["results"]
    assert re.findall(r"\]\(([^)]*)\)", result["message"]["text"]) == ["1"]


@pytest.mark.parametrize(
    ("file", "uri", "below"),
    [
        ("a b/ü%#?.yaml", "a%20b/%C3%BC%25%23%3F.yaml", True),
        ("./x/../y.yaml", "y.yaml", True),
        ("c:d.yaml", "c%3Ad.yaml", True),
        ("../other/t.yaml", "other/t.yaml", False),
        ("../../t.yaml", "t.yaml", False),
        ("/home/someone/t.yaml", "t.yaml", False),
        ("C:\\Users\\someone\\t.yaml", "t.yaml", False),
        ("\udcff.yaml", "%5Cudcff.yaml", True),
    ],
)
def test_addresses_are_relative_and_tell_nothing_of_the_machine(file: str, uri: str, *, below: bool) -> None:
    assert artifact(file) == ({"uri": uri, "uriBaseId": "%SRCROOT%"} if below else {"uri": uri})


def test_the_run_tells_its_stories_by_the_fingerprints_of_their_results() -> None:
    results = {result["partialFingerprints"]["lamward/v1"] for result in run(REPORT)["results"]}
    (story,) = run(REPORT)["properties"]["stories"]
    assert story["severity"] == "critical"
    assert story["text"].endswith("can do everything in the account.")
    assert results.issuperset(story["fingerprints"])
    assert story["cut"] in story["fingerprints"]
