"""The `Policies` of a function or state machine, turned into a role as the transform does.

Source: SAM specification, "AWS::Serverless::Function" (`Policies`) and "SAM policy templates".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from lamward.iam import managed
from lamward.model.location import Location
from lamward.model.value import (
    Case,
    Fields,
    Known,
    Symbolic,
    Unknown,
    Value,
    elements,
    location_of,
    text_of,
)
from lamward.sources.cloudformation.evaluate import Evaluator
from lamward.sources.file import SourceFile
from lamward.sources.node import Node, parse
from lamward.sources.sam.compose import fields, guarded, items, known, plain, relocated, text

SERVICE_ROLE = "arn:${AWS::Partition}:iam::aws:policy/service-role/"


class PolicyTemplate(Struct, frozen=True):
    """A SAM policy template: its statements as a node, and the names it must be given."""

    definition: Node
    parameters: tuple[str, ...]


class _Packed(Struct, frozen=True):
    templates: dict[str, msgspec.Raw]


class _PackedTemplate(Struct, frozen=True):
    definition: msgspec.Raw = msgspec.field(name="Definition")
    parameters: dict[str, object] = msgspec.field(name="Parameters", default_factory=dict)


@cache
def _packed() -> Mapping[str, msgspec.Raw]:
    file = Path(__file__).with_name("data") / "policy_templates.json"
    return msgspec.json.decode(file.read_bytes(), type=_Packed).templates


def policy_templates() -> tuple[str, ...]:
    """Name all policy templates."""
    return tuple(_packed())


@cache
def policy_template(name: str) -> PolicyTemplate | None:
    """Give the policy template of a name, None when SAM has none of it."""
    raw = _packed().get(name)
    if raw is None:
        return None
    template = msgspec.json.decode(raw, type=_PackedTemplate)
    document = parse(SourceFile(f"SAM policy template {name}", bytes(template.definition)))
    if document.root is None:
        raise ValueError(name)
    return PolicyTemplate(document.root, tuple(template.parameters))


class Grants:
    """The policies of one role while they are collected, in the transform's order and without its repetitions."""

    def __init__(self, evaluator: Evaluator, role: str) -> None:
        self.evaluator = evaluator
        self.role = role
        self.managed: list[Value] = []
        self.inline: list[tuple[Value, Value]] = []

    def attach(self, arn: Value) -> None:
        """Attach a managed policy, once."""
        if _content(arn) not in [_content(other) for other in self.managed]:
            self.managed.append(arn)

    def attach_service_policy(self, name: str, where: Location) -> None:
        """Attach one of AWS's service-role policies."""
        self.attach(text(SERVICE_ROLE + name, where))

    def allow(self, name: str, document: Value) -> None:
        """Add an inline policy unless the same document is there already."""
        if _content(document) not in [_content(other) for _, other in self.inline]:
            self.inline.append((known(name, location_of(document)), document))

    def add(self, policies: Value) -> None:
        """Add what a `Policies` property says: names, ARNs, policy templates, documents, each perhaps conditional."""
        for index, case in enumerate(elements(policies)):
            self._entry(index, case)

    def _entry(self, index: int, case: Case) -> None:
        entry, where = case.value, location_of(case.value)
        match entry:
            case Known():
                name = text_of(entry) or ""
                arn = name if name.startswith("arn:") else managed.arn_of(name) or name
                self.attach(guarded(relocated(_partitioned(arn, where), where), case.when, where))
            case Symbolic():
                self.attach(guarded(entry, case.when, where))
            case Fields(fields=inner) if "Statement" in inner:
                self._inline(index, entry, case, where)
            case Fields(fields=inner) if len(inner) == 1:
                ((name, given),) = inner.items()
                key = entry.keys.get(name, where)
                document = self._from_template(name, given, key)
                self._inline(index, document, case, key)
            case Unknown():
                self._inline(index, entry, case, where)
            case _:
                self._inline(index, Unknown("it is not a policy SAM accepts", (where,)), case, where)

    def _inline(self, index: int, document: Value, case: Case, where: Location) -> None:
        name = known(f"{self.role}Policy{index}", where)
        self.inline.append((name, guarded(document, case.when, where)))

    def _from_template(self, name: str, given: Value, where: Location) -> Value:
        template = policy_template(name)
        if template is None:
            return Unknown(f"SAM has no policy template `{name}`", (where,))
        names: dict[str, Value] = dict(given.fields) if isinstance(given, Fields) else {}
        for parameter in template.parameters:
            names.setdefault(
                parameter, Unknown(f"the policy template's `{parameter}` is not given", (where,))
            )
        with self.evaluator.binding(names):
            return relocated(self.evaluator.value(template.definition), where)

    def properties(self, trust: Value, where: Location) -> dict[str, Value]:
        """Give the role's properties."""
        made: dict[str, Value] = {
            "AssumeRolePolicyDocument": trust,
            "ManagedPolicyArns": items(self.managed, where),
        }
        if self.inline:
            made["Policies"] = items(
                [
                    fields({"PolicyName": name, "PolicyDocument": document}, location_of(document))
                    for name, document in self.inline
                ],
                where,
            )
        return made


def _partitioned(arn: str, where: Location) -> Value:
    """Say an AWS managed policy's ARN for whatever partition the stack is in."""
    return (
        text(arn.replace("arn:aws:", "arn:${AWS::Partition}:", 1), where)
        if "::aws:policy" in arn
        else known(arn, where)
    )


def _content(value: Value) -> object:
    """Give a value without its places, to compare what it says."""
    match value:
        case Known(value=scalar):
            return ("known", scalar)
        case Symbolic():
            return ("symbolic", str(value))
        case Fields(fields=inner):
            return tuple((name, _content(child)) for name, child in inner.items())
        case _:
            return tuple(_content(case.value) for case in elements(value) if case.value is not value) or id(
                value
            )


def statement(actions: str | list[str], resource: Value | str) -> dict[str, object]:
    """Write an Allow statement as plain data, values inside it kept."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def document(statements: list[dict[str, object]], where: Location) -> Value:
    """Write a policy document."""
    return plain({"Version": "2012-10-17", "Statement": statements}, where)


def tracing_policy(where: Location) -> Value:
    """Give the managed policy that lets traces be written, as the transform chooses it in the `aws` partition."""
    return text("arn:${AWS::Partition}:iam::aws:policy/AWSXrayWriteOnlyAccess", where)


def trust(service: str, where: Location) -> Value:
    """Write the trust policy that lets a service take the role."""
    allowed = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": [service]}}
    return plain({"Version": "2012-10-17", "Statement": [allowed]}, where)
