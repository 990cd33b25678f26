"""Where functions log to, how much, and for how long it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.branches import outside
from lamward.facts.layers import is_instrumented
from lamward.facts.links import functions_named, log_groups_of, of_type
from lamward.facts.places import Shared, shared
from lamward.model.application import Function, LogGroup, Resource
from lamward.model.location import Location
from lamward.model.value import Absent, Case, Guard, Value, at, cases, location_of, text_of, truth_of

_LEVELS: Final = frozenset(
    {"LOG_LEVEL", "LOGGER_LEVEL", "LOGGING_LEVEL", "LOGLEVEL", "POWERTOOLS_LOG_LEVEL", "RUST_LOG"}
)
_VERBOSE: Final = frozenset({"ALL", "DEBUG", "SILLY", "TRACE", "VERBOSE"})
_LOGS_EVENTS: Final = "POWERTOOLS_LOGGER_LOG_EVENT"


@fact
def functions_of_log_groups(facts: Facts) -> dict[str, tuple[Function, ...]]:
    """Index by declared log group the functions that write to it."""
    index: dict[str, list[Function]] = {}
    for function in facts.application.functions:
        for group in log_groups_of(facts, function):
            index.setdefault(group.id, []).append(function)
    return {group: tuple(functions) for group, functions in index.items()}


@fact
def functions_without_log_group(facts: Facts) -> dict[Guard, tuple[Function, ...]]:
    """Group the functions whose log group Lambda makes, to be kept for ever, by the branch in which that is so."""
    kept = {function.id for function in _kept_by_custom_resource(facts)}
    found: dict[Guard, list[Function]] = {}
    for function in facts.application.functions:
        for when in _undeclared(facts, function) if function.id not in kept else ():
            # A condition of the function itself adds nothing: where it is not, it does not log.
            found.setdefault(() if when == function.when else when, []).append(function)
    return {when: tuple(functions) for when, functions in found.items()}


@fact
def keeps_some_logs_for_a_time(facts: Facts) -> bool:
    """Tell whether somebody decided for how long the logs of some function are kept."""
    decided = functions_of_log_groups(facts)
    groups = (group for group in facts.application.log_groups if group.id in decided)
    return any(not isinstance(group.retention, Absent) for group in groups) or any(
        _kept_by_custom_resource(facts)
    )


def _undeclared(facts: Facts, function: Function) -> Sequence[Guard]:
    chosen = cases(at(function.logging, "LogGroup"), function.when)
    left = [case.when for case in chosen if isinstance(case.value, Absent)]
    declared = [group.when for group in log_groups_of(facts, function)]
    return [rest for when in left for rest in outside(facts, when, declared)]


def _kept_by_custom_resource(facts: Facts) -> Iterator[Function]:
    """List the functions whose log retention the CDK sets by a custom resource."""
    for resource in facts.application.resources.values():
        if resource.type == "Custom::LogRetention":
            for function, _ in functions_named(facts, at(resource.properties, "LogGroupName")):
                yield function


@fact
def own_keys(facts: Facts) -> tuple[Location, ...]:
    """List the places where the application encrypts with keys of its owner: keys it declares, or functions have."""
    declared = (
        each.location for each in facts.application.resources.values() if each.type == "AWS::KMS::Key"
    )
    chosen = (
        location_of(case.value)
        for function in facts.application.functions
        for case in cases(function.kms_key, function.when)
        if not isinstance(case.value, Absent)
    )
    return (*declared, *chosen)


@fact
def masks_some_logs(facts: Facts) -> bool:
    """Tell whether somebody decided to mask what is sensitive in the logs of some function."""
    return any(_is_masked(facts, group) for group in facts.application.log_groups)


def unmasked_branches(facts: Facts, group: LogGroup) -> Sequence[Guard]:
    """List the branches in which what is sensitive in a log group of functions is shown as it is."""
    if group.id not in functions_of_log_groups(facts) or any(_policies_of_account(facts)):
        return ()
    policy = at(facts.application.resources[group.id].properties, "DataProtectionPolicy")
    return [case.when for case in cases(policy, group.when) if isinstance(case.value, Absent)]


def _is_masked(facts: Facts, group: LogGroup) -> bool:
    policy = at(facts.application.resources[group.id].properties, "DataProtectionPolicy")
    return any(not isinstance(case.value, Absent) for case in cases(policy))


def _policies_of_account(facts: Facts) -> Iterator[Resource]:
    """List the policies that mask all logs of the account."""
    for resource in of_type(facts, "AWS::Logs::AccountPolicy"):
        if text_of(at(resource.properties, "PolicyType")) == "DATA_PROTECTION_POLICY":
            yield resource


class Verbose(Struct, frozen=True):
    """A setting that makes functions log too much: its name, its value, and whether it logs whole events."""

    setting: str
    value: str
    whole_events: bool
    place: Shared


@fact
def verbose_settings(facts: Facts) -> tuple[Verbose, ...]:
    """Find the settings that make functions log at debug level or log whole events, each place once.

    A setting that depends on a condition or parameter and is quiet in some branch is a decision, and left out.
    """
    found: dict[tuple[str, str, bool], list[tuple[Function, Case]]] = {}
    for function in facts.application.functions:
        for setting, value in _settings(function):
            listed = list(cases(value, function.when))
            whole = setting == _LOGS_EVENTS
            loud = [case for case in listed if _is_loud(case.value, whole_events=whole)]
            if loud and len(loud) == len(listed):
                for case in loud:
                    found.setdefault((setting, text_of(case.value) or "", whole), []).append((function, case))
    return tuple(
        Verbose(setting, value, whole, place)
        for (setting, value, whole), uses in found.items()
        for place in shared(uses)
    )


def _settings(function: Function) -> Iterator[tuple[str, Value]]:
    level = at(function.logging, "ApplicationLogLevel")
    if not isinstance(level, Absent):
        yield "ApplicationLogLevel", level
    for variable in function.environment:
        if variable.name.upper() in _LEVELS or variable.name == _LOGS_EVENTS:
            yield variable.name, variable.value


def _is_loud(value: Value, *, whole_events: bool) -> bool:
    if whole_events:
        return truth_of(value) is True
    # Rust's has filters for single modules behind the general level.
    return (text_of(value) or "").partition(",")[0].strip().upper() in _VERBOSE


@fact
def untraced_functions(facts: Facts) -> dict[Guard, tuple[Function, ...]]:
    """Group the functions that nothing traces by the branch of the template in which that is so."""
    found: dict[Guard, list[Function]] = {}
    for function in facts.application.functions:
        if is_instrumented(function):
            continue
        for case in cases(function.tracing, function.when):
            if isinstance(case.value, Absent) or text_of(case.value) in {"PassThrough", "Disabled"}:
                found.setdefault(case.when, []).append(function)
    return {when: tuple(functions) for when, functions in found.items()}


@fact
def traces_some_functions(facts: Facts) -> bool:
    """Tell whether somebody decided that some function is always traced."""
    return any(
        is_instrumented(function) or _is_always_traced(function) for function in facts.application.functions
    )


def _is_always_traced(function: Function) -> bool:
    return all(text_of(case.value) == "Active" for case in cases(function.tracing, function.when))
