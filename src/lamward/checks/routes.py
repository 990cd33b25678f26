"""What fixes say of the routes of an API: of all of them in its stage, and of one as the source of calls."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lamward.checks.repairs import Edits, add, all_of, append, globally, is_resource, put, replace, sub
from lamward.facts import Facts
from lamward.facts.stages import REST_STAGE, apis_of, blocks, settings_of
from lamward.model.application import Resource, Route
from lamward.model.value import Absent, Known, Value, at, location_of

IMPLIED = {"ServerlessRestApi": "Api", "ServerlessHttpApi": "HttpApi"}
"""The APIs that SAM makes for the events of functions, and the part of `Globals` that is about them."""


def for_all_routes(facts: Facts, stage: Resource, settings: Mapping[str, Any]) -> Edits:
    """Give all routes of a stage settings: where others are for all of them, or in a block of their own."""
    rest = stage.type == REST_STAGE
    written = list(blocks(stage))
    if len(written) != 1:
        return None
    whole = next((each for each in settings_of(stage) if each.whole), None)
    if whole is not None:
        parts = [(at(whole.value, name), name, value) for name, value in settings.items()]
        if any(not isinstance(now, Absent | Known) for now, _, _ in parts):
            return None
        where = whole.location
        return all_of(
            *((add if isinstance(now, Absent) else replace)(where, name, to=to) for now, name, to in parts)
        )
    block = {"ResourcePath": "/*", "HttpMethod": "*", **settings} if rest else dict(settings)
    if rest and not isinstance(written[0].value, Absent):
        return append(location_of(written[0].value), item=block)
    name = "MethodSettings" if rest else "DefaultRouteSettings"
    return of_stage(facts, stage, name, to=[block] if rest else block, now=written[0].value)


def of_stage(facts: Facts, stage: Resource, name: str, *, to: object, now: Value) -> Edits:
    """Give a stage a setting: in its own resource, or in `Globals` where SAM makes it for events."""
    if is_resource(stage):
        return put(stage, name, to=to, now=now)
    kind = next((IMPLIED[api.id] for api in apis_of(facts, stage) if api.id in IMPLIED), None)
    return globally(stage, kind, name, to=to) if kind and isinstance(now, Absent) else None


def source(api: str, routes: Sequence[Route]) -> dict[str, object]:
    """Write the ARN of an API as a source of calls: of its one route (`*` for each parameter), else of all.

    The routes of WebSocket APIs have no path.
    """
    called = "*"
    if len(routes) == 1 and routes[0].path.startswith("/"):
        method = "*" if routes[0].method in {"", "ANY"} else routes[0].method
        called = f"*/{method}" + re.sub(r"\{[^}]*\}", "*", routes[0].path)
    own = f"${{{api.rpartition('/')[2]}}}"
    return sub(f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:{own}/{called}")
