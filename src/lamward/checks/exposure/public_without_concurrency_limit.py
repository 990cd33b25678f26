"""Function the whole world may call, as often as it likes.

## Why it matters
Whoever can call a function for free decides what it costs and takes the account's concurrency away from every other
function. A reserved concurrency bounds both.

## Example
```yaml
Webhook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    FunctionUrlConfig:
      AuthType: NONE
```

## Use instead
```yaml
Webhook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    ReservedConcurrentExecutions: 10
    FunctionUrlConfig:
      AuthType: NONE
```
Reserved concurrency is taken from the account's quota, of which 100 must stay unreserved: a new account may have too
small a quota for it. Functions behind an API are not meant here: there, throttling belongs to the API.

## References
- AWS Lambda Developer Guide, "Configuring reserved concurrency for a function"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.function_policies import public_entries
from lamward.model.application import Function
from lamward.model.finding import Problem, Related, Severity
from lamward.model.value import Absent, cases


@check(Function, severity=Severity.MEDIUM, since="0.1")
def public_without_concurrency_limit(function: Function, facts: Facts) -> Answer:
    """Ask whether a function that strangers may call has a limit of its own."""
    entries = public_entries(facts).get(function.id, ())
    # A way that is always open says it all; else each branch in which there is one.
    ways = {entry.when for entry in entries}
    for when in sorted({()} if () in ways else ways):
        for case in cases(function.reserved_concurrency, when):
            if isinstance(case.value, Absent):
                yield Problem(
                    function.location,
                    "anyone may call this function, and nothing limits how often at once",
                    when=case.when,
                    related=tuple(Related(each.location, each.note) for each in entries),
                    help="set ReservedConcurrentExecutions",
                )
