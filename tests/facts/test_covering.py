"""Sentences about code quote its constants: none that looks like a secret is shown."""

from __future__ import annotations

import pytest

from lamward.facts.covering import covered

TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
RANDOM = "8f3a9c77b2e14d0c" + "9a5b61e0"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (f"`{TOKEN}` is no known operation of `s3`", "`********` is no known operation of `s3`"),
        (f"it is not constant: `${{event.{TOKEN}}}`", "it is not constant: `${********}`"),
        (f"`{RANDOM}` is no service that is known", "`********` is no service that is known"),
        (f"a file `{RANDOM}.py` is not there", "a file `********` is not there"),
    ],
)
def test_what_looks_like_a_secret_is_covered(sentence: str, expected: str) -> None:
    assert covered(sentence) == expected


def test_a_secret_of_several_words_covers_the_whole_sentence() -> None:
    key = "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE" + " KEY-----"
    assert "MIIEpAIBAAKCAQEA7" not in covered(f"there is no method `{key}`")


@pytest.mark.parametrize(
    "sentence",
    [
        "`get_object_2` is no known operation of `s3`",
        "there is no folder `src/CustomS3AutoDeleteObjectsHandler/` beside the template",
        "it comes from `dynamodb:BatchGetItem`, of `arn:aws:kms:eu-west-1:1:key/1234abcd-12ab-34cd-56ef-1234567890ab`",
        "the method of the client that is called here is not constant: `${event.detail.operationName}_v2`",
        "the handler `lambda_function_2024.lambda_handler` is not there",
    ],
)
def test_names_are_shown(sentence: str) -> None:
    assert covered(sentence) == sentence
