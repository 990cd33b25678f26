"""What invokes a function, and how."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.model.location import Location
from lamward.model.value import ALWAYS, Guard, Value


class Invocation(StrEnum):
    """How a trigger invokes: it waits for the answer, it does not, or Lambda polls a source."""

    SYNCHRONOUS = "synchronous"
    ASYNCHRONOUS = "asynchronous"
    POLLED = "polled"


class TriggerKind(StrEnum):
    """What invokes a function."""

    API = "API"
    URL = "function URL"
    BUCKET = "bucket"
    TOPIC = "topic"
    RULE = "event rule"
    SCHEDULE = "schedule"
    QUEUE = "queue"
    STREAM = "stream"
    BROKER = "broker"
    LOGS = "log subscription"
    IOT = "IoT rule"
    COGNITO = "user pool"
    LOAD_BALANCER = "load balancer"
    PIPE = "pipe"
    MAIL = "received mail"
    ALARM = "alarm"
    FUNCTION = "another function"
    OTHER = "other"


class Trigger(Struct, frozen=True):
    """Something that invokes a function: the function (a reference), what and how, and the source's ARN or id."""

    function: Value
    kind: TriggerKind
    invocation: Invocation
    source: Value
    location: Location
    declared_by: str
    when: Guard = ALWAYS
