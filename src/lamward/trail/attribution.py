"""From a record's `userIdentity` to the function that called.

Sources: CloudTrail User Guide, "CloudTrail userIdentity element" (`inScopeOf` names the function whose credentials were
used); Lambda Developer Guide, "Defining Lambda function permissions with an execution role" (the session of an
execution role is named like its function), read in November 2026.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from lamward.trail.ledger import Attribution, Principal

MAX_TEXT: Final = 2048
"""No ARN is longer; a longer text is somebody's mischief."""

_FUNCTION: Final = "AWS::Lambda::Function"
_FUNCTION_ARN: Final = re.compile(r"(arn:[\w-]+:lambda:[\w-]+:(\d{12}):function:[\w-]+)(?::[\w$-]+)?")
_SESSION_ARN: Final = re.compile(r"arn:([\w-]+):sts::(\d{12}):assumed-role/([\w+=,.@-]+)/(.+)", re.DOTALL)
_ROLE_ARN: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[!-~]+")
_FUNCTION_NAME: Final = re.compile(r"[\w-]{1,64}", re.ASCII)
_IN_LAMBDA: Final = re.compile(rb"AWS_Lambda_|awslambda|lambda\.amazonaws\.com", re.IGNORECASE)
_NO_FUNCTIONS: Final = re.compile(r":role/(aws-service-role/|aws-reserved/|AWSReservedSSO_)")


class _Issuer(Struct, frozen=True, gc=False):
    arn: str | None = None


class _Session(Struct, frozen=True, rename="camel", gc=False):
    session_issuer: _Issuer | None = None


class _Scope(Struct, frozen=True, rename="camel", gc=False):
    issuer_type: str | None = None
    credentials_issued_to: str | None = None


class Identity(Struct, frozen=True, rename="camel", gc=False):
    """A record's `userIdentity`, as far as it tells who called: without keys and times, so that many are equal."""

    type: str | None = None
    arn: str | None = None
    session_context: _Session | None = None
    invoked_by: str | None = None
    in_scope_of: _Scope | None = None


class Caller(Struct, frozen=True):
    """Who called, the service that did so in its name, and who it was if its software ran in Lambda."""

    principal: Principal
    via: str = ""
    in_lambda: Principal | None = None


def in_lambda(agent: bytes) -> bool:
    """Tell whether the software that called ran in Lambda, or was Lambda."""
    return _IN_LAMBDA.search(agent) is not None


def caller(identity: Identity | None) -> Caller | None:
    """Tell who called; None for all who are no session of a role, and for roles that functions cannot have."""
    if identity is None or identity.type != "AssumedRole":
        return None
    if not identity.arn or len(identity.arn) > MAX_TEXT:
        return None
    session = _SESSION_ARN.fullmatch(identity.arn)
    if session is None:
        return None
    partition, account, name, session_name = session.groups()
    role = _role(identity) or f"arn:{partition}:iam::{account}:role/{name}"
    if _NO_FUNCTIONS.search(role):
        return None
    via = (identity.invoked_by or "")[:MAX_TEXT]
    issued = _issued_to(identity)
    if issued:
        return Caller(Principal(account, role, issued, Attribution.FUNCTION), via)
    unknown = Principal(account, role, "", Attribution.ROLE)
    if not _FUNCTION_NAME.fullmatch(session_name):
        return Caller(unknown, via)
    # The region of the call is not that of the function: a function may call into any region.
    function = f"arn:{partition}:lambda:*:{account}:function:{session_name}"
    return Caller(unknown, via, Principal(account, role, function, Attribution.SESSION))


def _role(identity: Identity) -> str:
    """Give the issuer's ARN, which has the role's path; the session's has not."""
    issuer = identity.session_context and identity.session_context.session_issuer
    arn = (issuer and issuer.arn) or ""
    return arn if len(arn) <= MAX_TEXT and _ROLE_ARN.fullmatch(arn) else ""


def _issued_to(identity: Identity) -> str:
    """Give the ARN of the function that the credentials were issued to, without a version."""
    scope = identity.in_scope_of
    if scope is None or scope.issuer_type != _FUNCTION:
        return ""
    found = _FUNCTION_ARN.fullmatch(scope.credentials_issued_to or "")
    return found[1] if found else ""
