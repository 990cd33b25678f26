"""Who may deploy from GitHub: which repositories and branches a role trusts.

Source: GitHub documentation, "OpenID Connect reference", the subject of a token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.accounts import written
from lamward.facts.breadth import administers, allows, broad_wildcards
from lamward.facts.grants import attachments
from lamward.facts.managed_policies import Extent, judge
from lamward.facts.power import documents_of
from lamward.model.application import Role
from lamward.model.finding import Severity
from lamward.model.location import Location
from lamward.model.policy import ConditionEntry, Statement
from lamward.model.value import AssumptionKind, Case, Guard, both, location_of

_ISSUER: Final = "token.actions.githubusercontent.com"
_SUBJECT: Final = f"{_ISSUER}:sub"
_BINDING: Final = re.compile(
    re.escape(_ISSUER) + r":(?:ref|environment|job_workflow_ref|workflow_ref|repository(?:_id)?)"
)
_WILD: Final = re.compile(r"[*?]")
_PARTS: Final = re.compile(r"repo:(?P<owner>[^/:]*)(?:/(?P<name>[^:]*)(?::(?P<what>.*))?)?", re.DOTALL)


class LooseTrust(Struct, frozen=True):
    """A subject that admits more of GitHub than one branch or environment of one repository."""

    location: Location
    when: Guard
    subject: str
    admits: str
    severity: Severity


def loose_trusts(facts: Facts, role: Role) -> Iterator[LooseTrust]:
    """List the subjects by which a role lets in more than one branch or environment of a repository."""
    for statement in role.trust.statements if role.trust else ():
        within = both(role.when, statement.when)
        if within is None or not allows(statement) or _is_bound_otherwise(statement):
            continue
        for entry in statement.conditions:
            for case in entry.values if _compares_subject(entry) else ():
                when = _when(within, entry, case)
                admitted = _admits(written(case.value)) if when is not None else None
                if when is not None and admitted:
                    admits, severity = admitted
                    if severity is Severity.MEDIUM and _may_do_much(facts, role):
                        severity = Severity.HIGH
                    yield LooseTrust(location_of(case.value), when, written(case.value), admits, severity)


def _may_do_much(facts: Facts, role: Role) -> bool:
    """Tell whether a role may do everything, or all of a service."""
    statements = (each for document in documents_of(facts, role) for each in document.statements)
    if any((*administers(each), *broad_wildcards(each)) for each in statements):
        return True
    judged = (judge(each.name) for each in attachments(facts, role) if each.name)
    return any(each is not None and each.extent >= Extent.SERVICES for each in judged)


def _is_bound_otherwise(statement: Statement) -> bool:
    """Tell whether another claim says which branch, environment or repository is meant."""
    return any(
        _BINDING.fullmatch(entry.key.lower())
        and not any(written(case.value) in {"", "*"} for case in entry.values)
        for entry in statement.conditions
        if not entry.operator.lower().endswith("ifexists")
    )


def _compares_subject(entry: ConditionEntry) -> bool:
    # Only `StringLike` reads wildcards; for `StringEquals` a star is a star, which no token has.
    operator = entry.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    return entry.key.lower() == _SUBJECT and operator == "stringlike"


def _when(within: Guard, entry: ConditionEntry, case: Case) -> Guard | None:
    joined = both(within, entry.when)
    joined = None if joined is None else both(joined, case.when)
    # Who deploys gives another pattern than a parameter's default.
    given = joined is not None and any(each.kind is AssumptionKind.DEFAULT for each in joined)
    return None if given else joined


def _admits(subject: str) -> tuple[str, Severity] | None:
    """Say what a pattern of subjects lets in, and how bad that is; None for what is narrow enough."""
    parts = _PARTS.fullmatch(subject)
    if parts is None:
        return None
    owner, name, what = parts["owner"], parts["name"], parts["what"]
    if _WILD.search(owner):
        # All of GitHub is `open-trust-policy`'s matter.
        return None if subject == "repo:*" else ("owners whose names anybody may register", Severity.CRITICAL)
    if name is None or _WILD.search(name):
        return "repositories that are not named, of this owner", Severity.HIGH
    if what is None or what.strip("*") == "":
        return "every branch, tag and pull request of the repository", Severity.MEDIUM
    if what == "pull_request":
        return "every pull request of the repository, before anybody has reviewed it", Severity.MEDIUM
    return None
