"""API stage that writes whole requests and answers to its log.

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
Where the level is `OFF`, or none is set, nothing is traced, and nothing is reported.

## References
- Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, safe
from lamward.facts import Facts
from lamward.facts.stages import REST_STAGE, STAGE, before_functions, is_on, settings_of
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.value import Absent, Symbolic, Unknown, location_of, text_of, why_unknown


@check(Resource, types=(REST_STAGE, STAGE), severity=Severity.MEDIUM, since="0.1")
def logged_request_bodies(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a stage before functions logs requests in full."""
    for settings in settings_of(resource) if before_functions(facts, resource) else ():
        for level in settings.told("LoggingLevel"):
            if isinstance(level.value, Absent) or text_of(level.value) == "OFF":
                continue
            for case in settings.told("DataTraceEnabled", level.when):
                where = location_of(case.value)
                if isinstance(case.value, Symbolic | Unknown):
                    yield Doubt(where, why_unknown(case.value), when=case.when)
                elif is_on(case):
                    yield Problem(
                        where,
                        "whole requests and answers go to the log, whatever they hold",
                        when=case.when,
                        fix=safe("log no requests in full", change(facts, case, to=False)),
                    )
