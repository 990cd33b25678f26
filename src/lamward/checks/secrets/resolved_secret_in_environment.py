"""Secret that the deployment copies into a variable.

## Why it matters
`{{resolve:secretsmanager:…}}` keeps a secret out of the template, not out of the function: CloudFormation looks it up
and writes it into the function's configuration, where everybody reads it who may call
`lambda:GetFunctionConfiguration`, and every version of the function keeps it. When the secret is rotated, the function
goes on with the old one.

The same goes for the `PLAINTEXT` variables of a CodeBuild project, whose every build shows them. User names and other
fields of a secret that are none themselves pass.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !ImportValue key
    Environment:
      Variables:
        DB_PASSWORD: "{{resolve:secretsmanager:orders-database:SecretString:password}}"
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        DB_SECRET_ARN: !ImportValue orders-database-secret
    Policies:
      - AWSSecretsManagerGetSecretValuePolicy:
          SecretArn: !ImportValue orders-database-secret
```
The function reads the secret when it starts, and again when it was rotated; access is granted and on record.

## References
- AWS CloudFormation User Guide, "Get values stored in other services using dynamic references"
- AWS Lambda Developer Guide, "Use Secrets Manager secrets in Lambda functions"
- AWS CodeBuild User Guide, "Environment variables in build environments"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.builds import shown_by_builds
from lamward.facts.concerned import also_concerned
from lamward.facts.secret_flows import looks_up_secret, variables
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import cases


@check(Application, severity=Severity.MEDIUM, since="0.1")
def resolved_secret_in_environment(_application: Application, facts: Facts) -> Answer:
    """Ask whether a function's or a build's variable gets a secret; one of Globals once for all functions."""
    for each in variables(facts):
        for case in cases(each.variable.value, each.variable.when):
            if looks_up_secret(case.value):
                name = each.variable.name
                yield Problem(
                    each.location,
                    f"the deployment copies a secret into `{name}`, for everybody who may read the configuration",
                    when=case.when,
                    discriminator=f"env:{name}",
                    related=also_concerned(each.location, each.functions, note="gets the variable"),
                    help="give the function the secret's ARN, and let it read the secret itself",
                )
    for shown in shown_by_builds(facts):
        yield Problem(
            shown.project.location,
            f"`{shown.variable}` shows {shown.secret.name} to everybody who may look at a build",
            when=shown.when,
            discriminator=f"env:{shown.variable}",
            severity=shown.secret.severity,
            help="keep it in Secrets Manager, and set Type: SECRETS_MANAGER",
        )
