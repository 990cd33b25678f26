"""Layer that an account you have not named publishes.

## Why it matters
A layer's code runs inside the function: it reads the environment and the events and uses the role. Its publisher may
be anybody, what is in it is seen by few, and one that is withdrawn can no longer be deployed.

## Example
```yaml
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Layers:
      - !Sub arn:aws:lambda:${AWS::Region}:764866452798:layer:ghostscript:8
```

## Use instead
Publish what you need yourself, from sources you have seen.
```yaml
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Layers:
      - !Ref Ghostscript
Ghostscript:
  Type: AWS::Serverless::LayerVersion
  Properties:
    ContentUri: layers/ghostscript/
```
Layers of AWS itself are known and pass; those of observability vendors are reported with low severity.

## Options
Accounts listed in `trusted-accounts` pass.

## References
- AWS Lambda Developer Guide, "Managing Lambda dependencies with layers"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.layers import foreign_layers, unreadable_layers
from lamward.facts.places import count, others
from lamward.model.application import Application
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.value import why_unknown


@check(Application, severity=Severity.MEDIUM, since="0.1")
def unknown_account_layer(_application: Application, facts: Facts) -> Answer:
    """Ask of every layer whether its publisher is known."""
    for layer, place in foreign_layers(facts):
        users = count(len(place.functions), "function")
        if layer.publisher:
            message = f"code of {layer.publisher.name} (account {layer.account}) runs in {users}"
        else:
            message = f"code of the unknown account {layer.account} runs in {users}"
        yield Problem(
            place.location,
            message,
            when=place.case.when,
            discriminator=layer.name,
            severity=Severity.LOW if layer.publisher else Severity.MEDIUM,
            related=others(place.functions, note="uses the layer"),
            help="publish the layer in your own account, or list the account in `trusted-accounts`",
        )
    for place in unreadable_layers(facts):
        yield Doubt(place.location, why_unknown(place.case.value), when=place.case.when)
