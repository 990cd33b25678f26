"""Functions that need not run for months: what only deployments or failures call."""

from __future__ import annotations

from typing import Final

from lamward.facts import Facts, fact
from lamward.facts.failures import failure_stores
from lamward.facts.links import functions_named, resources_named, triggers_of
from lamward.model.application import Function, Trigger
from lamward.model.trigger import TriggerKind
from lamward.model.value import at, cases, text_of

_CALLS: Final = (("AWS::CloudFormation::Macro", "FunctionName"), ("", "ServiceToken"))
"""What deployments call: macros, and custom resources of whatever type."""

_HOOK: Final = "CodeDeployHook_"
"""What the names of functions begin with that CodeDeploy may call without any other permission."""


def runs_seldom(facts: Facts, function: Function) -> bool:
    """Tell whether a function runs only when something is deployed or has failed."""
    names = (text_of(case.value) or "" for case in cases(function.name))
    if function.id in _deploying(facts) or any(name.startswith(_HOOK) for name in names):
        return True
    triggers = triggers_of(facts, function)
    if not triggers:
        return function.id in failure_stores(facts)
    return all(_tells_of_failure(facts, each) for each in triggers)


@fact
def _deploying(facts: Facts) -> frozenset[str]:
    return frozenset(
        function.id
        for resource in facts.application.resources.values()
        for kind, key in _CALLS
        if kind in {"", resource.type}
        for function, _ in functions_named(facts, at(resource.properties, key), resource.when)
    )


def _tells_of_failure(facts: Facts, trigger: Trigger) -> bool:
    if trigger.kind is TriggerKind.ALARM:
        return True
    named = resources_named(facts, trigger.source, trigger.when)
    return any(source.id in failure_stores(facts) for source, _ in named)
