"""Function URL that streams answers to anyone.

## Why it matters
A streamed answer may be 200 MB instead of 6, and the function runs until the last byte is read: at a URL that asks
nobody who they are, strangers decide how long that takes, and what it costs.

## Example
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: nodejs24.x
    CodeUri: src/
    FunctionUrlConfig:
      AuthType: NONE
      InvokeMode: RESPONSE_STREAM
```

## Use instead
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: nodejs24.x
    CodeUri: src/
    FunctionUrlConfig:
      AuthType: AWS_IAM
      InvokeMode: RESPONSE_STREAM
```

## References
- AWS Lambda Developer Guide, "Response streaming for Lambda functions"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.function_policies import shut_urls
from lamward.model.application import FunctionUrl
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import cases, location_of, text_of


@check(FunctionUrl, severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def public_response_stream(url: FunctionUrl, facts: Facts) -> Answer:
    """Ask whether a URL that is open to everybody streams its answers."""
    for auth in cases(url.auth, url.when) if url.id not in shut_urls(facts) else ():
        for mode in cases(url.invoke_mode, auth.when):
            if text_of(auth.value) == "NONE" and text_of(mode.value) == "RESPONSE_STREAM":
                yield Problem(
                    location_of(mode.value),
                    "strangers decide how long this function streams, and how much",
                    when=mode.when,
                )
