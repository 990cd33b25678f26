"""What SAM expands policy templates and connectors to, packed from `aws-sam-translator`.

`python -m tools.refresh_sam [--check] [--as-of DATE]`: the package does not tell its date of release, so a
new version needs it said.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tools import generate

PACKAGE: Final = "aws-sam-translator"
TEMPLATES: Final = Path("src/lamward/sources/sam/data/policy_templates.json")
CONNECTORS: Final = Path("src/lamward/sources/sam/data/connectors.json")


class Sam:
    """The generator of SAM's policy templates and connector profiles, released on a day."""

    name = "SAM policy templates and connectors"

    def __init__(self, as_of: datetime.date | None = None) -> None:
        self.as_of = as_of

    def produce(self) -> dict[Path, str]:
        """Return the data made from the installed translator; ValueError if its release date is not known."""
        header = {
            "as_of": (self.as_of or _recorded_date()).isoformat(),
            "source": f"the Python package {PACKAGE}",
            "version": version(PACKAGE),
            "licence": "Apache-2.0",
        }
        templates = _read("policy_templates_data", "policy_templates.json")["Templates"]
        profiles = _read("model", "connector_profiles", "profiles.json")
        tables = {"permissions": profiles["Permissions"], "properties": profiles["CfnResourceProperties"]}
        return {
            TEMPLATES: generate.packed(header, templates=templates),
            CONNECTORS: generate.packed(header, **tables),
        }


def main(arguments: Sequence[str]) -> int:
    """Write the data, or with `--check` say whether they are what the installed package gives."""
    parser = argparse.ArgumentParser(prog="python -m tools.refresh_sam")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a file is stale")
    parser.add_argument(
        "--as-of", type=datetime.date.fromisoformat, help="the day the installed version came out"
    )
    options = parser.parse_args(arguments)
    generators = (Sam(options.as_of),)
    try:
        return generate.check(generators) if options.check else generate.write(generators)
    except ValueError as error:
        parser.error(str(error))


def _recorded_date() -> datetime.date:
    """Return the date in the file at hand, which holds as long as the version there is the one installed."""
    file = generate.ROOT / TEMPLATES
    recorded = json.loads(file.read_bytes()) if file.is_file() else {}
    if recorded.get("version") != version(PACKAGE):
        raise ValueError(f"{PACKAGE} {version(PACKAGE)} is new: say the day it was released with --as-of")
    return datetime.date.fromisoformat(recorded["as_of"])


def _read(*path: str) -> Any:
    return json.loads(files("samtranslator").joinpath(*path).read_bytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
