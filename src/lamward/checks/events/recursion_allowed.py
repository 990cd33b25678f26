"""Function that Lambda will not stop from invoking itself without end.

## Why it matters
When a function causes its own next event, Lambda stops the loop after about sixteen rounds. With `RecursiveLoop:
Allow` it looks on: a mistake in the code, or an event made for it, runs until somebody sees the bill.

## Example
```yaml
Crawl:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    RecursiveLoop: Allow
```

## Use instead
```yaml
Crawl:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```
Where one run has to cause the next, count the rounds in the event, give up after a number of them, reserve little
concurrency, or let a state machine do the repeating.

## Fix safety
A function that loops on purpose is stopped, and its events go to the failure destination.

## References
- AWS Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.places import others, shared
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import at, cases, text_of


@check(Application, severity=Severity.LOW, since="0.1")
def recursion_allowed(application: Application, facts: Facts) -> Answer:
    """Ask whether the brake on loops is taken off."""
    uses = (
        (function, case)
        for function in application.functions
        for case in cases(at(function.properties, "RecursiveLoop"), function.when)
        if text_of(case.value) == "Allow"
    )
    for place in shared(uses):
        yield Problem(
            place.location,
            "Lambda does not stop this function when it keeps invoking itself",
            when=place.case.when,
            related=others(place.functions[1:], note="neither this one"),
            help="leave RecursiveLoop out",
            fix=unsafe(
                "let Lambda stop loops",
                change(facts, place.case, "Terminate"),
                why="a function that loops on purpose is stopped",
            ),
        )
