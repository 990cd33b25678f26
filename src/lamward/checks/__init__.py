"""The questions: one module each, in families; `CHECKS` is the only list."""

from __future__ import annotations

from lamward.checks.exposure.administrative_permission_grant import administrative_permission_grant
from lamward.checks.exposure.foreign_account_destination import foreign_account_destination
from lamward.checks.exposure.public_function_url import public_function_url
from lamward.checks.exposure.public_resource_policy import public_resource_policy
from lamward.checks.exposure.public_without_concurrency_limit import public_without_concurrency_limit
from lamward.checks.exposure.service_invoke_without_source import service_invoke_without_source
from lamward.checks.exposure.unknown_account_layer import unknown_account_layer
from lamward.checks.exposure.wildcard_cors import wildcard_cors
from lamward.checks.framework import Check

CHECKS: tuple[Check, ...] = (
    administrative_permission_grant,
    foreign_account_destination,
    public_function_url,
    public_resource_policy,
    public_without_concurrency_limit,
    service_invoke_without_source,
    unknown_account_layer,
    wildcard_cors,
)
"""Every check, by family and name."""
