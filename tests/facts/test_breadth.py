"""How far a statement goes is judged by what its patterns match, whatever partition, region and account they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.facts import breadth
from lamward.iam import documents
from lamward.model.policy import Statement


def statement(**elements: object) -> Statement:
    written = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | elements
    return documents.policy({"Version": "2012-10-17", "Statement": [written]}).statements[0]


@pytest.mark.parametrize(
    ("resource", "everything"),
    [
        ("*", True),
        ("**", True),
        ("arn:*", True),
        ("arn:aws:*", True),
        ("arn:aws:*:*:*:*", True),
        ("arn:aws:*:eu-west-1:111122223333:*", True),
        ("arn:aws:s3:::*", False),
        ("arn:aws:s3:*", False),
        ("a*", False),
        ("", False),
    ],
)
def test_everything(resource: str, everything: bool) -> None:
    assert bool(breadth.everything(statement(Resource=resource))) is everything


@pytest.mark.parametrize(
    ("action", "resource", "wide"),
    [
        ("s3:GetObject", "arn:aws:s3:::*", True),
        ("s3:GetObject", "arn:aws-cn:s3:::*/*", True),
        ("s3:GetObject", "arn:aws:s3:::reports/*", False),
        ("s3:GetObject", "arn:aws:s3:::*-reports/*", False),
        ("s3:GetObject", "arn:aws:sqs:*:*:*", False),
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/*", True),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/shop-*", False),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/shop/index/*", False),
        ("dynamodb:Query", "arn:aws:dynamodb:*", True),
        ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/*", True),
        ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/shop/*", False),
        ("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:*", True),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/*", True),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/shop", False),
        ("sns:Publish", "not an ARN*", False),
    ],
)
def test_wide_reaches(action: str, resource: str, wide: bool) -> None:
    assert bool(list(breadth.wide_reaches(statement(Action=action, Resource=resource)))) is wide


@pytest.mark.parametrize(
    ("condition", "bounded"),
    [
        ({"StringEquals": {"aws:ResourceTag/team": "shop"}}, True),
        ({"StringEqualsIfExists": {"ec2:ResourceTag/team": "shop"}}, True),
        ({"ArnEquals": {"ecs:cluster": "arn:aws:ecs:*:*:cluster/shop"}}, True),
        ({"StringEquals": {"aws:RequestTag/team": "shop"}}, True),
        ({"StringEquals": {"AWS:ResourceAccount": "111122223333"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}, True),
        ({"StringLike": {"aws:ResourceTag/team": "*"}}, False),
        ({"StringNotEquals": {"aws:ResourceTag/team": "shop"}}, False),
        ({"Null": {"aws:ResourceTag/team": "false"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}, False),
        ({"StringEquals": {"s3:x-amz-acl": "private"}}, False),
        ({"StringEquals": {"sts:ExternalId": "shop"}}, False),
        ({"StringLike": {"sts:RoleSessionName": "shop-*"}}, False),
        ({"NumericLessThan": {"sts:DurationSeconds": "3600"}}, False),
        ({"StringEquals": {"sts:IdentityTokenAudience": "shop"}}, True),
        ({"StringEquals": {"aws-marketplace:ProductId": "prod-1"}}, True),
        ({"StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:CallerAccount": "111122223333"}}, False),
        ({"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:EncryptionContext:shop": "orders"}}, True),
        ({"StringEquals": {"lambda:FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}, True),
        ({"ArnEquals": {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:f"}}, False),
        ({"ArnEquals": {"ec2:SourceInstanceARN": "arn:aws:ec2:*:*:instance/i-1"}}, False),
        ({"StringEquals": {"cognito-identity.amazonaws.com:sub": "us-east-1:1"}}, False),
        ({"StringEquals": {"saml:sub": "shop"}}, False),
        ({"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}}, False),
        ({"StringEquals": {"secretsmanager:SecretId": "arn:aws:secretsmanager:*:*:secret:shop"}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({}, False),
    ],
)
def test_bounded(condition: object, bounded: bool) -> None:
    assert breadth.bounded(statement(Condition=condition)) is bounded


@given(st.text(max_size=40), st.text(max_size=60))
def test_a_denial_gives_nothing(action: str, resource: str) -> None:
    denial = statement(Effect="Deny", Action=action, Resource=resource)
    assert not list(breadth.wide_reaches(denial))
    assert not breadth.broad_wildcards(denial)
    assert not list(breadth.administers(denial))


@given(st.sampled_from("*?:/aarn"), st.text("*?:/arnswx", max_size=30), st.text("*?:sqnwx", max_size=20))
def test_any_text_is_judged(first: str, resource: str, action: str) -> None:
    one = statement(Action=action, Resource=first + resource)
    list(breadth.wide_reaches(one))
    list(breadth.administers(one))
    for wildcard in breadth.broad_wildcards(one):
        breadth.widely(one, wildcard)


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-/", min_size=1, max_size=30))
def test_what_names_a_resource_is_not_wide(name: str) -> None:
    assert not list(breadth.wide_reaches(statement(Resource=f"arn:aws:s3:::{name}/*")))
