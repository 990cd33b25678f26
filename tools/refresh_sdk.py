"""What AWS's SDKs can call, packed from `botocore` and `boto3`: `python -m tools.refresh_sdk [--check]`."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any, Final

from tools import generate

OPERATIONS: Final = Path("src/lamward/code/sdk/data/operations.json.gz")
RESOURCES: Final = Path("src/lamward/code/sdk/data/resources.json.gz")

Definition = Mapping[str, Any]


class Operations:
    """The generator of services, their operations and waiters; read by `lamward.code.sdk.operations`."""

    name = "SDK operations"

    def produce(self) -> dict[Path, str]:
        """Return every service that the installed `botocore` can call."""
        from botocore.session import Session

        loader = Session().get_component("data_loader")
        services = {name: _service(loader, name) for name in loader.list_available_services("service-2")}
        return {OPERATIONS: generate.packed(header("botocore", OPERATIONS), services=services)}


class Resources:
    """The generator of boto3's resources, bound to operations; read by `lamward.code.sdk.resources`."""

    name = "SDK resources"

    def produce(self) -> dict[Path, str]:
        """Return every resource type of the installed `boto3`."""
        from boto3.session import Session

        session = Session(region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106 never used to sign
        loader = session._loader  # noqa: SLF001 the models have no public reader
        resources = {
            name: _resources(loader.load_service_model(name, "resources-1"), session._session, name)  # noqa: SLF001
            for name in session.get_available_resources()
        }
        return {RESOURCES: generate.packed(header("boto3", RESOURCES), resources=resources)}


def main(arguments: Sequence[str]) -> int:
    """Write the data, or with `--check` say whether it is what the installed packages give."""
    return generate.refresh((Operations(), Resources()), arguments)


def header(package: str, path: Path) -> dict[str, str]:
    """Say of the data of a file which package, of which day, it is taken from."""
    record = next(file for file in distribution(package).files or () if file.name == "METADATA")
    written = datetime.datetime.fromtimestamp(Path(str(record.locate())).stat().st_mtime, tz=datetime.UTC)
    return {
        "as_of": _as_of(package, generate.ROOT / path, written.date()),
        "source": f"the Python package {package}",
        "version": version(package),
        "licence": "Apache-2.0",
    }


def _as_of(package: str, path: Path, today: datetime.date) -> str:
    """Keep the date of data that is of the installed version already: wheels do not say when they were made."""
    if path.is_file():
        known = json.loads(generate.content(path))
        if known["version"] == version(package):
            return str(known["as_of"])
    return today.isoformat()


def _service(loader: Any, name: str) -> list[object]:
    """Return the service id, the names of operations, methods that are not a plain snake case, and waiters."""
    from botocore import xform_name

    from lamward.code.sdk.names import snake_case

    model = loader.load_service_model(name, "service-2")
    operations = sorted(model["operations"])
    odd = {
        xform_name(operation): operation
        for operation in operations
        if xform_name(operation) != snake_case(operation)
    }
    waits = {xform_name(waiter): operation for waiter, operation in sorted(_waiters(loader, name).items())}
    return [model["metadata"].get("serviceId", name), operations, odd, waits]


def _resources(model: Definition, session: Any, service: str) -> dict[str, object]:
    service_model = session.get_service_model(service)
    waiters = _waiters(session.get_component("data_loader"), service)
    types = model["resources"]
    made = {name: _resource(definition, service_model, waiters) for name, definition in types.items()}
    root = _resource(model["service"], service_model, waiters)
    for name, definition in types.items():  # a service offers every one of its types, its identifiers given
        root["children"].setdefault(
            name, [name, [[each["name"], "input", ""] for each in definition.get("identifiers", ())]]
        )
    return {"": root, **made}


def _waiters(loader: Any, service: str) -> dict[str, str]:
    from botocore.exceptions import UnknownServiceError

    try:
        waiters = loader.load_service_model(service, "waiters-2")["waiters"]
    except UnknownServiceError:  # the service has none
        return {}
    return {name: definition["operation"] for name, definition in waiters.items()}


def _resource(definition: Definition, service_model: Any, waiters: Mapping[str, str]) -> dict[str, Any]:
    from botocore import xform_name

    identifiers = definition.get("identifiers", ())
    children, references = {}, {}
    for name, has in definition.get("has", {}).items():
        target = has["resource"]
        bound = [_binding(each) for each in target.get("identifiers", ())]
        if any(binding[1] == "data" for binding in bound):
            references[xform_name(name)] = [target["type"], bound]
        else:
            children[name] = [target["type"], bound]
    load = definition.get("load")
    return {
        "identifiers": [
            [each["name"], xform_name(each["name"]), xform_name(each.get("memberName", each["name"]))]
            for each in identifiers
        ],
        "load": _request(load) if load else None,
        "attributes": _attributes(definition, service_model),
        "actions": {
            xform_name(name): _action(action) for name, action in definition.get("actions", {}).items()
        },
        "batch": {
            xform_name(name): _action(action) for name, action in definition.get("batchActions", {}).items()
        },
        "children": children,
        "references": references,
        "collections": {
            xform_name(name): _action(many) for name, many in definition.get("hasMany", {}).items()
        },
        "waiters": {
            f"wait_until_{xform_name(name)}": [
                waiters[waiter["waiterName"]],
                [_binding(each) for each in waiter.get("params", ())],
                None,
            ]
            for name, waiter in definition.get("waiters", {}).items()
        },
    }


def _attributes(definition: Definition, service_model: Any) -> list[str]:
    """Return what reading as an attribute loads the resource: the members of its shape."""
    from botocore import xform_name

    if "shape" not in definition or "load" not in definition:
        return []
    taken = {each.get("memberName") for each in definition.get("identifiers", ())}
    shape = service_model.shape_for(definition["shape"])
    return sorted(xform_name(member) for member in shape.members if member not in taken)


def _action(action: Definition) -> list[object]:
    resource = action.get("resource")
    made = (
        [resource["type"], [_binding(each) for each in resource.get("identifiers", ())]] if resource else None
    )
    return [*_request(action), made]


def _request(action: Definition) -> list[object]:
    request = action["request"]
    return [request["operation"], [_binding(each) for each in request.get("params", ())]]


def _binding(each: Definition) -> list[str]:
    return [
        each["target"],
        each["source"],
        str(each.get("name") or each.get("path") or each.get("value") or ""),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
