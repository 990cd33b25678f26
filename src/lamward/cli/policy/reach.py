"""`lamward policy reach`: what a function or role of a template can come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click
from msgspec import Struct

from lamward.cli import options
from lamward.cli.policy import options as policy_options
from lamward.cli.policy import telling
from lamward.cli.policy.reading import Input
from lamward.errors import UsageError
from lamward.facts import Facts, deployment
from lamward.facts import reach as facts_reach
from lamward.iam import escalation
from lamward.iam.escalation import Edge
from lamward.iam.reach import Granted, Reach, Reaches
from lamward.model.access import Determining

FORMATS: Final = ("text", "json")
SHOWN: Final = 6
"""How many actions of a class of harm the text lists before it only counts."""


class Reached(Struct, frozen=True):
    """A role, the functions that run with it and were asked about, and its reach."""

    role: str
    functions: tuple[str, ...]
    reach: Reach


@click.command(
    "reach",
    epilog=(
        f"Exit codes: 0 nobody else's permissions are reached, 1 those of another role or an administrator are, "
        f"perhaps under conditions, {policy_options.CODES}"
    ),
)
@click.argument("template", metavar="TEMPLATE")
@click.option("--role", metavar="NAME", help="Start from this role: its logical id or its name.")
@click.option(
    "--function",
    metavar="NAME",
    help="Start from this function; from all if there is neither, or from all roles if there is no function.",
)
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a template's parameter. Repeatable.",
)
@policy_options.together(*policy_options.deployment_options)
@policy_options.format_options(*FORMATS)
def command(template: str, format_name: str, color: str, *, as_json: bool, **given: Any) -> int:
    """Say what a function or role can come to.

    That is what it may do by itself, and whose permissions it can gain. The account is thought to hold what the
    template creates, and nothing else. That there is no path is said of the ways that the catalogue knows, no more.
    """
    wanted = policy_options.chosen_format(format_name, FORMATS, as_json=as_json)
    colour = options.coloured(color)
    account = policy_options.account_number(given["account"]) or deployment.ACCOUNT
    found = Input(given["parameters"])
    facts = found.facts(template)
    found.finish()
    deployed = deployment.deploy(facts, account=account, region=given["region"])
    subjects = _subjects(facts, template, given)
    reaches = Reaches(facts_reach.account(facts, deployed))
    reached = [
        Reached(role, functions, reaches.of(deployed.arn(role))) for role, functions in subjects.items()
    ]
    if wanted == "json":
        telling.show_json("reach", _record(reached))
    else:
        teller = telling.Teller(found.texts, colour=colour)
        for each in reached:
            _tell(teller, each)
        teller.show()
    return 1 if any(each.reach.paths for each in reached) else 0


def _subjects(facts: Facts, template: str, given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Choose the roles to start from, each with the functions that were asked about."""
    role, function = given["role"] or "", given["function"] or ""
    if role and function:
        raise UsageError("`--role` and `--function` exclude each other", "leave one of them out")
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for each in facts_reach.subjects(facts, role=role, function=function):
        found[each.role.id].update({each.function.id: None} if each.function else {})
    if not (found or role or function):
        found.update((each.id, {}) for each in facts.application.roles)
    if not found:
        asked = role or function
        what = (
            f"`{asked}` is no role of `{template}`, nor a function whose role it declares"
            if asked
            else f"`{template}` has neither functions nor roles"
        )
        raise UsageError(what, "name a role or a function of the template")
    return {name: tuple(functions) for name, functions in found.items()}


def _tell(teller: telling.Teller, reached: Reached) -> None:
    teller.gap()
    by = f", the role of {', '.join(reached.functions)}" if reached.functions else ""
    teller.head(reached.role, f"{reached.reach.start}{by}")
    own = [each for each in reached.reach.granted if each.by == reached.reach.start]
    teller.gap()
    teller.say("may do by itself:" if own else "may do nothing by itself that is listed as harmful", indent=2)
    for name, granted in _by_capability(own):
        _tell_capability(teller, name, granted)
    _tell_paths(teller, reached.reach)
    _tell_gained(teller, reached.reach.gained)
    teller.gap()
    if not reached.reach.paths:
        teller.say(f"no path to another role or to an administrator, {reached.reach.caveat}", indent=2)
    else:
        teller.say(f"these are the paths {reached.reach.caveat}; the template alone was looked at", indent=2)


