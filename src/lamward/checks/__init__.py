"""The questions: one module each, in families; `CHECKS` is the only list."""

from __future__ import annotations

from lamward.checks.exposure.public_function_url import public_function_url
from lamward.checks.framework import Check

CHECKS: tuple[Check, ...] = (
    public_function_url,
)
"""Every check, by family and name."""
