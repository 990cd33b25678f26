"""`lamward policy evaluate`: decide one request, and say which statement does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from lamward.cli import options, terminal
from lamward.cli.policy import options as policy_options
from lamward.cli.policy import telling
from lamward.cli.policy.reading import Input, template_chosen
from lamward.errors import UsageError
from lamward.facts import deployment, reach
from lamward.iam import catalogue, documents, evaluate, explain
from lamward.model.access import Decision, Policies, Request, Verdict
from lamward.model.policy import Policy
from lamward.model.value import ReferenceKind

FORMATS: Final = ("text", "json")
_CODES: Final = {Verdict.ALLOWED: 0, Verdict.UNKNOWN: 4}
_LAYERS: Final = (
    ("--identity", "identity", "A policy of the principal: a file, or the ARN of an AWS managed one."),
    ("--boundary", "boundary", "The principal's permissions boundary."),
    ("--session", "session", "A session policy."),
    ("--scp", "service_control", "The service control policies of a level: FILE or FILE,FILE; once a level."),
    ("--rcp", "resource_control", "The resource control policies of a level, likewise."),
    ("--endpoint", "endpoint", "The policy of the VPC endpoint the request goes through."),
)


def _layer_options(command: Any) -> Any:
    for flag, name, text in reversed(_LAYERS):
        command = click.option(flag, name, metavar="FILE", multiple=True, help=f"{text} Repeatable.")(command)
    return command


@click.command(
    "evaluate",
    epilog=f"Exit codes: 0 allowed, 1 denied, {policy_options.CODES}",
)
@click.option(
    "--principal", metavar="ARN", help="Who asks: an ARN, a service, 12 digits for root, `*` for anybody."
)
@click.option("--action", metavar="NAME", help="What is asked for, such as s3:GetObject.")
@click.option("--resource", metavar="ARN", help="On what; with --template also a logical id. Default `*`.")
@click.option(
    "--context",
    metavar="KEY=VALUE",
    multiple=True,
    help="A context key; again for more keys, or more values of one.",
)
@click.option(
    "--unknown", metavar="KEY", multiple=True, help="A context key of which nothing is known. Repeatable."
)
@click.option("--resource-account", metavar="DIGITS", help="The account that owns the resource.")
@click.option(
    "--request", "request_file", metavar="FILE", help="Take all that from a file; options go first."
)
@_layer_options
@click.option("--resource-policy", metavar="FILE", help="The policy of the resource.")
@policy_options.template_options
@policy_options.together(*policy_options.deployment_options)
@policy_options.format_options(*FORMATS)
def command(format_name: str, color: str, *, as_json: bool, **given: Any) -> int:
    """Decide one request, and say which statement does.

    It is decided as AWS would, with all the layers of policies that are given. With --template, --role or
    --function adds the policies of that role and asks as a session of it. What only a deployment decides is filled
    in: the account, the region, and names of resources, which are their logical ids.
    """
    chosen_format = policy_options.chosen_format(format_name, FORMATS, as_json=as_json)
    colour = options.coloured(color)
    found = Input(given["parameters"])
    question = _question(found, given)
    found.finish()
    asked = _Asked.of(question)
    _hint_at_misspelling(question.request.action)
    if chosen_format == "json":
        record = {
            "request": documents.request_data(question.request),
            "decision": telling.decision_record(asked.decision),
            "why": list(asked.why),
            "filled_in": dict(question.filled_in),
            "left_open": list(question.left_open),
            "turns_on": list(asked.turns_on),
        }
        telling.show_json("evaluate", record)
    else:
        _tell(question, asked, telling.Teller(found.texts, colour=colour))
    return _CODES.get(asked.decision.verdict, 1)


class _Question(Struct, frozen=True):
    """A request and the policies; `filled_in` has what stands for what only a deployment decides.

    `left_open` are the parameters without a value that the policies use.
    """

    request: Request
    policies: Policies
    filled_in: Mapping[str, str] = {}
    left_open: tuple[str, ...] = ()


class _Asked(Struct, frozen=True):
    """A decision, what kept it from another, and the keys that it turns on though no request lacks them."""

    decision: Decision
    why: tuple[str, ...]
    turns_on: tuple[str, ...]

    @classmethod
    def of(cls, question: _Question) -> _Asked:
        """Ask the engine."""
        decision = evaluate.decide(question.policies, question.request)
        why = () if decision.allowed else explain.why_not(decision, question.policies, question.request)
        return cls(decision, why, explain.turns_on(question.policies, question.request))


def _question(found: Input, given: Mapping[str, Any]) -> _Question:
    policies = _policies(found, given)
    written = _written(found, given)
    found.finish()
    if not template_chosen(given["template"], given):
        return _Question(_request(written), policies)
    role = found.role(given["template"], given["role"] or "", function=given["function"] or "")
    account = policy_options.account_number(given["account"]) or _account(written.get("principal"))
    deployed = deployment.deploy(role.facts, account=account, region=given["region"])
    written.setdefault("principal", deployed.arn(role.subject.role.id))
    written["resource"] = deployed.arn(str(written.get("resource", "*"))) or written.get("resource", "*")
    own = reach.entity(role.facts, role.subject.role, deployed)
    merged = replace(
        policies,
        identity=(*own.policies.identity, *policies.identity),
        boundary=policies.boundary or own.policies.boundary,
    )
    left_open = tuple(each.target for each in role.references if each.kind is ReferenceKind.PARAMETER)
    return _Question(_request(written), merged, role.filled_in(deployed), left_open)


def _account(principal: object) -> str:
    parts = str(principal or "").split(":")
    account = parts[4] if len(parts) > 4 else ""
    return account if re.fullmatch(r"\d{12}", account) else deployment.ACCOUNT


def _policies(found: Input, given: Mapping[str, Any]) -> Policies:
    def layer(name: str) -> tuple[Policy, ...] | None:
        return tuple(map(found.policy, given[name])) or None

    def levels(name: str) -> tuple[tuple[Policy, ...], ...]:
        return tuple(tuple(map(found.policy, level.split(","))) for level in given[name])

    return Policies(
        identity=layer("identity") or (),
        resource=found.policy(given["resource_policy"]) if given["resource_policy"] else None,
        boundary=layer("boundary"),
        session=layer("session"),
        service_control=levels("service_control"),
        resource_control=levels("resource_control"),
        endpoint=layer("endpoint"),
    )


def _written(found: Input, given: Mapping[str, Any]) -> dict[str, Any]:
    """Join the request of a file and that of the options, as plain data."""
    written: dict[str, Any] = {}
    if given["request_file"]:
        written = found.reader.request(found.reader.value(found.file(given["request_file"])))
        found.finish()
    for option in ("principal", "action", "resource", "resource_account"):
        if given[option] is not None:
            written[option] = given[option]
    context = _context(given["context"])
    if context:
        written["context"] = {**written.get("context", {}), **context}
    if given["unknown"]:
        written["unknown_keys"] = [*written.get("unknown_keys", []), *given["unknown"]]
    return written


def _context(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    """Read context keys; one that is given more than once has several values."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(
                f"`--context` is not of the form KEY=VALUE: `{pair}`", "for example `aws:SourceIp=192.0.2.1`"
            )
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _request(written: Mapping[str, Any]) -> Request:
    for name, example in (("principal", "--principal ARN"), ("action", "--action s3:GetObject")):
        if not written.get(name):
            raise UsageError(
                f"the request has no {name}", f"add `{example}`, or take one with `--request FILE`"
            )
    return documents.request(written)


def _hint_at_misspelling(action: str) -> None:
    """Say on stderr that an action is not one, as a request for it proves little."""
    if catalogue.action(action) is None:
        near = catalogue.suggest(action)
        did = f"; did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else ""
        terminal.note(
            f"note: AWS has no action `{action}` as far as the catalogue of {catalogue.as_of()} knows{did}"
        )


def _tell(question: _Question, asked: _Asked, teller: telling.Teller) -> None:
    teller.head("request")
    teller.request(question.request)
    teller.gap()
    teller.decision(asked.decision, asked.why)
    for name in question.left_open if asked.decision.verdict is Verdict.UNKNOWN else ():
        teller.say(f"parameter `{name}` has no value; `--parameter {name}=VALUE` gives it one", indent=2)
    for key in asked.turns_on:
        said = f"it may turn on `{key}`, which AWS always sends and this request lacks"
        teller.say(f"{said}; `--context {key}=VALUE` gives it, `--unknown {key}` leaves it open", indent=2)
    if question.filled_in:
        teller.gap()
        teller.head("filled in", "what only a deployment decides was taken to be")
        for name, text in question.filled_in.items():
            teller.say(f"{name} = {text}", indent=2)
    teller.show()
