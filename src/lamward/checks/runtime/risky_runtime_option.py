"""Variable that makes a runtime do what it should not.

## Why it matters
Some variables speak to the runtime and not to your code, and stay unseen in a review. `LD_PRELOAD`, `PYTHONPATH`,
`NODE_OPTIONS` or `AWS_LAMBDA_EXEC_WRAPPER` load code: from `/tmp` or a file system below `/mnt` that is whatever
somebody could write there, past code review and code signing. `NODE_TLS_REJECT_UNAUTHORIZED: "0"` lets anyone on the
way read and change what the function sends. A debugger of last week's search stops or slows the function.

Wrappers and libraries in the package (`/var/task`) or in layers (`/opt`) are the usual way, and pass.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: nodejs24.x
    CodeUri: src/
    Environment:
      Variables:
        NODE_TLS_REJECT_UNAUTHORIZED: "0"
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: nodejs24.x
    CodeUri: src/
    Environment:
      Variables:
        NODE_EXTRA_CA_CERTS: /var/task/partner-ca.pem
```
A certificate of one's own authority is added, not everybody's accepted.

## Fix safety
Unsafe, and only for `NODE_TLS_REJECT_UNAUTHORIZED`: connections to servers whose certificate nobody vouches for fail.

## References
- AWS Lambda Developer Guide, "Modifying the runtime environment"
- Node.js documentation, "Command-line API", environment variables
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.runtime_options import RiskyOption, risky_options
from lamward.facts.secret_flows import unread_environments
from lamward.model.application import Application
from lamward.model.finding import Fix, Problem, Severity


@check(Application, severity=Severity.MEDIUM, since="0.1")
def risky_runtime_option(_application: Application, facts: Facts) -> Answer:
    """Ask which variables speak to the runtime in a dangerous way; a variable of Globals once for all functions."""
    yield from unread_environments(facts)
    for option in risky_options(facts):
        where = option.variable.location
        yield Problem(
            where,
            option.story,
            when=option.case.when,
            discriminator=option.variable.variable.name,
            related=also_concerned(where, option.variable.functions, note="gets the variable"),
            severity=option.severity,
            fix=_verify(facts, option) if option.unverified else None,
        )


def _verify(facts: Facts, option: RiskyOption) -> Fix | None:
    return unsafe(
        "verify certificates",
        change(facts, option.case, "1"),
        why="connections to servers whose certificate nobody vouches for fail",
    )
