"""Secret written into code.

## Why it matters
Whoever may read the repository or download the function reads the secret with its code; of inline code, whoever may
look at the stack as well. It cannot be changed without a deployment, and stays known after it.

Asked of the code of functions, in the template or beside it (in Python, JavaScript and TypeScript, as far as handlers
reach it), of that of canaries, resolvers and functions of CloudFront in the template, and of scripts that machines
start with (`UserData`, which everybody on the machine can read). What counts is a text beside a name that says it is a
secret, or one whose form gives it away; as in `literal-secret-in-environment`, names of secrets, references, words and
placeholders are left alone, and no value is printed.

## Example
```yaml
Courier:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      SIGNING_KEY = "9vXq2LrT7mZc4HdWb6Ns1KfY"
      def handler(event, context):
          return SIGNING_KEY
```

## Use instead
```yaml
Courier:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    Policies: [AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref Signing}]
    Environment: {Variables: {SIGNING_ARN: !Ref Signing}}
    InlineCode: |
      import os
      import boto3
      secrets = boto3.client("secretsmanager")
      def handler(event, context):
          return secrets.get_secret_value(SecretId=os.environ["SIGNING_ARN"])["SecretString"]
Signing:
  Type: AWS::SecretsManager::Secret
  Properties: {GenerateSecretString: {PasswordLength: 32}}
```
Then change the secret that was written down: it is known now.

## References
- AWS Lambda Developer Guide, "Use Secrets Manager secrets in Lambda functions"
- Amazon EC2 User Guide, "Run commands when you launch an EC2 instance with user data input"
- AWS Secrets Manager User Guide, "Secrets Manager best practices"
"""

from __future__ import annotations

from pathlib import PurePath

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.secret_code import secrets_in_code
from lamward.facts.secret_files import secrets_in_files
from lamward.facts.secrets import Secret
from lamward.model.application import Application
from lamward.model.finding import Problem, Related, Severity

_INSTEAD = "fetch it from Secrets Manager when it is needed"


@check(Application, severity=Severity.HIGH, since="0.1")
def literal_secret_in_code(_application: Application, facts: Facts) -> Answer:
    """Ask whether code in the template, or beside it, holds a secret."""
    for each in secrets_in_code(facts):
        yield Problem(
            each.location,
            _message(
                each.name, f"line {each.line} of this {'script' if each.script else 'code'}", each.secret
            ),
            when=each.case.when,
            discriminator=f"code:{each.name}",
            severity=each.secret.severity,
            confidence=each.secret.confidence,
            help=_INSTEAD,
        )
    for found in secrets_in_files(facts):
        first = found.functions[0]
        yield Problem(
            first.location,
            _message(found.name, f"its code (`{PurePath(found.file).name}`)", found.secret),
            when=first.when,
            discriminator=f"file:{PurePath(found.file).name}:{found.name}",
            related=(
                Related(found.place, "written here"),
                *(Related(other.location, "runs this code too") for other in found.functions[1:]),
            ),
            severity=found.secret.severity,
            confidence=found.secret.confidence,
            help=_INSTEAD,
        )


def _message(name: str, where: str, secret: Secret) -> str:
    what = f"`{name}`" if name else "a text"
    article = "an" if secret.name[0] in "AEIOUaeiou" else "a"
    return f"{what} in {where} is {article} {secret.name} in plain text"
