"""Secrets are told from what only speaks of them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.parts import HOSTILE
from lamward.facts import secrets
from lamward.facts.secret_names import Says, says
from lamward.facts.secrets import by_format, by_name, is_aws_secret_key, is_placeholder


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("DB_PASSWORD", Says.PASSWORD),
        ("dbPassword", Says.PASSWORD),
        ("PASSWORD2", Says.PASSWORD),
        ("MasterUserPassword", Says.PASSWORD),
        ("db-pwd", Says.PASSWORD),
        ("API_KEY", Says.SECRET),
        ("MyAPIKeyValue", Says.SECRET),
        ("SecretString", Says.SECRET),
        ("GitHubOAuthToken", Says.SECRET),
        ("SSHPrivateKey", Says.SECRET),
        ("SECRET_ARN", Says.NOTHING),
        ("SecretName", Says.NOTHING),
        ("TOKEN_URL", Says.NOTHING),
        ("TokenTtlSeconds", Says.NOTHING),
        ("MAX_TOKENS", Says.NOTHING),
        ("NEXT_TOKEN", Says.NOTHING),
        ("PUBLIC_KEY", Says.NOTHING),
        ("S3Key", Says.NOTHING),
        ("PARTITION_KEY", Says.NOTHING),
        ("COMPASS", Says.NOTHING),
        ("PASSTHROUGH", Says.NOTHING),
        ("tokenizer", Says.NOTHING),
        ("SecretsManagerEndpoint", Says.NOTHING),
        ("", Says.NOTHING),
    ],
)
def test_names(name: str, told: Says) -> None:
    assert says(name) is told


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("AKIAQ4WQ5Z6TR2ABCDEF", "AWS access key ID"),
        ("postgres://app:s3cr3tpw@db:5432/x", "address with a password"),
        ("redis://:s3cr3tpw@db", "address with a password"),
        ("Server=x;Password=s3cr3tpw;", "connection string with a password"),
        ("-----BEGIN EC PRIVATE KEY-----\nMHc", "private key"),
        ("glpat-0a1b2c3d4e5f6a7b8c9d", "GitLab token"),
        ("AKIAIOSFODNN7EXAMPLE", ""),
        ("https://0a1b2c3d@sentry.example.com/1", ""),
        ("postgres://app:<password>@db/x", ""),
        ("postgres://app:${PASSWORD}@db/x", ""),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders", ""),
        ("mdp/featurelogging/FdaCompositePipeline1", ""),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", ""),
        ("https://x.example.com/a:b@c", ""),
    ],
)
def test_forms(text: str, form: str) -> None:
    found = by_format(text)
    assert (found.name if found else "") == form


def test_half_an_access_key_needs_its_look() -> None:
    assert is_aws_secret_key("4kLp0Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lz9Xc")
    assert not is_aws_secret_key("mdp/featurelogging/FdaCompositePipeline1")
    assert not is_aws_secret_key("0123456789abcdef0123456789abcdef01234567")
    assert not is_aws_secret_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_judged(name: str, text: str) -> None:
    by_name(name, text)
    by_format(text)
    is_placeholder(text)


@given(
    st.sampled_from(["DB_PASSWORD", "API_KEY"]),
    st.sampled_from(["", "changeme", "<key>", "xxxx", "TODO", "${X}"]),
)
def test_placeholders_are_no_secrets(name: str, text: str) -> None:
    assert by_name(name, text) is None


@pytest.mark.parametrize("text", [text for text in HOSTILE if not text.startswith("password=")])
def test_texts_made_to_be_slow_hold_no_secrets(text: str) -> None:
    assert by_name("API_KEY", text) is None
    assert by_format(text) is None


def test_the_forms_are_dated() -> None:
    assert secrets.as_of() >= datetime.date(2026, 11, 1)


@pytest.mark.parametrize("form", secrets.formats(), ids=lambda form: form.name)
def test_every_text_of_a_form_holds_one_of_its_marks(form: secrets.Format) -> None:
    @given(st.from_regex(form.expression))
    @settings(max_examples=5)
    def holds(text: str) -> None:
        assert any(mark in text for mark in form.marks)

    holds()
