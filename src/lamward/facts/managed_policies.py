"""What an AWS managed policy gives a function, judged by its document."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

from msgspec import Struct

from lamward.facts import actions, breadth
from lamward.iam import documents, managed
from lamward.model.policy import Statement


class Extent(IntEnum):
    """How far a policy goes, from what an execution role ordinarily has to everything."""

    ORDINARY = 0
    READS = 1
    WRITES = 2
    SERVICES = 3
    COMPLEMENT = 4
    SOVEREIGN = 5
    EVERYTHING = 6


class Judgement(Struct, frozen=True):
    """How far a policy goes, and the action patterns that say so, the worst first."""

    extent: Extent
    patterns: tuple[str, ...] = ()
    sensitive: bool = False


@lru_cache(maxsize=512)
def judge(name: str) -> Judgement | None:
    """Judge a policy by its name; None when AWS has none of it, or no longer."""
    policy = documents.managed_policy(name)
    if policy is None:
        return None
    found = [
        each for statement in policy.statements if breadth.allows(statement) for each in _judged(statement)
    ]
    if not found:
        return Judgement(Extent.ORDINARY)
    extent = max(each for each, _, _ in found)
    # AWS writes service-role policies for one purpose; that they name no resources is AWS's choice, not the author's.
    if extent < Extent.SERVICES and "/service-role/" in (managed.arn_of(name) or ""):
        return Judgement(Extent.ORDINARY)
    worst = sorted((each for each in found if each[0] is extent), key=lambda each: not each[2])
    patterns = tuple(dict.fromkeys(pattern for _, pattern, _ in worst))
    return Judgement(extent, patterns, any(sensitive for _, _, sensitive in worst))


def retired(name: str) -> bool:
    """Tell whether AWS once had a policy of this name and has withdrawn it."""
    return managed.arn_of(name) is not None and managed.document(name) is None


def _judged(statement: Statement) -> Iterator[tuple[Extent, str, bool]]:
    """Say how far each part of a statement goes: extent, action pattern, whether it opens doors or holds content."""
    if any(breadth.administers(statement)):
        yield Extent.EVERYTHING, "*", True
        return
    if statement.not_actions is not None and breadth.everything(statement) and not breadth.bounded(statement):
        yield Extent.COMPLEMENT, "NotAction", True
    for wildcard in breadth.broad_wildcards(statement):
        if breadth.widely(statement, wildcard):
            yield _service(wildcard.service), wildcard.pattern, not _harmless(wildcard.service)
    for reach in breadth.wide_reaches(statement):
        elevating = any(actions.elevates(action.name) for action in reach.examples)
        content = any(actions.handles_content(action.name) for action in reach.examples)
        writes = any(not actions.reads(action) for action in reach.examples)
        if writes or content:
            yield Extent.WRITES if writes else Extent.READS, reach.pattern, elevating or content


def _harmless(service: str) -> bool:
    return actions.carries_telemetry(service) or actions.keeps_little(service)


def _service(service: str) -> Extent:
    """Say how far a whole service goes: measurements and logs no further than single actions elsewhere."""
    if actions.rules_the_account(service):
        return Extent.SOVEREIGN
    return Extent.WRITES if _harmless(service) else Extent.SERVICES
