"""How far a statement goes: the whole account, whole services, every resource of a kind.

Only Allow statements are asked about. Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Condition".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from lamward.facts import actions
from lamward.iam import catalogue
from lamward.iam.catalogue import Action
from lamward.iam.pattern import matcher
from lamward.model.policy import ConditionEntry, Effect, Statement
from lamward.model.value import (
    Case,
    Guard,
    Known,
    Reference,
    ReferenceKind,
    Symbolic,
    both,
    text_of,
)

# Two characters no template writes: what the deployment fills in, and the name of a resource nobody thought of.
FILLED: Final = "\ue000"
_SOME: Final = "\ue001\ue001\ue001"

_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
_PSEUDO: Final = {"AWS::Partition": "aws", "AWS::Region": FILLED, "AWS::AccountId": FILLED}
_ARN_PARTS: Final = 6
SMALL_SERVICE: Final = 6
"""A service with no more actions than this is not made broad by a wildcard (`execute-api:*`)."""

_BOUNDING: Final = re.compile(
    r"(?!aws:|iam:passedtoservice$|s3:(x-amz-|tls|signature|authtype|versionid)"
    # What whoever assumes a role chooses: a role that asks for no external id is open with any.
    r"|sts:(externalid|rolesessionname|durationseconds)$"
    # Who asks: the caller's account, function, instance or identity provider.
    r"|kms:calleraccount$|lambda:sourcefunctionarn$|(ec2|ssm):sourceinstancearn$|saml:|[^:]*\.[^:]*:"
    r"|secretsmanager:version(id|stage)$).*"
    r"|aws:(resource(tag/.*|account|orgid|orgpaths)|requesttag/.*|tagkeys|calledvia(first|last)?|viaawsservice)",
    re.DOTALL,
)
"""Condition keys that narrow what is touched; the others narrow who asks, from where and when."""


class Wildcard(Struct, frozen=True):
    """An action pattern that names a whole service (`*` for all of them), and where it is written."""

    pattern: str
    service: str
    case: Case


class Reach(Struct, frozen=True):
    """An action that reaches every resource of a kind; `examples` are the catalogue's actions it names."""

    pattern: str
    case: Case
    resource: Case
    examples: tuple[Action, ...]

    @property
    def when(self) -> Guard | None:
        """What must hold for it; None when action and resource are never in one template together."""
        return both(self.case.when, self.resource.when)


def allows(statement: Statement) -> bool:
    """Tell whether a statement gives something."""
    return statement.effect is Effect.ALLOW


def bounded(statement: Statement) -> bool:
    """Tell whether a condition narrows the resources a statement is about."""
    return any(_bounds(entry) for entry in statement.conditions)


def _bounds(entry: ConditionEntry) -> bool:
    operator = entry.operator.lower()
    if (
        entry.when
        or "not" in operator
        or operator == "null"
        or not any(plain(value).strip("*") for value in entry.values)
    ):
        return False
    key = entry.key.lower()
    # What has no tag passes.
    if operator.endswith("ifexists") and key.startswith("aws:resourcetag/"):
        return False
    return _BOUNDING.fullmatch(key) is not None


def plain(case: Case) -> str:
    """Write a scalar of a statement as text; what only the deployment decides is a character nobody writes."""
    match case.value:
        case Known():
            return text_of(case.value) or ""
        case Symbolic(parts=parts):
            return "".join(_part(part) for part in parts)
        case _:
            return FILLED


def _part(part: str | Reference) -> str:
    if isinstance(part, str):
        return part
    return _PSEUDO.get(part.target, FILLED) if part.kind is ReferenceKind.PSEUDO else FILLED


