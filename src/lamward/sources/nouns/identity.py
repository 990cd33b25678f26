"""Roles, and policies of their own.

Source: CloudFormation Template Reference, "AWS::IAM::*".
"""

from __future__ import annotations

from msgspec.structs import replace

from lamward.iam import parse
from lamward.model.application import IdentityPolicy, Resource, Role
from lamward.model.policy import Policy
from lamward.model.value import Absent, Value, at, elements, location_of, text_of
from lamward.sources.nouns.documents import structured


def role(resource: Resource) -> Role:
    """Make a role with its inline policies."""
    properties = resource.properties
    trust = at(properties, "AssumeRolePolicyDocument")
    return Role(
        id=resource.id,
        location=resource.location,
        name=at(properties, "RoleName"),
        trust=None
        if isinstance(trust, Absent)
        else parse.policy(structured(trust), name="trust policy", when=resource.when),
        policies=tuple(
            _named(
                case.value,
                resource,
                parse.policy(structured(at(case.value, "PolicyDocument")), when=case.when),
            )
            for case in elements(at(properties, "Policies"), resource.when)
        ),
        managed=at(properties, "ManagedPolicyArns"),
        boundary=at(properties, "PermissionsBoundary"),
        when=resource.when,
        declared_by=resource.declared_by,
    )


def _named(entry: Value, resource: Resource, policy: Policy) -> Policy:
    name = text_of(at(entry, "PolicyName")) or resource.id
    return replace(
        policy, name=name, location=policy.location if policy.location.path else location_of(entry)
    )


def identity_policy(resource: Resource) -> IdentityPolicy:
    """Make a policy that roles are attached to."""
    properties = resource.properties
    return IdentityPolicy(
        id=resource.id,
        location=resource.location,
        policy=parse.policy(
            structured(at(properties, "PolicyDocument")), name=resource.id, when=resource.when
        ),
        roles=at(properties, "RoleName")
        if resource.type == "AWS::IAM::RolePolicy"
        else at(properties, "Roles"),
        managed=resource.type == "AWS::IAM::ManagedPolicy",
        when=resource.when,
    )
