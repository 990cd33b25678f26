"""Lint for policies: what is wrong in a document, or without effect, each with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from lamward.iam import documents
from lamward.iam.lint import conditions, elements
from lamward.iam.lint.remark import Kind, Remark
from lamward.model.policy import Policy

LIMITS: Final = {
    Kind.MANAGED: 6_144,
    Kind.INLINE: 10_240,
    Kind.TRUST: 2_048,
    Kind.RESOURCE: 20_480,
    Kind.SERVICE_CONTROL: 5_120,
    Kind.RESOURCE_CONTROL: 5_120,
}
"""Characters that AWS accepts, white space not counted (IAM and Organizations quotas; 20,480 is Lambda's)."""


MOST_STATEMENTS: Final = 420
"""More than fit into any document that AWS takes: what is too large is told, and not proved about."""


def lint(policy: Policy, kind: Kind = Kind.INLINE, *, proofs: bool = True) -> tuple[Remark, ...]:
    """List the remarks on a policy, in the order of its statements; `proofs` looks for statements without effect."""
    found = [*_document(policy, kind)]
    for index in range(len(policy.statements)):
        found += statement_remarks(policy, index, kind)
    if proofs and len(policy.statements) <= MOST_STATEMENTS:
        # The engine behind this takes a moment to load.
        from lamward.iam.lint import effects

        found += effects.remarks(policy)
    return tuple(sorted(found, key=lambda each: -1 if each.statement is None else each.statement))


def statement_remarks(policy: Policy, index: int, kind: Kind = Kind.INLINE) -> Iterator[Remark]:
    """List the remarks on one statement by itself."""
    statement = policy.statements[index]
    yield from elements.remarks(policy, index, statement, kind)
    yield from conditions.remarks(policy, index, statement)


def _document(policy: Policy, kind: Kind) -> Iterator[Remark]:
    for unknown in policy.unreadable:
        where = unknown.origins[0] if unknown.origins else policy.location
        yield Remark("unreadable", unknown.reason, location=where)
    if policy.version != "2012-10-17" and policy.statements:
        message = "the version is 2008-10-17, which is what a policy without `Version` has"
        yield Remark("old-version", message, "write `Version: '2012-10-17'`", policy.location)
    size = len(json.dumps(documents.to_data(policy), separators=(",", ":"), ensure_ascii=False))
    if size > LIMITS[kind]:
        message = f"the document has {size} characters, and AWS takes {LIMITS[kind]} for a {kind}"
        yield Remark("too-large", message, "split it, or join actions with wildcards", policy.location)
    sids = [statement.sid for statement in policy.statements if statement.sid]
    for sid in sorted({sid for sid in sids if sids.count(sid) > 1}):
        yield Remark("repeated-sid", f"`{sid}` is the sid of several statements", "", policy.location)


__all__ = ["LIMITS", "Kind", "Remark", "lint", "statement_remarks"]
