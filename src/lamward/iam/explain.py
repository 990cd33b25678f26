"""Why a request is not allowed: for each statement that could have, the element that does not match."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from lamward.iam import context, evaluate, operands
from lamward.iam.compiled import compile_policy
from lamward.iam.conditions import View, compile_entry, written
from lamward.iam.keys import ALWAYS_SENT
from lamward.iam.worlds import every
from lamward.model.access import Decision, Layer, Policies, Request, Truth
from lamward.model.policy import ConditionEntry, Effect, Policy, Statement

SHOWN = 12


def why_not(decision: Decision, policies: Policies, request: Request) -> tuple[str, ...]:
    """Say what blocks a request, then for the nearest allow statements what keeps each from matching."""
    blocks = [f"{block.layer}: {block.reason}" for block in decision.blocked_by]
    near = [line for policy in every(policies) for line in _near(policy, request)]
    return (*dict.fromkeys(blocks), *near[:SHOWN])


def _near(policy: Policy, request: Request) -> Iterator[str]:
    """List the allow statements that speak of the action, with the first element that does not match."""
    for index, statement in enumerate(policy.statements):
        if statement.effect is Effect.ALLOW:
            reason = mismatch(policy, statement, request)
            if reason is not None and not reason.startswith("it does not speak"):
                name = f" of `{policy.name}`" if policy.name else ""
                yield f"statement {index + 1}{f' ({statement.sid})' if statement.sid else ''}{name}: {reason}"


def mismatch(policy: Policy, statement: Statement, request: Request) -> str | None:
    """Say which element of a statement does not match a request, principals aside; None when all do."""
    (compiled,) = compile_policy(Policy((statement,), version=policy.version), Layer.RESOURCE)
    if compiled.actions(request.action) is Truth.NO:
        return f"it does not speak of `{request.action}`"
    view = View.of(request, bounded=False)
    if compiled.resource is not None and compiled.resource(view) is Truth.NO:
        return f"its resources do not match `{view.resource}`"
    for entry in statement.conditions:
        if compile_entry(entry, variables=policy.version == "2012-10-17")(view) is Truth.NO:
            return _condition(entry, request)
    if compiled.match(view) is Truth.NO:
        return "a policy variable of it has no value"
    return None


def _condition(entry: ConditionEntry, request: Request) -> str:
    held = context.complete(request).get(entry.key.lower())
    shown = ", ".join(f"`{text}`" for text in map(written, entry.values) if text is not None)
    operator = operands.operator(entry.operator)
    negation = " " if operator is None or not operator.negated else " (negated) "
    value = "is absent" if not held else f"is `{held if isinstance(held, str) else ', '.join(held)}`"
    return f"`{entry.key}` {value}, and `{entry.operator}`{negation}compares with {shown}"


def turns_on(policies: Policies, request: Request) -> tuple[str, ...]:
    """List the keys that AWS always sends, that the request does not state, and that the decision turns on.

    They count as absent, like every key that is not stated; but no real request lacks them.
    """
    said = {key.lower() for key in (*request.context, *request.unknown_keys)}
    compared = {
        entry.key.lower(): entry.key
        for document in every(policies)
        for statement in document.statements
        for entry in statement.conditions
    }
    keys = [compared[key] for key in ALWAYS_SENT if key in compared and key not in said]
    if not keys:
        return ()
    open_ = replace(request, unknown_keys=(*request.unknown_keys, *keys))
    same = evaluate.decide(policies, open_).verdict is evaluate.decide(policies, request).verdict
    return () if same else tuple(keys)