@lru_cache(maxsize=8192)
def _target(resource: str) -> tuple[str, str]:
    """Split a resource into service and rest; partition, region and account narrow nothing inside an account."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) == _ARN_PARTS and parts[0] in {"arn", "*"}:
        return parts[2], parts[5]
    # A star reaches over the colons that are not written.
    if parts[-1].endswith("*") and (parts[0] == "arn" or resource.strip("*") == ""):
        return (parts[2] if len(parts) > 2 else "*"), "*"
    return FILLED, FILLED


def reaches_everything(resource: Case) -> bool:
    """Tell whether a resource pattern stands for all resources of all services."""
    service, rest = _target(plain(resource))
    return not service.strip("*") and not rest.strip("*:/")


def everything(statement: Statement) -> tuple[Case, ...]:
    """Give the resource cases of a statement that stand for everything."""
    return tuple(case for case in statement.resources or () if reaches_everything(case))


def wildcards(statement: Statement) -> Iterator[Wildcard]:
    """List the actions of a statement that name a whole service, or all of them."""
    for case in statement.actions or ():
        pattern = plain(case)
        service, colon, verb = pattern.partition(":")
        if pattern.strip("*") == "" or (colon and service.strip("*") == "" and verb.strip("*") == ""):
            yield Wildcard("*", "*", case)
        elif colon and verb and verb.replace("?", "", 1).strip("*") == "" and "*" in verb:
            yield Wildcard(pattern, service.lower(), case)


def administers(statement: Statement) -> Iterator[tuple[Case, Guard]]:
    """List the action cases by which a statement allows everything on everything, each with its guard."""
    if not allows(statement) or bounded(statement):
        return
    for wildcard in wildcards(statement):
        if wildcard.service == "*":
            for resource in everything(statement):
                joined = both(wildcard.case.when, resource.when)
                if joined is not None:
                    yield wildcard.case, joined


def broad_wildcards(statement: Statement) -> tuple[Wildcard, ...]:
    """List the wildcards that give far more than a function can need; none for what `administers`."""
    if not allows(statement):
        return ()
    total = bool(everything(statement)) and not bounded(statement)
    return tuple(
        each
        for each in wildcards(statement)
        if not (total if each.service == "*" else _is_small(each.service))
    )


def _is_small(service: str) -> bool:
    known = catalogue.service(service)
    return known is not None and len(known.actions) <= SMALL_SERVICE


def widely(statement: Statement, wildcard: Wildcard) -> bool:
    """Tell whether a service's wildcard meets every resource of one of its kinds."""
    if bounded(statement):
        return False
    if statement.not_resources is not None:
        return True
    known = catalogue.service(wildcard.service)
    samples = (
        tuple(sample for kind in known.resource_types for sample in _samples(kind.arns)) if known else ()
    )
    return any(reaches_everything(case) or _meets(plain(case), samples) for case in statement.resources or ())


def names_resource(resource: Case) -> bool:
    """Tell whether a resource pattern says more of what it stands for than its service and kind."""
    pattern = plain(resource)
    known = catalogue.service(_target(pattern)[0])
    if known is None or reaches_everything(resource):
        return False
    return not any(_meets(pattern, _samples(kind.arns)) for kind in known.resource_types)


def _meets(resource: str, samples: tuple[tuple[str, str], ...]) -> bool:
    service, rest = _target(resource)
    if "*" not in rest:
        return False
    whose, which = matcher(service, ignore_case=True), matcher(rest)
    return any(whose(owner) and which(name) for owner, name in samples)


@lru_cache(maxsize=4096)
def _samples(arns: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Write an ARN of each format as service and rest, with names that only a wildcard matches."""
    split = (_PLACEHOLDER.sub(_SOME, arn).split(":", _ARN_PARTS - 1) for arn in arns)
    return tuple((parts[2], parts[5]) for parts in split if len(parts) == _ARN_PARTS)


@lru_cache(maxsize=8192)
def _kinds(action: Action) -> tuple[tuple[str, str], ...]:
    """Give samples of the resources an action must name; of all it can name when none is required."""
    service = catalogue.service(action.name.partition(":")[0])
    arns = {kind.name: kind.arns for kind in service.resource_types} if service else {}
    required = [use for use in action.resource_types if use.required] or list(action.resource_types)
    return tuple(sample for use in required for sample in _samples(arns.get(use.name, ())))


@lru_cache(maxsize=16384)
def _unlimited(pattern: str, resource: str, resources: tuple[str, ...]) -> tuple[Action, ...]:
    """List the actions of a pattern that a resource pattern, among others, does not hold to any single resource."""
    if "*" not in resource:
        return ()
    return tuple(
        action
        for action in actions.restrictable(pattern)
        if not resource.strip("*")
        or (_meets(resource, _kinds(action)) and not _held(_kinds(action), resources))
    )


def _held(kinds: tuple[tuple[str, str], ...], resources: tuple[str, ...]) -> bool:
    """Tell whether an action that takes several kinds at once is held to single resources of one of them.

    Such as `glue:GetTable` on every database but one table, or `ssm:SendCommand` with every document to one instance.
    """
    # A kind of which an account has but one, such as the Glue catalogue, has no name to be held to.
    named = [kind for kind in kinds if _SOME in kind[1]]
    closed = [kind for kind in named if not any(_meets(resource, (kind,)) for resource in resources)]
    return any(
        owner.lower() == service.lower() and matcher(name.replace(_SOME, "*"))(rest)
        for service, rest in map(_target, resources)
        for owner, name in closed
    )


def wide_reaches(statement: Statement) -> Iterator[Reach]:
    """List the actions (service wildcards aside) that an unbounded statement allows on every resource of a kind."""
    if not allows(statement) or not statement.actions or bounded(statement):
        return
    whole = {id(each.case) for each in wildcards(statement)}
    resources = tuple(plain(resource) for resource in statement.resources or ())
    for case in statement.actions:
        pattern = plain(case)
        if id(case) in whole or FILLED in pattern:
            continue
        for resource in statement.resources or ():
            found = _unlimited(pattern, plain(resource), resources)
            if found:
                yield Reach(pattern, case, resource, found)
