"""Policies written as JSON text are read as the documents they are."""

from __future__ import annotations

import pytest

from lamward.model.value import Known
from lamward.sources.nouns.documents import structured
from tests.loading import application, shown

TRUST = (
    "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: !Sub >-\n"
    '        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",\n'
    '         "Principal": {"AWS": "arn:aws:iam::${AWS::AccountId}:root"}}}\n'
)


def test_a_policy_in_a_text_keeps_what_the_deployment_fills_in() -> None:
    (role,) = application(TRUST).roles
    assert role.trust is not None
    (statement,) = role.trust.statements
    (principal,) = statement.principals or ()
    assert shown(principal.value.value) == "arn:aws:iam::${AWS::AccountId}:root"


def test_a_function_policy_is_read_from_text_or_mapping() -> None:
    document = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction"}]}'
    for written in (document, f"'{document}'"):
        loaded = application(
            "Resources:\n  Open:\n    Type: AWS::Lambda::ResourcePolicy\n"
            f"    Properties: {{ResourceArn: !GetAtt F.Arn, PolicyDocument: {written}}}\n"
        )
        assert len(loaded.resource_policies[0].policy.statements) == 1


@pytest.mark.parametrize("text", ["{", "[1,", "{'a': 1}"])
def test_text_that_is_no_document_is_unknown(text: str) -> None:
    assert shown(structured(Known(text))) == "unknown: the text is not a JSON document"


def test_other_values_stay_as_they_are() -> None:
    assert structured(Known("plain")) == Known("plain")
