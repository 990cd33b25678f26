"""Strange policies in every layer: what the adversary attacks proofs with."""
# ruff: noqa: E501 - a table of texts reads best on long lines

from __future__ import annotations

from random import Random
from typing import Any

from lamward.iam import documents
from lamward.model.access import Policies
from lamward.model.policy import Policy

OWN, OTHER = "111122223333", "444455556666"

ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "zz9:Read",
    "zz9:Write",
    "kms:Decrypt",
    "sts:AssumeRole",
    "lambda:ListFunctions",
)
ACTION_PATTERNS = (
    *ACTIONS,
    *("*", "*", "*", "s3:*", "s3:Get*", "S3:getobject", "zz9:R*", "zz9:?ead", "zz*", "*:*", "*:R*", "?3:*", "kms:*", "sts:Assume*"),
)  # fmt: skip
KEY, ROLE = f"arn:aws:kms:us-east-1:{OWN}:key/1", f"arn:aws:iam::{OWN}:role/r"
OBJECT = "arn:aws:s3:::b/anna"
RESOURCE_PATTERNS = (
    *("*", "*", "*", "a*", "*b", "a*b", "ab", "a?", "?", "", "*a*b*", "${aws:username}", "a${aws:PrincipalTag/p}"),
    *("${aws:PrincipalTag/p, 'b'}*", "a${*}", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}", OBJECT),
    *("arn:aws:s3:::${aws:PrincipalTag/p}*", "arn:aws:s3:::?/*", KEY, ROLE, "arn:aws:kms:*:*:*", "*/${aws:PrincipalTag/p}"),
    *("${aws:PrincipalTag/q}${aws:PrincipalTag/p}", "*:role/*", "arn:aws:kms:us-east-1:111122223333:${aws:PrincipalTag/p}"),
)  # fmt: skip
PRINCIPALS: tuple[Any, ...] = (
    *("*", {"AWS": "*"}, {"AWS": OWN}, {"AWS": OTHER}, {"AWS": ROLE}, {"AWS": f"arn:aws:iam::{OWN}:user/anna"}),
    *({"AWS": f"arn:aws:iam::{OTHER}:role/r"}, {"AWS": f"arn:aws:sts::{OWN}:assumed-role/r/run"}),
    *({"Service": "s3.amazonaws.com"}, {"AWS": [OWN, ROLE, f"arn:aws:sts::{OWN}:assumed-role/r/run"]}),
    *({"Federated": "accounts.google.com"}, {"AWS": [OTHER], "Service": ["s3.amazonaws.com"]}),
    *({"AWS": [OWN, f"arn:aws:iam::{OWN}:user/anna"]}, {"AWS": f"arn:aws:sts::{OWN}:federated-user/zoe"}),
)  # fmt: skip
TEXTS = ("", "a", "A", "ab", "b", "a*", "a:b")
TEXT_PATTERNS = (
    *(*TEXTS, "*", "a?", "?", "*b*", "?*", "${aws:username}", "${aws:PrincipalTag/p}", "${aws:PrincipalTag/p, 'b'}*"),
    *("${*}", "a${aws:PrincipalTag/q}", "${aws:PrincipalTag/q}${aws:PrincipalTag/p}", "*${aws:PrincipalTag/p}*"),
)  # fmt: skip
ARNS = (
    *("arn:aws:s3:::b", "arn:*:*:*:*:*", "arn:aws:s3:::?", "arn:aws:*:a", "x", "arn:aws:s3:::a:b", "*", "arn:aws:iam::*:*"),
    *("${aws:PrincipalTag/p}", "arn:aws:s3:::${aws:PrincipalTag/p}", "arn:aws:${aws:PrincipalTag/p}:*:b", ROLE),
    *(f"arn:aws:iam::{OWN}:role/*", f"arn:aws:iam::{OTHER}:*", "arn:aws:s3:*:*:*b"),
)  # fmt: skip
NUMBERS = ("1", "1.0", "-3", "10", "1e1", "1e40", "-1e40", "10000000000000000000000000000001")
DATES = ("2030-01-01", "2030-01-01T00:00:00Z", "1893456000", "2029-12-31T23:59:59Z")
ADDRESSES = ("10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "::/0", "128.0.0.0/1", "0.0.0.0/1")
MEASURED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("x:Numeric", ("1", "1.0", "10", "1*", "*0", "?", "-*", "none")),
    ("x:Date", ("2030-*", "2030-01-01", "20*-01", "189345600?", "1893456000", "*Z")),
    ("aws:SourceIp", ("10.0.0.1", "10.*", "*:*", "::1", "1*.0.0.?")),
)
"""Keys that are compared as text as well."""

_NUMERIC, _DATE = ("Numeric", NUMBERS), ("Date", DATES)
_TYPED: tuple[tuple[tuple[str, tuple[str, ...]], str], ...] = (
    (_NUMERIC, "x:Numeric"),
    (_NUMERIC, "aws:MultiFactorAuthAge"),
    (_DATE, "x:Date"),
    (_DATE, "aws:TokenIssueTime"),
)

