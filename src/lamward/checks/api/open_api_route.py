"""API route that anyone on the internet may call.

## Why it matters
A route without authorisation hands every request to the function: the code alone stands between the internet and the
function's role. Code that checks who calls is easily forgotten on the next route; an authoriser on the API is not.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Create:
        Type: HttpApi
        Properties:
          Path: /orders
          Method: post
```

## Use instead
Give the API an authoriser that every route gets unless it says otherwise.
```yaml
Shop:
  Type: AWS::Serverless::HttpApi
  Properties:
    Auth:
      DefaultAuthorizer: Customers
      Authorizers:
        Customers:
          IdentitySource: $request.header.Authorization
          JwtConfiguration:
            issuer: https://login.example.com/
            audience: [shop]
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Create:
        Type: HttpApi
        Properties:
          ApiId: !Ref Shop
          Path: /orders
          Method: post
```
An API without any authoriser is reported once, with its routes; where some routes have one, each that has none.
Preflight requests, private APIs and APIs whose resource policy keeps strangers out pass. An API key counts for a
little: it says which program calls, not who. A route that is public by design deserves a suppression that says so.

## References
- Amazon API Gateway Developer Guide, "Control and manage access to REST APIs in API Gateway"
- Amazon API Gateway Developer Guide, "Control and manage access to HTTP APIs in API Gateway"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.apis import (
    Access,
    RouteAccess,
    access_to,
    closed_to_strangers,
    connects_unasked,
    in_public,
)
from lamward.facts.places import count
from lamward.model.application import Api
from lamward.model.finding import Confidence, Doubt, Problem, Related, Severity
from lamward.model.value import why_unknown


@check(Api, severity=Severity.HIGH, confidence=Confidence.MEDIUM, since="0.1")
def open_api_route(api: Api, facts: Facts) -> Answer:
    """Ask of every route whether API Gateway lets everybody through."""
    found = tuple(access_to(facts, api))
    closed = closed_to_strangers(facts, api)
    unasked = [each for one in found if one.access is Access.OPEN for each in in_public(one, closed)]
    if closed.closed:
        return
    if closed.doubt:
        if unasked:
            yield Doubt(api.location, closed.doubt)
        return
    if connects_unasked(facts, api):
        yield Problem(
            api.location, "anyone on the internet may connect, as there is no `$connect` route to ask them"
        )
    elif unasked and all(each.access is Access.OPEN for each in found):
        yield _whole(api, unasked)
    else:
        yield from _single(unasked)
    for each in found:
        if each.access is Access.UNKNOWN:
            yield Doubt(each.route.location, why_unknown(each.case.value), when=each.case.when)
    if api.unread_definition:
        yield Doubt(api.location, api.unread_definition)


def _whole(api: Api, unasked: Sequence[RouteAccess]) -> Problem:
    conditions = {each.case.when for each in unasked}
    routes = {each.route.location: each for each in unasked}
    return Problem(
        api.location,
        f"{_who(unasked)} may call this API: {count(len(routes), 'route')} without authorisation",
        when=conditions.pop() if len(conditions) == 1 else api.when,
        related=tuple(Related(where, _name(each)) for where, each in routes.items() if where != api.location),
        severity=max((_severity(each) for each in unasked), key=lambda severity: severity.rank),
        help="set a default authoriser on the API",
    )


def _single(unasked: Sequence[RouteAccess]) -> Iterator[Problem]:
    for each in unasked:
        yield Problem(
            each.route.location,
            f"{_who([each])} may call `{_name(each)}`, unlike other routes of this API",
            when=each.case.when,
            discriminator=_name(each),
            severity=_severity(each),
        )


def _who(unasked: Sequence[RouteAccess]) -> str:
    return "whoever has an API key" if all(each.needs_key for each in unasked) else "anyone on the internet"


def _name(each: RouteAccess) -> str:
    return f"{each.route.method} {each.route.path}"


def _severity(each: RouteAccess) -> Severity:
    if each.needs_key or each.is_harmless:
        return Severity.LOW
    return Severity.MEDIUM if each.reads_only else Severity.HIGH
