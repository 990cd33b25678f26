"""What is asked of a set of policies, and what they answer: requests, layers, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from msgspec import Struct

from lamward.model.location import NOWHERE, Location
from lamward.model.policy import Policy


class Truth(IntEnum):
    """An answer that may be open; `&`, `|` and `~` follow Kleene: what decides, decides."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __and__(self, other: Truth) -> Truth:  # type: ignore[override]
        return min(self, other)

    def __or__(self, other: Truth) -> Truth:  # type: ignore[override]
        return max(self, other)

    def __invert__(self) -> Truth:
        return _OPPOSITE[self]


_OPPOSITE = (Truth.YES, Truth.UNKNOWN, Truth.NO)


class CallerKind(StrEnum):
    """Who calls, as far as the evaluation differs."""

    ROOT = "root"
    USER = "user"
    ROLE_SESSION = "role session"
    FEDERATED_USER = "federated user"
    WEB_IDENTITY = "web identity"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


class Caller(Struct, frozen=True):
    """The principal of a request.

    `name` is an ARN (a role session's is its `assumed-role` ARN), a service principal (`s3.amazonaws.com`), the
    identity provider of a web identity (its ARN, or its host name), or empty for anonymous callers. `account` is
    the account of the principal, 12 digits, empty where there is none. `issuer` is the ARN of the role behind a
    session (or of the user behind a federated user); left empty for a role session it is made from `name`.
    """

    kind: CallerKind
    name: str = ""
    account: str = ""
    issuer: str = ""
    service_linked: bool = False


ContextValue = str | tuple[str, ...]
"""One value of a context key, or all of those of a multivalued key."""


class Request(Struct, frozen=True):
    """One action on one resource by one principal, with its context keys in any letter case.

    A key that is not in `context` is absent, unless it is in `unknown_keys`, of which nothing is known.
    `resource_account` is taken from the ARN where it is empty (and is the caller's where the ARN has none).
    """

    principal: Caller
    action: str
    resource: str
    context: Mapping[str, ContextValue] = {}
    resource_account: str = ""
    unknown_keys: tuple[str, ...] = ()


class Layer(StrEnum):
    """Who has a say, in the order in which AWS asks: itself, then the kinds of policies."""

    AWS = "AWS itself"
    RESOURCE_CONTROL = "resource control policy"
    SERVICE_CONTROL = "service control policy"
    ENDPOINT = "VPC endpoint policy"
    RESOURCE = "resource policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    IDENTITY = "identity policy"


class Policies(Struct, frozen=True):
    """All the policies that apply to a request.

    A layer that is None does not apply; one that is () applies and allows nothing, except that service and resource
    control policies are a tuple of levels (root, units, account) each of which must allow. `resource` is the policy
    of the resource; None when it has none, or when nothing is known of the key policy or trust policy that must be
    there. Control policies bind neither principals nor resources of an organisation's management account: the two
    switches say who belongs to it.
    """

    identity: tuple[Policy, ...] = ()
    resource: Policy | None = None
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    service_control: tuple[tuple[Policy, ...], ...] = ()
    resource_control: tuple[tuple[Policy, ...], ...] = ()
    endpoint: tuple[Policy, ...] | None = None
    caller_in_management_account: bool = False
    resource_in_management_account: bool = False


class Verdict(StrEnum):
    """What a decision comes to. `UNKNOWN`: it depends on what the policies do not say."""

    ALLOWED = "allowed"
    EXPLICITLY_DENIED = "explicitly denied"
    IMPLICITLY_DENIED = "implicitly denied"
    UNKNOWN = "unknown"


class Determining(Struct, frozen=True):
    """A statement that decided: its layer, the policy's name, its index in the policy and its sid."""

    layer: Layer
    policy: str
    index: int
    sid: str = ""
    location: Location = NOWHERE


class Block(Struct, frozen=True):
    """A layer that keeps a request from being allowed, and why."""

    layer: Layer
    reason: str
    statement: Determining | None = None


class Decision(Struct, frozen=True):
    """What the policies say to a request.

    `determining` are the statements that allow it, or the denies that refuse it. `blocked_by` is empty exactly when
    the request is allowed. `unknowns` say what would have to be known, when the verdict is `UNKNOWN`.
    """

    verdict: Verdict
    determining: tuple[Determining, ...] = ()
    blocked_by: tuple[Block, ...] = ()
    unknowns: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the request is certainly allowed."""
        return self.verdict is Verdict.ALLOWED
