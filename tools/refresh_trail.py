"""Under which hosts services write to CloudTrail, from `botocore`: `python -m tools.refresh_trail [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tools import generate
from tools.refresh_sdk import header

SOURCES: Final = Path("src/lamward/trail/data/sources.json")


class Sources:
    """The generator of event sources; read by `lamward.trail.events`."""

    name = "CloudTrail event sources"

    def produce(self) -> dict[Path, str]:
        """Return the services of every host name, the likeliest first.

        CloudTrail writes the host of the endpoint, of the signature or of the IAM prefix, and no model says which.
        """
        from botocore.session import Session

        from lamward.iam.operations import table

        loader = Session().get_component("data_loader")
        models = {
            name: loader.load_service_model(name, "service-2")["metadata"]
            for name in loader.list_available_services("service-2")
        }
        hosts: dict[str, dict[str, None]] = {}
        for names in _names(models, table.prefix):
            for service, host in names:
                if host:
                    hosts.setdefault(host.lower(), {})[service] = None
        sources = {host: sorted(found, key=lambda service: service != host) for host, found in hosts.items()}
        return {SOURCES: generate.packed(header("botocore", SOURCES), sources=sources)}


def _names(
    models: Mapping[str, Mapping[str, Any]], prefix: Callable[[str], str]
) -> Iterable[list[tuple[str, str]]]:
    """List the names that services may go by, the surest first."""
    yield [(service, model["endpointPrefix"]) for service, model in models.items()]
    yield [(service, model.get("signingName", "")) for service, model in models.items()]
    yield [(service, prefix(service)) for service in models]
    yield [(service, service) for service in models]


def main(arguments: Sequence[str]) -> int:
    """Write the data, or with `--check` say whether it is what the installed package gives."""
    return generate.refresh((Sources(),), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
