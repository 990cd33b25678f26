"""The context of a request as AWS completes it: keys that follow from the caller and the resource."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lamward.iam import platform
from lamward.model.access import Caller, CallerKind, ContextValue, Request

_TYPES: Final = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def complete(request: Request, account: str | None = None) -> dict[str, ContextValue]:
    """Give the context with lower-case keys; what the request states wins over what follows from it.

    `account` is the resource's, where it is known already.
    """
    found = dict(_of_caller(request.principal))
    account = resource_account(request) if account is None else account
    if account:
        found["aws:resourceaccount"] = account
    if request.principal.account and request.action[:4].lower() == "kms:":
        found["kms:calleraccount"] = request.principal.account
    found.update(zip(_lowered(tuple(request.context)), request.context.values(), strict=True))
    return found


@lru_cache(maxsize=1024)
def _lowered(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Take away letter case; those who ask many requests write the same keys in each."""
    return tuple(map(str.lower, keys))


@lru_cache(maxsize=1024)
def _of_caller(caller: Caller) -> Mapping[str, ContextValue]:
    """Give the keys that follow from the caller; one without values is known to be absent."""
    found: dict[str, ContextValue] = {}
    if caller.kind in _TYPES:
        found["aws:principaltype"] = _TYPES[caller.kind]
    found["aws:principalisawsservice"] = "true" if caller.kind is CallerKind.SERVICE else "false"
    match caller.kind:
        case CallerKind.SERVICE:
            found["aws:principalservicename"] = caller.name
            found["aws:principalservicenameslist"] = (caller.name,)
        case CallerKind.ROOT | CallerKind.USER | CallerKind.ROLE_SESSION | CallerKind.FEDERATED_USER:
            found["aws:principalarn"] = principal_arn(caller)
            found["aws:principalaccount"] = caller.account
        case CallerKind.WEB_IDENTITY:
            found["aws:federatedprovider"] = () if ":saml-provider/" in caller.name else caller.name
        case CallerKind.ANONYMOUS:
            found["aws:principalisawsservice"] = ()
            found["aws:userid"] = "anonymous"
    if caller.kind is CallerKind.USER:
        found["aws:username"] = caller.name.rpartition("/")[2]
    if caller.kind is CallerKind.ROOT:
        found["aws:userid"] = caller.account
    return found


def principal_arn(caller: Caller) -> str:
    """Give `aws:PrincipalArn`: the role's ARN for a role session, the caller's own otherwise."""
    return issuer(caller) if caller.kind is CallerKind.ROLE_SESSION else caller.name


def issuer(caller: Caller) -> str:
    """Give the ARN of the role behind a session; made from the session's ARN it has no path."""
    if caller.issuer or caller.kind is not CallerKind.ROLE_SESSION:
        return caller.issuer
    parts = caller.name.split(":", 5)
    role = parts[-1].split("/")[1] if parts[-1].count("/") else ""
    return f"arn:{parts[1]}:iam::{caller.account}:role/{role}" if len(parts) == 6 and role else ""


def resource_account(request: Request) -> str:
    """Give the account that owns the resource; the caller's own where nothing says otherwise."""
    if request.resource_account:
        return request.resource_account
    if request.context:
        said = stated(request, "aws:resourceaccount")
        if isinstance(said, str) and said:
            return said
    return platform.account_of(request.resource) or request.principal.account


def stated(request: Request, key: str) -> ContextValue | None:
    """Give what the request itself says of a key in lower case."""
    return next((value for name, value in request.context.items() if name.lower() == key), None)


def same_account(request: Request) -> bool:
    """Tell whether caller and resource belong to one account."""
    account = request.principal.account
    return bool(account) and account == resource_account(request)
