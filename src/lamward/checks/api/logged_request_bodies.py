"""API that writes whole requests and answers to its log.

## Why it matters
Data tracing logs every request and answer in full: names, addresses, tokens, passwords of a sign-in form. Whoever may
read the log group reads them all, for as long as the log is kept. It is meant for a few minutes of looking for a
fault.

## Example
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: "*"
        LoggingLevel: INFO
        DataTraceEnabled: true
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: "*"
        LoggingLevel: INFO
        DataTraceEnabled: false
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```
Where the level is `OFF`, or none is set, nothing is traced, and nothing is reported. Of GraphQL APIs it is asked
whether they log all fields without `ExcludeVerboseContent`.

## References
- Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway"
- AWS AppSync Developer Guide, "Using CloudWatch to monitor and log GraphQL API data"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, put, safe
from lamward.facts import Facts
from lamward.facts.stages import GRAPHQL, REST_STAGE, STAGE, before_functions, is_on, settings_of
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Fix, Problem, Severity
from lamward.model.value import Absent, Case, Symbolic, Unknown, at, cases, location_of, text_of, why_unknown

_LOG = "LogConfig"
_EVERYTHING = frozenset({"ALL", "DEBUG"})


@check(Resource, types=(REST_STAGE, STAGE, GRAPHQL), severity=Severity.MEDIUM, since="0.1")
def logged_request_bodies(resource: Resource, facts: Facts) -> Answer:
    """Ask whether an API before functions logs requests in full."""
    if not before_functions(facts, resource):
        return
    if resource.type == GRAPHQL:
        yield from _fields(resource, facts)
        return
    for settings in settings_of(resource):
        for level in settings.told("LoggingLevel"):
            if isinstance(level.value, Absent) or text_of(level.value) == "OFF":
                continue
            for case in settings.told("DataTraceEnabled", level.when):
                if isinstance(case.value, Symbolic | Unknown):
                    yield Doubt(location_of(case.value), why_unknown(case.value), when=case.when)
                elif is_on(case):
                    yield _told(case, safe("log no requests in full", change(facts, case, to=False)))


def _fields(api: Resource, facts: Facts) -> Answer:
    for level in cases(at(api.properties, _LOG, "FieldLogLevel"), api.when):
        if text_of(level.value) not in _EVERYTHING:
            continue
        for case in cases(at(api.properties, _LOG, "ExcludeVerboseContent"), level.when):
            if isinstance(case.value, Symbolic | Unknown):
                yield Doubt(location_of(case.value), why_unknown(case.value), when=case.when)
            elif not is_on(case):
                where = level if isinstance(case.value, Absent) else case
                yield _told(Case(where.value, case.when), _leave_out(api, facts, case))


def _leave_out(api: Resource, facts: Facts, case: Case) -> Fix | None:
    title = "log no contents of fields"
    if not isinstance(case.value, Absent):
        return safe(title, change(facts, case, to=True))
    # What SAM makes of its own form is not put there.
    written = facts.application.declared.get(api.id) == api.type
    return safe(title, put(api, _LOG, "ExcludeVerboseContent", to=True, now=case.value)) if written else None


def _told(case: Case, fix: Fix | None) -> Problem:
    return Problem(
        location_of(case.value),
        "whole requests and answers go to the log, whatever they hold",
        when=case.when,
        fix=fix,
    )
