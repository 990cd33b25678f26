"""Secret written into a resource beside the functions.

## Why it matters
A password in a template is known to all who may read the repository, the stack or its history, and it stays there after
it has been changed. In a parameter, a state machine or a stage variable it is also shown to everyone who may look at
that resource.

Asked about are passwords of databases and brokers, what Secrets Manager and Parameter Store are filled with, keys of
connections, stage variables, steps of state machines, variables of containers and builds. As in
`literal-secret-in-environment`, names of secrets, references and placeholders are left alone, and no value is printed.
A parameter of Parameter Store that a secret parameter of the template fills is reported too, less severely: nobody
reads the secret in the template, but everybody who may read parameters reads it there.

## Example
```yaml
Shop:
  Type: AWS::RDS::DBInstance
  Properties:
    Engine: mysql
    DBInstanceClass: db.t4g.micro
    AllocatedStorage: "20"
    StorageEncrypted: true
    MasterUsername: shop
    MasterUserPassword: Tr1cky-but-written-down
```

## Use instead
```yaml
Shop:
  Type: AWS::RDS::DBInstance
  Properties:
    Engine: mysql
    DBInstanceClass: db.t4g.micro
    AllocatedStorage: "20"
    StorageEncrypted: true
    MasterUsername: shop
    ManageMasterUserPassword: true
```
Let the service make the secret (`ManageMasterUserPassword`, `GenerateSecretString`), or look it up at deployment with
`{{resolve:secretsmanager:…}}`. CloudFormation cannot make encrypted parameters: keep secrets in Secrets Manager. Then
change the secret that was written down.

## Fix safety
Unsafe: a master password of Amazon RDS, Aurora, Amazon DocumentDB or Amazon Redshift is taken out, and the service told
to make one, to keep it in Secrets Manager and to rotate it; what connects has to read it there. Databases that are
restored, have replicas or are part of a global database, and others that the service cannot do that for, keep theirs.

For them and for everything else the fix puts a `NoEcho` parameter without a default in the secret's place, so that
every deployment must give its value; with `secrets = "secrets-manager"` the parameter fills a new secret, and a dynamic
reference to that stands in the place. Nothing is put in the place of a document that a secret is a part of, nor of a
value in Parameter Store, where it would stay readable.

## Options
`secrets` (`parameter`): where the fix puts the secret, `parameter` or `secrets-manager`.

## References
- AWS CloudFormation User Guide, "Get values stored in other services using dynamic references"
- AWS Secrets Manager User Guide, "Secrets Manager best practices"
- AWS Systems Manager User Guide, "AWS Systems Manager Parameter Store": do not store secrets in a String parameter
"""

from __future__ import annotations

from lamward.checks.asking import ask_for
from lamward.checks.framework import Answer, check
from lamward.checks.managed import manage
from lamward.checks.moving import KIND, look_up_at_deployment
from lamward.facts import Facts
from lamward.facts.secret_properties import Written, kept_unencrypted, written_secrets
from lamward.model.application import Application
from lamward.model.finding import Fix, Problem, SecretsIn, Severity
from lamward.model.value import text_of

_STAYS_READABLE = frozenset({"AWS::SSM::Parameter", "AWS::StepFunctions::StateMachine"})


@check(Application, severity=Severity.HIGH, since="0.1")
def literal_secret_in_property(_application: Application, facts: Facts) -> Answer:
    """Ask whether a property of a resource is a secret in plain text."""
    for each in written_secrets(facts):
        article = "an" if each.secret.name[0] in "AEIOUaeiou" else "a"
        yield Problem(
            each.location,
            f"`{each.name}` holds {article} {each.secret.name} in plain text",
            when=each.case.when,
            discriminator=f"property:{each.name}",
            severity=each.secret.severity,
            confidence=each.secret.confidence,
            help="let the service make the secret, or look it up at deployment",
            fix=_fix(facts, each) if _is_whole(each) else None,
        )
    for kept in kept_unencrypted(facts):
        yield Problem(
            kept.resource.location,
            f"this parameter keeps {kept.what} unencrypted",
            when=kept.when,
            discriminator="kept",
            severity=Severity.MEDIUM,
            help="keep it in Secrets Manager",
        )


def _fix(facts: Facts, each: Written) -> Fix | None:
    """Let the service manage the password if it can; what is in Secrets Manager already stays there."""
    managed = manage(facts, each)
    if managed is None and facts.secrets is SecretsIn.SECRETS_MANAGER and each.resource.type != KIND:
        return look_up_at_deployment(facts, each)
    return managed or ask_for(facts, each.name, each.case)


def _is_whole(each: Written) -> bool:
    """Tell whether a value is nothing but the secret, and kept to itself where it is."""
    document = (text_of(each.case.value) or "").lstrip()[:1] in {"{", "["}
    return not document and each.resource.type not in _STAYS_READABLE
