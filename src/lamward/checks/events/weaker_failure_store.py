"""Store of failed events that is less protected than where they came from.

## Why it matters
What fails is put aside whole: the same customers, the same payments, and kept for weeks. Who decided that the source
needs a key of its own meant the data, and not the place.

## Example
```yaml
Orders:
  Type: AWS::SQS::Queue
  Properties:
    KmsMasterKeyId: alias/orders
    RedrivePolicy:
      deadLetterTargetArn: !GetAtt Failed.Arn
      maxReceiveCount: 5
Failed:
  Type: AWS::SQS::Queue
Ship:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Ordered:
        Type: SQS
        Properties:
          Queue: !GetAtt Orders.Arn
```

## Use instead
```yaml
Orders:
  Type: AWS::SQS::Queue
  Properties:
    KmsMasterKeyId: alias/orders
    RedrivePolicy:
      deadLetterTargetArn: !GetAtt Failed.Arn
      maxReceiveCount: 5
Failed:
  Type: AWS::SQS::Queue
  Properties:
    KmsMasterKeyId: alias/orders
Ship:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Ordered:
        Type: SQS
        Properties:
          Queue: !GetAtt Orders.Arn
```
Whoever writes to the store needs `kms:GenerateDataKey` and `kms:Decrypt` for the key: the function's role, or the
service in the key's policy.

## References
- Amazon SQS Developer Guide, "Amazon SQS Key management"
- AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.failures import weaker_stores
from lamward.facts.grants import listed
from lamward.model.application import Application
from lamward.model.finding import Doubt, Problem, Related, Severity


@check(Application, severity=Severity.LOW, since="0.1")
def weaker_failure_store(_application: Application, facts: Facts) -> Answer:
    """Ask whether failed events are kept as well as those that are still to be handled."""
    for weaker in weaker_stores(facts):
        answer = weaker.answer
        if answer.doubt:
            yield Doubt(answer.location, answer.doubt, when=answer.when)
            continue
        names = listed([f"`{source.id}`" for source in weaker.sources])
        yield Problem(
            answer.location,
            f"what fails of {names} ends here, without the key that protects it there",
            when=answer.when,
            related=tuple(Related(source.location, "has a key of its own") for source in weaker.sources),
            help="encrypt it with the same key",
        )
