"""What each function of `tests/apps/least` needs, by hand; and how a policy is held against that.

A truth file has a section a function and in it, one a line: an action and its resource; `may` before what is neither
needed nor too much; `platform` before what Lambda itself needs; `not` before what the code seems to need and does not
(an action, or an action and a resource, or `*` for all of a resource); `@` and a word for what a feature needs.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lamward.facts import Facts
from lamward.facts.needs.least import least
from lamward.roles.machine import machine
from lamward.sources.project import LoadOptions, load
from tests.apps.deployment import Deployment

FOLDER: Final = Path(__file__).parent / "least"
HELD: Final = Path(__file__).parent / "held"
"""Applications in other styles than those, written to find what the analysis does not know."""

Pair = tuple[str, str]
"""An action and a resource, which may have wildcards."""

# Of the pages of the Lambda Developer Guide about execution roles and about each event source.
_FEATURES: Final = {
    "@xray": ("xray:PutTraceSegments *", "xray:PutTelemetryRecords *"),
    "@vpc": tuple(
        f"ec2:{each} *"
        for each in (
            "CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface",
            "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses",
        )
    ),
    "@queue": tuple(
        f"sqs:{each} ${{{{{{0}}.Arn}}}}" for each in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    ),
    "@table-stream": (
        *(f"dynamodb:{each} ${{{{{{0}}.StreamArn}}}}" for each in ("DescribeStream", "GetRecords", "GetShardIterator")),
        "dynamodb:ListStreams *",
    ),
    "@stream": (
        *(
            f"kinesis:{each} ${{{{{{0}}.Arn}}}}"
            for each in ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")
        ),
        "kinesis:ListStreams *",
    ),
    "@logs-in": tuple(f"logs:{each} ${{{{{{0}}.Arn}}}}" for each in ("CreateLogStream", "PutLogEvents")),
    "@logs": tuple(
        f"logs:{each} logs::log-group:/aws/lambda/${{{{AWS::StackName}}}}-{{function}}-*:*"
        for each in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """One function: where its code is, and what it needs, with every reference resolved."""

    application: str
    function: str
    file: str
    needed: frozenset[Pair]
    platform: frozenset[Pair]
    harmless: frozenset[Pair]
    decoys: frozenset[Pair]

    @property
    def language(self) -> str:
        return "Python" if self.file.endswith(".py") else "Node.js"


@dataclass(frozen=True)
class Verdict:
    """What a policy is against the truth, of what the code alone needs."""

    truth: Truth
    right: frozenset[Pair]
    """What is granted and needed."""
    excess: frozenset[Pair]
    """What is granted and not needed so far."""
    missing: frozenset[Pair]
    silent: frozenset[Pair]
    """What is missing and of which nothing is told: neither that something may be missing, nor as advice."""
    trapped: frozenset[Pair]
    """What is granted and was planted to be granted wrongly."""
    unserved: frozenset[Pair]
    """What Lambda itself needs and is not granted."""


@dataclass(frozen=True)
class Figures:
    """Sums over functions: of actions, each once a function, and of pairs of an action and a resource."""

    functions: int
    granted: int
    wanted: int
    both: int
    excess: int
    right: int
    needed: int
    missing: int
    silent: int

    def line(self, name: str) -> str:
        """Write the figures as a row of a table."""
        cells = [
            self.functions, f"{self.action_precision:.3f}", f"{self.action_recall:.3f}",
            f"{self.pair_precision:.3f}", f"{self.pair_recall:.3f}", self.silent,
        ]  # fmt: skip
        return f"| {' | '.join([name, *map(str, cells)])} |"

    @property
    def action_precision(self) -> float:
        return self.both / self.granted

    @property
    def action_recall(self) -> float:
        return self.both / self.wanted

    @property
    def pair_precision(self) -> float:
        return self.right / (self.right + self.excess)

    @property
    def pair_recall(self) -> float:
        return 1 - self.missing / self.needed


def applications(folder: Path = FOLDER) -> list[Deployment]:
    return [Deployment(path.parent) for path in sorted(folder.glob("*/truth.txt"))]


def truths(deployment: Deployment) -> list[Truth]:
    text = (deployment.folder / "truth.txt").read_text(encoding="utf-8")
    sections = re.split(r"(?m)^\[(\w+)\] (\S+)$", text)[1:]
    return [
        _truth(deployment, *sections[at : at + 3])
        for at in range(0, len(sections), 3)
    ]  # fmt: skip


def _truth(deployment: Deployment, function: str, file: str, body: str) -> Truth:
    lists: dict[str, set[Pair]] = {"": set(), "may": set(), "platform": set(), "not": set()}
    for line in filter(None, (each.strip() for each in body.splitlines())):
        if line.startswith("@"):
            for each in _FEATURES[line.split()[0]]:
                made = each.format(*line.split()[1:2], function=function)
                lists["platform"].add(_pair(deployment, made))
            continue
        kind = line.split()[0] if line.split()[0] in lists else ""
        lists[kind].add(_pair(deployment, line.removeprefix(kind)))
    sets = {kind: frozenset(pairs) for kind, pairs in lists.items()}
    return Truth(deployment.stack, function, file, sets[""], sets["platform"], sets["may"], sets["not"])


def _pair(deployment: Deployment, line: str) -> Pair:
    """Read an action and a resource; what stands behind two spaces after them is a remark."""
    found = re.fullmatch(r"\s*(\S+)(?:\s+(\*|arn:\S+|\$\{\S+|[a-z0-9-]+::\S+))?(?:\s{2,}.*)?", line)
    if found is None:
        raise ValueError(f"cannot read `{line}`")
    return found[1], deployment.resource(found[2] or "*")


def granted(deployment: Deployment, policies: Sequence[dict[str, Any]]) -> frozenset[Pair]:
    """List what policy documents in template form allow."""
    return frozenset(
        (action, deployment.text(resource))
        for policy in policies
        for statement in policy["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    )


def _listed(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [value]


def derived(deployment: Deployment) -> dict[str, dict[str, Any]]:
    """Give what `lamward roles --format json` says of each function."""
    loaded = load([deployment.folder / "template.yaml"], LoadOptions())
    (application,) = loaded.applications
    facts = Facts(application, today=datetime.date(2026, 11, 21))
    told = machine([least(facts, function) for function in application.functions])
    return {each["function"]: each for each in json.loads(told)["functions"]}


def judged(deployment: Deployment, truth: Truth, told: Mapping[str, Any]) -> Verdict:
    """Hold what the code alone needs against what is granted for it.

    Granted is right if it lies within something needed: more than that is too much, whatever else it covers. Needed is
    found if it lies within something granted: then the call works.
    """
    given = granted(deployment, [told["policy"]])
    accepted = truth.harmless | truth.platform
    code = frozenset(each for each in given if within(each, truth.needed) or not within(each, accepted))
    right = frozenset(each for each in code if within(each, truth.needed))
    missing = frozenset(each for each in truth.needed if not within(each, given))
    advised = frozenset((each["action"], deployment.text(each["resource"])) for each in told["advice"])
    return Verdict(
        truth,
        right=right,
        excess=code - right,
        missing=missing,
        silent=frozenset(each for each in missing if told["whole"] and not within(each, advised)),
        trapped=frozenset(each for each in code - right if _trapped(each, truth.decoys)),
        unserved=frozenset(each for each in truth.platform if not within(each, given)),
    )


def figures(verdicts: Iterable[Verdict]) -> Figures:
    """Add up verdicts."""
    found = list(verdicts)
    pairs = [(_actions(each.right | each.excess), _actions(each.truth.needed)) for each in found]
    return Figures(
        functions=len(found),
        granted=sum(len(given) for given, _ in pairs),
        wanted=sum(len(wanted) for _, wanted in pairs),
        both=sum(len(given & wanted) for given, wanted in pairs),
        excess=sum(len(each.excess) for each in found),
        right=sum(len(each.right) for each in found),
        needed=sum(len(each.truth.needed) for each in found),
        missing=sum(len(each.missing) for each in found),
        silent=sum(len(each.silent) for each in found),
    )


def _actions(pairs: frozenset[Pair]) -> frozenset[str]:
    return frozenset(action.lower() for action, _ in pairs)


def within(pair: Pair, pairs: frozenset[Pair]) -> bool:
    """Tell whether all that a pair covers is covered by one of others."""
    return any(
        pair[0].lower() == action.lower() and _wild(resource).fullmatch(pair[1]) for action, resource in pairs
    )


def _trapped(pair: Pair, decoys: frozenset[Pair]) -> bool:
    return any(
        action in {pair[0], "*"}
        and (resource == "*" or pair[1] == resource or pair[1].startswith(f"{resource}/"))
        for action, resource in decoys
    )


def _wild(resource: str) -> re.Pattern[str]:
    """Make an expression of a pattern; a `*` of the text it is tried on is no more than a `*` of its own."""
    made = "".join({"*": ".*", "?": "[^*]"}.get(each, re.escape(each)) for each in resource)
    return re.compile(made, re.DOTALL)
