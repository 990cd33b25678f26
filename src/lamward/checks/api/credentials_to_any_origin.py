"""API that takes visitors' credentials from pages of every website.

## Why it matters
With `AllowCredentials` a browser sends the visitor's cookies and certificates along. If every origin is allowed
besides, any page the visitor opens can act as the visitor and read the answers. Without credentials, `*` harms little
and is not reported.

## Example
```yaml
Shop:
  Type: AWS::ApiGatewayV2::Api
  Properties:
    Name: shop
    ProtocolType: HTTP
    CorsConfiguration:
      AllowCredentials: true
      AllowOrigins: ["https://*"]
```

## Use instead
```yaml
Shop:
  Type: AWS::ApiGatewayV2::Api
  Properties:
    Name: shop
    ProtocolType: HTTP
    CorsConfiguration:
      AllowCredentials: true
      AllowOrigins: ["https://shop.example.com"]
```

## Fix safety
Unsafe: browsers then send no cookies and no HTTP authentication to the API, from your own pages neither. Better list
the origins that may send them, where they are known.

## References
- Amazon API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.origins import with_every_origin
from lamward.model.application import Api
from lamward.model.finding import Problem, Severity
from lamward.model.value import at, location_of


@check(Api, severity=Severity.HIGH, since="0.1")
def credentials_to_any_origin(api: Api, facts: Facts) -> Answer:
    """Ask whether every origin may send credentials."""
    resource = facts.application.resources.get(api.id)
    if resource is None:
        return
    for place in (("CorsConfiguration",), ("Body", "x-amazon-apigateway-cors")):
        for origin in with_every_origin(at(resource.properties, *place), api.when):
            if origin.credentials:
                yield Problem(
                    location_of(origin.case.value),
                    "every website may call this API with its visitors' credentials and read the answer",
                    when=origin.case.when,
                    fix=unsafe(
                        "let browsers send no credentials",
                        change(facts, origin.allowed, to=False),
                        why="pages that need cookies or HTTP authentication no longer work",
                    ),
                )
