"""API stage that keeps no record of who called.

## Why it matters
Without an access log nobody can tell afterwards who called what, from where and with which answer: requests that an
authoriser refuses, or that never reach the function, leave no trace at all.

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

## References
- Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway"
- Amazon API Gateway Developer Guide, "Configure logging for HTTP APIs in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.apis import unlogged_stages
from lamward.model.application import Api
from lamward.model.finding import Problem, Severity


@check(Api, severity=Severity.LOW, since="0.1")
def api_without_access_log(api: Api, facts: Facts) -> Answer:
    """Ask of every stage whether calls are logged."""
    for stage in unlogged_stages(facts, api):
        yield Problem(stage.location, "nothing records who calls this stage of the API", when=stage.when)
