"""Sessions and the making of clients: which service, where, and with whose credentials."""

from __future__ import annotations

from typing import Final

from lamward.code.analysis import OWN, CredentialKind, Credentials, Why
from lamward.code.calls.credentials import UNKNOWN, of_key
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NOTHING,
    Client,
    Foreign,
    Resource,
    Session,
    Texts,
    Value,
    join,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.pattern import Env, Pattern, text
from lamward.code.sdk import operations, resources

DEFAULT_SESSION: Final = "default session"

_KEY: Final = "aws_access_key_id"


def new_session(invocation: Invocation) -> Value:
    """Make a session."""
    region = texts_of(invocation.get(3, "region_name"))
    if invocation.get(-1, "botocore_session"):
        return one(Session(region, UNKNOWN))
    profile = texts_of(invocation.get(-1, "profile_name"))
    if profile:
        return one(Session(region, Credentials(CredentialKind.PROFILE, _ordered(profile))))
    return frozenset(Session(region, each) for each in _credentials(invocation.get(0, _KEY), OWN))


def set_default_session(invocation: Invocation) -> Value:
    """Change the session that `boto3.client` uses."""
    number = invocation.heap.number(DEFAULT_SESSION)
    invocation.heap.write(number, DEFAULT_SESSION, new_session(invocation))
    return NOTHING


def default_sessions(invocation: Invocation) -> tuple[Session, ...]:
    """Give the sessions that `boto3.client` may use."""
    held = invocation.heap.read(invocation.heap.number(DEFAULT_SESSION), DEFAULT_SESSION)
    return tuple(atom for atom in held if isinstance(atom, Session)) or (Session(),)


def new_client(invocation: Invocation, session: Session) -> Value:
    """Make a client, for each service that may be meant."""
    made = NOTHING
    for service in _services(invocation):
        if operations.service(service) is None:
            invocation.doubt(Why.DYNAMIC_SERVICE, f"`{service}` is no service that is known")
            continue
        made = join(made, frozenset(_clients(invocation, session, service)))
    return made or mystery("it is a client of a service that is not known")


def new_resource(invocation: Invocation, session: Session) -> Value:
    """Make a resource of a service, for each that may be meant."""
    made = NOTHING
    for service in _services(invocation):
        if resources.resource_type(service, resources.ROOT) is None:
            invocation.doubt(Why.DYNAMIC_SERVICE, f"`{service}` is no service with resources")
            continue
        made = join(made, frozenset(map(Resource, _clients(invocation, session, service))))
    return made or mystery("it is a resource of a service that is not known")


def _services(invocation: Invocation) -> list[str]:
    """List the services a call names; where they are not constant, say so."""
    names = invocation.get(0, "service_name")
    found = []
    for pattern in sorted(texts_of(names), key=str):
        constant = pattern.constant
        if constant is None:
            invocation.doubt(Why.DYNAMIC_SERVICE, f"the service of this client is not constant: `{pattern}`")
        else:
            found.append(constant)
    if not names and invocation.interpreter.missing("nothing that was read names it"):
        invocation.doubt(Why.DYNAMIC_SERVICE, "the service of this client cannot be told")
    return found


def _clients(invocation: Invocation, session: Session, service: str) -> list[Client]:
    region = texts_of(invocation.get(1, "region_name")) or session.region
    endpoint = texts_of(invocation.get(5, "endpoint_url"))
    found = _credentials(invocation.get(6, _KEY), session.credentials)
    if _unsigned(invocation):
        found = {Credentials(CredentialKind.ANONYMOUS)}
    return [Client(service, region, endpoint, each) for each in found]


def _credentials(key: Value, otherwise: Credentials) -> set[Credentials]:
    """Say whose keys a client or a session is given."""
    found = of_key(key, otherwise)
    if not found or any(not isinstance(atom, Pattern) for atom in key):  # not given, or perhaps None
        found.add(otherwise)
    return found


def _unsigned(invocation: Invocation) -> bool:
    for atom in invocation.get(-1, "config"):
        if isinstance(atom, Foreign) and atom.id:
            signature = invocation.heap.read(atom.id, "signature_version")
            if any(isinstance(each, Foreign) and each.path.endswith("UNSIGNED") for each in signature):
                return True
    return False


def session_method(invocation: Invocation, session: Session, name: str) -> Value:
    """Call a method of a session."""
    match name:
        case "client" | "create_client":
            return new_client(invocation, session)
        case "resource":
            return new_resource(invocation, session)
        case "get_credentials" | "get_frozen_credentials":
            return mystery("it is the function's own credentials")
        case _:
            return mystery(f"it comes from `{name}` of a session")


def session_attribute(session: Session, name: str) -> Value | None:
    """Read an attribute of a session."""
    if name == "region_name":
        return session.region or of_text(Env("AWS_REGION"))
    return None


def _ordered(texts: Texts) -> tuple[Pattern, ...]:
    return tuple(sorted(texts, key=str)) or (text(),)
