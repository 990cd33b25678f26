"""Topic that sends its messages over plain HTTP.

## Why it matters
What a function publishes leaves for the subscriber unencrypted: whoever sits on the way reads and changes it, and the
subscriber takes what was changed for the topic's own.

Asked of topics that functions have to do with.

## Example
```yaml
Publish:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables: {TOPIC: !Ref News}
News:
  Type: AWS::SNS::Topic
Partner:
  Type: AWS::SNS::Subscription
  Properties:
    TopicArn: !Ref News
    Protocol: http
    Endpoint: http://partner.example.com/news
```

## Use instead
```yaml
Publish:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables: {TOPIC: !Ref News}
News:
  Type: AWS::SNS::Topic
Partner:
  Type: AWS::SNS::Subscription
  Properties:
    TopicArn: !Ref News
    Protocol: https
    Endpoint: https://partner.example.com/news
```

## References
- Amazon SNS Developer Guide, "Amazon SNS security best practices"
- Amazon SNS Developer Guide, "Subscribing HTTPS endpoints to Amazon SNS topics"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.plain_http import plain_subscriptions
from lamward.facts.stages import before_functions
from lamward.model.application import Resource
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(Resource, types=("AWS::SNS::Subscription", "AWS::SNS::Topic"), severity=Severity.MEDIUM, since="0.1")
def plain_http_subscription(resource: Resource, facts: Facts) -> Answer:
    """Ask whether messages of a topic leave unencrypted."""
    for case in plain_subscriptions(resource) if before_functions(facts, resource) else ():
        yield Problem(
            location_of(case.value),
            "messages leave this topic over plain HTTP",
            when=case.when,
            help="subscribe an https endpoint",
        )
