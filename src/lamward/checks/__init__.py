"""The questions: one module each, in families; `CHECKS` is the only list."""

from __future__ import annotations

from lamward.checks.api.api_without_access_log import api_without_access_log
from lamward.checks.api.api_without_client_certificate import api_without_client_certificate
from lamward.checks.api.api_without_execution_log import api_without_execution_log
from lamward.checks.api.api_without_firewall import api_without_firewall
from lamward.checks.api.cached_authorisation import cached_authorisation
from lamward.checks.api.credentials_to_any_origin import credentials_to_any_origin
from lamward.checks.api.default_endpoint_beside_domain import default_endpoint_beside_domain
from lamward.checks.api.graphql_by_key import graphql_by_key
from lamward.checks.api.guest_identities import guest_identities
from lamward.checks.api.logged_request_bodies import logged_request_bodies
from lamward.checks.api.open_api_route import open_api_route
from lamward.checks.api.open_sign_up import open_sign_up
from lamward.checks.api.outdated_tls import outdated_tls
from lamward.checks.api.plain_http_front import plain_http_front
from lamward.checks.api.pool_without_second_factor import pool_without_second_factor
from lamward.checks.api.short_passwords import short_passwords
from lamward.checks.api.unauthenticated_listener import unauthenticated_listener
from lamward.checks.api.unencrypted_api_cache import unencrypted_api_cache
from lamward.checks.api.unthrottled_api import unthrottled_api
from lamward.checks.api.untraced_api import untraced_api
from lamward.checks.api.unvalidated_api_request import unvalidated_api_request
from lamward.checks.compute.build_role_at_run_time import build_role_at_run_time
from lamward.checks.compute.compute_without_customer_key import compute_without_customer_key
from lamward.checks.compute.open_web_endpoint import open_web_endpoint
from lamward.checks.compute.privileged_microvm_image import privileged_microvm_image
from lamward.checks.compute.shared_capacity_provider import shared_capacity_provider
from lamward.checks.compute.unlogged_microvm_image import unlogged_microvm_image
from lamward.checks.compute.unthrottled_web_endpoint import unthrottled_web_endpoint
from lamward.checks.deployment.loose_deployment_role import loose_deployment_role
from lamward.checks.deployment.open_build_webhook import open_build_webhook
from lamward.checks.deployment.privileged_build import privileged_build
from lamward.checks.events.command_from_event import command_from_event
from lamward.checks.events.endless_stream_retries import endless_stream_retries
from lamward.checks.events.messages_over_http import messages_over_http
from lamward.checks.events.no_failure_destination import no_failure_destination
from lamward.checks.events.plain_http_subscription import plain_http_subscription
from lamward.checks.events.public_event_bus import public_event_bus
from lamward.checks.events.public_queue_policy import public_queue_policy
from lamward.checks.events.public_topic_policy import public_topic_policy
from lamward.checks.events.public_trigger_bucket import public_trigger_bucket
from lamward.checks.events.recursion_allowed import recursion_allowed
from lamward.checks.events.self_triggering_function import self_triggering_function
from lamward.checks.events.service_use_without_source import service_use_without_source
from lamward.checks.events.shared_queue import shared_queue
from lamward.checks.events.short_visibility_timeout import short_visibility_timeout
from lamward.checks.events.stream_without_failure_destination import stream_without_failure_destination
from lamward.checks.events.unauthenticated_event_source import unauthenticated_event_source
from lamward.checks.events.undelivered_event_dropped import undelivered_event_dropped
from lamward.checks.events.weaker_failure_store import weaker_failure_store
from lamward.checks.events.whole_batch_retries import whole_batch_retries
from lamward.checks.exposure.administrative_permission_grant import administrative_permission_grant
from lamward.checks.exposure.broad_api_source import broad_api_source
from lamward.checks.exposure.foreign_account_destination import foreign_account_destination
from lamward.checks.exposure.mismatched_source import mismatched_source
from lamward.checks.exposure.organisation_wide_invoke import organisation_wide_invoke
from lamward.checks.exposure.permission_past_alias import permission_past_alias
from lamward.checks.exposure.public_function_url import public_function_url
from lamward.checks.exposure.public_layer import public_layer
from lamward.checks.exposure.public_resource_policy import public_resource_policy
from lamward.checks.exposure.public_response_stream import public_response_stream
from lamward.checks.exposure.public_store_policy import public_store_policy
from lamward.checks.exposure.public_without_concurrency_limit import public_without_concurrency_limit
from lamward.checks.exposure.service_invoke_without_source import service_invoke_without_source
from lamward.checks.exposure.split_alias_traffic import split_alias_traffic
from lamward.checks.exposure.unknown_account_access import unknown_account_access
from lamward.checks.exposure.unknown_account_layer import unknown_account_layer
from lamward.checks.exposure.wildcard_cors import wildcard_cors
from lamward.checks.framework import Check
from lamward.checks.identity.allow_with_not_action import allow_with_not_action
from lamward.checks.identity.allow_with_not_resource import allow_with_not_resource
from lamward.checks.identity.assume_any_role import assume_any_role
from lamward.checks.identity.broad_managed_policy import broad_managed_policy
from lamward.checks.identity.decrypt_with_any_key import decrypt_with_any_key
from lamward.checks.identity.full_administrator_role import full_administrator_role
from lamward.checks.identity.ineffective_permission import ineffective_permission
from lamward.checks.identity.leftover_permission import leftover_permission
from lamward.checks.identity.missing_permission import missing_permission
from lamward.checks.identity.network_interfaces_for_code import network_interfaces_for_code
from lamward.checks.identity.no_log_permission import no_log_permission
from lamward.checks.identity.no_permissions_boundary import no_permissions_boundary
from lamward.checks.identity.open_trust_policy import open_trust_policy
from lamward.checks.identity.pass_any_role import pass_any_role
from lamward.checks.identity.privilege_escalation import privilege_escalation
from lamward.checks.identity.reads_other_functions import reads_other_functions
from lamward.checks.identity.role_for_several_services import role_for_several_services
from lamward.checks.identity.self_changing_role import self_changing_role
from lamward.checks.identity.service_trust_without_source import service_trust_without_source
from lamward.checks.identity.service_wide_action import service_wide_action
from lamward.checks.identity.shared_role import shared_role
from lamward.checks.identity.toothless_boundary import toothless_boundary
from lamward.checks.identity.unneeded_permission import unneeded_permission
from lamward.checks.identity.unresolved_call import unresolved_call
from lamward.checks.identity.unused_function import unused_function
from lamward.checks.identity.unused_permission import unused_permission
from lamward.checks.identity.unused_role import unused_role
from lamward.checks.identity.wildcard_resource import wildcard_resource
from lamward.checks.logging.debug_log_level import debug_log_level
from lamward.checks.logging.log_group_without_customer_key import log_group_without_customer_key
from lamward.checks.logging.no_tracing import no_tracing
from lamward.checks.logging.public_log_policy import public_log_policy
from lamward.checks.logging.silent_alarm import silent_alarm
from lamward.checks.logging.unbounded_log_retention import unbounded_log_retention
from lamward.checks.logging.undeclared_log_group import undeclared_log_group
from lamward.checks.logging.unlogged_state_machine import unlogged_state_machine
from lamward.checks.logging.unmasked_log_group import unmasked_log_group
from lamward.checks.logging.untraced_state_machine import untraced_state_machine
from lamward.checks.logging.unwatched_function import unwatched_function
from lamward.checks.network.default_security_group import default_security_group
from lamward.checks.network.open_ingress import open_ingress
from lamward.checks.network.open_network_acl import open_network_acl
from lamward.checks.network.open_vpc_endpoint import open_vpc_endpoint
from lamward.checks.network.single_zone_function import single_zone_function
from lamward.checks.network.unrestricted_egress import unrestricted_egress
from lamward.checks.network.vpc_without_flow_log import vpc_without_flow_log
from lamward.checks.runtime.code_signing_warns_only import code_signing_warns_only
from lamward.checks.runtime.deprecated_runtime import deprecated_runtime
from lamward.checks.runtime.frozen_runtime import frozen_runtime
from lamward.checks.runtime.maximum_timeout import maximum_timeout
from lamward.checks.runtime.mutable_image_tag import mutable_image_tag
from lamward.checks.runtime.risky_runtime_option import risky_runtime_option
from lamward.checks.runtime.runtime_near_end_of_life import runtime_near_end_of_life
from lamward.checks.runtime.snap_start_without_version import snap_start_without_version
from lamward.checks.runtime.switched_off_function import switched_off_function
from lamward.checks.runtime.unpinned_code import unpinned_code
from lamward.checks.runtime.unsigned_code import unsigned_code
from lamward.checks.secrets.environment_without_customer_key import environment_without_customer_key
from lamward.checks.secrets.literal_secret_in_code import literal_secret_in_code
from lamward.checks.secrets.literal_secret_in_environment import literal_secret_in_environment
from lamward.checks.secrets.literal_secret_in_property import literal_secret_in_property
from lamward.checks.secrets.public_key_policy import public_key_policy
from lamward.checks.secrets.public_secret_policy import public_secret_policy
from lamward.checks.secrets.readable_secret_parameter import readable_secret_parameter
from lamward.checks.secrets.resolved_secret_in_environment import resolved_secret_in_environment
from lamward.checks.secrets.secret_in_output import secret_in_output
from lamward.checks.stores.disabled_key import disabled_key
from lamward.checks.stores.overwritable_image_tag import overwritable_image_tag
from lamward.checks.stores.plaintext_connection import plaintext_connection
from lamward.checks.stores.publicly_reachable_store import publicly_reachable_store
from lamward.checks.stores.store_without_customer_key import store_without_customer_key
from lamward.checks.stores.store_without_deletion_protection import store_without_deletion_protection
from lamward.checks.stores.store_without_log import store_without_log
from lamward.checks.stores.store_without_recovery import store_without_recovery
from lamward.checks.stores.unauthenticated_broker import unauthenticated_broker
from lamward.checks.stores.unblocked_bucket import unblocked_bucket
from lamward.checks.stores.unencrypted_store import unencrypted_store
from lamward.checks.stores.unrotated_key import unrotated_key
from lamward.checks.stores.unrotated_secret import unrotated_secret
from lamward.checks.stores.unscanned_image import unscanned_image
from lamward.checks.stores.whole_file_system import whole_file_system

