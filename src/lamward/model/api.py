"""API Gateway APIs with their routes and stages."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.model.location import Location
from lamward.model.policy import Policy
from lamward.model.value import ALWAYS, Absent, Guard, Value


class ApiKind(StrEnum):
    """The kinds of API Gateway APIs."""

    REST = "REST"
    HTTP = "HTTP"
    WEBSOCKET = "WebSocket"


class Api(Struct, frozen=True):
    """An API Gateway API. `open_definition` says that its routes are partly in a document we cannot read."""

    id: str
    location: Location
    kind: ApiKind
    policy: Policy | None = None
    endpoint: Value = Absent()
    unread_definition: str = ""
    when: Guard = ALWAYS
    declared_by: str = ""


class Route(Struct, frozen=True):
    """A method of a path of an API.

    `authorisation` is the effective type in API Gateway's words: `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`
    or `JWT`; `validates` is whether a request validator runs before the function; `function` the integration's
    target.
    """

    id: str
    location: Location
    api: str
    kind: ApiKind
    method: str
    path: str
    authorisation: Value
    api_key: Value
    validator: Value
    function: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class Stage(Struct, frozen=True):
    """A deployed stage of an API."""

    id: str
    location: Location
    api: Value
    kind: ApiKind
    access_log: Value
    tracing: Value
    variables: Value
    when: Guard = ALWAYS
    declared_by: str = ""
