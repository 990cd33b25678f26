"""What the evaluator remembers between requests: nothing that changes an answer, and not without end."""

import pytest

from lamward.iam import documents, evaluate
from lamward.model.access import Policies, Verdict

ROLE = "arn:aws:iam::111122223333:role/r"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/t"


def _evaluator(*statements: object, resource: object = None) -> evaluate.Evaluator:
    identity = documents.policy({"Version": "2012-10-17", "Statement": list(statements)})
    other = documents.policy({"Version": "2012-10-17", "Statement": resource}) if resource else None
    return evaluate.prepare(Policies(identity=(identity,), resource=other))


def _verdict(evaluator: evaluate.Evaluator, **parts: object) -> Verdict:
    asked = {"principal": ROLE, "action": "dynamodb:GetItem", "resource": TABLE} | parts
    return evaluator.decide(documents.request(asked)).verdict


def test_a_principal_by_unique_id_is_compared_anew_for_each_userid() -> None:
    denied = {"Effect": "Deny", "Principal": {"AWS": "AROAEXAMPLEEXAMPLEID"}, "Action": "*", "Resource": "*"}
    evaluator = _evaluator({"Effect": "Allow", "Action": "*", "Resource": "*"}, resource=denied)
    for _ in range(2):
        assert (
            _verdict(evaluator, context={"aws:userid": "AROAEXAMPLEEXAMPLEID:s"}) is Verdict.EXPLICITLY_DENIED
        )
        assert _verdict(evaluator, context={"AWS:UserId": "AROAANOTHERROLEAAAAA:s"}) is Verdict.ALLOWED
        assert _verdict(evaluator) is Verdict.UNKNOWN


def test_a_deny_that_may_name_the_caller_does_not_keep_the_allows_from_being_asked() -> None:
    canonical = {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}
    denied = {"Effect": "Deny", "Principal": canonical, "Action": "*", "Resource": TABLE}
    evaluator = _evaluator({"Effect": "Allow", "Action": "*", "Resource": TABLE}, resource=denied)
    assert _verdict(evaluator) is Verdict.UNKNOWN
    assert _verdict(evaluator, resource=f"{TABLE}2") is Verdict.IMPLICITLY_DENIED


def test_callers_and_accounts_do_not_share_answers() -> None:
    named = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "*", "Resource": "*"}
    evaluator = _evaluator({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}, resource=named)
    for _ in range(2):
        assert _verdict(evaluator) is Verdict.ALLOWED
        assert _verdict(evaluator, principal=f"{ROLE}2") is Verdict.IMPLICITLY_DENIED
        assert _verdict(evaluator, resource_account="444455556666") is Verdict.IMPLICITLY_DENIED
        assert (
            _verdict(evaluator, context={"aws:ResourceAccount": "444455556666"}) is Verdict.IMPLICITLY_DENIED
        )


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "PLANS_KEPT", 5)
    monkeypatch.setattr(evaluate, "RULINGS_KEPT", 3)
    statements = [{"Effect": "Allow", "Action": "*", "Resource": f"*{number}*"} for number in range(8)]
    evaluator = _evaluator(*statements)
    for number in range(64):
        digits = f"{number:o}"
        decision = evaluator.decide(
            documents.request({"principal": ROLE, "action": f"x:a{number % 7}", "resource": f"r{digits}"})
        )
        assert {each.index for each in decision.determining} == set(map(int, digits))
    world = evaluator._only
    assert world is not None
    assert 0 < len(world.plans) <= 5
    assert 0 < len(world.speaking) <= 5
    assert all(0 < len(plan.rulings) <= 3 for plan in world.plans.values())


def test_callers_whom_no_statement_tells_apart_share_a_plan() -> None:
    everyone = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": f"{TABLE}2"}
    evaluator = _evaluator({"Effect": "Allow", "Action": "*", "Resource": "*"}, resource=everyone)
    for number in range(9):
        assert _verdict(evaluator, principal=f"{ROLE}{number}") is Verdict.ALLOWED
    assert _verdict(evaluator, principal="arn:aws:iam::111122223333:user/u") is Verdict.ALLOWED
    assert _verdict(evaluator, principal="s3.amazonaws.com") is Verdict.IMPLICITLY_DENIED
    world = evaluator._only
    assert world is not None
    assert len(world.plans) == 3
