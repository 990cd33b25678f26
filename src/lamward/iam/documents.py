"""Policies and requests as plain data, the way JSON files hold them: read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lamward.errors import LamwardError
from lamward.iam import managed, parse
from lamward.iam.operands import text
from lamward.model.access import Caller, CallerKind, ContextValue, Policies, Request
from lamward.model.policy import Policy, Principal, PrincipalKind, Statement
from lamward.model.value import ALWAYS, Case, Fields, Guard, Items, Known, Value

_ARN: Final = re.compile(r"arn:[^:]*:(?P<service>iam|sts):[^:]*:(?P<account>\d{12}):(?P<rest>.+)", re.DOTALL)
_ACCOUNT: Final = re.compile(r"\d{12}")
_AMAZONS_PROVIDERS: Final = frozenset({"cognito-identity.amazonaws.com", "www.amazon.com"})
"""Web identity providers whose names look like a service's."""

_LAYERS: Final = ("identity", "boundary", "session", "endpoint")
_LEVELS: Final = ("service_control", "resource_control")
_SWITCHES: Final = ("caller_in_management_account", "resource_in_management_account")


def value(data: object) -> Value:
    """Turn decoded JSON into a value; everything is known and nothing has a place."""
    if isinstance(data, Mapping):
        return Fields({str(key): value(child) for key, child in data.items()})
    if isinstance(data, list | tuple):
        return Items(tuple(value(child) for child in data))
    if data is None or isinstance(data, str | int | float | bool):
        return Known(data)
    return Known(str(data))


def policy(data: object, *, name: str = "", when: Guard = ALWAYS) -> Policy:
    """Read a policy from decoded JSON."""
    return parse.policy(value(data), name=name, when=when)


def managed_policy(arn_or_name: str) -> Policy | None:
    """Read an AWS managed policy by its ARN or name; None if AWS has none of that name."""
    import json

    document = managed.document(arn_or_name)
    return None if document is None else policy(json.loads(document), name=arn_or_name.rpartition("/")[2])


def caller(written: str) -> Caller:
    """Read a caller: an ARN, a service principal, 12 digits for the root user, or `*` for anybody unknown.

    A role's own ARN stands for a session of that role.
    """
    if written in ("", "*"):
        return Caller(CallerKind.ANONYMOUS)
    if _ACCOUNT.fullmatch(written):
        return Caller(CallerKind.ROOT, f"arn:aws:iam::{written}:root", written)
    found = _ARN.fullmatch(written)
    if found is None:
        is_service = ".amazon" in written and written not in _AMAZONS_PROVIDERS
        return Caller(CallerKind.SERVICE if is_service else CallerKind.WEB_IDENTITY, written)
    account, rest = found["account"], found["rest"]
    match rest.split("/"):
        case ["root"]:
            return Caller(CallerKind.ROOT, written, account)
        case ["user", *_]:
            return Caller(CallerKind.USER, written, account)
        case ["role", *path] if path:
            session = f"arn:{written.split(':')[1]}:sts::{account}:assumed-role/{path[-1]}/session"
            linked = path[0] == "aws-service-role"
            return Caller(CallerKind.ROLE_SESSION, session, account, written, linked)
        case ["assumed-role", _, *_]:
            return Caller(CallerKind.ROLE_SESSION, written, account)
        case ["federated-user", *_]:
            return Caller(CallerKind.FEDERATED_USER, written, account)
        case ["oidc-provider" | "saml-provider", *_]:
            return Caller(CallerKind.WEB_IDENTITY, written)
        case _:
            raise LamwardError(
                f"`{written}` is not a principal", "give the ARN of a user, a role or a session, or a service"
            )


def request(data: Mapping[str, Any], what: str = "the request") -> Request:
    """Read a request: `principal`, `action`, `resource`, `context` and, if wished, `resource_account`.

    `what` is how an error calls it.
    """
    _known(
        data,
        {"principal", "action", "resource", "context", "resource_account", "unknown_keys", "issuer"},
        "request",
    )
    principal = caller(_text(data, "principal"))
    if "issuer" in data:
        principal = Caller(principal.kind, principal.name, principal.account, _text(data, "issuer"))
    return Request(
        principal=principal,
        action=_text(data, "action"),
        resource=_text(data, "resource", "*"),
        context=_context(data.get("context", {}), what),
        resource_account=_text(data, "resource_account", ""),
        unknown_keys=_unknown_keys(data.get("unknown_keys", ()), what),
    )


def _context(data: object, what: str) -> dict[str, ContextValue]:
    if not isinstance(data, Mapping):
        raise LamwardError(f"`context` of {what} must be a mapping", "write each key with its value")
    return {str(key): _context_value(held, f"`{key}` in the context of {what}") for key, held in data.items()}


