"""Function URL that anyone on the internet may call.

## Why it matters
A function URL with `AuthType: NONE` answers every request without a signature: whoever finds the address runs the
code with the function's role, at your cost. Scanners find such addresses within days.

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
    FunctionUrlConfig:
      AuthType: AWS_IAM
```
Callers then sign their requests. A webhook whose sender cannot sign belongs behind an API with an authoriser; where
the code itself verifies the sender's signature, say so in a suppression.

A URL without authorisation still needs a statement that lets everybody call it, which SAM writes and CloudFormation
does not. Where there is none, every caller gets a 403, until somebody adds it: a small problem, reported as one.

## Fix safety
Unsafe: whoever calls the URL has to sign the requests from then on, as a principal that may call it.

## References
- AWS Lambda Developer Guide, "Control access to Lambda function URLs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.function_policies import shut_urls
from lamward.model.application import FunctionUrl
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.value import cases, location_of, text_of, why_unknown


@check(FunctionUrl, severity=Severity.HIGH, since="0.1")
def public_function_url(url: FunctionUrl, facts: Facts) -> Answer:
    """Ask whether the URL is open to everybody."""
    for case in cases(url.auth, url.when):
        where = location_of(case.value)
        if text_of(case.value) == "NONE":
            shut = url.id in shut_urls(facts)
            yield Problem(
                where,
                "this URL asks nobody who they are; only the missing permission keeps callers out"
                if shut
                else "anyone on the internet may call this function URL",
                when=case.when,
                severity=Severity.LOW if shut else None,
                fix=unsafe(
                    "ask callers to sign their requests",
                    change(facts, case, "AWS_IAM"),
                    why="callers that do not sign their requests are refused",
                ),
            )
        elif undecided(case.value):
            yield Doubt(where, why_unknown(case.value), when=case.when)
