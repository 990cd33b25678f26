"""What AWS itself decides, whatever the policies say: who may be bound, which targets nobody may change."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from lamward.iam import catalogue
from lamward.model.access import CallerKind, Request

_FILE: Final = Path(__file__).with_name("data") / "platform.json"
ACCOUNT_PART: Final = 4
_FOR_USERS: Final = "sts:getsessiontoken"
FREE_ACTIONS: Final = frozenset({"sts:getcalleridentity", _FOR_USERS})
"""No permission is needed for these, even under a Deny: the first by anybody (AWS STS API reference), the second by
users and root users, and nobody else may call it (IAM User Guide, "Permissions for GetSessionToken").
"""

_WITH_OWN_CREDENTIALS: Final = frozenset({CallerKind.USER, CallerKind.ROOT})
_UNCONTROLLED: Final = frozenset({"kms:retiregrant"})
"""Actions that resource control policies never reach (AWS KMS Developer Guide, "Resource control policies")."""

_ASSUMING: Final = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")
SERVICE_LINKED: Final = frozenset(
    {
        "iam:createservicelinkedrole",
        "iam:deleteservicelinkedrole",
        "iam:updateroledescription",
        "iam:passrole",
    }
)
ALIAS_ACTIONS: Final = frozenset({"kms:createalias", "kms:updatealias", "kms:deletealias"})


class _Data(msgspec.Struct, frozen=True):
    """What the file says of services; the names are placeholders of their ARN formats, and never empty."""

    resource_control_services: frozenset[str]
    names_without_slash: dict[str, frozenset[str]]
    fixed_resources: dict[str, str]
    undocumented: frozenset[str]


@cache
def _data() -> _Data:
    return msgspec.json.decode(_FILE.read_bytes(), type=_Data)


def has_resource_control(action: str) -> bool:
    """Tell whether resource control policies reach an action."""
    lowered = action.lower()
    return lowered.partition(":")[0] in _data().resource_control_services and lowered not in _UNCONTROLLED


def is_free(action: str, kind: CallerKind) -> bool:
    """Tell whether a caller needs no permission for an action, in lower case."""
    return action in FREE_ACTIONS and (action != _FOR_USERS or kind in _WITH_OWN_CREDENTIALS)


def names_without_slash(service: str) -> frozenset[str]:
    """Give the placeholders in a service's ARN formats whose texts hold no slash and are never empty."""
    return _data().names_without_slash.get(service, frozenset())


def account_of(arn: str) -> str:
    """Give the account in an ARN, empty where it has none."""
    parts = arn.split(":", 5)
    return parts[ACCOUNT_PART] if len(parts) > ACCOUNT_PART else ""


def governed_by_resource(action: str, resource: str) -> bool:
    """Tell whether the resource's own policy must allow even callers of its account: keys and trust policies."""
    name = action.lower()
    if name.startswith("kms:"):
        return ":key/" in resource
    return name.startswith(_ASSUMING) and ":role/" in resource


def fixed_resource(action: str) -> str:
    """Give what AWS compares for an action that knows no resources: mostly `*`; "" for every other action."""
    known = catalogue.action(action)
    return "" if known is None else resource_of(known)


def resource_of(action: catalogue.Action) -> str:
    """Give the same for an action of the catalogue."""
    return "" if action.supports_resources else _data().fixed_resources.get(action.name.lower(), "*")


def may_compare_more(action: str) -> bool:
    """Tell whether AWS is seen to compare an ARN for an action that it documents no resources for."""
    return action.lower() in _data().undocumented


def effective_resource(action: str, resource: str) -> str:
    """Give the resource that AWS compares."""
    return fixed_resource(action) or resource


def refusal(request: Request) -> str:
    """Say why AWS refuses a request whatever the policies say; empty when it does not [emp]."""
    action, resource = request.action.lower(), request.resource
    if action == _FOR_USERS and request.principal.kind not in _WITH_OWN_CREDENTIALS:
        return "only users get session tokens, with credentials of their own"
    if action in ALIAS_ACTIONS and ":alias/aws/" in resource:
        return "aliases that start with `alias/aws/` belong to AWS"
    if not action.startswith("iam:") or not _writes(request.action):
        return ""
    if ":iam::aws:policy/" in resource:
        return "AWS managed policies cannot be changed"
    if ":role/aws-reserved/" in resource and action != "iam:passrole":
        return "roles under `aws-reserved` can be changed by AWS only"
    if ":role/aws-service-role/" in resource and action not in SERVICE_LINKED:
        return "service-linked roles can be changed by their service only"
    return ""


def _writes(action: str) -> bool:
    known = catalogue.action(action)
    return known is not None and known.level not in (catalogue.Level.LIST, catalogue.Level.READ)
