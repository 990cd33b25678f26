"""Random policies and requests from a small vocabulary, so that they meet; degenerate ones are common."""

from __future__ import annotations

from random import Random
from typing import Any

from lamward.iam import documents, parse
from lamward.model.access import Policies, Request
from lamward.model.policy import Policy
from lamward.model.value import (
    Assumption,
    AssumptionKind,
    Fields,
    Items,
    Known,
    OneOf,
    Option,
    Reference,
    ReferenceKind,
    Symbolic,
    Unknown,
    Value,
)

OWN, OTHER = "111122223333", "444455556666"
ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "lambda:InvokeFunction",
    "lambda:ListFunctions",
    "iam:PassRole",
    "iam:AttachRolePolicy",
    "kms:Decrypt",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
    "zz9:FutureThing",
)
ACTION_PATTERNS = (
    *ACTIONS,
    "*",
    "*",
    "s3:*",
    "S3:getobject",
    "s3:*Object",
    "*:Get*",
    "iam:*",
    "lambda:?n*",
    "",
    " s3:*",
    "kms:*",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::photos",
    "arn:aws:s3:::photos/cat.jpg",
    "arn:aws:s3:::photos/anna/x",
    f"arn:aws:lambda:us-east-1:{OWN}:function:f",
    f"arn:aws:lambda:us-east-1:{OWN}:function:f:live",
    f"arn:aws:iam::{OWN}:role/worker",
    f"arn:aws:iam::{OWN}:role/aws-service-role/x/y",
    f"arn:aws:kms:us-east-1:{OWN}:key/1",
    f"arn:aws:sqs:us-east-1:{OTHER}:q",
)
RESOURCE_PATTERNS = (
    *RESOURCES,
    "*",
    "*",
    "arn:aws:s3:::photos/*",
    "arn:aws:s3:::*/cat.???",
    "arn:*:f",
    "arn:aws:lambda:*:*:function:*",
    "arn:aws:s3:::photos/${aws:username}/*",
    "arn:aws:s3:::photos/${aws:PrincipalTag/p, 'cat'}.jpg",
    "arn:aws:s3:::photos/${*}",
    "",
)
CALLERS = (
    f"arn:aws:sts::{OWN}:assumed-role/worker/run",
    f"arn:aws:sts::{OWN}:assumed-role/worker/run",
    f"arn:aws:iam::{OWN}:role/worker",
    f"arn:aws:iam::{OWN}:user/anna",
    f"arn:aws:iam::{OWN}:root",
    f"arn:aws:sts::{OWN}:federated-user/zoe",
    f"arn:aws:iam::{OTHER}:role/outsider",
    f"arn:aws:iam::{OWN}:role/aws-service-role/ecs.amazonaws.com/Linked",
    "s3.amazonaws.com",
    "*",
    "accounts.google.com",
)
PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": OWN},
    {"AWS": f"arn:aws:iam::{OWN}:root"},
    {"AWS": [f"arn:aws:iam::{OWN}:role/worker", OTHER]},
    {"AWS": f"arn:aws:sts::{OWN}:assumed-role/worker/run"},
    {"AWS": f"arn:aws:iam::{OWN}:user/anna"},
    {"Service": "s3.amazonaws.com"},
    {"Federated": "accounts.google.com"},
    {"CanonicalUser": "79a59df900b949e5"},
    {"AWS": "AROAABCDEFGHIJKLMNOPQ"},
    {"AWS": []},
    {"AWS": [OWN, f"arn:aws:iam::{OWN}:role/worker", f"arn:aws:sts::{OWN}:assumed-role/worker/run"]},
    {"Nobody": "x"},
)
TEXT_KEYS = ("aws:SourceVpc", "aws:PrincipalTag/p", "AWS:SourceVPC", "aws:username")
TEXTS = ("", "a", "A", "ab", "abc", "cat", "a*", "b", "1")
TEXT_PATTERNS = (
    *TEXTS,
    "*",
    "a?",
    "?",
    "*b*",
    "${aws:username}",
    "${aws:PrincipalTag/p, 'b'}*",
    "${*}",
    "${aws:TagKeys}",
)
NUMBERS = ("1", "1.0", "-3", "10", "x", "1e1")
DATES = ("2030-01-01", "2030-01-01T00:00:00Z", "1893456000", "soon")
BOOLS: tuple[Any, ...] = ("true", "False", True, False, "maybe")
ADDRESSES = ("10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "::/0", "10.0.0.1/8", "nowhere")
ARNS = (
    "arn:aws:s3:::photos",
    "arn:*:*:*:*:*",
    "arn:aws:s3:::p*",
    "arn:aws:*:a",
    "x",
    "arn:aws:s3:::a:b",
    "*",
)
_TEXT_OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "stringnotequalsignorecase",
)
_ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")


