"""The specification: an evaluator that reads like AWS's decision diagram and is far too slow to use.

Sources: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic", "Condition operators";
AWS Organizations User Guide on control policies. [emp] marks what practice shows and those pages do not say.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from lamward.iam import context, platform, worlds
from lamward.iam.attached import with_attached
from lamward.iam.principals import Naming
from lamward.iam.reference.statement import Asked, applies, ask, names
from lamward.model.access import (
    Block,
    CallerKind,
    Decision,
    Determining,
    Layer,
    Policies,
    Request,
    Truth,
    Verdict,
)
from lamward.model.policy import Effect, Policy, Statement

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
HUMANS_AND_ROLES = (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER)


def decide(policies: Policies, request: Request) -> Decision:
    """Decide a request."""
    return worlds.across(with_attached(policies), request, _decide)


class _Hit(Struct, frozen=True):
    """A statement that matches, or may."""

    layer: Layer
    level: int
    policy: Policy
    index: int
    statement: Statement | None
    truth: Truth
    naming: Naming

    @property
    def determining(self) -> Determining:
        found = self.statement or Statement(Effect.DENY)
        return Determining(self.layer, self.policy.name, self.index, found.sid, found.location)


def _decide(policies: Policies, request: Request) -> Decision:
    if platform.is_free(request.action.lower(), request.principal.kind):
        return Decision(Verdict.ALLOWED)
    refused = platform.refusal(request)
    if refused:
        return Decision(Verdict.EXPLICITLY_DENIED, blocked_by=(Block(Layer.AWS, refused),))
    hits = list(_hits(policies, ask(policies, request)))

    denies = [hit for hit in hits if hit.statement is None or hit.statement.effect is Effect.DENY]
    certain = [hit for hit in denies if hit.truth is YES]
    if certain:
        blocks = tuple(Block(hit.layer, "a statement denies it", hit.determining) for hit in certain)
        return Decision(Verdict.EXPLICITLY_DENIED, tuple(hit.determining for hit in certain), blocks)
    undenied = ~_any(hit.truth for hit in denies)

    allows = [hit for hit in hits if hit.statement is None or hit.statement.effect is Effect.ALLOW]
    ceilings = _ceilings(policies, request, allows)
    path = _best(_paths(policies, request, allows))
    blocks = tuple(Block(layer, why) for layer, why, truth in (*ceilings, *path) if truth is NO)
    if blocks:
        return Decision(Verdict.IMPLICITLY_DENIED, blocked_by=blocks)
    if undenied is UNKNOWN or any(truth is UNKNOWN for _, _, truth in (*ceilings, *path)):
        return Decision(
            Verdict.UNKNOWN, unknowns=tuple(_why(hits)) or ("the resource's own policy is not known",)
        )
    layers = {layer for layer, _, _ in (*ceilings, *path)}
    chosen = (hit for hit in allows if hit.layer in layers and hit.truth is YES)
    return Decision(Verdict.ALLOWED, tuple(hit.determining for hit in chosen))


def _why(hits: Iterable[_Hit]) -> Iterable[str]:
    return dict.fromkeys(
        f"statement {hit.index + 1} of the {hit.layer}{f' `{hit.policy.name}`' if hit.policy.name else ''} may match"
        if hit.statement
        else f"the {hit.layer} cannot be read in full: {hit.policy.unreadable[0].reason}"
        for hit in hits
        if hit.truth is UNKNOWN
    )


_Step = tuple[Layer, str, Truth]
"""What must allow, what it means when it does not, and whether it does."""


def _ceilings(policies: Policies, request: Request, allows: list[_Hit]) -> list[_Step]:
    """Control policies, each level of which must allow, and the endpoint: everyone passes below these."""
    found: list[_Step] = []
    if _resource_control_binds(policies, request):
        for level in range(len(policies.resource_control)):
            truth = _any(
                hit.truth for hit in allows if (hit.layer, hit.level) == (Layer.RESOURCE_CONTROL, level)
            )
            found.append((Layer.RESOURCE_CONTROL, f"level {level + 1} does not allow it", truth))
    if _service_control_binds(policies, request):
        for level in range(len(policies.service_control)):
            truth = _any(
                hit.truth for hit in allows if (hit.layer, hit.level) == (Layer.SERVICE_CONTROL, level)
            )
            found.append((Layer.SERVICE_CONTROL, f"level {level + 1} does not allow it", truth))
    if policies.endpoint is not None:
        found.append((Layer.ENDPOINT, "no statement allows it", _allowed(allows, Layer.ENDPOINT)))
    return found


def _paths(policies: Policies, request: Request, allows: list[_Hit]) -> list[list[_Step]]:
    """List every way to be allowed: all steps of one path must allow; grants by the resource only if there."""
    caller = request.principal
    named = {grade: _allowed(allows, Layer.RESOURCE, grade) for grade in Naming}
    anyhow = _any(named.values())
    governed = platform.governed_by_resource(request.action, request.resource)
    if governed and policies.resource is None:
        named = dict.fromkeys(Naming, UNKNOWN)
        anyhow = UNKNOWN
    resource: _Step = (Layer.RESOURCE, "no statement allows it", anyhow)
    if caller.kind not in HUMANS_AND_ROLES:
        return [[resource]]
    if caller.kind is CallerKind.ROOT and request.action.lower() == "sts:assumerole":
        return [[(Layer.AWS, "the root user cannot assume roles", NO)]]

    limits: list[_Step] = []
    if policies.boundary is not None and caller.kind is not CallerKind.ROOT:
        limits.append((Layer.BOUNDARY, "no statement allows it", _allowed(allows, Layer.BOUNDARY)))
    if policies.session is not None and caller.kind is not CallerKind.ROOT:
        limits.append((Layer.SESSION, "no statement allows it", _allowed(allows, Layer.SESSION)))
    identity = YES if caller.kind is CallerKind.ROOT else _allowed(allows, Layer.IDENTITY)
    identified: list[_Step] = [(Layer.IDENTITY, "no statement allows it", identity), *limits]

    if not context.same_account(request):
        return [[resource, *identified]]
    direct: _Step = (Layer.RESOURCE, "no statement names the caller", named[Naming.CALLER])
    limited: _Step = (Layer.RESOURCE, "no statement names the caller's role or user", named[Naming.ISSUER])
    delegated: _Step = (Layer.RESOURCE, "no statement delegates to the account", named[Naming.ACCOUNT])
    granted = [path for path in ([direct], [limited, *limits]) if path[0][2] is not NO]
    return [[delegated, *identified] if governed else identified, *granted]


def _best(paths: list[list[_Step]]) -> list[_Step]:
    """Give the path that comes nearest to allowing; the first of equals."""
    return max(paths, key=lambda path: (min(step[2] for step in path), -sum(step[2] is NO for step in path)))


def _any(truths: Iterable[Truth]) -> Truth:
    return max(truths, default=NO)


def _allowed(allows: list[_Hit], layer: Layer, grade: Naming | None = None) -> Truth:
    return _any(hit.truth for hit in allows if hit.layer is layer and grade in (None, hit.naming))


def _resource_control_binds(policies: Policies, request: Request) -> bool:
    return (
        not policies.resource_in_management_account
        and not request.principal.service_linked
        and platform.has_resource_control(request.action)
    )


def _service_control_binds(policies: Policies, request: Request) -> bool:
    caller = request.principal
    return (
        not policies.caller_in_management_account
        and not caller.service_linked
        and caller.kind in HUMANS_AND_ROLES
    )


def _hits(policies: Policies, asked: Asked) -> Iterable[_Hit]:
    """List the statements of all layers that bind the request and that match, or may."""
    request = asked.request
    layers: list[tuple[Layer, int, tuple[Policy, ...]]] = []
    if _resource_control_binds(policies, request):
        layers += [
            (Layer.RESOURCE_CONTROL, number, each) for number, each in enumerate(policies.resource_control)
        ]
    if _service_control_binds(policies, request):
        layers += [
            (Layer.SERVICE_CONTROL, number, each) for number, each in enumerate(policies.service_control)
        ]
    layers.append((Layer.ENDPOINT, 0, policies.endpoint or ()))
    layers.append((Layer.RESOURCE, 0, () if policies.resource is None else (policies.resource,)))
    if request.principal.kind in HUMANS_AND_ROLES and request.principal.kind is not CallerKind.ROOT:
        layers.append((Layer.BOUNDARY, 0, policies.boundary or ()))
        layers.append((Layer.SESSION, 0, policies.session or ()))
        layers.append((Layer.IDENTITY, 0, policies.identity))
    for layer, level, documents in layers:
        for policy in documents:
            for index, statement in enumerate(policy.statements):
                grades = names(layer, statement, asked)
                rest = applies(policy, statement, layer, asked)
                for grade, truth in grades.items():
                    if truth & rest is not NO:
                        yield _Hit(layer, level, policy, index, statement, truth & rest, grade)
            if policy.unreadable:
                for grade in Naming:
                    yield _Hit(layer, level, policy, -1, None, UNKNOWN, grade)
