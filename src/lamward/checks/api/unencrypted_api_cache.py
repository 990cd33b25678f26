"""API cache that keeps answers unencrypted.

## Why it matters
The cache holds what the functions answered, other people's data among it, for minutes or hours on machines that are
not yours. Encryption at rest is a switch, and off unless somebody sets it.

Asked of stages that have a cache and settings that use it, and of AppSync caches.

## Example
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    CacheClusterEnabled: true
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: "*"
        CachingEnabled: true
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    CacheClusterEnabled: true
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: "*"
        CachingEnabled: true
        CacheDataEncrypted: true
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```

## References
- Amazon API Gateway Developer Guide, "Cache settings for REST APIs in API Gateway"
- AWS Security Hub, APIGateway.5, API Gateway REST API cache data should be encrypted at rest
- AWS AppSync Developer Guide, "Configuring server-side caching and API payload compression in AWS AppSync"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import add, change, safe
from lamward.facts import Facts
from lamward.facts.stages import REST_STAGE, before_functions, is_on, unencrypted_caching
from lamward.model.application import Resource
from lamward.model.finding import Problem, Severity
from lamward.model.value import Known, at, cases

_MESSAGE = "the answers this cache keeps are not encrypted"
_TITLE = "encrypt what the cache keeps"


@check(Resource, types=(REST_STAGE, "AWS::AppSync::ApiCache"), severity=Severity.MEDIUM, since="0.1")
def unencrypted_api_cache(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a cache before functions is encrypted."""
    if not before_functions(facts, resource):
        return
    if resource.type != REST_STAGE:
        for case in cases(at(resource.properties, "AtRestEncryptionEnabled"), resource.when):
            if not is_on(case):
                yield Problem(resource.location, _MESSAGE, when=case.when)
        return
    for settings, case in unencrypted_caching(resource):
        fix = change(facts, case, to=True) if isinstance(case.value, Known) else None
        fix = fix or add(settings.location, "CacheDataEncrypted", to=True)
        yield Problem(settings.location, _MESSAGE, when=case.when, fix=safe(_TITLE, fix))
