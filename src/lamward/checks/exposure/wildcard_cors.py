"""Function URL that every website may call from a visitor's browser.

## Why it matters
CORS decides which pages may read what the URL answers to a visitor's browser. With `*` that is every page on the web.
With `AllowCredentials` besides, the browser also sends the visitor's cookies and certificates, and any page can act
and read as the visitor.

## Example
```yaml
Search:
  Type: AWS::Lambda::Url
  Properties:
    TargetFunctionArn: !Ref Function
    AuthType: AWS_IAM
    Cors:
      AllowCredentials: true
      AllowOrigins: ["*"]
```

## Use instead
```yaml
Search:
  Type: AWS::Lambda::Url
  Properties:
    TargetFunctionArn: !Ref Function
    AuthType: AWS_IAM
    Cors:
      AllowCredentials: true
      AllowOrigins: ["https://shop.example.com"]
```

## References
- AWS Lambda API Reference, "Cors"
- Fetch Living Standard, "CORS protocol"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.origins import with_every_origin
from lamward.model.application import FunctionUrl
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(FunctionUrl, severity=Severity.LOW, since="0.1")
def wildcard_cors(url: FunctionUrl, _facts: Facts) -> Answer:
    """Ask whether every origin is allowed, and whether with the visitor's credentials."""
    for origin in with_every_origin(url.cors, url.when):
        where, when = location_of(origin.case.value), origin.case.when
        if origin.credentials:
            message = "every website may call this URL with its visitors' credentials and read the answer"
            yield Problem(where, message, when=when, severity=Severity.HIGH)
        else:
            yield Problem(
                where, "every website may call this URL from a browser and read the answer", when=when
            )
