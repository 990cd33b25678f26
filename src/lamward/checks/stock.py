"""What fixes insert: settings of new resources that no check finds anything wrong with."""

from __future__ import annotations

from typing import Any, Final

from lamward.checks.repairs import ACCOUNT, OWN_ACCOUNT, sub

Settings = dict[str, Any]

QUEUE_OF_FAILURES: Final[Settings] = {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 1209600}
"""A queue for what failed: encrypted, and kept as long as SQS keeps anything, 14 days."""

KEPT_DAYS: Final = 90
"""How long logs are kept where nobody says otherwise."""

LOG: Final[Settings] = {"RetentionInDays": KEPT_DAYS}
"""A log group that CloudFormation names."""

TRACING: Final = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
"""What whoever writes traces must be allowed."""

WRITING_LOGS: Final = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
"""What whoever writes to a log group that is there must be allowed."""

LOG_DELIVERY: Final = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
"""What the role of a state machine that logs must be allowed, which AWS can limit to no log group."""

KEY: Final[Settings] = {
    "EnableKeyRotation": True,
    "KeyPolicy": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": OWN_ACCOUNT, "Action": "kms:*", "Resource": "*"}],
    },
}
"""A key whose use the account's own policies decide."""

CALL: Final = (
    '{"time":"$context.requestTime","ip":"$context.identity.sourceIp","method":"$context.httpMethod",'
    '"route":"%s","status":"$context.status","request":"$context.requestId"}'
)
"""What an access log says of a call; the route is a different variable in each kind of API."""

ALARM: Final[Settings] = {
    "Namespace": "AWS/Lambda",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
}
"""An alarm that goes off when something has happened to a function in the last five minutes."""

LIMITS: Final[Settings] = {"ThrottlingRateLimit": 50, "ThrottlingBurstLimit": 100}
"""How many calls a second a stage takes, where its author has not said how many it needs."""

TOPIC_OF_ACCOUNT: Final[Settings] = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": [
        "sns:AddPermission",
        "sns:DeleteTopic",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:Publish",
        "sns:RemovePermission",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
    ],
    "Condition": {"StringEquals": {"aws:SourceOwner": ACCOUNT}},
}
"""What the policy says that SNS gives a new topic: its own account may use it, and services that act for that."""

KEY_OF_ALARMS: Final[Settings] = {
    "EnableKeyRotation": True,
    "KeyPolicy": {
        "Version": "2012-10-17",
        "Statement": [
            *KEY["KeyPolicy"]["Statement"],
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            },
        ],
    },
}
"""A key that alarms may use, as the one that SNS keeps for its topics is closed to them."""

BUCKET_OF_LOGS: Final[Settings] = {
    "VersioningConfiguration": {"Status": "Enabled"},
    "LifecycleConfiguration": {
        "Rules": [
            {
                "Status": "Enabled",
                "ExpirationInDays": KEPT_DAYS,
                "NoncurrentVersionExpiration": {"NoncurrentDays": KEPT_DAYS},
            }
        ]
    },
}
"""A bucket for the access logs of other buckets."""


def policy_of_log_bucket(bucket: object, arn: object) -> Settings:
    """Give the settings of a policy by which S3 may write the access logs of the account's buckets."""
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": {"Fn::Join": ["", [arn, "/*"]]},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    return {"Bucket": bucket, "PolicyDocument": _document(allowed)}


def encrypted_only(action: str, arn: object) -> Settings:
    """Give the statement that refuses what comes without encryption."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def policy_of_topic(arn: object) -> Settings:
    """Give the settings of a policy by which a topic is its account's, and takes nothing unencrypted."""
    # Policies of topics know no `sns:*`.
    denial = encrypted_only("sns:Publish", arn)
    return {"Topics": [arn], "PolicyDocument": _document({**TOPIC_OF_ACCOUNT, "Resource": arn}, denial)}


def policy_of_queue(queue: object, arn: object, *allowed: Settings) -> Settings:
    """Give the settings of a policy by which a queue takes nothing unencrypted."""
    return {"Queues": [queue], "PolicyDocument": _document(*allowed, encrypted_only("sqs:*", arn))}


def role_of(service: str, *permitted: Settings, managed: str = "") -> Settings:
    """Give the settings of a role that a service takes for this account: what it may do, or a policy of AWS's."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    made: Settings = {"AssumeRolePolicyDocument": _document(trust)}
    if managed:
        made["ManagedPolicyArns"] = [sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{managed}")]
    if permitted:
        made["Policies"] = [{"PolicyName": "Needed", "PolicyDocument": _document(*permitted)}]
    return made


def _document(*statements: Settings) -> Settings:
    return {"Version": "2012-10-17", "Statement": list(statements)}
