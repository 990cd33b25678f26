"""Secret written into code that stands in the template.

## Why it matters
Inline code is part of the template: whoever may read the repository, the stack, its history or the function's
configuration reads the secret with it. It cannot be changed without a deployment, and stays known after it.

Asked of inline code of functions, canaries, resolvers and functions of CloudFront, and of scripts that machines start
with (`UserData`, which everybody on the machine can read). What counts is a text beside a name that says it is a
secret, or one whose form gives it away; as in `literal-secret-in-environment`, names of secrets, references, words and
placeholders are left alone, and no value is printed. Code in files of its own is not read.

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

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.secret_code import secrets_in_code
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity


@check(Application, severity=Severity.HIGH, since="0.1")
def literal_secret_in_code(_application: Application, facts: Facts) -> Answer:
    """Ask whether code in the template holds a secret."""
    for each in secrets_in_code(facts):
        what = f"`{each.name}`" if each.name else "a text"
        article = "an" if each.secret.name[0] in "AEIOUaeiou" else "a"
        yield Problem(
            each.location,
            f"{what} in line {each.line} of this {'script' if each.script else 'code'} "
            f"is {article} {each.secret.name} in plain text",
            when=each.case.when,
            discriminator=f"code:{each.name}",
            severity=each.secret.severity,
            confidence=each.secret.confidence,
            help="fetch it from Secrets Manager when it is needed",
        )
