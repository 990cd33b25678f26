"""A function's least policy as a template writes it: SAM `Policies`, or an `AWS::IAM::Role`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from lamward.facts.needs.least import Least
from lamward.fixes.idiom import Idiom
from lamward.fixes.render import Pen, mapping_lines
from lamward.iam.minimise import Allow
from lamward.model.evidence import Access, Platform
from lamward.roles.document import document, statement

_PEN: Final = Pen(Idiom(json=False, dash=2))

_ATTACHED: Final = frozenset({"logs", "VPC", "tracing", "queue", "event source"})
"""Features for which the SAM transform attaches a managed policy of AWS's to the roles it makes."""


def sam(found: Sequence[Least]) -> str:
    """Write the `Policies` of each function, for functions whose role the SAM transform makes."""
    resources: dict[str, Any] = {}
    for each in found:
        statements = [statement(allow) for allow in each.statements if not _is_attached(each, allow)]
        resources[each.function.declared_by or each.function.id] = {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Policies": [{"Statement": statements}] if statements else []},
        }
    return _yaml({"Resources": resources})


def _is_attached(least: Least, allow: Allow) -> bool:
    """Tell whether the transform attaches a policy for all that a statement is there for."""
    served = [
        each
        for each in least.needs.accesses
        if each.action in allow.actions and each.resource in allow.resources
    ]
    return bool(served) and all(_is_for_the_platform(each) for each in served)


def _is_for_the_platform(access: Access) -> bool:
    return all(isinstance(each, Platform) and each.feature in _ATTACHED for each in access.evidence)


def cloudformation(found: Sequence[Least]) -> str:
    """Write a role for each function."""
    return _yaml({"Resources": {f"{each.function.id}Role": role(each) for each in found}})


def role(least: Least) -> dict[str, Any]:
    """Write the role of a function: trusted by Lambda alone, with nothing but the least policy."""
    policies = [("Least", least.packing.inline)] if least.packing.inline else []
    policies += [(f"Least{number}", each) for number, each in enumerate(least.packing.managed, start=1)]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
            "Policies": [
                {"PolicyName": name, "PolicyDocument": document(statements)} for name, statements in policies
            ],
        },
    }


def policy_json(found: Sequence[Least]) -> str:
    """Write the documents by function, as JSON."""
    return json.dumps({each.function.id: document(each.statements) for each in found}, indent=2) + "\n"


def _yaml(data: dict[str, Any]) -> str:
    return "\n".join(mapping_lines(data, _PEN)) + "\n"
