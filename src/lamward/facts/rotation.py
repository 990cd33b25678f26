"""Which secrets a schedule replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.branches import without
from lamward.facts.links import resources_named
from lamward.model.application import Resource
from lamward.model.value import Guard, at


@fact
def _schedules(facts: Facts) -> dict[str, tuple[Guard, ...]]:
    """List for each secret the branches in which a schedule replaces it."""
    found: dict[str, list[Guard]] = defaultdict(list)
    for resource in facts.application.resources.values():
        if resource.type == "AWS::SecretsManager::RotationSchedule":
            for secret, when in resources_named(facts, at(resource.properties, "SecretId"), resource.when):
                found[_behind(facts, secret).id].append(when)
    return {secret: tuple(guards) for secret, guards in found.items()}


def _behind(facts: Facts, resource: Resource) -> Resource:
    """Follow an attachment to a database to its secret: schedules often wait for it."""
    if resource.type == "AWS::SecretsManager::SecretTargetAttachment":
        for secret, _ in resources_named(facts, at(resource.properties, "SecretId")):
            return secret
    return resource


def unrotated_branches(facts: Facts, secret: Resource) -> Iterator[Guard]:
    """List the branches of the template in which no schedule replaces a secret."""
    left = [secret.when]
    for guard in _schedules(facts).get(secret.id, ()):
        left = [rest for each in left for rest in without(facts, each, guard)]
    yield from left
