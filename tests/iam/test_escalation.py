"""Every way of the catalogue: open to one who has all it takes, closed to one who lacks any part of it."""

from __future__ import annotations

from typing import Any

import pytest

from lamward.iam import catalogue, documents, escalation, reach
from lamward.iam.account import Account, Entity, FunctionNode, Workload
from lamward.iam.escalation import ADMINISTRATOR, Edge, Edges, Power, Target, Way
from lamward.model.access import Policies
from lamward.model.policy import Policy

ACCOUNT = "111122223333"
START_ROLE = f"arn:aws:iam::{ACCOUNT}:role/start"
START_USER = f"arn:aws:iam::{ACCOUNT}:user/start"
TARGET_ROLE = f"arn:aws:iam::{ACCOUNT}:role/target"
TARGET_USER = f"arn:aws:iam::{ACCOUNT}:user/target"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"
ARTIFACT = "arn:aws:s3:::artifacts/f.zip"
IMAGE = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/f"
OWN_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/own"
TARGET_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/target"
GROUP = f"arn:aws:iam::{ACCOUNT}:group/all"
WORKLOADS = {
    "ec2.amazonaws.com": f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1",
    "apprunner.amazonaws.com": f"arn:aws:apprunner:us-east-1:{ACCOUNT}:service/s/1",
    "bedrock-agentcore.amazonaws.com": f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:code-interpreter-custom/c",
    "cloudformation.amazonaws.com": f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/s/1",
    "codebuild.amazonaws.com": f"arn:aws:codebuild:us-east-1:{ACCOUNT}:project/p",
    "ecs-tasks.amazonaws.com": f"arn:aws:ecs:us-east-1:{ACCOUNT}:task/c/1",
    "glue.amazonaws.com": f"arn:aws:glue:us-east-1:{ACCOUNT}:devEndpoint/e",
    "sagemaker.amazonaws.com": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:notebook-instance/n",
}


def policy(*statements: dict[str, Any]) -> Policy:
    return documents.policy({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(*principals: dict[str, Any]) -> Policy:
    return policy(
        *({"Effect": "Allow", "Principal": each, "Action": "sts:AssumeRole"} for each in principals)
    )


def start(way: Way, actions: tuple[str, ...], *, condition: dict[str, Any] | None = None) -> Entity:
    more = {"Condition": condition} if condition else {}
    # Whoever may do it to himself needs no other: here it is only allowed on the target.
    places = [TARGET_ROLE, TARGET_POLICY] if way.target is Target.ROLE else "*"
    statements = [allow(list(actions), places, **more)] if actions else []
    if way.denied:
        statements.append({"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"})
    if way.tagged:
        statements.append(
            allow("s3:GetObject", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}})
        )
    policies = Policies(
        identity=(policy(*statements),), boundary=(policy(allow("*")),) if way.bounded else None
    )
    arn = START_USER if way.caller == "user" else START_ROLE
    return Entity(arn, policies, trust({"Service": "lambda.amazonaws.com"}), (OWN_POLICY,), (GROUP,))


def account(way: Way, entity: Entity, *, service: str | None = None) -> Account:
    trusted = way.service if service is None else service
    principals = [{"AWS": ACCOUNT}, *([{"Service": trusted}] if trusted else [])]
    target = Entity(TARGET_ROLE, Policies(), trust(*principals), (TARGET_POLICY,))
    user = Entity(TARGET_USER, Policies())
    artifact = IMAGE if "ecr:PutImage" in way.actions else ARTIFACT
    functions = (FunctionNode(FUNCTION, TARGET_ROLE, artifact),)
    workloads = tuple(Workload(arn, name, TARGET_ROLE) for name, arn in WORKLOADS.items())
    return Account((entity, target, user), functions, workloads)


def edges(of: Account) -> list[Edge]:
    return list(Edges(of).of(of.entities[0].arn))


