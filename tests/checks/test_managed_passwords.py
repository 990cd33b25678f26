"""Which passwords of databases the service is told to manage, and what is written for it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lamward.audit.settings import Settings
from tests.checks.fixing import DATABASE, MOVING, SAM, SETTINGS, WITH_SECRET, changed_by, fixes_of

SHOP_IN_FLOW = (
    "Shop: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, MasterUserPassword: gr8-Winter-tyres}}\n"
)
MANAGED = {
    "a database's service makes the password": (
        DATABASE,
        """
        -      MasterUserPassword: ****************
        +      ManageMasterUserPassword: true
        """,
    ),
    "in flow style too": (
        SHOP_IN_FLOW,
        """
        -  Shop: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, MasterUserPassword: ****************}}
        +  Shop: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, ManageMasterUserPassword: true}}
        """,
    ),
    "a cluster of DocumentDB": (
        (
            "Shop:\n  Type: AWS::DocDB::DBCluster\n  Properties:\n    MasterUsername: shop\n"
            "    MasterUserPassword: gr8-Winter-tyres\n"
        ),
        """
        -      MasterUserPassword: ****************
        +      ManageMasterUserPassword: true
        """,
    ),
    "a cluster of Redshift": (
        (
            "Shop:\n  Type: AWS::Redshift::Cluster\n  Properties:\n    MasterUsername: shop\n"
            "    MasterUserPassword: gr8-Winter-tyres\n"
        ),
        """
        -      MasterUserPassword: ****************
        +      ManageMasterPassword: true
        """,
    ),
    "a namespace of Redshift Serverless": (
        (
            "Shop:\n  Type: AWS::RedshiftServerless::Namespace\n  Properties:\n    NamespaceName: shop\n"
            "    AdminUserPassword: gr8-Winter-tyres\n"
        ),
        """
        -      AdminUserPassword: ****************
        +      ManageAdminPassword: true
        """,
    ),
}


@pytest.mark.parametrize(("text", "expected"), MANAGED.values(), ids=MANAGED.keys())
@pytest.mark.parametrize("settings", [SETTINGS, MOVING], ids=["parameter", "secrets-manager"])
def test_a_password_that_the_service_can_manage(
    text: str, expected: str, settings: Settings, tmp_path: Path
) -> None:
    changed = changed_by(tmp_path, "literal-secret-in-property", text, settings)
    assert changed == textwrap.dedent(expected).strip().splitlines()


ASKED = """
+Parameters:
+  ShopMasterUserPassword:
+    Type: String
+    NoEcho: true
-      MasterUserPassword: ****************
+      MasterUserPassword: !Ref ShopMasterUserPassword
"""
UNMANAGED = {
    "restored from a snapshot": DATABASE + "    DBSnapshotIdentifier: shop-2026\n",
    "RDS Custom": DATABASE.replace("mysql", "custom-oracle-ee"),
    "an engine that nobody knows": DATABASE.replace("mysql", "!Ref AWS::StackName"),
    "the source of a replica": DATABASE
    + "Replica:\n  Type: AWS::RDS::DBInstance\n  Properties: {SourceDBInstanceIdentifier: !Ref Shop}\n",
    "with a secret of its own": DATABASE
    + "Tie:\n  Type: AWS::SecretsManager::SecretTargetAttachment\n"
    + "  Properties: {TargetId: !Ref Shop, TargetType: AWS::RDS::DBInstance, SecretId: shop}\n",
    "Aurora Serverless v1": DATABASE.replace("DBInstance", "DBCluster").replace(
        "mysql", "aurora-mysql\n    EngineMode: serverless"
    ),
    "part of a global database": DATABASE.replace("DBInstance", "DBCluster").replace(
        "mysql", "aurora-mysql\n    GlobalClusterIdentifier: shop"
    ),
}


@pytest.mark.parametrize("text", UNMANAGED.values(), ids=UNMANAGED.keys())
def test_a_password_that_it_cannot_manage_is_asked_for(text: str, tmp_path: Path) -> None:
    changed = changed_by(tmp_path, "literal-secret-in-property", text)
    assert changed == ASKED.strip().splitlines()


def test_a_branch_of_a_condition_is_asked_for(tmp_path: Path) -> None:
    text = DATABASE.replace("gr8", "!If [Test, gr8").replace("tyres", "tyres, !ImportValue password]")
    text = "Conditions: {Test: !Equals [!Ref AWS::Region, eu-west-1]}\nResources:\n" + textwrap.indent(
        text, "  "
    )
    changed = changed_by(tmp_path, "literal-secret-in-property", text)
    assert changed[-1].endswith(
        "MasterUserPassword: !If [Test, !Ref ShopMasterUserPassword, !ImportValue password]"
    )


def test_reasons_name_who_has_the_old_password(tmp_path: Path) -> None:
    text = (
        DATABASE
        + SAM
        + WITH_SECRET.replace("API_TOKEN: 9f8e7d6c5b4a39281706", "DB_PASSWORD: gr8-Winter-tyres")
    )
    (fix,) = fixes_of(tmp_path, "literal-secret-in-property", text, SETTINGS)
    assert fix is not None
    assert fix.why_unsafe == (
        "the password becomes another, and again at each rotation: what connects must read "
        "`!GetAtt Shop.MasterUserSecret.SecretArn`; `DB_PASSWORD` of `Orders` has the old one"
    )
