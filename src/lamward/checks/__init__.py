"""The questions: one module each, in families; `CHECKS` is the only list."""

from __future__ import annotations

from lamward.checks.api.api_without_access_log import api_without_access_log
from lamward.checks.api.credentials_to_any_origin import credentials_to_any_origin
from lamward.checks.api.open_api_route import open_api_route
from lamward.checks.api.unvalidated_api_request import unvalidated_api_request
from lamward.checks.events.no_failure_destination import no_failure_destination
from lamward.checks.events.public_queue_policy import public_queue_policy
from lamward.checks.events.public_topic_policy import public_topic_policy
from lamward.checks.events.public_trigger_bucket import public_trigger_bucket
from lamward.checks.events.short_visibility_timeout import short_visibility_timeout
from lamward.checks.events.stream_without_failure_destination import stream_without_failure_destination
from lamward.checks.exposure.administrative_permission_grant import administrative_permission_grant
from lamward.checks.exposure.foreign_account_destination import foreign_account_destination
from lamward.checks.exposure.public_function_url import public_function_url
from lamward.checks.exposure.public_resource_policy import public_resource_policy
from lamward.checks.exposure.public_without_concurrency_limit import public_without_concurrency_limit
from lamward.checks.exposure.service_invoke_without_source import service_invoke_without_source
from lamward.checks.exposure.unknown_account_layer import unknown_account_layer
from lamward.checks.exposure.wildcard_cors import wildcard_cors
from lamward.checks.framework import Check
from lamward.checks.logging.debug_log_level import debug_log_level
from lamward.checks.logging.no_tracing import no_tracing
from lamward.checks.logging.unbounded_log_retention import unbounded_log_retention
from lamward.checks.logging.undeclared_log_group import undeclared_log_group
from lamward.checks.network.open_ingress import open_ingress
from lamward.checks.network.single_zone_function import single_zone_function
from lamward.checks.network.unrestricted_egress import unrestricted_egress

CHECKS: tuple[Check, ...] = (
    api_without_access_log,
    credentials_to_any_origin,
    open_api_route,
    unvalidated_api_request,
    no_failure_destination,
    public_queue_policy,
    public_topic_policy,
    public_trigger_bucket,
    short_visibility_timeout,
    stream_without_failure_destination,
    administrative_permission_grant,
    foreign_account_destination,
    public_function_url,
    public_resource_policy,
    public_without_concurrency_limit,
    service_invoke_without_source,
    unknown_account_layer,
    wildcard_cors,
    debug_log_level,
    no_tracing,
    unbounded_log_retention,
    undeclared_log_group,
    open_ingress,
    single_zone_function,
    unrestricted_egress,
)
"""Every check, by family and name."""
