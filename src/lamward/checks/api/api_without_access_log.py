"""API stage that keeps no record of who called.

## Why it matters
Without an access log nobody can tell afterwards who called what, from where and with which answer: requests that an
authoriser refuses, or that never reach the function, leave no trace at all.

Where no stage of the application has one, it is for those who review every such place. Where some have, the others are
forgotten, and everybody is told.

## Example
```yaml
Shop:
  Type: AWS::Serverless::HttpApi
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::HttpApi
  Properties:
    AccessLogSettings:
      DestinationArn: !GetAtt Calls.Arn
      Format: '{"ip":"$context.identity.sourceIp","route":"$context.routeKey","status":"$context.status"}'
Calls:
  Type: AWS::Logs::LogGroup
  Properties:
    RetentionInDays: 365
```

## Fix safety
Safe for HTTP APIs. Unsafe for REST and WebSocket APIs: API Gateway writes their logs only when the account has a role
for it (`AWS::ApiGateway::Account`), and refuses the setting otherwise.

## References
- Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway"
- Amazon API Gateway Developer Guide, "Configure logging for HTTP APIs in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, Written, globally, insert, is_resource, put, safe, unsafe
from lamward.checks.routes import IMPLIED
from lamward.checks.stock import CALL, LOG
from lamward.facts import Facts
from lamward.facts.apis import UnloggedStage, logs_some_calls, unlogged_stages
from lamward.facts.links import functions_by_id
from lamward.model.application import Api, ApiKind
from lamward.model.finding import Fix, Persona, Problem, Severity


@check(Api, severity=Severity.LOW, since="0.1")
def api_without_access_log(api: Api, facts: Facts) -> Answer:
    """Ask of every stage whether calls are logged."""
    for stage in unlogged_stages(facts, api):
        yield Problem(
            stage.location,
            "nothing records who calls this stage of the API",
            when=stage.when,
            persona=None if logs_some_calls(facts) else Persona.AUDITOR,
            fix=_log(facts, api, stage) if stage.setting else None,
        )


def _log(facts: Facts, api: Api, stage: UnloggedStage) -> Fix | None:
    title = "log who calls the API"
    group = insert(facts, _beside(facts, api, stage), "Calls", "AWS::Logs::LogGroup", LOG, when=api.when)
    route = "$context.resourcePath" if api.kind is ApiKind.REST else "$context.routeKey"
    settings: dict[str, object] = {"DestinationArn": group.arn, "Format": CALL % route}
    logged = _set(api, stage, settings)
    if api.kind is ApiKind.HTTP:
        return safe(title, logged, group.edits)
    return unsafe(
        title, logged, group.edits, why="the account needs a role by which API Gateway may write logs"
    )


def _beside(facts: Facts, api: Api, stage: UnloggedStage) -> Written:
    """Give the resource to write beside: an API that SAM makes for events stands nowhere itself."""
    return stage if is_resource(stage) else functions_by_id(facts).get(api.declared_by, stage)


def _set(api: Api, stage: UnloggedStage, settings: dict[str, object]) -> Edits:
    if is_resource(stage):
        return put(stage, *stage.setting, to=settings, now=stage.now)
    implied = IMPLIED.get(api.id)
    return globally(api, implied, *stage.setting, to=settings) if implied else None
