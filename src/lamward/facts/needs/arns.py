"""The ARNs of resources in template form: what stands for one, and how a template writes it."""

from __future__ import annotations

import re

from lamward.facts import Facts
from lamward.facts.deployment import REF_IS_ARN, has_arn
from lamward.facts.links import of_type
from lamward.model.application import Resource
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic, Text, at, cases, referent, text_of

_QUALIFIED = frozenset({"AWS::Lambda::Alias", "AWS::Lambda::Version"})
_WITHOUT_ATTRIBUTE = frozenset(
    {"AWS::ApiGateway::RestApi", "AWS::SSM::Parameter", "AWS::CloudFormation::Stack"}
)
_NAMING = frozenset({"", "QueueName", "QueueUrl"})
"""The attributes that stand for a resource as a whole; "" is what `Ref` gives."""

_ALIAS = "AWS::KMS::Alias"
ALIAS_ARN = re.compile(r"^arn:[^:]*:kms:[^:]*:[^:]*:(?=alias/)")
"""What the ARN of an alias has before its name."""


def arn_of_resource(resource: Resource) -> Symbolic | None:
    """Write the ARN of a resource as a template does; None for a type that gives none."""
    if resource.type in REF_IS_ARN | _QUALIFIED:
        return Symbolic((Reference(ReferenceKind.RESOURCE, resource.id),))
    if has_arn(resource.type) and resource.type not in _WITHOUT_ATTRIBUTE:
        return Symbolic((Reference(ReferenceKind.RESOURCE, resource.id, "Arn"),))
    return None


def arn_of_text(facts: Facts, text: Text) -> Text | None:
    """Give the ARN that a text stands for as it refers to one resource; None where it is just a text."""
    reference = referent(text)
    if reference is None:
        return _aliased(facts, text_of(text) or "")
    if reference.kind is not ReferenceKind.RESOURCE:
        # A parameter or an import is what its name says it is.
        return text if reference.target.lower().endswith("arn") else None
    if reference.attribute.endswith("Arn"):
        return text
    resource = facts.application.resources.get(reference.target)
    if resource is None or reference.attribute not in _NAMING:
        return None
    return _key_of(facts, resource) if resource.type == _ALIAS else arn_of_resource(resource)


def _aliased(facts: Facts, text: str) -> Text | None:
    """Give the ARN of the key that an alias of the application stands for; an alias without a key here stays a text."""
    name = ALIAS_ARN.sub("", text)
    if not name.startswith("alias/"):
        return None
    named = [each for each in of_type(facts, _ALIAS) if text_of(at(each.properties, "AliasName")) == name]
    return _key_of(facts, named[0]) if len(named) == 1 else None


def _key_of(facts: Facts, alias: Resource) -> Text | None:
    target = at(alias.properties, "TargetKeyId")
    arn = arn_of_text(facts, target) if isinstance(target, Known | Symbolic) else None
    return arn if isinstance(arn, Symbolic) else None


def own_name(facts: Facts, text: Known | Symbolic) -> Known | Symbolic:
    """Put the name of an SSM parameter in place of a reference to it: it begins with a slash, or does not."""
    reference = referent(text)
    if reference is None or reference.kind is not ReferenceKind.RESOURCE or reference.attribute:
        return text
    resource = facts.application.resources.get(reference.target)
    if resource is None or resource.type != "AWS::SSM::Parameter":
        return text
    named = [case.value for case in cases(at(resource.properties, "Name"))]
    return named[0] if len(named) == 1 and isinstance(named[0], Known | Symbolic) else text
