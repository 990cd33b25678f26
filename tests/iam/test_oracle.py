"""Proofs against z3, which knows nothing of ours: globs as regular expressions, keys as optional strings."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from lamward.iam import documents, prove
from lamward.model.policy import Policy

z3: Any = pytest.importorskip("z3", reason="z3-solver is an oracle for tests only: pip install z3-solver")

ACTIONS = ("zz9:Read", "zz9:R*", "zz9:*", "*", "zz9:?ead", "*:Write", "zz*", "zz9:Write")
RESOURCES = ("*", "a*", "*b", "a*b", "ab", "a?", "?", "", "*a*b*", "b*a")
VALUES = ("", "v", "vw", "V", "v*", "*")
OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringLikeIfExists",
)
KEYS = ("aws:SourceVpc", "aws:SourceVpce")
TIMEOUT = 5_000


def statement(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        random.choice(("Action", "Action", "NotAction")): random.sample(ACTIONS, random.choice((0, 1, 1, 2))),
        random.choice(("Resource", "Resource", "NotResource")): random.sample(
            RESOURCES, random.choice((1, 1, 2))
        ),
    }
    if random.random() < 0.5:
        values = random.sample(VALUES, random.choice((0, 1, 1, 2)))
        made["Condition"] = {random.choice(OPERATORS): {random.choice(KEYS): values}}
    if random.random() < 0.15:
        made.setdefault("Condition", {})["Null"] = {random.choice(KEYS): random.choice(("true", "false"))}
    return made


def document(random: Random) -> Policy:
    special = random.random()
    if special < 0.1:
        return documents.policy(
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        )
    many = [statement(random) for _ in range(random.choice((0, 1, 2, 3, 4)))]
    return documents.policy({"Version": "2012-10-17", "Statement": many})


def expression(pattern: str, *, wild: bool = True) -> Any:
    string = z3.ReSort(z3.StringSort())
    parts = [
        z3.Full(string)
        if wild and each == "*"
        else z3.AllChar(string)
        if wild and each == "?"
        else z3.Re(each)
        for each in pattern
    ]
    return z3.Concat(*parts) if len(parts) > 1 else parts[0] if parts else z3.Re("")


class Encoding:
    """One request as variables, and policies as formulas over it."""

    def __init__(self) -> None:
        self.action, self.resource = z3.String("action"), z3.String("resource")
        self.keys = {key.lower(): (z3.Bool(f"has {key}"), z3.String(key)) for key in KEYS}
        self.shape = z3.InRe(self.action, expression("?*:?*"))

    def allowed(self, policy: Policy) -> Any:
        data = documents.to_data(policy)["Statement"]
        allows = [self.matches(each) for each in data if each["Effect"] == "Allow"]
        denies = [self.matches(each) for each in data if each["Effect"] == "Deny"]
        return z3.And(z3.Or(*allows), z3.Not(z3.Or(*denies)))

    def matches(self, statement: dict[str, Any]) -> Any:
        parts = []
        for element, variable, lower in (("Action", self.action, True), ("Resource", self.resource, False)):
            for name in (element, "Not" + element):
                if name in statement:
                    texts = [each.lower() if lower else each for each in statement[name]]
                    hit = z3.Or(*(z3.InRe(variable, expression(each)) for each in texts))
                    parts.append(hit if name == element else z3.Not(hit))
        for operator, block in statement.get("Condition", {}).items():
            parts += (self.condition(operator, key.lower(), values) for key, values in block.items())
        return z3.And(*parts)

    def condition(self, operator: str, key: str, values: list[str]) -> Any:
        has, value = self.keys[key]
        if not values:
            return z3.BoolVal(val=False)
        if operator == "Null":
            return z3.Or(*(z3.Not(has) if each == "true" else has for each in values))
        base = operator.removesuffix("IfExists")
        hit = z3.Or(*(z3.InRe(value, expression(each, wild="Like" in base)) for each in values))
        if "Not" in base:
            return z3.Or(z3.Not(has), z3.Not(hit))
        return z3.Or(z3.Not(has), hit) if base != operator else z3.And(has, hit)


def ask(first: Policy, second: Policy) -> Any:
    encoding = Encoding()
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT)
    solver.add(encoding.shape, encoding.allowed(first), z3.Not(encoding.allowed(second)))
    return solver.check()


def disagreement(first: Policy, second: Policy) -> str:
    """Say how the two differ on one pair; empty when they do not, or when z3 gives up."""
    verdict = ask(first, second)
    answer = prove.implies(first, second, prove.Options(open_world=True))
    if verdict == z3.unsat and not isinstance(answer, prove.Proved):
        return f"z3 finds nothing, we say {answer}"
    if verdict == z3.sat and not isinstance(answer, prove.Refuted):
        return f"z3 finds a request, we say {answer}"
    return ""


def test_z3_never_disagrees() -> None:
    random = Random(7)  # noqa: S311 - a reproducible stream of cases
    for _ in range(60):
        first, second = document(random), document(random)
        found = disagreement(first, second)
        assert not found, (documents.to_data(first), documents.to_data(second), found)
