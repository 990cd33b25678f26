"""Remarks on the elements of a statement, its conditions aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lamward.iam import catalogue, pattern, platform
from lamward.iam.automaton import Exhausted
from lamward.iam.conditions import written
from lamward.iam.examples import Shape, shapes
from lamward.iam.lint.remark import Kind, Remark, place
from lamward.model.policy import Effect, Policy, PrincipalKind, Statement
from lamward.model.value import Case


def remarks(policy: Policy, index: int, statement: Statement, kind: Kind) -> Iterator[Remark]:
    """List the remarks on one statement."""
    for unknown in statement.unreadable:
        where = unknown.origins[0] if unknown.origins else statement.location
        yield Remark("unreadable", unknown.reason, location=where, statement=index)
    yield from _actions(index, statement)
    yield from _purpose(index, statement, kind)
    yield from _resources(policy, index, statement, kind)
    yield from _principals(index, statement, kind)


def _actions(index: int, statement: Statement) -> Iterator[Remark]:
    for case in (*(statement.actions or ()), *(statement.not_actions or ())):
        text = written(case)
        if isinstance(text, str):
            for name, message, hint in _action(text):
                yield Remark(name, message, hint, place(case, statement), index)


def _action(text: str) -> Iterator[tuple[str, str, str]]:
    if text != text.strip() or "," in text or not text:
        yield (
            "malformed-action",
            f"`{text}` never matches an action",
            "write one action, without spaces or commas",
        )
    elif "*" in text or "?" in text:
        if not catalogue.matching(text):
            yield "unknown-action", f"no action matches `{text}`", _suggestion(text.rstrip("*?"))
    elif catalogue.action(text) is None:
        prefix = text.partition(":")[0]
        what = (
            f"`{prefix}` is not a service"
            if catalogue.service(prefix) is None
            else f"there is no action `{text}`"
        )
        yield "unknown-action", what, _suggestion(text)


def _purpose(index: int, statement: Statement, kind: Kind) -> Iterator[Remark]:
    """Say what a document of its kind may not have."""
    if kind is Kind.TRUST:
        for case in statement.actions or ():
            text = written(case)
            if isinstance(text, str) and not pattern.matcher("sts:*", ignore_case=True)(text):
                message = f"a trust policy lets a role be assumed and nothing else: AWS refuses `{text}`"
                hint = "keep to actions such as `sts:AssumeRole`"
                yield Remark("foreign-action-in-trust-policy", message, hint, place(case, statement), index)
    if kind is Kind.RESOURCE_CONTROL and statement.effect is Effect.ALLOW:
        message = "a resource control policy of one's own only denies: AWS refuses `Allow` in it"
        hint = "`RCPFullAWSAccess`, which AWS attaches, is what allows"
        yield Remark("allow-in-resource-control-policy", message, hint, statement.location, index)


def _suggestion(text: str) -> str:
    found = catalogue.suggest(text)
    return f"did you mean {' or '.join(f'`{each}`' for each in found)}?" if found else ""


def _resources(policy: Policy, index: int, statement: Statement, kind: Kind) -> Iterator[Remark]:
    if kind is Kind.TRUST:
        if statement.resources is not None or statement.not_resources is not None:
            message = (
                "a trust policy names no resources: the role is the resource, and AWS refuses the document"
            )
            yield Remark("resource-in-trust-policy", message, "remove it", statement.location, index)
        return
    if statement.resources is None and statement.not_resources is None:
        yield Remark("missing-resource", "the statement has no `Resource`", "", statement.location, index)
        return
    variables = policy.version == "2012-10-17"
    actions = _known_actions(statement)
    known = dict.fromkeys(shape for action in actions for shape in shapes(action))
    listed = {shape for action in _in_full(statement, actions) for shape in shapes(action)}
    fitting: set[Shape] = set()
    for case in statement.resources or ():
        text = written(case)
        if text is None or (isinstance(text, str) and not text.strip("*")):
            return
        pieces = pattern.parse(text, variables=variables)
        own = {shape for shape in listed if _may_meet(pieces, shape)}
        if known and not own and not any(_may_meet(pieces, shape) for shape in known):
            message = f"no action of the statement takes a resource like `{text}`"
            yield Remark("resource-never-matches", message, _expected(known), place(case, statement), index)
        fitting |= own
    if statement.resources:
        yield from _idle_actions(index, statement, actions, fitting)


def _idle_actions(
    index: int, statement: Statement, actions: tuple[catalogue.Action, ...], fitting: set[Shape]
) -> Iterator[Remark]:
    """Name the actions written out in full that none of the resources fits."""
    for action, case in _in_full(statement, actions).items():
        if not action.supports_resources:
            if platform.may_compare_more(action.name) or _names(
                statement, platform.fixed_resource(action.name)
            ):
                continue
            message = f"`{action.name}` knows no resources, so only `*` matches it"
            hint = "give it a statement of its own with `Resource: '*'`"
            yield Remark("action-never-matches", message, hint, place(case, statement), index)
        elif not fitting.intersection(shapes(action)):
            message = f"no resource of the statement is one that `{action.name}` takes"
            yield Remark(
                "action-never-matches",
                message,
                _expected(shapes(action)),
                place(case, statement),
                index,
            )


def _names(statement: Statement, resource: str) -> bool:
    texts = (written(case) for case in statement.resources or ())
    return any(isinstance(each, str) and pattern.matcher(each)(resource) for each in texts)


def _in_full(statement: Statement, actions: tuple[catalogue.Action, ...]) -> dict[catalogue.Action, Case]:
    """Give the actions of a statement that are written without wildcards, each with its place."""
    found: dict[catalogue.Action, Case] = {}
    for case in statement.actions or ():
        text = written(case)
        action = catalogue.action(text) if isinstance(text, str) and "*" not in text else None
        if action is not None and action in actions:
            found.setdefault(action, case)
    return found


def _expected(wanted: Iterable[Shape]) -> str:
    texts = sorted({shape.text for shape in wanted})
    shown = ", ".join(f"`{each}`" for each in texts[:3])
    return f"they are like {shown}{' …' if len(texts) > 3 else ''}"


def _may_meet(pieces: pattern.Pattern, shape: Shape) -> bool:
    try:
        return pattern.may_meet(pieces, shape.pieces)
    except Exhausted:
        return True


def _known_actions(statement: Statement) -> tuple[catalogue.Action, ...]:
    found: dict[str, catalogue.Action] = {}
    for case in statement.actions or ():
        text = written(case)
        if not isinstance(text, str):
            return ()
        found.update((action.name, action) for action in catalogue.matching(text))
    return tuple(found.values())


_WITH_PRINCIPAL = (Kind.RESOURCE, Kind.TRUST, Kind.RESOURCE_CONTROL)


def _principals(index: int, statement: Statement, kind: Kind) -> Iterator[Remark]:
    named = (*(statement.principals or ()), *(statement.not_principals or ()))
    written_at_all = statement.principals is not None or statement.not_principals is not None
    if written_at_all and kind not in _WITH_PRINCIPAL:
        yield Remark(
            "principal-in-identity-policy",
            f"{'an' if kind is Kind.INLINE else 'a'} {kind} has no principals",
            "",
            statement.location,
            index,
        )
    if not written_at_all and kind in _WITH_PRINCIPAL:
        yield Remark(
            "missing-principal",
            "a statement without a principal never matches",
            "",
            statement.location,
            index,
        )
    if statement.not_principals is not None:
        if statement.effect is Effect.ALLOW:
            message = "`NotPrincipal` with `Allow` is not supported by AWS"
            yield Remark(
                "not-principal-with-allow", message, "name the principals", statement.location, index
            )
        else:
            message = "`NotPrincipal` denies everyone who has a permissions boundary"
            hint = "use `Principal: '*'` and a condition on `aws:PrincipalArn`"
            yield Remark("not-principal", message, hint, statement.location, index)
    for principal in named:
        text = written(principal.value)
        inside = isinstance(text, str) and ("*" in text or "?" in text) and text != "*"
        if inside and principal.kind is not PrincipalKind.ANYONE:
            message = f"a wildcard inside the principal `{text}` is not one: it matches nobody"
            hint = "use `*` alone and a condition on `aws:PrincipalArn`"
            yield Remark("wildcard-in-principal", message, hint, place(principal.value, statement), index)
