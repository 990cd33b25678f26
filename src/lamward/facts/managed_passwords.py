"""Databases whose service can make the first user's password, keep it in Secrets Manager and rotate it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named
from lamward.model.application import Resource
from lamward.model.value import Absent, at, cases, text_of


class Managing(Struct, frozen=True):
    """How a kind of database is told to manage the password.

    `password` is the property that gives one, `switch` the one that has it managed, of which only one may be there.
    `secret` is the attribute with the secret's ARN, "" where there is none. With one of `unless` the password is
    another database's, or managing it is not supported; `only` lists the values that settings must have, "" for none.
    """

    password: str
    switch: str
    secret: str = ""
    unless: frozenset[str] = frozenset()
    only: Mapping[str, frozenset[str]] = {}


_RESTORED: Final = frozenset(
    {
        "RestoreToTime",
        "RestoreType",
        "SnapshotIdentifier",
        "SourceDBClusterIdentifier",
        "UseLatestRestorableTime",
    }
)

_KINDS: Final[Mapping[str, Managing]] = {
    "AWS::RDS::DBInstance": Managing(
        "MasterUserPassword",
        "ManageMasterUserPassword",
        "MasterUserSecret.SecretArn",
        frozenset(
            {
                "DBClusterIdentifier",
                "DBClusterSnapshotIdentifier",
                "DBSnapshotIdentifier",
                "MasterUserSecret",
                "RestoreTime",
                "SourceDBClusterIdentifier",
                "SourceDBInstanceAutomatedBackupsArn",
                "SourceDBInstanceIdentifier",
                "SourceDbiResourceId",
                "UseLatestRestorableTime",
            }
        ),
        {
            # Not Aurora, whose password is the cluster's, not RDS Custom, and not Oracle's container databases.
            "Engine": frozenset(
                {
                    *("mariadb", "mysql", "postgres", "db2-ae", "db2-se", "oracle-ee", "oracle-se2"),
                    *("sqlserver-ee", "sqlserver-ex", "sqlserver-se", "sqlserver-web"),
                }
            )
        },
    ),
    "AWS::RDS::DBCluster": Managing(
        "MasterUserPassword",
        "ManageMasterUserPassword",
        "MasterUserSecret.SecretArn",
        _RESTORED
        | {
            "GlobalClusterIdentifier",
            "MasterUserSecret",
            "ReplicationSourceIdentifier",
            "SourceDbClusterResourceId",
        },
        {
            "Engine": frozenset({"aurora-mysql", "aurora-postgresql", "mysql", "postgres"}),
            # `serverless` is Aurora Serverless v1, which cannot.
            "EngineMode": frozenset({"", "provisioned"}),
        },
    ),
    "AWS::DocDB::DBCluster": Managing(
        "MasterUserPassword",
        "ManageMasterUserPassword",
        unless=_RESTORED | {"GlobalClusterIdentifier", "MasterUserSecretKmsKeyId"},
    ),
    "AWS::Redshift::Cluster": Managing(
        "MasterUserPassword",
        "ManageMasterPassword",
        "MasterPasswordSecretArn",
        frozenset({"MasterPasswordSecretKmsKeyId", "SnapshotClusterIdentifier", "SnapshotIdentifier"}),
    ),
    "AWS::RedshiftServerless::Namespace": Managing(
        "AdminUserPassword", "ManageAdminPassword", unless=frozenset({"AdminPasswordSecretKmsKeyId"})
    ),
}

_FROM_ANOTHER: Final = (
    "ReplicationSourceIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceIdentifier",
)
"""Where a replica, or a global cluster, names the database it is made from."""


def managing(facts: Facts, resource: Resource, name: str) -> Managing | None:
    """Say how the service can manage the password that a property gives, None where it cannot, or may not."""
    how = _KINDS.get(resource.type)
    if how is None or name != how.password or resource.id in _tied(facts):
        return None
    there = [
        each for each in (how.switch, *how.unless) if not isinstance(at(resource.properties, each), Absent)
    ]
    fits = all(
        (text_of(case.value) or ("" if isinstance(case.value, Absent) else "?")).lower() in allowed
        for setting, allowed in how.only.items()
        for case in cases(at(resource.properties, setting), resource.when)
    )
    return how if fits and not there else None


@fact
def _tied(facts: Facts) -> frozenset[str]:
    """List the databases that have replicas, or a secret of the template that something else rotates."""
    named = [
        (resource, at(resource.properties, each))
        for resource in facts.application.resources.values()
        for each in _FROM_ANOTHER
    ]
    named += [
        (resource, at(resource.properties, "TargetId"))
        for resource in facts.application.resources.values()
        if resource.type == "AWS::SecretsManager::SecretTargetAttachment"
    ]
    return frozenset(
        found.id for resource, value in named for found, _ in resources_named(facts, value, resource.when)
    )
