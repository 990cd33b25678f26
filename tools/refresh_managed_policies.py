"""AWS managed policies, packed from `moto`: `python -m tools.refresh_managed_policies [--check]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tools import generate

POLICIES: Final = Path("src/lamward/iam/data/managed_policies.json.gz")


class ManagedPolicies:
    """The generator of the packed policies; their layout is read by `lamward.iam.managed`."""

    name = "AWS managed policies"

    def produce(self) -> dict[Path, str]:
        """Return the policies of the installed `moto`, and the names that only the SAM translator knows."""
        policies = _policies()
        header = {
            "as_of": max(policy["UpdateDate"] for policy in policies.values())[:10],
            "source": "the Python packages moto and aws-sam-translator",
            "version": f"{version('moto')} and {version('aws-sam-translator')}",
            "licence": "Apache-2.0",
        }
        documents = {name: [policy["Path"], policy["Document"]] for name, policy in policies.items()}
        unheld = {name: path for name, path in _paths().items() if name not in policies}
        return {POLICIES: generate.packed(header, without_document=unheld, policies=documents)}


def main(arguments: Sequence[str]) -> int:
    """Write the policies, or with `--check` say whether they are what the installed packages give."""
    return generate.refresh((ManagedPolicies(),), arguments)


def _policies() -> Mapping[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    return dict(json.loads(aws_managed_policies_data))


def _paths() -> dict[str, str]:
    """Return the path of every policy the SAM translator can name; it is the same in every partition."""
    bundled = files("samtranslator").joinpath("internal", "data", "aws_managed_policies.json").read_bytes()
    arns = [arn for names in json.loads(bundled).values() for arn in names.values()]
    # arn:aws:iam::aws:policy/service-role/Name has the path /service-role/
    return {arn.rpartition("/")[2]: arn.partition(":policy")[2].rpartition("/")[0] + "/" for arn in arns}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
