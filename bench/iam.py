"""The IAM engine by itself: decisions, proofs, reach and start, beside moto and z3 where they answer the same."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from lamward.iam import catalogue, documents, evaluate, managed, prove
from lamward.iam.account import Account, Entity, FunctionNode
from lamward.iam.reach import Reaches
from lamward.model.access import Policies, Request
from lamward.model.policy import Policy

ACCOUNT = "111122223333"
DATA = Path(evaluate.__file__).parent / "data"

Statement = dict[str, Any]


def report() -> str:
    """Measure the engine and say it in Markdown."""
    return "\n".join(
        [
            "## The IAM engine\n",
            "| what | figure | beside | target |",
            "| --- | --- | --- | --- |",
            *_decisions(),
            *_proofs(300),
            *_containment(25),
            _reach(),
            _start(),
            _size(),
            "",
        ]
    )


def _row(what: str, figure: str, beside: str = "", target: str = "") -> str:
    return f"| {what} | {figure} | {beside} | {target} |"


def _policy(*statements: Statement) -> Policy:
    return documents.policy({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(action: object, resource: object = "*", **more: object) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _rate(ask: Callable[..., object], questions: Sequence[tuple[Any, ...]], repeat: int) -> float:
    """Give answers per CPU second, the best of five rounds."""
    rates = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(repeat):
            for question in questions:
                ask(*question)
        rates.append(repeat * len(questions) / (time.process_time() - started))
    return max(rates)


def _decisions() -> list[str]:
    table = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"
    statements = [
        _allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::b/*"),
        _allow("dynamodb:*", table),
        _allow("logs:*"),
    ]
    asked = [("s3:GetObject", f"arn:aws:s3:::b/{number}") for number in range(200)]
    asked += [("dynamodb:GetItem", table)] * 100 + [("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:q")] * 100
    plain = evaluate.prepare(Policies(identity=(_policy(*statements),)))
    caller = documents.caller(f"arn:aws:iam::{ACCOUNT}:role/r")
    requests = [(Request(caller, action, resource),) for action, resource in asked]
    own = _rate(plain.decide, requests, 60)
    other = _moto(statements, asked)
    layered, request = evaluate.prepare(_layers()), Request(caller, *asked[0], _context(), ACCOUNT)
    full = _rate(layered.decide, [(request,)], 6000)
    return [
        _row(
            "decisions, identity policy only, prepared",
            f"{own:,.0f}/s",
            f"moto {other:,.0f}/s",
            "≥ 300,000/s",
        ),
        _row("decisions, all layers and 20 context keys", f"{full:,.0f}/s", "", "≥ 50,000/s"),
    ]


def _moto(statements: Sequence[Statement], asked: Sequence[tuple[str, str]]) -> float:
    from moto.iam.access_control import IAMPolicy

    policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    return _rate(policy.is_action_permitted, asked, 20)


def _context() -> dict[str, str | tuple[str, ...]]:
    tags: dict[str, str | tuple[str, ...]] = {
        f"aws:PrincipalTag/t{number}": str(number) for number in range(14)
    }
    return tags | {
        "aws:SourceVpc": "v",
        "aws:SecureTransport": "true",
        "aws:SourceIp": "10.0.0.1",
        "aws:PrincipalOrgID": "o-1",
        "aws:RequestedRegion": "us-east-1",
        "aws:TagKeys": ("a", "b"),
    }


def _layers() -> Policies:
    condition = {"StringEquals": {"aws:PrincipalTag/t1": "1"}, "StringLike": {"aws:SourceVpc": "v*"}}
    open_to_all = _policy({**_allow("*"), "Principal": "*"})
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}
    plain_text = {"Bool": {"aws:SecureTransport": "false"}}
    stranger = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    deny: Statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    return Policies(
        identity=(_policy(_allow("s3:GetObject", "arn:aws:s3:::b/*", Condition=condition)),),
        boundary=(_policy(_allow("s3:*")),),
        session=(_policy(_allow("*")),),
        service_control=((_policy(_allow("*")),), (_policy(_allow("*"), deny | {"Condition": elsewhere}),)),
        resource_control=(
            (open_to_all,),
            (_policy({**_allow("*"), "Principal": "*"}, deny | {"Principal": "*", "Condition": plain_text}),),
        ),
        endpoint=(open_to_all,),
        resource=_policy(deny | {"Principal": "*", "Condition": stranger}),
    )


def _proofs(count: int) -> list[str]:
    from tests.iam import test_oracle as oracle

    # A few seeds, so that nothing is fitted to one; and each prover by itself, so that neither pays for the other.
    streams = [Random(seed) for seed in (21, 22, 23)]  # noqa: S311 - repeatable, not secret
    pairs = [(oracle.document(rng), oracle.document(rng)) for rng in streams for _ in range(count // 3)]
    world = prove.Options(open_world=True)
    own, answers_of = _timed(lambda pair: prove.implies(pair[0], pair[1], world), pairs)
    other, verdicts = _timed(lambda pair: str(oracle.ask(*pair)), pairs)
    said: Counter[str] = Counter()
    for answer, verdict in zip(answers_of, verdicts, strict=True):
        said[f"lamward {type(answer).__name__.lower()}"] += 1
        said[f"z3 {verdict}"] += 1
        if (verdict, type(answer)) in {("sat", prove.Proved), ("unsat", prove.Refuted)}:
            said["disagree"] += 1
    answers = ", ".join(f"{name} {number}" for name, number in sorted(said.items()))
    return [
        _row(
            f"`implies`, {count} random pairs",
            _spread(own),
            f"z3: {_spread(other)}",
            "median ≤ 1 ms, p99 ≤ 15 ms",
        ),
        _row("their answers", answers, "", "no disagreement, none undetermined"),
    ]


def _timed(ask: Callable[[Any], Any], questions: Sequence[Any]) -> tuple[list[float], list[Any]]:
    """Give the CPU seconds that each question took, and the answers."""
    taken: list[float] = []
    answers: list[Any] = []
    for question in questions:
        started = time.process_time()
        answers.append(ask(question))
        taken.append(time.process_time() - started)
    return taken, answers


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return f"median {statistics.median(ordered) * 1e3:.2f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1e3:.1f} ms"


def _containment(count: int) -> list[str]:
    catalogue.matching("*")
    largest = sorted(managed.names(), key=lambda name: -len(managed.document(name) or b""))[:count]
    taken: list[float] = []
    open_ones = []
    for name in largest:
        first, second = _managed(name), _managed(name)
        started = time.process_time()
        answer = prove.implies(first, second)
        taken.append(time.process_time() - started)
        if not isinstance(answer, prove.Proved):
            open_ones.append(name)
    figure = f"median {statistics.median(taken) * 1e3:.0f} ms, slowest {max(taken) * 1e3:.0f} ms"
    undetermined = f"; undetermined: {', '.join(open_ones)}" if open_ones else "; all proved"
    return [
        _row(
            f"the {count} largest AWS managed policies imply themselves",
            figure + undetermined,
            "",
            "each ≤ 250 ms",
        )
    ]


def _managed(name: str) -> Policy:
    policy = documents.managed_policy(name)
    if policy is None:
        raise LookupError(name)
    return policy


def _reach() -> str:
    account = _account(1000, 500)
    started = time.process_time()
    reaches = Reaches(account)
    paths = sum(len(reaches.of(entity.arn).paths) for entity in account.entities)
    seconds = time.process_time() - started
    return _row(
        "reach of 1,000 roles over 500 functions", f"{seconds:.1f} s CPU, {paths:,} paths", "", "≤ 10 s"
    )


def _account(roles: int, functions: int) -> Account:
    principal: dict[str, object] = {"Service": "lambda.amazonaws.com"}
    trusted = _policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    shared = _policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    entities = tuple(
        Entity(
            f"arn:aws:iam::{ACCOUNT}:role/r{number}",
            Policies(identity=(_policy(*_grants(number, roles, functions)),)),
            shared if number % 3 == 0 else trusted,
        )
        for number in range(roles)
    )
    nodes = tuple(
        FunctionNode(
            f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f{number}", f"arn:aws:iam::{ACCOUNT}:role/r{number}"
        )
        for number in range(functions)
    )
    return Account(entities, nodes)


def _grants(number: int, roles: int, functions: int) -> list[Statement]:
    grants = [
        _allow(["logs:CreateLogStream", "logs:PutLogEvents"]),
        _allow(
            ["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t{number}"
        ),
        _allow("s3:GetObject", f"arn:aws:s3:::b{number}/*"),
    ]
    if number % 10 == 0:
        grants.append(_allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/r{(number * 7 + 1) % roles}"))
    if number % 25 == 0:
        target = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f{number % functions}*"
        grants.append(_allow(["lambda:UpdateFunctionCode", "lambda:InvokeFunction"], target))
    if number % 50 == 0:
        inside = {"StringEquals": {"aws:SourceVpc": "v"}}
        passing = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
        grants.append(_allow(passing, "*", Condition=inside))
    if number % 100 == 0:
        grants.append(_allow("*"))
    return grants


def _start() -> str:
    code = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"

    def cost(module: str) -> float:
        runs = [
            subprocess.run(
                [sys.executable, "-c", code.format(module)], capture_output=True, text=True, check=True
            )
            for _ in range(15)
        ]
        return min(float(run.stdout) for run in runs) * 1e3

    engine, everything = cost("lamward.iam.evaluate"), cost("lamward.iam.evaluate, lamward.iam.prove")
    return _row("importing the engine", f"{engine:.0f} ms, with proofs {everything:.0f} ms", "", "≤ 50 ms")


def _size() -> str:
    size = sum(path.stat().st_size for path in DATA.iterdir() if path.is_file())
    return _row("its packed data", f"{size / 1e6:.1f} MB", "", "≤ 3 MB")
