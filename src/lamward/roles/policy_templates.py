"""SAM policy templates in the place of statements, where one says exactly the same.

Source: SAM Developer Guide, "AWS SAM policy template list".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.needs.deployed import deployed, single, together
from lamward.facts.power import imagined
from lamward.fixes.content import content
from lamward.iam import catalogue, documents, prove
from lamward.model.access import Policies
from lamward.model.application import Resource
from lamward.model.evidence import Access
from lamward.model.value import Reference, ReferenceKind, Symbolic
from lamward.sources.sam.policies import PolicyTemplate, policy_template, policy_templates

_FILLED_BY: Final = {
    "BucketName": ("AWS::S3::Bucket", ""),
    "EventBusName": ("AWS::Events::EventBus", "Name"),
    "KeyId": ("AWS::KMS::Key", ""),
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "SecretArn": ("AWS::SecretsManager::Secret", ""),
    "StateMachineName": ("AWS::StepFunctions::StateMachine", "Name"),
    "StreamName": ("AWS::Kinesis::Stream", ""),
    "TableName": ("AWS::DynamoDB::Table", ""),
    "TopicName": ("AWS::SNS::Topic", "TopicName"),
}
"""By parameter: the type of resource it names, and the attribute that gives the name ("" for `Ref`)."""

_VARIABLE: Final = re.compile(r"\$\{([^}]+)\}")


class Choice(Struct, frozen=True):
    """Policy templates as `Policies` lists them, and the accesses that they do not say."""

    entries: tuple[dict[str, object], ...]
    rest: tuple[Access, ...]


def choose(facts: Facts, accesses: Sequence[Access]) -> Choice:
    """Find the templates that allow exactly what some of the accesses need; proved of one made-up deployment."""
    left = list(accesses)
    entries: list[dict[str, object]] = []
    for name in policy_templates():
        template = policy_template(name)
        if template is None or not _may_serve(template, left):
            continue
        for given in _arguments(facts, template, left):
            said = _said(facts, template, given, left)
            if said:
                left = [each for each in left if each not in said]
                entries.append({name: {parameter: _written(each) for parameter, each in given.items()}})
    return Choice(tuple(entries), tuple(left))


def _may_serve(template: PolicyTemplate, accesses: Sequence[Access]) -> bool:
    needed = {each.action for each in accesses}
    return all(
        name in needed
        for statement in _listed(content(template.definition)["Statement"])
        for written in _listed(statement.get("Action"))
        for name in _meant(written)
    )


def _meant(written: str) -> list[str]:
    return [each.name for each in catalogue.matching(written)] or [written]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _arguments(
    facts: Facts, template: PolicyTemplate, accesses: Sequence[Access]
) -> Iterator[Mapping[str, Reference]]:
    """List what a template's only parameter may be: the resources of its type that are needed."""
    if not template.parameters:
        yield {}
        return
    (parameter, *others) = template.parameters
    wanted, attribute = _FILLED_BY.get(parameter, ("", ""))
    for resource in _needed(facts, accesses):
        if not others and resource.type == wanted and "/" not in resource.id:
            yield {parameter: Reference(ReferenceKind.RESOURCE, resource.id, attribute)}


def _needed(facts: Facts, accesses: Sequence[Access]) -> list[Resource]:
    resources = facts.application.resources
    found: dict[str, Resource] = {}
    for access in accesses:
        for each in access.resource.references if isinstance(access.resource, Symbolic) else ():
            if each.kind is ReferenceKind.RESOURCE and each.target in resources:
                found[each.target] = resources[each.target]
    return list(found.values())


def _said(
    facts: Facts, template: PolicyTemplate, given: Mapping[str, Reference], accesses: Sequence[Access]
) -> list[Access]:
    """List the accesses that a template allows, if these are all that it allows; else none."""
    bindings = imagined(facts).bindings
    if any(each not in bindings for each in given.values()):
        return []
    names = {reference.target: text for reference, text in bindings.items() if not reference.attribute}
    names |= {parameter: bindings[each] for parameter, each in given.items()}
    allowed = Policies(identity=(documents.policy(_filled(content(template.definition), names)),))
    said = [each for each in accesses if _allows(facts, allowed, each)]
    same = said and isinstance(prove.equivalent(allowed, deployed(facts, together(said))), prove.Proved)
    return said if same else []


def _allows(facts: Facts, allowed: Policies, access: Access) -> bool:
    return isinstance(prove.implies(deployed(facts, single(access)), allowed), prove.Proved)


def _filled(data: Any, names: Mapping[str, str]) -> Any:
    """Evaluate a template's definition with every name filled in."""
    match data:
        case {"Ref": str(name)}:
            return names[name]
        case {"Fn::Sub": [str(text), dict(given)]}:
            inner = {**names, **{name: _filled(child, names) for name, child in given.items()}}
            return _VARIABLE.sub(lambda found: inner.get(found[1], found[0]), text)
        case {"Fn::Sub": str(text)}:
            return _VARIABLE.sub(lambda found: names.get(found[1], found[0]), text)
        case dict():
            return {name: _filled(child, names) for name, child in data.items()}
        case list():
            return [_filled(child, names) for child in data]
        case _:
            return data


def _written(reference: Reference) -> dict[str, object]:
    if reference.attribute:
        return {"Fn::GetAtt": [reference.target, reference.attribute]}
    return {"Ref": reference.target}
