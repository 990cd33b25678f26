"""An audit as a function call, for programs that use lamward as a library."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.model.report import Report

Source = str | PathLike[str]


def audit(
    paths: Source | Sequence[Source], settings: Settings | None = None, *, today: datetime.date | None = None
) -> Report:
    """Audit templates, or the templates in folders; no configuration file is read and the default is today."""
    listed = [paths] if isinstance(paths, str | PathLike) else paths
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    return run([Path(path) for path in listed], settings or Settings(), checks=CHECKS, today=day).report
