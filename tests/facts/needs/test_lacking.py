"""What a function needs and may not, and whether its boundary alone is in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.facts import Facts
from lamward.facts.needs.lacking import lacking
from lamward.facts.needs.needed import needed
from lamward.model.evidence import Tier
from lamward.trail.record import decode
from lamward.trail.reduce import reduce
from tests.facts.needs.application import loaded
from tests.trail.made import event, identity, text

TEMPLATE = """\
    PermissionsBoundary: !Ref Boundary
    Policies:
      - Statement:
          - {Effect: Allow, Action: "ALLOWED", Resource: "*"}
Boundary:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument:
      Statement: {Effect: Allow, Action: ["logs:*", "BOUND"], Resource: "*"}
"""
CODE = """\
    import boto3

    def handler(event, context):
        boto3.client("sns").list_topics()
    """


@pytest.mark.parametrize(
    ("allowed", "bound", "bounded"),
    [
        ("sns:ListTopics", "sns:List*", None),
        ("sns:ListTopics", "sqs:*", True),
        ("sqs:ListQueues", "sns:*", False),
        ("sqs:ListQueues", "sqs:*", False),
    ],
)
def test_a_boundary_is_named_where_it_alone_is_in_the_way(
    allowed: str, bound: str, bounded: bool | None, tmp_path: Path
) -> None:
    template = TEMPLATE.replace("ALLOWED", allowed).replace("BOUND", bound)
    found = [(lack.actions, lack.bounded) for lack in lacking(*loaded(tmp_path, template, CODE))]
    assert found == ([] if bounded is None else [(("sns:ListTopics",), bounded)])


KEYED = """\
    KmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555
    Environment: {Variables: {STAGE: prod}}
"""


def test_what_cloudtrail_saw_makes_nothing_missing_that_is_only_perhaps_needed(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, KEYED, "def handler(event, context): pass")
    name = "shop-Worker-AbC123dEf"
    key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    who = identity(session=name, issued_to=f"arn:aws:lambda:eu-west-1:111122223333:function:{name}")
    ledger, _ = reduce(decode(text(event("kms", "Decrypt", {"keyId": key}, arns=(key,), who=who)))[0])
    shown = Facts(facts.application, today=facts.today, trail=ledger)
    (access,) = (each for each in needed(shown, function).accesses if each.action == "kms:Decrypt")
    assert access.tier is Tier.VERIFIED
    assert list(lacking(shown, function)) == list(lacking(facts, function)) == []