CHECKS: tuple[Check, ...] = (
    api_without_access_log,
    api_without_client_certificate,
    api_without_execution_log,
    api_without_firewall,
    cached_authorisation,
    credentials_to_any_origin,
    default_endpoint_beside_domain,
    graphql_by_key,
    guest_identities,
    logged_request_bodies,
    open_api_route,
    open_sign_up,
    outdated_tls,
    plain_http_front,
    pool_without_second_factor,
    short_passwords,
    unauthenticated_listener,
    unencrypted_api_cache,
    unthrottled_api,
    untraced_api,
    unvalidated_api_request,
    build_role_at_run_time,
    compute_without_customer_key,
    open_web_endpoint,
    privileged_microvm_image,
    shared_capacity_provider,
    unlogged_microvm_image,
    unthrottled_web_endpoint,
    loose_deployment_role,
    open_build_webhook,
    privileged_build,
    command_from_event,
    endless_stream_retries,
    messages_over_http,
    no_failure_destination,
    plain_http_subscription,
    public_event_bus,
    public_queue_policy,
    public_topic_policy,
    public_trigger_bucket,
    recursion_allowed,
    self_triggering_function,
    service_use_without_source,
    shared_queue,
    short_visibility_timeout,
    stream_without_failure_destination,
    unauthenticated_event_source,
    undelivered_event_dropped,
    weaker_failure_store,
    whole_batch_retries,
    administrative_permission_grant,
    broad_api_source,
    foreign_account_destination,
    mismatched_source,
    organisation_wide_invoke,
    permission_past_alias,
    public_function_url,
    public_layer,
    public_resource_policy,
    public_response_stream,
    public_store_policy,
    public_without_concurrency_limit,
    service_invoke_without_source,
    split_alias_traffic,
    unknown_account_access,
    unknown_account_layer,
    wildcard_cors,
    allow_with_not_action,
    allow_with_not_resource,
    assume_any_role,
    broad_managed_policy,
    decrypt_with_any_key,
    full_administrator_role,
    ineffective_permission,
    leftover_permission,
    missing_permission,
    network_interfaces_for_code,
    no_log_permission,
    no_permissions_boundary,
    open_trust_policy,
    pass_any_role,
    privilege_escalation,
    reads_other_functions,
    role_for_several_services,
    self_changing_role,
    service_trust_without_source,
    service_wide_action,
    shared_role,
    toothless_boundary,
    unneeded_permission,
    unresolved_call,
    unused_function,
    unused_permission,
    unused_role,
    wildcard_resource,
    debug_log_level,
    log_group_without_customer_key,
    no_tracing,
    public_log_policy,
    silent_alarm,
    unbounded_log_retention,
    undeclared_log_group,
    unlogged_state_machine,
    unmasked_log_group,
    untraced_state_machine,
    unwatched_function,
    default_security_group,
    open_ingress,
    open_network_acl,
    open_vpc_endpoint,
    single_zone_function,
    unrestricted_egress,
    vpc_without_flow_log,
    code_signing_warns_only,
    deprecated_runtime,
    frozen_runtime,
    maximum_timeout,
    mutable_image_tag,
    risky_runtime_option,
    runtime_near_end_of_life,
    snap_start_without_version,
    switched_off_function,
    unpinned_code,
    unsigned_code,
    environment_without_customer_key,
    literal_secret_in_code,
    literal_secret_in_environment,
    literal_secret_in_property,
    public_key_policy,
    public_secret_policy,
    readable_secret_parameter,
    resolved_secret_in_environment,
    secret_in_output,
    disabled_key,
    overwritable_image_tag,
    plaintext_connection,
    publicly_reachable_store,
    store_without_customer_key,
    store_without_deletion_protection,
    store_without_log,
    store_without_recovery,
    unauthenticated_broker,
    unblocked_bucket,
    unencrypted_store,
    unrotated_key,
    unrotated_secret,
    unscanned_image,
    whole_file_system,
)
"""Every check, by family and name."""