def condition(random: Random) -> dict[str, Any]:
    """Make one line of a condition block."""
    kind = random.randrange(9)
    if kind <= 2:
        return {
            random.choice(_TEXT_OPERATORS) + _if_exists(random): {
                random.choice(TEXT_KEYS): _some(random, TEXT_PATTERNS)
            }
        }
    if kind == 3:
        operator = (
            random.choice(("ForAllValues:", "ForAnyValue:"))
            + random.choice(_TEXT_OPERATORS)
            + _if_exists(random)
        )
        return {operator: {"aws:TagKeys": _some(random, TEXT_PATTERNS)}}
    if kind == 4:
        return {"Null": {random.choice((*TEXT_KEYS, "aws:TagKeys")): _some(random, BOOLS)}}
    if kind == 5:
        name, values = random.choice((("Numeric", NUMBERS), ("Date", DATES)))
        return {name + random.choice(_ORDERS) + _if_exists(random): {f"x:{name}": _some(random, values)}}
    if kind == 6:
        return {
            random.choice(("IpAddress", "NotIpAddress")) + _if_exists(random): {
                "aws:SourceIp": _some(random, ADDRESSES)
            }
        }
    if kind == 7:
        operator = random.choice(("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"))
        return {operator + _if_exists(random): {"aws:SourceArn": _some(random, ARNS)}}
    operator = random.choice(
        ("Bool", "BoolIfExists", "BinaryEquals", "NullIfExists", "Nonsense", "StringEquals")
    )
    return {operator: {"x:Bool": _some(random, BOOLS)}}


def _if_exists(random: Random) -> str:
    return "IfExists" if random.random() < 0.25 else ""


def _some(random: Random, values: tuple[Any, ...]) -> Any:
    count = random.choice((0, 1, 1, 1, 2, 3))
    chosen = [random.choice(values) for _ in range(count)]
    return chosen[0] if count == 1 and random.random() < 0.5 else chosen


def statement(random: Random, *, principal: bool) -> dict[str, Any]:
    """Make a statement."""
    made: dict[str, Any] = {"Effect": "Allow" if random.random() < 0.72 else "Deny"}
    made["NotAction" if random.random() < 0.15 else "Action"] = _some(random, ACTION_PATTERNS)
    if random.random() < 0.97:
        made["NotResource" if random.random() < 0.15 else "Resource"] = _some(random, RESOURCE_PATTERNS)
    if random.random() < 0.4:
        made["Condition"] = {}
        for _ in range(random.choice((1, 1, 2))):
            made["Condition"].update(condition(random))
    if principal if random.random() < 0.95 else not principal:
        made["NotPrincipal" if random.random() < 0.1 else "Principal"] = random.choice(PRINCIPALS)
    if random.random() < 0.02:
        made["Surprise"] = 1
    return made


def document(random: Random, *, principal: bool = False) -> dict[str, Any]:
    """Make a document, some of them degenerate."""
    kind = random.random()
    effect = random.choice(("Allow", "Allow", "Deny"))
    everyone = {"Principal": "*"} if principal else {}
    if kind < 0.15:
        made: list[Any] = [{"Effect": "Allow", "Action": "*", "Resource": "*", **everyone}]
    elif kind < 0.2:
        made = [{"Effect": effect, "Action": "*", "NotResource": "*", **everyone}]
    elif kind < 0.24:
        made = [{"Effect": effect, "NotAction": "*", "Resource": "*", **everyone}]
    elif kind < 0.27:
        made = []
    else:
        made = [statement(random, principal=principal) for _ in range(random.randint(1, 4))]
    found: dict[str, Any] = {"Statement": made}
    if random.random() < 0.9:
        found["Version"] = random.choice(("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17"))
    return found