def expected(way: Way) -> str:
    if way.result != "target":
        return way.result
    return TARGET_USER if way.target is Target.USER else TARGET_ROLE


WAYS = [pytest.param(way, id=way.id) for way in escalation.ways()]


@pytest.mark.parametrize("way", WAYS)
def test_open_to_one_who_has_all_it_takes(way: Way) -> None:
    found = [edge for edge in edges(account(way, start(way, way.actions))) if edge.way == way.id]
    assert [(edge.target, edge.guard) for edge in found[:1]] == [(expected(way), ())]
    assert found[0].statements or way.actions == ("sts:AssumeRole",)


@pytest.mark.parametrize("way", WAYS)
def test_closed_to_one_who_lacks_an_action(way: Way) -> None:
    for missing in way.actions:
        rest = tuple(action for action in way.actions if action != missing)
        found = edges(account(way, start(way, rest)))
        # A trust policy that names the account still needs the identity side, so nothing is left open by it.
        assert way.id not in [edge.way for edge in found], missing


@pytest.mark.parametrize("way", WAYS)
def test_conditions_become_the_guard(way: Way) -> None:
    condition = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    found = [
        edge
        for edge in edges(account(way, start(way, way.actions, condition=condition)))
        if edge.way == way.id
    ]
    assert found
    assert any("aws:SourceVpc" in text for text in found[0].guard)


@pytest.mark.parametrize("way", [param for param in WAYS if param.values[0].target is Target.PASSED_ROLE])  # type: ignore[union-attr]
def test_closed_when_the_role_trusts_another_service(way: Way) -> None:
    found = edges(account(way, start(way, way.actions), service="sns.amazonaws.com"))
    assert way.id not in [edge.way for edge in found]


@pytest.mark.parametrize("way", [param for param in WAYS if param.values[0].target is Target.PASSED_ROLE])  # type: ignore[union-attr]
def test_closed_when_the_role_may_be_passed_to_another_service_only(way: Way) -> None:
    condition = {"StringEquals": {"iam:PassedToService": "sns.amazonaws.com"}}
    passing = policy(
        allow("iam:PassRole", "*", Condition=condition),
        allow([action for action in way.actions if action != "iam:PassRole"]),
    )
    entity = Entity(START_ROLE, Policies(identity=(passing,)), trust({"Service": "lambda.amazonaws.com"}))
    assert way.id not in [edge.way for edge in edges(account(way, entity))]


def test_every_action_of_the_catalogue_exists() -> None:
    actions = {action for way in escalation.ways() for action in way.actions}
    actions |= {action for each in escalation.capabilities().values() for action in each.actions}
    assert [action for action in sorted(actions) if catalogue.action(action) is None] == []


def test_every_result_is_known() -> None:
    for way in escalation.ways():
        assert way.result in {"target", ADMINISTRATOR, *escalation.capabilities()}, way.id
        assert way.references, way.id


def test_a_contradictory_condition_opens_nothing() -> None:
    condition = {"StringEquals": {"aws:SourceVpc": "a"}, "StringLike": {"aws:SourceVpc": "b*"}}
    entity = Entity(
        START_ROLE, Policies(identity=(policy(allow("iam:PutRolePolicy", "*", Condition=condition)),))
    )
    assert edges(Account((entity,))) == []


def test_a_role_that_trusts_only_services_is_not_assumed() -> None:
    entity = Entity(START_ROLE, Policies(identity=(policy(allow("sts:AssumeRole")),)))
    target = Entity(TARGET_ROLE, Policies(), trust({"Service": "lambda.amazonaws.com"}))
    assert edges(Account((entity, target))) == []


