"""What the analysis of a function's code says: the SDK calls it can make, those it cannot tell, what it looked at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from lamward.code.pattern import Possible
from lamward.model.finding import Confidence
from lamward.model.location import Location
from lamward.model.report import Failure, Skipped


class CredentialKind(StrEnum):
    """Whose permissions a call needs."""

    OWN = "own"
    """The function's own role."""
    ASSUMED = "assumed"
    """A role taken with `sts:AssumeRole` and its kin; `role` says which."""
    STATIC = "static"
    """Keys given in the code or its configuration."""
    PROFILE = "profile"
    ANONYMOUS = "anonymous"
    """Unsigned requests."""
    UNKNOWN = "unknown"


class Credentials(Struct, frozen=True, cache_hash=True):
    """Whose credentials sign a call. `name` is the RoleArn of an assumed role, or the profile; else empty."""

    kind: CredentialKind = CredentialKind.OWN
    name: Possible = ()


OWN = Credentials()


class Call(Struct, frozen=True):
    """An SDK call that the function can make.

    `service` is botocore's name of the service (`stepfunctions`), `operation` AWS's name (`StartExecution`).
    `parameters` has what the call is made with; `optional` of them may be missing; `open`: there may be others.
    `chain` are the places of the calls that lead here from the handler, outermost first, without `location` itself.
    `model` names the package model that says so, for calls that a third-party package makes: it is written from what is
    known of the package, not read from it, so they are less sure.
    """

    service: str
    operation: str
    location: Location
    parameters: Mapping[str, Possible] = {}
    optional: frozenset[str] = frozenset()
    open: bool = False
    region: Possible = ()
    endpoint: Possible = ()
    credentials: Credentials = OWN
    chain: tuple[Location, ...] = ()
    confidence: Confidence = Confidence.HIGH
    model: str = ""


class Command(Struct, frozen=True):
    """A text that the code hands to a shell, or to its own language as a program: `callee` obeys it.

    `texts` is what it may be, `chain` as for a call.
    """

    callee: str
    texts: Possible
    location: Location
    chain: tuple[Location, ...] = ()


class Why(StrEnum):
    """Why a call could not be told, for machines."""

    DYNAMIC_SERVICE = "dynamic-service"
    DYNAMIC_OPERATION = "dynamic-operation"
    UNKNOWN_OPERATION = "unknown-operation"
    UNTYPED_RECEIVER = "untyped-receiver"
    PACKAGE = "package"
    """A third-party package calls AWS in a way its model cannot tell."""
    DYNAMIC_CODE = "dynamic-code"
    """`eval`, `exec`, an import by a computed name."""
    LIMIT = "analysis-limit"
    HANDLER = "handler"
    BY_THE_SERVICE = "by-the-service"
    """What a service does for the caller, with the caller's permissions, on what no call tells."""


class Guess(Struct, frozen=True, order=True):
    """An operation that an unresolved call may be; an empty operation is any of the service."""

    service: str
    operation: str = ""


class Unresolved(Struct, frozen=True):
    """A place that may call AWS in a way that could not be told. `reason` is a sentence without a full stop."""

    why: Why
    reason: str
    location: Location
    guesses: tuple[Guess, ...] = ()
    chain: tuple[Location, ...] = ()


class Analysis(Struct, frozen=True):
    """All that was found in the code of one function.

    `unreached` are calls in code that the handler does not reach: they need no permission. `files` were read,
    `skipped` seen and not looked into, `failures` could not be: with any of them the answer is incomplete. `packages`
    are third-party packages that the code imports, whose files are not there and of which nobody says what they call:
    with them, what is not among the calls may still be needed.
    """

    calls: tuple[Call, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    unreached: tuple[Call, ...] = ()
    failures: tuple[Failure, ...] = ()
    files: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    packages: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether `calls` are all the calls the code can make."""
        return not self.unresolved and not self.failures
