"""Made-up trails with the mix that real ones have: functions, services, machines, watchers, people, deployments.

Who calls what how often is a guess at an account of a shop that runs on functions and logs data events. Records have
the fields, the order of fields and the sizes that CloudTrail's have; ids, tokens, keys and session names differ as
they do there, so that neither unpacking nor remembering is easier than in life.
"""

from __future__ import annotations

import datetime
import gzip
import json
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.trail_calls import AGENTS, DEPLOYING, PROFILES, Call, Place, assumed, invoked, machine, token, uuid

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("eu-west-1", "eu-west-1", "us-east-1")
START = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
FUNCTIONS = tuple(
    f"shop-{name}-{number}" for name in ("orders", "mail", "stock", "web") for number in range(15)
)
WATCHED = (
    "autoscaling DescribeAutoScalingGroups,ec2 DescribeInstances,ec2 DescribeVolumes,ec2 DescribeInstanceStatus,"
    "ec2 DescribeVpcs,elasticloadbalancing DescribeLoadBalancers,elasticloadbalancing DescribeTargetHealth,"
    "rds DescribeDBInstances,rds DescribeDBClusters,monitoring DescribeAlarms,monitoring ListMetrics,"
    "tagging GetResources,lambda ListFunctions20150331,lambda ListTags20170331,lambda GetPolicy20150331v2,"
    "dynamodb ListTables,dynamodb DescribeTable,sqs ListQueues,sqs GetQueueAttributes,sns ListTopics,"
    "kinesis ListStreams,ecs ListClusters,ecs DescribeServices,eks ListClusters,elasticache DescribeCacheClusters,"
    "cloudfront ListDistributions2020_05_31,s3 ListBuckets,s3 GetBucketTagging,s3 GetBucketLocation,"
    "apigateway GetRestApis,states ListStateMachines,logs DescribeLogGroups,kms ListAliases,kms DescribeKey,"
    "es DescribeElasticsearchDomains,redshift DescribeClusters,health DescribeEvents,organizations ListAccounts,"
    "config DescribeConfigRules,support DescribeTrustedAdvisorChecks,backup ListBackupPlans,iam ListRoles"
)
_WATCHED = tuple(tuple(each.split()) for each in WATCHED.split(","))
_FAILURES = (
    (
        "AccessDenied",
        "User: {arn} is not authorized to perform: {prefix}:{name} because no identity-based policy allows",
    ),
    ("ThrottlingException", "Rate exceeded"),
    ("ResourceNotFoundException", "Requested resource not found"),
    ("ConditionalCheckFailedException", "The conditional request failed"),
    ("NoSuchKey", "The specified key does not exist."),
)
_AGENTS = tuple(AGENTS.values())
_AT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a record is written."""

    time: datetime.datetime
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Some calls in a row by one caller, as those of one run of a function."""

    who: dict[str, Any]
    agent: str
    calls: Sequence[Call]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a trail is: files, records, kinds of events, and the bytes of the files and of what they unpack to."""

    files: int
    records: int
    events: int
    packed: int
    unpacked: int


def write(folder: Path, files: int, records: int, seed: int = 7) -> Size:
    """Write gzip files in CloudTrail's own layout; return how large the trail is.

    `records` are so many in a file on average: a busy region has long files, a quiet one short ones.
    """
    chance = random.Random(seed)  # noqa: S311 the same trail every time
    count = packed = unpacked = 0
    events: set[tuple[str, str]] = set()
    for number in range(files):
        here = Moment(
            START + datetime.timedelta(minutes=5 * number), chance.choice(ACCOUNTS), chance.choice(REGIONS)
        )
        several = max(1, round(records * chance.uniform(0.2, 1.8)))
        made = _records(chance, here, several)
        events |= {(each["eventSource"], each["eventName"]) for each in made}
        text = json.dumps({"Records": made}, separators=(",", ":")).encode()
        path = folder / _name(here, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text, 6))
        count, packed, unpacked = count + several, packed + path.stat().st_size, unpacked + len(text)
    return Size(files, count, len(events), packed, unpacked)


def _name(here: Moment, number: int) -> str:
    start = f"AWSLogs/{here.account}/CloudTrail/{here.region}/{here.time:%Y/%m/%d}"
    return f"{start}/{here.account}_CloudTrail_{here.region}_{here.time:%Y%m%dT%H%M}Z_{number:016d}.json.gz"


def _records(chance: random.Random, here: Moment, several: int) -> list[dict[str, Any]]:
    """Make records of five minutes up."""
    made: list[dict[str, Any]] = []
    while len(made) < several:
        (caller,) = chance.choices(_CALLERS, _SHARES)
        visit = caller(chance, here)
        for call in visit.calls:
            time = here.time + datetime.timedelta(seconds=len(made) * 300 / several)
            made.append(_event(chance, Moment(time, here.account, here.region), call, visit.who, visit.agent))
    return made[:several]


def _event(chance: random.Random, at: Moment, call: Call, who: dict[str, Any], agent: str) -> dict[str, Any]:
    """Write a call as CloudTrail does, field by field in its order; a few fail."""
    response, failure = call.response, {}
    if chance.random() < 0.03:
        response, failure = None, _failure(chance, call, who)
    address = f"10.{chance.randrange(4)}.{chance.randrange(255)}.{chance.randrange(255)}"
    return {
        "eventVersion": "1.11",
        "userIdentity": {**who, "invokedBy": call.via} if call.via else who,
        "eventTime": f"{at.time:{_AT}}",
        "eventSource": f"{call.source}.amazonaws.com",
        "eventName": call.name,
        "awsRegion": at.region,
        "sourceIPAddress": call.via or who.get("invokedBy", address),
        "userAgent": call.via or agent,
        **failure,
        "requestParameters": call.parameters,
        "responseElements": response,
        **call.more,
        "requestID": uuid(chance),
        "eventID": uuid(chance),
        "readOnly": not call.writes,
        **({"resources": call.resources} if call.resources else {}),
        "eventType": "AwsApiCall",
        "managementEvent": not call.data,
        "recipientAccountId": at.account,
        **_connection(chance, at, call, who),
    }


def _failure(chance: random.Random, call: Call, who: dict[str, Any]) -> dict[str, str]:
    code, message = chance.choice(_FAILURES)
    said = message.format(arn=who.get("arn", ""), prefix=call.source, name=call.name)
    return {"errorCode": code, "errorMessage": said}


def _connection(chance: random.Random, at: Moment, call: Call, who: dict[str, Any]) -> dict[str, Any]:
    """Say how the call came: those of services have no connection that is told."""
    category = "Data" if call.data else "Management"
    if who["type"] == "AWSService":
        return {"sharedEventID": uuid(chance), "eventCategory": category}
    if call.via:
        return {"eventCategory": category}
    tls = {
        "tlsVersion": "TLSv1.3",
        "cipherSuite": "TLS_AES_128_GCM_SHA256",
        "clientProvidedHostHeader": f"{call.source}.{at.region}.amazonaws.com",
    }
    endpoint = {"vpcEndpointId": "vpce-0a1b2c3d4e5f6a7b8", "vpcEndpointAccountId": at.account}
    return {**(endpoint if "inScopeOf" in who else {}), "eventCategory": category, "tlsDetails": tls}


@lru_cache(maxsize=4096)
def _session(account: str, role: str, name: str, hour: str, place: int = 0) -> dict[str, Any]:
    """Make the identity of a session up; each of the places where it runs has credentials of its own for the hour."""
    short = role.rpartition("/")[2]
    issuer = f"AROA{zlib.crc32(role.encode()):08X}{zlib.crc32(short.encode()):08X}"
    key = zlib.crc32(f"{account}{role}{name}{hour}{place}".encode())
    return {
        "type": "AssumedRole",
        "principalId": f"{issuer}:{name}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{short}/{name}",
        "accountId": account,
        "accessKeyId": f"ASIA{key:08X}{key ^ 0x5A5A5A5A:08X}",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": issuer,
                "arn": f"arn:aws:iam::{account}:role/{role}",
                "accountId": account,
                "userName": short,
            },
            "attributes": {"creationDate": f"{hour}:{key % 60:02d}:00Z", "mfaAuthenticated": "false"},
        },
    }


def _hour(at: Moment) -> str:
    return f"{at.time:%Y-%m-%dT%H}"


def _of_function(chance: random.Random, at: Moment) -> Visit:
    """Run a function; one in five is so old that Lambda does not write its ARN into the credentials."""
    number = min(int(chance.expovariate(0.06)), len(FUNCTIONS) - 1)  # a few functions do most
    place = Place(at.account, at.region, number, FUNCTIONS[number])
    makers, weights = zip(*PROFILES[number % len(PROFILES)], strict=True)
    role = f"service-role/{place.name}-role" if number % 4 else "shop-shared"
    who = _session(at.account, role, place.name, _hour(at), chance.randrange(12))
    if number % 5:
        issued = place.arn("lambda", f"function:{place.name}")
        who = {**who, "inScopeOf": {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": issued}}
    calls = [maker(chance, place) for maker in chance.choices(makers, weights, k=chance.randrange(1, 8))]
    return Visit(who, _AGENTS[number % len(_AGENTS)], calls)


def _of_service(chance: random.Random, at: Moment) -> Visit:
    """Let a service call: take on the role of a function, or invoke it."""
    number = chance.randrange(len(FUNCTIONS))
    place = Place(at.account, at.region, number, FUNCTIONS[number])
    if chance.random() < 0.4:
        service = "lambda.amazonaws.com"
        role = f"arn:aws:iam::{at.account}:role/service-role/{place.name}-role"
        call = assumed(chance, role, place.name, at.account)
    else:
        service = chance.choice(("apigateway.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"))
        call = invoked(chance, place)
    return Visit({"type": "AWSService", "invokedBy": service}, service, [call])


def _of_machine(chance: random.Random, at: Moment) -> Visit:
    """Let an instance report, or ask for what it needs."""
    number = chance.randrange(200)
    name = f"i-{zlib.crc32(b'%d' % number):08x}{number:09x}"
    who = _session(at.account, "node", name, _hour(at))
    who = {**who, "sessionContext": {**who["sessionContext"], "ec2RoleDelivery": "2.0"}}
    agent = "aws-sdk-go/1.55.5 (go1.23.4; linux; amd64) amazon-ssm-agent/3.3.1957.0"
    return Visit(who, agent, [machine(chance, name) for _ in range(chance.randrange(1, 3))])


def _of_watcher(chance: random.Random, at: Moment) -> Visit:
    """Let a service that watches look at everything."""
    name = "WatcherIntegration"
    who = _session(at.account, f"{name}Role", name, _hour(at), chance.randrange(30))
    agent = "Boto3/1.35.99 md/Botocore#1.35.99 ua/2.0 os/linux#6.1.0 lang/python#3.12.8 Botocore/1.35.99"
    return Visit(who, agent, _looks(chance, chance.randrange(1, 15)))


def _of_person(chance: random.Random, at: Moment) -> Visit:
    """Let somebody click through the console."""
    role = f"aws-reserved/sso.amazonaws.com/{at.region}/AWSReservedSSO_Developers_0a1b2c3d4e5f6a7b"
    who = _session(at.account, role, f"person-{chance.randrange(30)}@example.com", _hour(at))
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
    return Visit(who, agent, _looks(chance, chance.randrange(1, 8)))


def _looks(chance: random.Random, several: int) -> list[Call]:
    first = chance.randrange(len(_WATCHED))
    return [
        Call(source, name, {"maxResults": 100, "nextToken": token(chance, 60)} if each % 3 == 2 else None)
        for each, (source, name) in enumerate((_WATCHED * 2)[first : first + several])
    ]


def _of_deployment(chance: random.Random, at: Moment) -> Visit:
    """Let a deployment change something: these records are the long ones."""
    number = chance.randrange(len(FUNCTIONS))
    place = Place(at.account, at.region, number, FUNCTIONS[number])
    who = _session(at.account, "cdk-deploy-role", "deploy", _hour(at), chance.randrange(3))
    calls = [maker(chance, place) for maker in chance.choices(DEPLOYING, k=chance.randrange(1, 4))]
    return Visit(who, "cloudformation.amazonaws.com", calls)


_CALLERS: Sequence[Callable[[random.Random, Moment], Visit]] = (
    _of_function,
    _of_service,
    _of_machine,
    _of_watcher,
    _of_person,
    _of_deployment,
)
_SHARES = (55 / 4, 18, 12 / 1.5, 9 / 7.5, 3 / 4, 3 / 2)
"""So many records are by each, divided by how many calls it makes at once."""
