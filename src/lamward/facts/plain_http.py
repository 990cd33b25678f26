"""What takes or hands on requests without encryption: listeners, distributions, subscriptions.

Source: CloudFormation Template Reference, each type's page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.facts import Facts
from lamward.facts.links import of_type, resources_named
from lamward.facts.stages import before_functions
from lamward.model.application import Resource
from lamward.model.value import Case, at, cases, elements, text_of

LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
LISTENER_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
DISTRIBUTION: Final = "AWS::CloudFront::Distribution"

_ASKS_FIRST: Final = frozenset({"authenticate-cognito", "authenticate-oidc", "jwt-validation"})


def plain_ways(resource: Resource) -> Iterator[Case]:
    """List the settings by which a listener or distribution hands requests on that came over plain HTTP."""
    if resource.type == DISTRIBUTION:
        whole = at(resource.properties, "DistributionConfig")
        first = cases(at(whole, "DefaultCacheBehavior"), resource.when)
        for behaviour in (*first, *elements(at(whole, "CacheBehaviors"), resource.when)):
            for case in cases(at(behaviour.value, "ViewerProtocolPolicy"), behaviour.when):
                if text_of(case.value) == "allow-all":
                    yield case
        return
    for case in cases(at(resource.properties, "Protocol"), resource.when):
        if text_of(case.value) == "HTTP":
            yield case


def leads_to_functions(facts: Facts, resource: Resource) -> bool:
    """Tell whether a front door hands requests to functions: a listener by itself or by a rule of its own."""
    if resource.type != LISTENER:
        return before_functions(facts, resource)
    rules = (
        rule
        for rule in of_type(facts, LISTENER_RULE)
        if any(one is resource for one, _ in resources_named(facts, at(rule.properties, "ListenerArn")))
    )
    return any(True for each in (resource, *rules) for _ in forwards(facts, each))


def forwards(facts: Facts, resource: Resource) -> Iterator[Case]:
    """List the actions of a listener or rule that forward requests to functions."""
    name = "DefaultActions" if resource.type == LISTENER else "Actions"
    for action in elements(at(resource.properties, name), resource.when):
        groups = [at(action.value, "TargetGroupArn")]
        weighted = elements(at(action.value, "ForwardConfig", "TargetGroups"))
        groups += [at(case.value, "TargetGroupArn") for case in weighted]
        if any(_calls_functions(group) for each in groups for group, _ in resources_named(facts, each)):
            yield action


def _calls_functions(group: Resource) -> bool:
    return text_of(at(group.properties, "TargetType")) == "lambda"


def is_internal(facts: Facts, listener: Resource) -> bool:
    """Tell whether a listener's load balancer is reached from inside a network only."""
    balancers = resources_named(facts, at(listener.properties, "LoadBalancerArn"))
    return any(text_of(at(balancer.properties, "Scheme")) == "internal" for balancer, _ in balancers)


def forwards_unasked(facts: Facts, resource: Resource) -> Iterator[Case]:
    """List the actions of a listener or rule that forward requests to functions nobody was asked for."""
    name = "DefaultActions" if resource.type == LISTENER else "Actions"
    actions = elements(at(resource.properties, name), resource.when)
    if not any(text_of(at(case.value, "Type")) in _ASKS_FIRST for case in actions):
        yield from forwards(facts, resource)


def plain_subscriptions(resource: Resource) -> Iterator[Case]:
    """List the protocols of a topic's subscriptions that are plain HTTP."""
    if resource.type == "AWS::SNS::Subscription":
        found = cases(at(resource.properties, "Protocol"), resource.when)
    else:
        found = (
            protocol
            for case in elements(at(resource.properties, "Subscription"), resource.when)
            for protocol in cases(at(case.value, "Protocol"), case.when)
        )
    yield from (case for case in found if text_of(case.value) == "http")
