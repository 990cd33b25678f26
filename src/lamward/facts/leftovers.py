"""What a role may do for a network or an event source that none of its functions has.

Source: Lambda Developer Guide, "Working with AWS managed policies in the execution role" (what each policy is for) and
"Giving Lambda functions access to resources in an Amazon VPC" (the actions).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.breadth import allows
from lamward.facts.grants import Attachment, attachments, uses_of
from lamward.facts.links import functions_named, resources_named
from lamward.facts.needs.needed import asked_for, needed
from lamward.facts.needs.platform import NETWORK
from lamward.iam import documents
from lamward.model.application import EventSourceMapping, Function, Role
from lamward.model.policy import Statement
from lamward.model.value import Symbolic, Unknown, cases, text_of

_VPC: Final = "VPC"
_MAKING: Final = frozenset({"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"})
_POLICIES: Final = {
    "AWSLambdaDynamoDBExecutionRole": ("stream of a table", "dynamodb:GetRecords"),
    "AWSLambdaENIManagementAccess": (_VPC, "ec2:CreateNetworkInterface"),
    "AWSLambdaKinesisExecutionRole": ("stream", "kinesis:GetRecords"),
    "AWSLambdaMSKExecutionRole": ("Kafka cluster", "kafka:GetBootstrapBrokers"),
    "AWSLambdaSQSQueueExecutionRole": ("queue", "sqs:ReceiveMessage"),
    "AWSLambdaVPCAccessExecutionRole": (_VPC, "ec2:CreateNetworkInterface"),
}
"""What AWS makes for one purpose: what that is, and an action that nothing else needs."""

_BESIDE: Final = frozenset(
    {*NETWORK, "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:GetSecurityGroupsForVpc"}
)
"""What is allowed for the sake of a VPC and for nothing else."""


class Leftover(Struct, frozen=True):
    """A policy of AWS's, or a statement, and what it is for that nothing has; `doubt` says why that cannot be told."""

    of: Attachment | Statement
    purpose: str
    doubt: str = ""

    @property
    def is_network(self) -> bool:
        """Whether it is for a VPC."""
        return self.purpose == _VPC


def writes_logs(attached: Attachment) -> bool:
    """Tell whether a policy of AWS's lets a function write logs."""
    policy = documents.managed_policy(attached.name) if attached.name else None
    named = (
        text_of(case.value) for each in (policy.statements if policy else ()) for case in each.actions or ()
    )
    return any(each == "logs:PutLogEvents" for each in named)


def leftovers(facts: Facts, role: Role) -> Iterator[Leftover]:
    """List what a role is allowed for what is not there; nothing for a role that no function here runs with."""
    functions = [function for function, _ in uses_of(facts, role)]
    wanted = {access.action for function in functions for access in asked_for(facts, function)}
    for attached in attachments(facts, role) if functions else ():
        purpose, action = _POLICIES.get(attached.name, ("", ""))
        # What SAM attaches for an event is for that event.
        if purpose and action not in wanted and "Events" not in attached.location.path:
            yield Leftover(attached, purpose, _doubt(facts, functions, purpose))
    # What no code calls is another question where all code is known.
    if functions and wanted.isdisjoint(_MAKING) and not all(needed(facts, each).whole for each in functions):
        for statement in _statements(role):
            yield Leftover(statement, _VPC, _doubt(facts, functions, _VPC))


def _statements(role: Role) -> Iterator[Statement]:
    """List the statements that allow to make and delete network interfaces, and nothing that only code would do."""
    for document in role.policies:
        for statement in document.statements:
            named = {text_of(case.value) or "" for case in statement.actions or ()}
            own = {each for each in named if each.startswith("ec2:")}
            if allows(statement) and named >= _MAKING and own <= _BESIDE:
                yield statement


def _doubt(facts: Facts, functions: Sequence[Function], purpose: str) -> str:
    if purpose == _VPC and any(
        isinstance(case.value, Symbolic | Unknown) for each in functions for case in cases(each.vpc)
    ):
        return "it cannot be told whether its function is in a VPC"
    for mapping in facts.application.event_source_mappings:
        named = functions_named(facts, mapping.function, mapping.when)
        if any(each in functions for each, _ in named) and not _is_known(facts, mapping):
            return "it cannot be told which event source its function has"
    return ""


def _is_known(facts: Facts, mapping: EventSourceMapping) -> bool:
    """Tell whether it is known what is polled; brokers that nobody gives an ARN of may be in a VPC."""
    return all(
        (text_of(case.value) or "").startswith("arn:") or any(resources_named(facts, case.value, case.when))
        for case in cases(mapping.source, mapping.when)
    )
