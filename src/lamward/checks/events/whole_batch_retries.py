"""Queue of which a whole batch is tried again when one message fails.

## Why it matters
Unless the function says which messages failed, Lambda takes one failure for that of all: the others come back and are
worked on a second time. A payment is taken twice, a mail sent twice, and one poisonous message drags nine good ones
into the dead-letter queue.

## Example
```yaml
Orders:
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
          BatchSize: 10
```

## Use instead
```yaml
Orders:
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
          BatchSize: 10
          FunctionResponseTypes: [ReportBatchItemFailures]
```
The function has to answer with the `batchItemFailures` that it could not handle; Powertools does that. With the
setting alone, an answer that does not list them counts as success. Where work may be repeated without harm nothing is
needed: this is for auditors.

## Fix safety
Unsafe: with the setting, an answer that does not list the messages that failed counts as success. Change the code
first.

## References
- AWS Lambda Developer Guide, "Handling errors for an SQS event source in Lambda"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import append, put, unsafe
from lamward.facts import Facts
from lamward.facts.mappings import polls_queue
from lamward.model.application import EventSourceMapping
from lamward.model.finding import Doubt, Fix, Persona, Problem, Severity
from lamward.model.value import Absent, Case, Items, at, cases, location_of, number_of, text_of, why_unknown

_EACH = "ReportBatchItemFailures"


@check(EventSourceMapping, severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def whole_batch_retries(mapping: EventSourceMapping, facts: Facts) -> Answer:
    """Ask whether one bad message brings back all others of its batch."""
    if not polls_queue(facts, mapping):
        return
    for size in cases(at(mapping.properties, "BatchSize"), mapping.when):
        for answers in cases(at(mapping.properties, "FunctionResponseTypes"), size.when):
            if number_of(size.value) == 1:
                continue
            if not isinstance(answers.value, Absent | Items):
                yield Doubt(location_of(answers.value), why_unknown(answers.value), when=answers.when)
            elif not any(text_of(each) == _EACH for each in getattr(answers.value, "items", ())):
                yield Problem(
                    mapping.location,
                    "one message this function fails on brings back the whole batch",
                    when=answers.when,
                    help="set FunctionResponseTypes, and answer with the messages that failed",
                    fix=_tell_apart(mapping, answers),
                )


def _tell_apart(mapping: EventSourceMapping, answers: Case) -> Fix | None:
    told = (
        put(mapping, "FunctionResponseTypes", to=[_EACH], now=answers.value)
        if isinstance(answers.value, Absent)
        else append(location_of(answers.value), item=_EACH)
    )
    return unsafe("let the function say which messages failed", told, why="the code has to answer so")
