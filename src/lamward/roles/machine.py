"""Least-privilege roles as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lamward.facts.needs.compare import Comparison
from lamward.facts.needs.least import Least
from lamward.iam.reach import Extent
from lamward.model.application import Role
from lamward.model.evidence import Access
from lamward.model.report import Failure
from lamward.report.encode import encode
from lamward.roles import trail
from lamward.roles.document import document, text
from lamward.roles.told import evidence, place, shown

VERSION: Final = 1
"""The version of this JSON; raised when a key changes its meaning or goes away."""


def machine(found: Sequence[Least], idle: Sequence[Role] = (), failures: Sequence[Failure] = ()) -> str:
    """Write all that is known of functions, with their policies in template form.

    `idle` are the roles that nothing has or used, `failures` say what could not be read.
    """
    return encode(
        {
            "version": VERSION,
            "functions": [_function(each) for each in found],
            "idle_roles": [each.id for each in idle],
            "not_read": [
                {"message": each.message, "place": str(each.location), "help": each.hint} for each in failures
            ],
        }
    )


def _function(least: Least) -> dict[str, Any]:
    code = least.needs.code
    analysis = code.analysis
    return {
        "function": least.function.declared_by or least.function.id,
        "complete": least.needs.complete,
        "whole": least.needs.whole,
        "not_analysed": code.missing,
        "policy": document(least.statements),
        "managed_policies": [document(each) for each in least.packing.managed],
        "widened": [
            {"actions": each.actions, "resource": each.resource, "instead_of": each.instead}
            for each in least.packing.widened
        ],
        "right_for_stack_names_up_to": least.right_up_to,
        "needs": [_access(each) for each in least.needs.accesses],
        "advice": [_access(each) for each in least.needs.advice],
        "needs_of_other_roles": [_access(each) for each in code.remote],
        "unresolved": [
            {"why": each.why.value, "reason": each.reason, "place": place(each.location)}
            for each in code.unresolved
        ],
        "unreached": [
            {"call": f"{each.service}.{each.operation}", "place": place(each.location)}
            for each in (analysis.unreached if analysis else ())
        ],
        "failures": [
            {"message": each.message, "place": place(each.location)}
            for each in (analysis.failures if analysis else ())
        ],
        "proofs": [
            {"claim": each.claim, "holds": each.holds, "reason": each.reason} for each in least.proofs
        ],
        "granted": _comparison(least.comparison) if least.comparison else None,
        "trail": trail.data(least),
        "reach": {"before": _extent(least.before), "after": _extent(least.after)},
    }


def _access(access: Access) -> dict[str, Any]:
    return {
        "action": access.action,
        "resource": text(access.resource),
        "conditions": [
            {"operator": operator, "key": key, "value": text(value)}
            for operator, key, value in access.conditions
        ],
        "tier": access.tier.value,
        "evidence": [evidence(each) for each in access.evidence],
        "unknowns": access.unknowns,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "role": comparison.role.declared_by or comparison.role.id,
        "actions": comparison.granted,
        "answers": [
            {
                "action": each.access.action,
                "resource": shown(each.access.resource),
                "granted": each.granted.value,
                "reason": each.reason,
            }
            for each in comparison.answers
        ],
        "more_than_needed": [
            {
                "policy": each.policy.name,
                "place": place(each.statement.location),
                "unneeded": each.actions,
                "unneeded_actions": each.spare,
                "too_broad": each.broad,
            }
            for each in comparison.surplus
        ],
        "unreadable": comparison.unreadable,
    }


def _extent(extent: Extent | None) -> dict[str, Any] | None:
    if extent is None:
        return None
    return {
        "capabilities": extent.capabilities,
        "entities": extent.entities,
        "administrator": extent.administrator,
    }