def _by_capability(granted: Sequence[Granted]) -> Iterator[tuple[str, list[Granted]]]:
    for name in escalation.capabilities():
        found = [each for each in granted if each.capability == name]
        if found:
            yield name, found


def _title(capability: str) -> str:
    known = escalation.capabilities().get(capability)
    return known.title if known else capability


def _tell_capability(teller: telling.Teller, name: str, granted: Sequence[Granted]) -> None:
    places: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for each in granted:
        places[(each.action, each.guard)].append(each.resource)
    teller.say(f"{_title(name)}:", indent=4)
    for (action, guard), resources in list(places.items())[:SHOWN]:
        more = f" and {len(resources) - 1} more" if len(resources) > 1 else ""
        teller.say(f"{action} on {resources[0]}{more}{_conditions(guard)}", indent=6)
    if len(places) > SHOWN:
        teller.say(f"and {len(places) - SHOWN} more actions", indent=6)


def _conditions(guard: Sequence[str]) -> str:
    return f" ({' and '.join(guard)})" if guard else ""


def _tell_paths(teller: telling.Teller, reach: Reach) -> None:
    for target, edges in reach.paths.items():
        teller.gap()
        sure = "can become" if not any(edge.guard for edge in edges) else "may become, under conditions,"
        teller.say(f"{sure} {target}:", indent=2)
        for edge in edges:
            via = f" through {edge.via}" if edge.via and edge.via != edge.target else ""
            teller.say(f"{edge.way}: {edge.title}{via}{_conditions(edge.guard)}", indent=4)
            for each in edge.statements:
                teller.statement(each, "by", indent=6)


def _tell_gained(teller: telling.Teller, gained: Sequence[Edge]) -> None:
    """Write the single capabilities that ways give, each way once with all that it goes through."""
    ways: dict[tuple[str, str, str, tuple[Determining, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for edge in gained:
        ways[(edge.way, edge.title, edge.target, edge.statements, edge.guard)].append(edge.via)
    for (way, title, target, statements, guard), through in ways.items():
        teller.gap()
        teller.say(f"can {_title(target)}:", indent=2)
        named = [each for each in through if each]
        more = f" and {len(named) - 1} more" if len(named) > 1 else ""
        via = f" through {named[0]}{more}" if named else ""
        teller.say(f"{way}: {title}{via}{_conditions(guard)}", indent=4)
        for each in statements:
            teller.statement(each, "by", indent=6)


def _record(reached: Sequence[Reached]) -> dict[str, Any]:
    return {
        "as_of": escalation.as_of().isoformat(),
        "ways": len(escalation.ways()),
        "subjects": [
            {
                "role": each.role,
                "functions": list(each.functions),
                "arn": each.reach.start,
                "administrator": each.reach.administrator,
                "granted": [_granted(one) for one in each.reach.granted],
                "paths": [
                    {"target": target, "steps": [_edge(edge) for edge in edges]}
                    for target, edges in each.reach.paths.items()
                ],
                "gained": [_edge(edge) for edge in each.reach.gained],
                "caveat": each.reach.caveat,
            }
            for each in reached
        ],
    }


def _granted(each: Granted) -> dict[str, Any]:
    return {
        "capability": each.capability,
        "action": each.action,
        "resource": each.resource,
        "by": each.by,
        "statements": [telling.statement_record(one) for one in each.statements],
        "conditions": list(each.guard),
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "way": edge.way,
        "title": edge.title,
        "source": edge.source,
        "target": edge.target,
        "via": edge.via,
        "statements": [telling.statement_record(one) for one in edge.statements],
        "conditions": list(edge.guard),
    }
