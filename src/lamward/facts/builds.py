"""Build projects that deploy: who starts them, and what they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.secret_flows import told_secret
from lamward.facts.secrets import Secret
from lamward.model.application import Resource
from lamward.model.value import (
    Absent,
    Case,
    Fields,
    Guard,
    Items,
    OneOf,
    Value,
    at,
    cases,
    elements,
    text_of,
    truth_of,
)

_REVIEWED: Final = frozenset({"ALL_PULL_REQUESTS", "FORK_PULL_REQUESTS"})
_OPENING: Final = ("PULL_REQUEST_CREATED", "PULL_REQUEST_REOPENED", "PULL_REQUEST_UPDATED")
"""Events that anybody causes who may propose a change; merging and closing take more."""


class ShownSecret(Struct, frozen=True):
    """A secret that the deployment puts into a variable of a build project, for everybody to see."""

    project: Resource
    variable: str
    secret: Secret
    when: Guard


def shown_by_builds(facts: Facts) -> Iterator[ShownSecret]:
    """List the secrets in variables of builds that the deployment fills in."""
    for project in facts.application.resources.values():
        for name, case in _plain_variables(project) if project.type == "AWS::CodeBuild::Project" else ():
            secret = told_secret(facts, case)
            if secret is not None:
                yield ShownSecret(project, name, secret, case.when)


def _plain_variables(project: Resource) -> Iterator[tuple[str, Case]]:
    """List the variables of a build that stand in its project as they are, by name, in every branch."""
    for each in elements(at(project.properties, "Environment", "EnvironmentVariables"), project.when):
        name = text_of(at(each.value, "Name")) or ""
        for kind in cases(at(each.value, "Type"), each.when):
            if isinstance(kind.value, Absent) or text_of(kind.value) == "PLAINTEXT":
                yield from ((name, case) for case in cases(at(each.value, "Value"), kind.when))


def unreviewed_branches(project: Resource) -> Iterator[Guard]:
    """List the branches of the template in which a proposed change starts a build before anybody has looked at it."""
    triggers = at(project.properties, "Triggers")
    for hook in cases(at(triggers, "Webhook"), project.when):
        if not truth_of(hook.value):
            continue
        for policy in cases(at(triggers, "PullRequestBuildPolicy", "RequiresCommentApproval"), hook.when):
            if text_of(policy.value) in _REVIEWED:
                continue
            for groups in cases(at(triggers, "FilterGroups"), policy.when):
                if _starts_for_proposals(groups.value):
                    yield groups.when


def _starts_for_proposals(groups: Value) -> bool:
    if not isinstance(groups, Items):
        return isinstance(groups, Absent)
    return not groups.items or any(_lets_proposals_in(group) for group in groups.items)


def _lets_proposals_in(group: Value) -> bool:
    """Tell whether a group of filters, all of which must hold, lets in changes that anybody proposes."""
    if isinstance(group, OneOf) or not isinstance(group, Items):
        return False
    filters = [each for each in group.items if isinstance(each, Fields)]
    events = [text_of(at(each, "Pattern")) or "" for each in filters if text_of(at(each, "Type")) == "EVENT"]
    named = any(
        text_of(at(each, "Type")) == "ACTOR_ACCOUNT_ID" and not truth_of(at(each, "ExcludeMatchedPattern"))
        for each in filters
    )
    return not named and any(event in text for text in events for event in _OPENING)
