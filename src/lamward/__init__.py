"""lamward: secure AWS Lambda functions from the template to the running account."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamward.audit.library import audit
    from lamward.model.finding import Finding
    from lamward.model.report import Report
    from lamward.sources.project import load

__version__ = "0.1.0"
__all__ = ["Finding", "Report", "__version__", "audit", "load"]

_HOMES = {
    "Finding": "lamward.model.finding",
    "Report": "lamward.model.report",
    "load": "lamward.sources.project",
}


def __getattr__(name: str) -> Any:
    # Lazily, so that `lamward --version` loads none of it.
    if name == "audit":
        return import_module("lamward.audit")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
