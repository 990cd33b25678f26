"""The application as the IAM engine asks for it: the policies of a role, the account it makes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.assumed import assume, certain
from lamward.facts.deployment import Deployment
from lamward.facts.grants import attached_to
from lamward.facts.links import resources_named, roles_by_id, roles_of
from lamward.iam import documents, worlds
from lamward.iam.account import Account, Entity, FunctionNode, Workload
from lamward.model.access import Policies
from lamward.model.application import Function, Resource, Role
from lamward.model.policy import Policy
from lamward.model.value import (
    Absent,
    Case,
    Guard,
    Symbolic,
    Unknown,
    Value,
    at,
    both,
    cases,
    elements,
    text_of,
)

_ALLOW_ALL: Final = documents.policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
_WORKLOADS: Final = {
    "AWS::AppRunner::Service": (
        "tasks.apprunner.amazonaws.com",
        ("InstanceConfiguration", "InstanceRoleArn"),
    ),
    "AWS::CloudFormation::Stack": ("cloudformation.amazonaws.com", ("RoleARN",)),
    "AWS::CodeBuild::Project": ("codebuild.amazonaws.com", ("ServiceRole",)),
    "AWS::ECS::TaskDefinition": ("ecs-tasks.amazonaws.com", ("TaskRoleArn",)),
    "AWS::Glue::DevEndpoint": ("glue.amazonaws.com", ("RoleArn",)),
    "AWS::SageMaker::NotebookInstance": ("sagemaker.amazonaws.com", ("RoleArn",)),
    "AWS::StepFunctions::StateMachine": ("states.amazonaws.com", ("RoleArn",)),
}
"""What runs with a role besides functions: the service that assumes it, and the property that names it."""


class Subject(Struct, frozen=True):
    """A role and the function that one asked about, if any; `when` is the branch in which it has the role."""

    role: Role
    function: Function | None = None
    when: Guard = ()


def subjects(facts: Facts, *, role: str = "", function: str = "") -> tuple[Subject, ...]:
    """Find roles by their own name, or as those of a function; by logical id or the name that is written."""
    if role:
        return tuple(Subject(each) for each in facts.application.roles if _answers_to(role, each))
    found = facts.application.functions
    chosen = [each for each in found if not function or _answers_to(function, each)]
    return tuple(Subject(role, each, when) for each in chosen for role, when in roles_of(facts, each))


def _answers_to(name: str, thing: Role | Function) -> bool:
    return name in {thing.id, thing.declared_by, text_of(thing.name)}


@fact
def policies_of(facts: Facts, role: Role) -> Policies:
    """Collect the policies of a role: inline, attached, managed by AWS, and its permissions boundary."""
    attached = {each.id: each.policy for each in attached_to(facts, role)}
    managed = [each for case in elements(role.managed, role.when) for each in _managed(facts, case, attached)]
    boundary = _boundary(facts, role)
    return Policies(
        identity=_where_it_is(facts, role, (*role.policies, *attached.values(), *managed)),
        boundary=None if boundary is None else _where_it_is(facts, role, boundary),
    )


def _where_it_is(facts: Facts, role: Role, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """Assume the branches in which the role exists, as who asks about it means them, and what is certain."""
    held = _held(facts, role)
    return tuple(filter(None, (assume(each, held) for each in policies)))


def _held(facts: Facts, role: Role) -> Guard:
    return both(role.when, certain(facts)) or role.when


def _managed(facts: Facts, case: Case, attached: dict[str, Policy]) -> Iterator[Policy]:
    """Give the document behind an ARN that is attached, unless it is one of the application's own."""
    if not any(resource.id in attached for resource, _ in resources_named(facts, case.value, case.when)):
        yield managed_by(case)


