"""Where functions keep and get data, and what the settings of each kind of store say about its protection.

Sources: CloudFormation Template Reference, each type's page; and what services do where nothing is set: S3 encrypts
since January 2023, SQS for new queues since then too, Aurora since February 2026, DynamoDB, MSK and MQ always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.links import of_type
from lamward.facts.network import references_in
from lamward.facts.settings import Unmet, Way, given, left_out, none_of, off, on, one_of, own_key, unmet
from lamward.facts.surroundings import functions_around
from lamward.model.application import Function, Resource
from lamward.model.finding import Persona, Severity
from lamward.model.value import Absent, Scalar, at, elements, text_of

_EVERYONE: Final = Persona.REGULAR
_REVIEWERS: Final = Persona.AUDITOR


class Demand(Struct, frozen=True):
    """What a kind of store should have: the ways to it, how it is called, and the value that gives it, if one does.

    It is not made of a store that has one of the properties in `inherits`, as another resource decides there, nor in
    branches where any of the ways in `unless` says that it has no place.
    """

    ways: tuple[Way, ...]
    called: str
    severity: Severity = Severity.LOW
    persona: Persona = _REVIEWERS
    remedy: Scalar = None
    inherits: tuple[str, ...] = ()
    unless: tuple[Way, ...] = ()


_SNAPSHOTS: Final = ("DBClusterIdentifier", "DBSnapshotIdentifier", "SourceDBInstanceIdentifier")
_READS_STREAM: Final = (Way(("DeliveryStreamType",), none_of("DirectPut")),)
"""Delivery streams that take the protection of the stream they read."""
_VALKEY: Final = Way(("Engine",), one_of("valkey"))
"""Caches of this engine encrypt what they hold where nothing is set, and must say how they are spoken to."""
_CLUSTER_COPIES: Final = ("SnapshotIdentifier", "SourceDBClusterIdentifier")

ENCRYPTION: Final[Mapping[str, Demand]] = {
    "AWS::DAX::Cluster": Demand(
        (Way(("SSESpecification", "SSEEnabled"), on),), "cache", Severity.MEDIUM, _EVERYONE
    ),
    "AWS::DocDB::DBCluster": Demand(
        (Way(("StorageEncrypted",), on),), "database", Severity.MEDIUM, _EVERYONE, inherits=_CLUSTER_COPIES
    ),
    "AWS::EFS::FileSystem": Demand((Way(("Encrypted",), on),), "file system", Severity.MEDIUM, _EVERYONE),
    "AWS::ElastiCache::ReplicationGroup": Demand(
        (Way(("AtRestEncryptionEnabled",), on, absent=_VALKEY),), "cache", Severity.LOW, _EVERYONE
    ),
    "AWS::Kinesis::Stream": Demand((Way(("StreamEncryption", "EncryptionType"), one_of("KMS")),), "stream"),
    "AWS::KinesisFirehose::DeliveryStream": Demand(
        (Way(("DeliveryStreamEncryptionConfigurationInput", "KeyType"), given),),
        "delivery stream",
        unless=_READS_STREAM,
    ),
    "AWS::Neptune::DBCluster": Demand(
        (Way(("StorageEncrypted",), on),), "database", Severity.MEDIUM, _EVERYONE, inherits=_CLUSTER_COPIES
    ),
    "AWS::OpenSearchService::Domain": Demand(
        (Way(("EncryptionAtRestOptions", "Enabled"), on),), "search domain", Severity.MEDIUM, _EVERYONE
    ),
    "AWS::RDS::DBInstance": Demand(
        (Way(("StorageEncrypted",), on),), "database", Severity.MEDIUM, _EVERYONE, inherits=_SNAPSHOTS
    ),
    "AWS::Redshift::Cluster": Demand(
        (Way(("Encrypted",), on, absent=True),), "warehouse", Severity.MEDIUM, _EVERYONE
    ),
    "AWS::SNS::Topic": Demand((Way(("KmsMasterKeyId",), given),), "topic"),
    "AWS::SQS::Queue": Demand(
        (Way(("SqsManagedSseEnabled",), on, absent=True), Way(("KmsMasterKeyId",), given)),
        "queue",
        Severity.LOW,
        _EVERYONE,
        remedy=True,
    ),
}
"""Encryption of what is stored: where it can be missing."""

_BUCKET_KEY: Final = (
    "BucketEncryption",
    "ServerSideEncryptionConfiguration",
    0,
    "ServerSideEncryptionByDefault",
    "KMSMasterKeyID",
)


def _key(called: str, *path: str | int, inherits: tuple[str, ...] = ()) -> Demand:
    return Demand((Way(path, own_key),), called, Severity.INFO, inherits=inherits)


CUSTOMER_KEYS: Final[Mapping[str, Demand]] = {
    "AWS::AmazonMQ::Broker": _key("broker", "EncryptionOptions", "KmsKeyId"),
    "AWS::DocDB::DBCluster": _key("database", "KmsKeyId", inherits=_CLUSTER_COPIES),
    "AWS::DynamoDB::Table": _key("table", "SSESpecification", "KMSMasterKeyId"),
    "AWS::ECR::Repository": _key("image repository", "EncryptionConfiguration", "KmsKey"),
    "AWS::EFS::FileSystem": _key("file system", "KmsKeyId"),
    "AWS::Events::EventBus": _key("event bus", "KmsKeyIdentifier"),
    "AWS::Kinesis::Stream": _key("stream", "StreamEncryption", "KeyId"),
    "AWS::KinesisFirehose::DeliveryStream": Demand(
        (Way(("DeliveryStreamEncryptionConfigurationInput", "KeyARN"), own_key),),
        "delivery stream",
        Severity.INFO,
        unless=_READS_STREAM,
    ),
    "AWS::Lambda::EventSourceMapping": Demand(
        (Way(("KmsKeyArn",), own_key),),
        "filter of events",
        Severity.INFO,
        unless=(left_out("FilterCriteria"),),
    ),
    "AWS::MSK::Cluster": _key("cluster", "EncryptionInfo", "EncryptionAtRest", "DataVolumeKMSKeyId"),
    "AWS::Neptune::DBCluster": _key("database", "KmsKeyId", inherits=_CLUSTER_COPIES),
    "AWS::OpenSearchService::Domain": _key("search domain", "EncryptionAtRestOptions", "KmsKeyId"),
    "AWS::RDS::DBCluster": _key("database", "KmsKeyId", inherits=_CLUSTER_COPIES),
    "AWS::RDS::DBInstance": _key("database", "KmsKeyId", inherits=_SNAPSHOTS),
    "AWS::S3::Bucket": _key("bucket", *_BUCKET_KEY),
    "AWS::SNS::Topic": _key("topic", "KmsMasterKeyId"),
    "AWS::SQS::Queue": _key("queue", "KmsMasterKeyId"),
    "AWS::Scheduler::Schedule": _key("schedule", "KmsKeyArn"),
    "AWS::SecretsManager::Secret": _key("secret", "KmsKeyId"),
    "AWS::StepFunctions::StateMachine": _key("state machine", "EncryptionConfiguration", "KmsKeyId"),
}
"""A key of the account's own: where one can be given."""

