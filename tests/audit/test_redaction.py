"""No line that a format may show has a secret in it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.audit.redaction import redacted
from lamward.facts import Facts
from lamward.facts.covering import cover
from lamward.facts.secret_places import secret_places
from lamward.model.finding import Confidence, Finding, Severity
from lamward.model.location import Location
from lamward.sources.file import SourceFile
from tests import loading

PASSWORD = "Tr1cky-but-known-42"


def finding(file: SourceFile, start: int) -> Finding:
    return Finding(
        check="any",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        message="m",
        location=Location(file.span(start, start + 1)),
        application="a",
        resource="r",
        resource_type="t",
        fingerprint="f",
    )


@pytest.mark.parametrize(
    "line",
    [
        f"          DB_PASSWORD: {PASSWORD}",
        f'          "DB_PASSWORD": "{PASSWORD}",',
        f"{{Variables: {{DB_PASSWORD: {PASSWORD}, MODE: fast}}}}",
        f"url: postgres://shop:{PASSWORD}@db.internal:5432/orders",
    ],
)
def test_a_secret_is_covered_wherever_it_stands(line: str) -> None:
    covered = cover(line)
    assert PASSWORD not in covered
    assert len(covered) == len(line)


@pytest.mark.parametrize(
    "line", ["      Runtime: python3.8", "  SECRET_ARN: !Ref Secret", "PASSWORD_LENGTH: 12"]
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert cover(line) == line


@given(st.text(max_size=60))
def test_covering_keeps_lengths_and_line_ends(line: str) -> None:
    covered = cover(line)
    assert len(covered) == len(line)
    assert [at for at, letter in enumerate(covered) if letter in "\r\n"] == [
        at for at, letter in enumerate(line) if letter in "\r\n"
    ]


@given(st.lists(st.text("ab :\n\r", max_size=12), max_size=6), st.integers(0, 40))
def test_text_without_secrets_is_unchanged(pieces: list[str], start: int) -> None:
    file = SourceFile("t.yaml", "\n".join(pieces).encode())
    assert redacted({"t.yaml": file}, [finding(file, min(start, len(file.text)))]) == {"t.yaml": file.text}


def test_only_shown_lines_are_looked_at() -> None:
    file = SourceFile("t.yaml", f"first: 1\nPASSWORD: {PASSWORD}\nlast: 2\n".encode())
    assert PASSWORD not in redacted({"t.yaml": file}, [finding(file, 12)])["t.yaml"]
    assert redacted({"t.yaml": file}, [finding(file, 0)])["t.yaml"] == file.text


@pytest.mark.parametrize(
    ("template", "secret"),
    [
        ("Parameters:\n  PaymentToken: {Type: String, Default: tok-1a2b3c4d5e}\n", "tok-1a2b3c4d5e"),
        ("Parameters:\n  DatabasePassword:\n    Type: String\n    Default: orders 2024\n", "orders 2024"),
    ],
)
def test_the_places_of_secrets_are_covered_whatever_is_shown(template: str, secret: str) -> None:
    text = template + "Resources: {Queue: {Type: AWS::SQS::Queue}}\n"
    application = loading.application(text)
    places = secret_places(Facts(application, today=datetime.date(2026, 11, 21)))
    (shown,) = redacted({"template.yaml": SourceFile("template.yaml", text.encode())}, [], places).values()
    assert secret not in shown
    assert len(shown) == len(text)


def test_a_secret_in_a_property_is_covered() -> None:
    login = "{Type: AWS::SecretsManager::Secret, Properties: {SecretString: made-0f-w00d}}"
    text = f"Resources: {{Login: {login}}}\n"
    places = secret_places(Facts(loading.application(text), today=datetime.date(2026, 11, 21)))
    (shown,) = redacted({"template.yaml": SourceFile("template.yaml", text.encode())}, [], places).values()
    assert "made-0f-w00d" not in shown


def test_code_that_holds_a_secret_is_covered() -> None:
    code = "|\n        if event['token'] == 'k7Qz-42mP-x9Ls':\n            return 1\n"
    text = f"Resources:\n  Ask:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code:\n       ZipFile: {code}"
    places = secret_places(Facts(loading.application(text), today=datetime.date(2026, 11, 21)))
    (shown,) = redacted({"template.yaml": SourceFile("template.yaml", text.encode())}, [], places).values()
    assert "k7Qz" not in shown
    assert len(shown) == len(text)
