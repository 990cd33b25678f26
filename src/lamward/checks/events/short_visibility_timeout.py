"""Queue that shows a message again while a function still works on it.

## Why it matters
A message that is not deleted within the visibility timeout is handed out again. When the function may run longer than
that, the same order is worked on twice at once. Lambda refuses to create such a mapping; changing a timeout later, it
does not notice. AWS recommends six times the function's timeout, so that retries of throttled batches fit in as well;
only less than the function's own timeout is reported here.

## Example
```yaml
Orders:
  Type: AWS::SQS::Queue
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Timeout: 120
    Events:
      Paid:
        Type: SQS
        Properties:
          Queue: !GetAtt Orders.Arn
```

## Use instead
```yaml
Orders:
  Type: AWS::SQS::Queue
  Properties:
    VisibilityTimeout: 720
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Timeout: 120
    Events:
      Paid:
        Type: SQS
        Properties:
          Queue: !GetAtt Orders.Arn
```

## References
- AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, put, safe
from lamward.facts import Facts
from lamward.facts.mappings import Timeouts, longest_timeout, timeouts
from lamward.model.application import EventSourceMapping
from lamward.model.finding import Doubt, Fix, Problem, Related, Severity
from lamward.model.value import Absent, Case

_TIMES = 6
"""What AWS recommends, so that retries of throttled batches fit in."""

_LONGEST = 43_200
"""The longest visibility timeout SQS takes, 12 hours."""


@check(EventSourceMapping, severity=Severity.MEDIUM, since="0.1")
def short_visibility_timeout(mapping: EventSourceMapping, facts: Facts) -> Answer:
    """Ask whether the function may outlast the queue's patience."""
    for pair in timeouts(facts, mapping):
        if pair.doubt:
            yield Doubt(pair.location, pair.doubt, when=pair.when)
        elif pair.visibility < pair.function_timeout:
            limit = pair.function_timeout
            yield Problem(
                pair.location,
                f"messages come back after {pair.visibility:g} s, and `{pair.function.id}` may need {limit:g} s",
                when=pair.when,
                discriminator=pair.function.id,
                related=(Related(pair.function.location, f"runs for up to {limit:g} s"),),
                help=f"set VisibilityTimeout to at least {limit:g}, better {6 * limit:g}",
                fix=_wait(facts, pair),
            )


def _wait(facts: Facts, pair: Timeouts) -> Fix | None:
    seconds = min(int(_TIMES * longest_timeout(facts, pair.queue)), _LONGEST)
    now = pair.visible
    raised = (
        put(pair.queue, "VisibilityTimeout", to=seconds, now=now)
        if isinstance(now, Absent)
        else change(facts, Case(now, pair.when), seconds)
    )
    return safe(f"hide messages for {seconds} seconds, six times as long as the function may run", raised)