RECOVERY: Final[Mapping[str, Demand]] = {
    "AWS::DynamoDB::Table": Demand(
        (Way(("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), on),), "table", remedy=True
    ),
    "AWS::EFS::FileSystem": Demand(
        (Way(("BackupPolicy", "Status"), one_of("ENABLED")),), "file system", remedy="ENABLED"
    ),
    "AWS::RDS::DBInstance": Demand(
        (Way(("BackupRetentionPeriod",), none_of("0"), absent=True),), "database", inherits=_SNAPSHOTS
    ),
    "AWS::S3::Bucket": Demand(
        (Way(("VersioningConfiguration", "Status"), one_of("Enabled")),), "bucket", remedy="Enabled"
    ),
}
"""A way back to what was there before an accident or an attack."""

DELETION_PROTECTION: Final[Mapping[str, Demand]] = {
    "AWS::DocDB::DBCluster": Demand((Way(("DeletionProtection",), on),), "database", remedy=True),
    "AWS::DynamoDB::Table": Demand((Way(("DeletionProtectionEnabled",), on),), "table", remedy=True),
    "AWS::Neptune::DBCluster": Demand((Way(("DeletionProtection",), on),), "database", remedy=True),
    "AWS::RDS::DBCluster": Demand((Way(("DeletionProtection",), on),), "database", remedy=True),
    "AWS::RDS::DBInstance": Demand(
        (Way(("DeletionProtection",), on),), "database", remedy=True, inherits=("DBClusterIdentifier",)
    ),
}
"""Whether a single call is enough to delete all there is."""

LOGS: Final[Mapping[str, Demand]] = {
    "AWS::AmazonMQ::Broker": Demand((Way(("Logs", "General"), on),), "broker", Severity.INFO),
    "AWS::DocDB::DBCluster": Demand(
        (Way(("EnableCloudwatchLogsExports",), given),), "database", Severity.INFO
    ),
    "AWS::MSK::Cluster": Demand((Way(("LoggingInfo", "BrokerLogs"), given),), "cluster", Severity.INFO),
    "AWS::OpenSearchService::Domain": Demand(
        (Way(("LogPublishingOptions",), given),), "search domain", Severity.INFO
    ),
    "AWS::RDS::DBCluster": Demand((Way(("EnableCloudwatchLogsExports",), given),), "database", Severity.INFO),
    "AWS::RDS::DBInstance": Demand(
        (Way(("EnableCloudwatchLogsExports",), given),),
        "database",
        Severity.INFO,
        inherits=("DBClusterIdentifier",),
    ),
    "AWS::S3::Bucket": Demand((Way(("LoggingConfiguration",), given),), "bucket", Severity.INFO),
}
"""Whether anybody can say later who did what."""

PRIVACY: Final[Mapping[str, Demand]] = {
    "AWS::AmazonMQ::Broker": Demand(
        (Way(("PubliclyAccessible",), off, absent=True),), "broker", Severity.HIGH, _EVERYONE
    ),
    "AWS::MSK::Cluster": Demand(
        (
            Way(
                ("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"),
                one_of("DISABLED"),
                absent=True,
            ),
        ),
        "cluster",
        Severity.HIGH,
        _EVERYONE,
        remedy="DISABLED",
    ),
    "AWS::RDS::DBInstance": Demand(
        (Way(("PubliclyAccessible",), off, absent=Way(("DBClusterIdentifier",), given)),),
        "database",
        Severity.HIGH,
        _EVERYONE,
        remedy=False,
    ),
    "AWS::Redshift::Cluster": Demand(
        (Way(("PubliclyAccessible",), off, absent=True),), "warehouse", Severity.HIGH, _EVERYONE, remedy=False
    ),
}
"""Whether the internet stays outside: private unless told otherwise, but for databases of RDS outside clusters.

Those that say nothing are public where their network, or the default one, has an internet gateway.
"""

TRANSIT: Final[Mapping[str, tuple[Demand, ...]]] = {
    "AWS::DAX::Cluster": (
        Demand(
            (Way(("ClusterEndpointEncryptionType",), one_of("TLS")),),
            "the cache can be spoken to",
            Severity.MEDIUM,
            _EVERYONE,
        ),
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        Demand(
            (Way(("TransitEncryptionEnabled",), on, absent=_VALKEY),),
            "the cache can be spoken to",
            Severity.MEDIUM,
            _EVERYONE,
        ),
    ),
    "AWS::MSK::Cluster": (
        Demand(
            (Way(("EncryptionInfo", "EncryptionInTransit", "ClientBroker"), one_of("TLS"), absent=True),),
            "the brokers can be spoken to",
            Severity.MEDIUM,
            _EVERYONE,
            remedy="TLS",
        ),
        Demand(
            (Way(("EncryptionInfo", "EncryptionInTransit", "InCluster"), on, absent=True),),
            "the brokers speak to one another",
            Severity.MEDIUM,
            _EVERYONE,
        ),
    ),
    "AWS::OpenSearchService::Domain": (
        Demand(
            (Way(("DomainEndpointOptions", "EnforceHTTPS"), on),),
            "the search domain can be spoken to",
            Severity.MEDIUM,
            _EVERYONE,
            remedy=True,
        ),
    ),
}
"""Whether connections are encrypted."""

_KAFKA_SIGN_IN: Final = "ClientAuthentication"

SIGN_IN: Final[Mapping[str, tuple[Demand, ...]]] = {
    "AWS::MSK::Cluster": (
        Demand(
            (Way((_KAFKA_SIGN_IN, "Unauthenticated", "Enabled"), off, absent=True),),
            " also",
            Severity.MEDIUM,
            _EVERYONE,
        ),
        Demand(
            (
                Way((_KAFKA_SIGN_IN, "Sasl", "Iam", "Enabled"), on),
                Way((_KAFKA_SIGN_IN, "Sasl", "Scram", "Enabled"), on),
                Way((_KAFKA_SIGN_IN, "Tls", "Enabled"), on),
                Way((_KAFKA_SIGN_IN, "Tls", "CertificateAuthorityArnList"), given),
            ),
            "",
            Severity.MEDIUM,
            _EVERYONE,
        ),
    ),
}
"""Whether callers have to say who they are."""


_BLOCK: Final = "PublicAccessBlockConfiguration"
BLOCKS: Final = tuple(
    Demand((Way((_BLOCK, name), on, absent=left_out(_BLOCK)),), "bucket", remedy=True)
    for name in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
)
"""The four parts of the block of public access: all on where nothing is said, and off where only others are named."""

UNTOUCHABLE_TAGS: Final = Demand(
    (Way(("ImageTagMutability",), one_of("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")),),
    "image repository",
    remedy="IMMUTABLE",
)
"""Whether a tag keeps naming the image it was given to."""

SCANNING: Final = Demand(
    (Way(("ImageScanningConfiguration", "ScanOnPush"), on),), "image repository", remedy=True
)
"""Whether images are searched for known weaknesses."""

STEPS_LOGGED: Final = Demand(
    (Way(("LoggingConfiguration", "Level"), none_of("OFF")),), "state machine", Severity.INFO
)
"""Whether a state machine writes down what it did."""

STEPS_TRACED: Final = Demand((Way(("TracingConfiguration", "Enabled"), on),), "state machine", Severity.INFO)
"""Whether a state machine's runs appear in traces."""

ROTATION: Final = Demand(
    (Way(("EnableKeyRotation",), on),),
    "key",
    persona=_EVERYONE,
    remedy=True,
    unless=(
        # KMS rotates only keys of its own making that encrypt and decrypt with one secret.
        Way(("KeySpec",), none_of("SYMMETRIC_DEFAULT")),
        Way(("KeyUsage",), none_of("ENCRYPT_DECRYPT")),
        Way(("Origin",), none_of("AWS_KMS")),
        Way(("Enabled",), off),
    ),
)
"""Whether KMS gives a key new material every year."""

USABLE: Final = Demand((Way(("Enabled",), on, absent=True),), "key", Severity.MEDIUM, _EVERYONE, remedy=True)
"""Whether a key can be used at all."""


def for_reviewers(demand: Demand) -> Demand:
    """Make the same demand for those who review every such place: by a guess of what leaving a setting out means."""
    return replace(demand, severity=Severity.LOW, persona=_REVIEWERS)


def lacks(facts: Facts, resource: Resource, demand: Demand) -> Iterator[Unmet]:
    """List the branches in which a store around a function does not have what it should, or nobody knows."""
    if not functions_around(facts).get(resource.id):
        return
    if any(not isinstance(at(resource.properties, name), Absent) for name in demand.inherits):
        return
    for answer in unmet(resource, *demand.ways, unless=demand.unless):
        if facts.application.possible(answer.when):
            yield answer


def users_of(facts: Facts, resource: Resource) -> tuple[Function, ...]:
    """List the functions that depend on a store."""
    return functions_around(facts).get(resource.id, ())


def is_log_target(facts: Facts, bucket: Resource) -> bool:
    """Tell whether a bucket is where others write their logs: its own log would log itself."""
    return bucket.id in _log_targets(facts) or any(
        text_of(case.value) == "LogDeliveryWrite" for case in elements(at(bucket.properties, "AccessControl"))
    )


@fact
def _log_targets(facts: Facts) -> frozenset[str]:
    """Collect the ids of what buckets write their logs to."""
    targets = (
        at(each.properties, "LoggingConfiguration", "DestinationBucketName")
        for each in of_type(facts, "AWS::S3::Bucket")
    )
    return frozenset(one.target for each in targets for one in references_in(each))


_KEYED: Final = frozenset({"AWS::Kinesis::Stream", "AWS::KinesisFirehose::DeliveryStream", "AWS::SNS::Topic"})
"""Stores that naming a key encrypts: without one they are not encrypted at all."""


def is_keyless(facts: Facts, resource: Resource) -> bool:
    """Tell whether a store may have no encryption for want of a key."""
    return resource.type in _KEYED and any(lacks(facts, resource, ENCRYPTION[resource.type]))