def _context_value(held: object, what: str) -> ContextValue:
    many = held if isinstance(held, list | tuple) else [held]
    found = tuple(text(each) for each in many if isinstance(each, str | int | float | bool))
    if len(found) < len(many):
        raise LamwardError(
            f"{what} must be text, a number, true or false, or a list of these", "leave an absent key out"
        )
    return found if isinstance(held, list | tuple) else found[0]


def _unknown_keys(data: object, what: str) -> tuple[str, ...]:
    if not isinstance(data, list | tuple) or not all(isinstance(each, str) for each in data):
        raise LamwardError(f"`unknown_keys` of {what} must be a list of keys", "for example `[aws:SourceIp]`")
    return tuple(data)


def policies(data: Mapping[str, Any]) -> Policies:
    """Read a set of policies: one document or a list for each layer, a list of levels for control policies.

    A text in the place of a document is the ARN or name of an AWS managed policy; a policy that was read already,
    with its places, may stand there itself.
    """
    _known(data, {"resource", *_LAYERS, *_LEVELS, *_SWITCHES}, "set of policies")
    fields: dict[str, Any] = {name: _documents(data[name], name) for name in _LAYERS if name in data}
    for name in _LEVELS:
        levels = data.get(name, ())
        if not isinstance(levels, list | tuple):
            raise LamwardError(
                f"`{name}` must be a list of levels", "give one list of documents for each level"
            )
        fields[name] = tuple(_documents(level, name) for level in levels)
    if data.get("resource") is not None:
        fields["resource"] = _document(data["resource"], "resource")
    fields.update((name, bool(data[name])) for name in _SWITCHES if name in data)
    return Policies(**fields)


def _documents(data: object, name: str) -> tuple[Policy, ...]:
    many = data if isinstance(data, list | tuple) else [data]
    return tuple(_document(each, name) for each in many)


def _document(data: object, name: str) -> Policy:
    if isinstance(data, Policy):
        return data
    if not isinstance(data, str):
        return policy(data, name=name if isinstance(data, Mapping) else "")
    found = managed_policy(data)
    if found is None:
        raise LamwardError(f"there is no AWS managed policy `{data}`", "give its ARN, or the document itself")
    return found


def _text(data: Mapping[str, Any], key: str, default: str | None = None) -> str:
    found = data.get(key, default)
    if not isinstance(found, str):
        raise LamwardError(f"`{key}` must be text", f"a request needs `{key}`")
    return found


def _known(data: object, allowed: set[str], what: str) -> None:
    if not isinstance(data, Mapping):
        raise LamwardError(f"a {what} must be a mapping", f"it may have {', '.join(sorted(allowed))}")
    for key in data:
        if key not in allowed:
            raise LamwardError(
                f"`{key}` is not a part of a {what}", f"it may have {', '.join(sorted(allowed))}"
            )


def to_data(document: Policy) -> dict[str, Any]:
    """Write a policy without guards or unknown parts as the data of its JSON."""
    return {"Version": document.version, "Statement": [_statement(each) for each in document.statements]}


def _statement(statement: Statement) -> dict[str, Any]:
    written: dict[str, Any] = {"Sid": statement.sid} if statement.sid else {}
    written["Effect"] = statement.effect.value
    for element, group in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        if group is not None:
            written[element] = _principals(group)
    for element, cases in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        if cases is not None:
            written[element] = [_scalar(case) for case in cases]
    for entry in statement.conditions:
        block = written.setdefault("Condition", {}).setdefault(entry.operator, {})
        block[entry.key] = [_scalar(case) for case in entry.values]
    return written


def _principals(group: Sequence[Principal]) -> Any:
    if any(each.kind is PrincipalKind.ANYONE for each in group):
        return "*"
    found: dict[str, list[Any]] = {}
    for each in group:
        found.setdefault(each.kind.value, []).append(_scalar(each.value))
    return found


def _scalar(case: Case) -> Any:
    return case.value.value if isinstance(case.value, Known) else str(case.value)


def request_data(asked: Request) -> dict[str, Any]:
    """Write a request as the data of its JSON; reading it gives the request again."""
    name = asked.principal.name or "*"
    written: dict[str, Any] = {"principal": name, "action": asked.action, "resource": asked.resource}
    if asked.principal.issuer:
        written["issuer"] = asked.principal.issuer
    if asked.context:
        written["context"] = {
            key: list(held) if isinstance(held, tuple) else held
            for key, held in sorted(asked.context.items())
        }
    if asked.resource_account:
        written["resource_account"] = asked.resource_account
    if asked.unknown_keys:
        written["unknown_keys"] = list(asked.unknown_keys)
    return written