def managed_by(case: Case) -> Policy:
    """Give an AWS managed policy; one whose document nobody shows allows nobody knows what."""
    shown = str(case.value) if isinstance(case.value, Symbolic) else text_of(case.value) or ""
    arn = shown.replace("${AWS::Partition}", "aws")
    found = documents.managed_policy(arn) if arn else None
    if found is not None:
        data = documents.to_data(found)
        return documents.policy(data, name=found.name, when=case.when)
    reason = f"the document of `{shown}` is not in the template" if shown else "it cannot be told which"
    where = case.value.origins
    return Policy((), name=shown, when=case.when, unreadable=(Unknown(reason, where),))


def _boundary(facts: Facts, role: Role) -> tuple[Policy, ...] | None:
    """Give the boundary; where only some branches have one, the others are bounded by nothing."""
    if isinstance(role.boundary, Absent):
        return None
    return tuple(policy for _, policy in boundaries_of(facts, role))


def boundaries_of(facts: Facts, role: Role) -> Iterator[tuple[Case, Policy]]:
    """List the boundaries that a role has in one branch or the other; no boundary is one that allows everything."""
    own = {each.id: each.policy for each in facts.application.identity_policies}
    for case in cases(role.boundary, role.when):
        named = [each.id for each, _ in resources_named(facts, case.value, case.when) if each.id in own]
        if isinstance(case.value, Absent):
            yield case, documents.policy(documents.to_data(_ALLOW_ALL), name="no boundary", when=case.when)
        else:
            yield case, own[named[0]] if named else managed_by(case)


def entity(facts: Facts, role: Role, deployment: Deployment) -> Entity:
    """Make an entity of a role, as it would be in one deployment."""
    bound = worlds.rewrite(policies_of(facts, role), partial(worlds.bind, bindings=deployment.bindings))
    trust = None if role.trust is None else assume(role.trust, _held(facts, role))
    return Entity(
        arn=deployment.arn(role.id),
        policies=bound,
        trust=None if trust is None else worlds.bind(trust, deployment.bindings),
        attached=tuple(deployment.arn(policy.id) for policy in attached_to(facts, role) if policy.managed),
    )


@fact
def account(facts: Facts, deployment: Deployment) -> Account:
    """Make the account that one deployment of the application would be, as if nothing else were in it."""
    return Account(
        entities=tuple(entity(facts, role, deployment) for role in facts.application.roles),
        functions=tuple(_functions(facts, deployment)),
        workloads=tuple(_workloads(facts, deployment)),
    )


def _functions(facts: Facts, deployment: Deployment) -> Iterator[FunctionNode]:
    for function in facts.application.functions:
        roles = roles_of(facts, function)
        for role in [role.id for role, _ in roles] or [""]:
            arn = deployment.arn(role) if role else ""
            yield FunctionNode(deployment.arn(function.id), arn, _artifact(function, deployment))


def _artifact(function: Function, deployment: Deployment) -> str:
    """Give the ARN of the object or repository that a function's code is deployed from."""
    bucket, key, image = (
        deployment.text(at(function.code, name)) for name in ("S3Bucket", "S3Key", "ImageUri")
    )
    if bucket and key:
        return f"arn:aws:s3:::{bucket}/{key}"
    host, _, repository = image.partition("/")
    if ".dkr.ecr." not in host:
        return ""
    account, _, _, region, *_ = host.split(".")
    name = repository.partition("@")[0].partition(":")[0]
    return f"arn:aws:ecr:{region}:{account}:repository/{name}"


def _workloads(facts: Facts, deployment: Deployment) -> Iterator[Workload]:
    for resource in facts.application.resources.values():
        service, property_path = _WORKLOADS.get(resource.type, ("", ()))
        if service and deployment.arn(resource.id):
            for role in _roles(facts, resource, at(resource.properties, *property_path)):
                yield Workload(deployment.arn(resource.id), service, deployment.arn(role))


def _roles(facts: Facts, resource: Resource, value: Value) -> Iterator[str]:
    known = roles_by_id(facts)
    for found, _ in resources_named(facts, value, resource.when):
        if found.id in known:
            yield found.id