def test_reach_goes_through_several_steps() -> None:
    middle, last = f"arn:aws:iam::{ACCOUNT}:role/middle", TARGET_ROLE
    secret = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:s-1"
    entities = (
        Entity(START_ROLE, Policies(identity=(policy(allow("lambda:UpdateFunctionCode", FUNCTION)),))),
        Entity(middle, Policies(identity=(policy(allow("sts:AssumeRole", last)),))),
        Entity(
            last,
            Policies(identity=(policy(allow("secretsmanager:GetSecretValue", secret)),)),
            trust({"AWS": middle}),
        ),
    )
    found = reach.reach(Account(entities, (FunctionNode(FUNCTION, middle),)), START_ROLE)
    assert [edge.way for edge in found.paths[last]] == ["lambda-003", "sts-001"]
    assert ("read-secrets", secret, last) in [
        (each.capability, each.resource, each.by) for each in found.granted
    ]
    assert not found.administrator


def test_an_unconditional_path_is_preferred() -> None:
    statements = (
        allow("sts:AssumeRole", TARGET_ROLE, Condition={"StringEquals": {"aws:SourceVpc": "v"}}),
        allow("lambda:UpdateFunctionCode", FUNCTION),
    )
    entities = (
        Entity(START_ROLE, Policies(identity=(policy(*statements),))),
        Entity(TARGET_ROLE, Policies(), trust({"AWS": ACCOUNT})),
    )
    found = reach.reach(Account(entities, (FunctionNode(FUNCTION, TARGET_ROLE),)), START_ROLE)
    assert [edge.way for edge in found.paths[TARGET_ROLE]] == ["lambda-003"]


def test_a_circle_of_roles_ends() -> None:
    first, second = START_ROLE, TARGET_ROLE
    entities = (
        Entity(first, Policies(identity=(policy(allow("sts:AssumeRole", second)),)), trust({"AWS": second})),
        Entity(second, Policies(identity=(policy(allow("sts:AssumeRole", first)),)), trust({"AWS": first})),
    )
    assert set(reach.reach(Account(entities), first).paths) == {second}


WHEN_X, WHEN_Y = ({"Condition": {"StringEquals": {"sts:ExternalId": each}}} for each in ("x", "y"))


def assuming(trusted: str, **condition: Any) -> list[Edge]:
    """Give the edges of a role that may assume another by the external id x, where that one asks for another."""
    statement = {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole", **condition}
    own = Entity(START_ROLE, Policies(identity=(policy(allow("sts:AssumeRole", TARGET_ROLE, **WHEN_X)),)))
    other = Entity(TARGET_ROLE, Policies(), policy(statement))
    return edges(Account((own, other)))


def test_conditions_of_both_sides_that_contradict_each_other_open_nothing() -> None:
    assert assuming(ACCOUNT, **WHEN_Y) == []
    (edge,) = assuming(ACCOUNT, **WHEN_X)
    assert edge.guard == ("if `sts:ExternalId` StringEquals `x`",)


def test_who_is_named_by_a_role_meets_the_conditions_of_that_role_alone() -> None:
    (edge,) = assuming(START_ROLE, **WHEN_Y)
    assert edge.guard == ("if `sts:ExternalId` StringEquals `y`",)
    assert [each.policy for each in edge.statements] == [""]


def test_what_it_may_do_is_told_of_resources_that_the_action_takes() -> None:
    reading = policy(allow(["s3:GetObject", "dynamodb:GetItem"], "arn:aws:s3:::b/*"))
    found = reach.capabilities(Power(Entity(START_ROLE, Policies(identity=(reading,)))))
    assert [(each.action, each.resource) for each in found] == [("s3:GetObject", "arn:aws:s3:::b/example")]


def test_keys_that_nobody_showed_are_told_of_who_may_go_there() -> None:
    everything, bounds = policy(allow("*")), policy(allow("s3:GetObject"))
    held = Entity(START_ROLE, Policies(identity=(everything,), boundary=(bounds,)))
    assert {each.action for each in reach.capabilities(Power(held))} == {"s3:GetObject"}
    free = Entity(START_ROLE, Policies(identity=(everything,)))
    assert "kms:Decrypt" in {each.action for each in reach.capabilities(Power(free))}
