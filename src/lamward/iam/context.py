"""The context of a request as AWS completes it: keys that follow from the caller and the resource."""

from __future__ import annotations

from collections.abc import Mapping
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


def complete(request: Request) -> dict[str, ContextValue]:
    """Give the context with lower-case keys; what the request states wins over what follows from it."""
    given = {key.lower(): value for key, value in request.context.items()}
    return {**_derived(request), **given}


def _derived(request: Request) -> Mapping[str, ContextValue]:
    caller = request.principal
    found: dict[str, ContextValue] = {}
    if caller.kind in _TYPES:
        found["aws:principaltype"] = _TYPES[caller.kind]
    found["aws:principalisawsservice"] = "true" if caller.kind is CallerKind.SERVICE else "false"
    account = resource_account(request)
    if account:
        found["aws:resourceaccount"] = account
    match caller.kind:
        case CallerKind.SERVICE:
            found["aws:principalservicename"] = caller.name
            found["aws:principalservicenameslist"] = (caller.name,)
        case CallerKind.ROOT | CallerKind.USER | CallerKind.ROLE_SESSION | CallerKind.FEDERATED_USER:
            found["aws:principalarn"] = principal_arn(caller)
            found["aws:principalaccount"] = caller.account
        case CallerKind.WEB_IDENTITY:
            found["aws:federatedprovider"] = caller.name
        case CallerKind.ANONYMOUS:
            pass
    if caller.kind is CallerKind.USER:
        found["aws:username"] = caller.name.rpartition("/")[2]
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
    stated = next(
        (value for key, value in request.context.items() if key.lower() == "aws:resourceaccount"), ""
    )
    if isinstance(stated, str) and stated:
        return stated
    return platform.account_of(request.resource) or request.principal.account


def same_account(request: Request) -> bool:
    """Tell whether caller and resource belong to one account."""
    account = request.principal.account
    return bool(account) and account == resource_account(request)