CONDITION = (
    (Assumption(AssumptionKind.CONDITION, "Live", "true"),),
    (Assumption(AssumptionKind.CONDITION, "Live", "false"),),
)
REFERENCES = (
    Reference(ReferenceKind.PSEUDO, "AWS::AccountId"),
    Reference(ReferenceKind.RESOURCE, "Photos", "Arn"),
    Reference(ReferenceKind.PARAMETER, "Name"),
)


def unsettle(random: Random, value: Value, chance: float = 0.03) -> Value:
    """Replace parts of a document by what an evaluated template may hold there."""
    if random.random() < chance:
        kind = random.randrange(3)
        if kind == 0:
            return Unknown("nobody told")
        if kind == 1 and isinstance(value, Known) and isinstance(value.value, str):
            cut = random.randint(0, len(value.value))
            parts = (value.value[:cut], random.choice(REFERENCES))
            return Symbolic(tuple(part for part in parts if part != ""))
        return OneOf((Option(value, CONDITION[0]), Option(Known("s3:GetObject"), CONDITION[1])))
    match value:
        case Fields(fields=fields):
            return Fields({key: unsettle(random, child, chance) for key, child in fields.items()})
        case Items(items=items):
            return Items(tuple(unsettle(random, child, chance) for child in items))
        case _:
            return value


def policy(random: Random, *, principal: bool = False, unsettled: float = 0.0) -> Policy:
    """Make a policy."""
    value = documents.value(document(random, principal=principal))
    return parse.policy(unsettle(random, value, unsettled) if unsettled else value)


def policies(random: Random, *, unsettled: float = 0.0) -> Policies:
    """Make a set of policies; every layer may be there."""

    def some(chance: float, *, principal: bool = False) -> tuple[Policy, ...] | None:
        if random.random() >= chance:
            return None
        return tuple(
            policy(random, principal=principal, unsettled=unsettled)
            for _ in range(random.choice((0, 1, 1, 2)))
        )

    return Policies(
        identity=some(0.9) or (),
        resource=policy(random, principal=True, unsettled=unsettled) if random.random() < 0.6 else None,
        boundary=some(0.25),
        session=some(0.25),
        service_control=tuple(some(1) or () for _ in range(random.choice((0, 0, 1, 2)))),
        resource_control=tuple(some(1, principal=True) or () for _ in range(random.choice((0, 0, 0, 1)))),
        endpoint=some(0.15, principal=True),
        caller_in_management_account=random.random() < 0.1,
        resource_in_management_account=random.random() < 0.1,
    )


def request(random: Random) -> Request:
    """Make a request; its values are those the policies speak of, and some beside them."""
    context: dict[str, Any] = {}
    for key in ("aws:SourceVpc", "aws:PrincipalTag/p", "aws:username"):
        if random.random() < 0.6:
            context[key] = random.choice(TEXTS)
    if random.random() < 0.7:
        context["aws:TagKeys"] = [random.choice(TEXTS) for _ in range(random.randint(0, 3))]
    if random.random() < 0.1:
        context["aws:SourceVpc"] = [random.choice(TEXTS) for _ in range(random.randint(0, 2))]
    for key, values in (
        ("x:Numeric", NUMBERS),
        ("x:Date", DATES),
        ("aws:SourceIp", ADDRESSES),
        ("aws:SourceArn", ARNS),
        ("x:Bool", BOOLS),
    ):
        if random.random() < 0.7:
            context[key] = random.choice(values)
    if random.random() < 0.3:
        context["aws:userid"] = "AROAABCDEFGHIJKLMNOPQ:run"
    data: dict[str, Any] = {
        "principal": random.choice(CALLERS),
        "action": random.choice(ACTIONS),
        "resource": random.choice(RESOURCES),
        "context": context,
    }
    if random.random() < 0.2:
        data["resource_account"] = random.choice((OWN, OTHER))
    if random.random() < 0.1:
        data["unknown_keys"] = [random.choice(("aws:SourceVpc", "aws:TagKeys", "aws:username", "x:bool"))]
    return documents.request(data)
