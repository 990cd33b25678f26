"""Policies of accesses, and policies as one deployment has them: what is proved is proved of texts, not references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from lamward.facts import Facts
from lamward.facts.needs.defaults import by_default
from lamward.facts.power import imagined
from lamward.iam.minimise import Allow, policy
from lamward.iam.worlds import bind, scalars
from lamward.model.access import Policies
from lamward.model.evidence import Access, Condition
from lamward.model.policy import Policy
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic


def single(access: Access) -> Policies:
    """Give the policy that allows one access and nothing else."""
    return Policies(identity=(policy([Allow((access.action,), (access.resource,), access.conditions)]),))


def together(accesses: Iterable[Access]) -> Policies:
    """Give the policy that allows some accesses and nothing else: what is proved of it is proved of each of them.

    Its statements are of one action each, whatever minimised policies make of them.
    """
    groups: dict[tuple[str, tuple[Condition, ...]], dict[Known | Symbolic, None]] = {}
    apart: list[Allow] = []
    for each in accesses:
        if _may_vary(each.resource):
            # A variable without a value keeps its whole statement from matching: it must not speak for others.
            apart.append(Allow((each.action,), (each.resource,), each.conditions))
        else:
            groups.setdefault((each.action, each.conditions), {})[each.resource] = None
    grouped = (Allow((action,), tuple(found), conditions) for (action, conditions), found in groups.items())
    return Policies(identity=(policy([*grouped, *apart]),))


def _may_vary(resource: Known | Symbolic) -> bool:
    """Tell whether a resource may hold a policy variable."""
    parts = resource.parts if isinstance(resource, Symbolic) else (str(resource.value),)
    return any(isinstance(part, str) and "${" in part for part in parts)


def deployed(facts: Facts, held: Policies) -> Policies:
    """Give policies as one deployment has them, so that a table's name and its ARN are known to be the same table."""
    return Policies(
        identity=tuple(_bound(facts, each) for each in held.identity),
        boundary=None if held.boundary is None else tuple(_bound(facts, each) for each in held.boundary),
    )


def _bound(facts: Facts, document: Policy) -> Policy:
    """Fill in all references to resources; one whose ARN nobody lists is called by its own name everywhere."""
    known = imagined(facts).bindings
    bindings = {
        each: known.get(each, each.target)
        for each in set(_references(document))
        if each in known or each.kind is ReferenceKind.RESOURCE
    }
    return bind(by_default(document), bindings)


def filled(held: Policies) -> Policies:
    """Call parameters and imports by their own names, as the needs do: the same stands for the same."""
    return replace(
        held,
        identity=tuple(
            bind(document, {each: each.target.replace("::", "-") for each in _references(document)})
            for document in held.identity
        ),
    )


def _references(document: Policy) -> Iterator[Reference]:
    for statement in document.statements:
        for case in scalars(statement):
            if isinstance(case.value, Symbolic):
                yield from case.value.references