TEXT_KEYS = (
    "aws:SourceVpc",
    "aws:SourceVpc",
    "aws:PrincipalTag/p",
    "aws:PrincipalTag/q",
    "AWS:SourceVPC",
    "aws:username",
)
TEXT_OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
)  # fmt: skip
ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
WHO = ("aws:PrincipalArn", "aws:SourceArn", "aws:SourceArn")
KINDS = ("User", "AssumedRole", "FederatedUser", "Account", "Anonymous")
BOOLS: tuple[Any, ...] = ("true", "False", True, False, "${aws:PrincipalTag/p}")


def condition(random: Random) -> tuple[str, str, Any]:
    """Make one line of a condition block: operator, key, values."""
    kind = random.randrange(14)
    exists = "IfExists" if random.random() < 0.3 else ""
    if kind <= 3:
        return random.choice(TEXT_OPERATORS) + exists, random.choice(TEXT_KEYS), _some(random, TEXT_PATTERNS)
    if kind <= 5:
        quantifier = random.choice(("ForAllValues:", "ForAnyValue:"))
        name = random.choice(("aws:TagKeys", "aws:TagKeys", "aws:SourceVpc"))
        return quantifier + random.choice(TEXT_OPERATORS) + exists, name, _some(random, TEXT_PATTERNS)
    if kind == 6:
        return (
            "Null",
            random.choice((*TEXT_KEYS, "aws:TagKeys", "aws:SourceArn")),
            _some(random, ("true", "false")),
        )
    if kind == 7:
        measured, key = random.choice(_TYPED)
        name = measured[0] + random.choice(ORDERS) + exists
        return name, key, _some(random, measured[1])
    if kind == 8:
        return random.choice(("IpAddress", "NotIpAddress")) + exists, "aws:SourceIp", _some(random, ADDRESSES)
    if kind == 9:
        operator = random.choice(("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"))
        return operator + exists, random.choice(WHO), _some(random, ARNS)
    if kind == 10:
        return (
            "Bool" + exists,
            random.choice(("x:Bool", "aws:SecureTransport", "aws:PrincipalIsAWSService")),
            _some(random, BOOLS),
        )
    if kind == 11:
        name, patterns = random.choice(MEASURED)
        return random.choice(TEXT_OPERATORS) + exists, name, _some(random, patterns)
    if kind == 12:
        return "Date" + random.choice(ORDERS) + exists, "x:Numeric", _some(random, (*NUMBERS, *DATES))
    return random.choice(TEXT_OPERATORS), "aws:PrincipalType", _some(random, KINDS)


def _some(random: Random, values: tuple[Any, ...]) -> Any:
    return [random.choice(values) for _ in range(random.choice((0, 1, 1, 1, 1, 2, 2)))]


def statement(random: Random, *, principal: bool, simple: bool) -> dict[str, Any]:
    """Make a statement; a simple one has no variables."""
    made: dict[str, Any] = {"Effect": "Allow" if random.random() < 0.7 else "Deny"}
    made["NotAction" if random.random() < 0.15 else "Action"] = _some(random, ACTION_PATTERNS)
    made["NotResource" if random.random() < 0.15 else "Resource"] = _some(random, RESOURCE_PATTERNS)
    while random.random() < 0.4:
        operator, key, values = condition(random)
        made.setdefault("Condition", {}).setdefault(operator, {})[key] = values
    if principal:
        made["NotPrincipal" if random.random() < 0.12 and made["Effect"] == "Deny" else "Principal"] = (
            random.choice(PRINCIPALS)
        )
    return _plain(made) if simple else made


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(child) for key, child in value.items()}
        case list():
            return [
                child for child in map(_plain, value) if not (isinstance(child, str) and "${aws" in child)
            ]
        case _:
            return value


def document(random: Random, *, principal: bool = False) -> Policy:
    """Make a policy."""
    everyone = {"Principal": "*"} if principal else {}
    simple = random.random() < 0.5
    made: list[Any] = [
        {"Effect": "Allow", "Action": "*", "Resource": "*", **everyone}
        if random.random() < 0.25
        else statement(random, principal=principal, simple=simple)
        for _ in range(random.choice((1, 1, 2, 2, 3, 4)))
    ]
    version = "2008-10-17" if random.random() < 0.07 else "2012-10-17"
    return documents.policy({"Version": version, "Statement": made})


def policies(random: Random) -> Policies:
    """Make a set of policies in many layers."""

    def some(chance: float, *, principal: bool = False) -> tuple[Policy, ...] | None:
        return (document(random, principal=principal),) if random.random() < chance else None

    return Policies(
        identity=some(0.9) or (),
        resource=document(random, principal=True) if random.random() < 0.5 else None,
        boundary=some(0.2),
        session=some(0.15),
        service_control=tuple(some(1) or () for _ in range(random.choice((0, 0, 0, 1)))),
        resource_control=tuple(some(1, principal=True) or () for _ in range(random.choice((0, 0, 0, 1)))),
        endpoint=some(0.1, principal=True),
    )
