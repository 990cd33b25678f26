"""An account as far as permissions go: who is there, what runs as whom."""

from __future__ import annotations

from msgspec import Struct

from lamward.model.access import Policies
from lamward.model.policy import Policy


class Entity(Struct, frozen=True):
    """A role or a user. `policies` are those of its side: identity, boundary, service control.

    `attached` are the ARNs of the customer managed policies among them, `groups` the ARNs of a user's groups.
    """

    arn: str
    policies: Policies
    trust: Policy | None = None
    attached: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def is_role(self) -> bool:
        """Whether it is a role."""
        return ":role/" in self.arn


class FunctionNode(Struct, frozen=True):
    """A function, its role, and the ARN of the object or repository its code is deployed from (or empty)."""

    arn: str
    role: str
    artifact: str = ""


class Workload(Struct, frozen=True):
    """Something other than a function that runs with a role; `service` is the principal that assumes it."""

    arn: str
    service: str
    role: str


class Account(Struct, frozen=True):
    """All of one account."""

    entities: tuple[Entity, ...]
    functions: tuple[FunctionNode, ...] = ()
    workloads: tuple[Workload, ...] = ()
