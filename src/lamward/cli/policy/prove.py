"""`lamward policy prove`: properties of policies over all requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import click
from msgspec.structs import replace

from lamward.cli import options
from lamward.cli.policy import options as policy_options
from lamward.cli.policy import telling
from lamward.cli.policy.reading import Input, shown, template_chosen
from lamward.errors import UsageError
from lamward.iam import prove
from lamward.model.access import Policies
from lamward.model.policy import Policy

FORMATS: Final = ("text", "json")
_EPILOG: Final = f"Exit codes: 0 proved, 1 refuted, {policy_options.CODES}"
_SUBJECTS: Final = (
    "A subject is a policy file, a file with a set of policies by layer (identity, boundary, resource, ...), "
    "TEMPLATE#NAME for the role of that name or of that function, or the ARN of an AWS managed policy. One may be "
    "`-`, standard input."
)


@click.group("prove")
def command() -> None:
    """Prove a property of policies over all requests.

    Where it does not hold, a request shows that; every one that is shown was put to the evaluator first.
    """


def _question(name: str, help_text: str, *metavars: str) -> Callable[[Any], click.Command]:
    """Make a sub-command with subjects as arguments and the options of all proofs."""

    def decorate(function: Any) -> click.Command:
        decorated = policy_options.together(
            *policy_options.proof_options,
            policy_options.template_options,
            policy_options.format_options(*FORMATS),
        )(function)
        for metavar in reversed(metavars):
            decorated = click.argument(metavar.lower(), metavar=metavar, required=False)(decorated)
        text = f"{help_text}\n\n{_SUBJECTS}"
        summary = (function.__doc__ or "").strip()
        made: click.Command = command.command(name, epilog=_EPILOG, help=text, short_help=summary)(decorated)
        return made

    return decorate


_FIRST: Final = "With --template and --role or --function, that role is the first subject."


@_question("implies", f"Prove that FIRST allows nothing that SECOND does not. {_FIRST}", "FIRST", "SECOND")
def implies(first: str | None, second: str | None, **given: Any) -> int:
    """Prove that one grants nothing that the other does not."""
    return _pair("implies", prove.implies, (first, second), given)


@_question("equivalent", f"Prove that both allow the same requests. {_FIRST}", "FIRST", "SECOND")
def equivalent(first: str | None, second: str | None, **given: Any) -> int:
    """Prove that two are the same."""
    return _pair("equivalent", prove.equivalent, (first, second), given)


@_question("disjoint", f"Prove that no request is allowed by both. {_FIRST}", "FIRST", "SECOND")
def disjoint(first: str | None, second: str | None, **given: Any) -> int:
    """Prove that two have nothing in common."""
    return _pair("disjoint", prove.disjoint, (first, second), given)


_PUBLIC: Final = """Prove that a resource policy is not public; 1 says that it is, with a request by anybody.

Public is what an anonymous caller may do, or one of an account that the policy does not name, unless a condition
holds the request to somebody in particular: a fixed value of a key such as aws:SourceArn, aws:SourceAccount,
aws:PrincipalOrgID, aws:PrincipalArn, aws:SourceVpce or sts:ExternalId, or addresses narrower than /8 (IPv4) or /32
(IPv6). Conditions on the time, on tags that the caller sets or on what anybody can send do not."""


@_question("public", _PUBLIC, "POLICY")
def public(policy: str | None, **given: Any) -> int:
    """Prove that a resource policy is not public."""

    def ask(subject: Policy | Policies, search: prove.Options) -> prove.Answer:
        document = subject.resource if isinstance(subject, Policies) else subject
        if document is None:
            raise UsageError("there is no resource policy to ask about", "name the file of a resource policy")
        return prove.public(document, search)

    return _single("public", "the policy is not public", ask, policy, given)


@_question("always-denies", "Prove that no request at all is allowed.", "POLICY")
def always_denies(policy: str | None, **given: Any) -> int:
    """Prove that nothing is allowed."""
    return _single("always-denies", "no request is allowed", prove.always_denies, policy, given)


@_question(
    "grants",
    "Prove that none of these actions is allowed on any of these resources; 1 says that one is, with the request.",
    "POLICY",
)
@click.option(
    "--action", "actions", metavar="NAME", multiple=True, required=True, help="An action. Repeatable."
)
@click.option(
    "--resource", "resources", metavar="ARN", multiple=True, default=("*",), help="A resource. Repeatable."
)
def grants(policy: str | None, actions: tuple[str, ...], resources: tuple[str, ...], **given: Any) -> int:
    """Prove that some actions are not granted."""

    def ask(subject: Policy | Policies, search: prove.Options) -> prove.Answer:
        return prove.grants(subject, actions, resources, search)

    claim = f"{', '.join(actions)} on {', '.join(resources)} is not granted"
    return _single("grants", claim, ask, policy, given)


Pairwise = Callable[[prove.Subject, prove.Subject, prove.Options], prove.Answer]
Alone = Callable[[prove.Subject, prove.Options], prove.Answer]


def _pair(name: str, ask: Pairwise, named: tuple[str | None, str | None], given: dict[str, Any]) -> int:
    found, subjects, names = _subjects(named, 2, given)
    claims = {
        "implies": f"{names[0]} allows nothing that {names[1]} does not",
        "equivalent": f"{names[0]} and {names[1]} allow the same",
        "disjoint": f"{names[0]} and {names[1]} have no request in common",
    }
    search = search_options(given)
    answer = ask_deployed(found, tuple(subjects), lambda pair: ask(pair[0], pair[1], search))
    return _tell(name, claims[name], answer, found, given)


def _single(name: str, claim: str, ask: Alone, named: str | None, given: dict[str, Any]) -> int:
    found, subjects, names = _subjects((named,), 1, given)
    search = search_options(given)
    answer = ask_deployed(found, tuple(subjects), lambda alone: ask(alone[0], search))
    return _tell(name, f"{names[0]}: {claim}", answer, found, given)


def ask_deployed(
    found: Input,
    subjects: tuple[prove.Subject, ...],
    ask: Callable[[tuple[prove.Subject, ...]], prove.Answer],
) -> prove.Answer:
    """Ask about all deployments of a template; where that is open, one in which it does not hold refutes it."""
    answer = ask(subjects)
    if not isinstance(answer, prove.Undetermined):
        return answer
    pairs = [found.deployed(each) for each in subjects]
    given = {name: text for _, filled_in in pairs for name, text in filled_in.items()}
    again = ask(tuple(subject for subject, _ in pairs)) if given else answer
    if not isinstance(again, prove.Refuted):
        return answer
    return prove.Refuted(replace(again.witness, given={**given, **again.witness.given}))


def _subjects(
    named: tuple[str | None, ...], wanted: int, given: Mapping[str, Any]
) -> tuple[Input, list[prove.Subject], list[str]]:
    found = Input(given["parameters"])
    names = [shown(each) for each in named if each is not None]
    subjects: list[prove.Subject] = []
    if template_chosen(given["template"], given):
        role = found.role(given["template"], given["role"] or "", function=given["function"] or "")
        subjects.append(role.policies)
        names.insert(0, f"{shown(given['template'])}#{role.subject.role.id}")
    subjects += [found.subject(each) for each in named if each is not None]
    found.finish()
    if len(subjects) != wanted:
        raise UsageError(
            f"{wanted} policies are needed, and there are {len(subjects)}", "name files, or TEMPLATE#ROLE"
        )
    return found, subjects, names


def search_options(given: Mapping[str, Any]) -> prove.Options:
    """Make the options of the search."""
    owner = policy_options.account_number(given["owner"], "--owner")
    return prove.Options(given["steps"], given["open_world"], owner)


def _tell(name: str, claim: str, answer: prove.Answer, found: Input, given: Mapping[str, Any]) -> int:
    wanted = policy_options.chosen_format(given["format_name"], FORMATS, as_json=given["as_json"])
    if wanted == "json":
        telling.show_json(f"prove {name}", {"claim": claim, **telling.answer_record(answer)})
        return telling.code_of([answer])
    teller = telling.Teller(found.texts, colour=options.coloured(given["color"]))
    say_answer(teller, claim, answer)
    teller.show()
    return telling.code_of([answer])


_HEADS: Final = {"proved": "info", "refuted": "high", "undetermined": "medium"}


def say_answer(teller: telling.Teller, claim: str, answer: prove.Answer) -> None:
    """Write an answer: the claim, and what shows or hinders it."""
    word = telling.word_for(answer)
    teller.head(word, claim, _HEADS[word])
    match answer:
        case prove.Proved(assumptions=assumptions):
            for each in assumptions:
                teller.say(f"assuming that {each} (`--open-world` does not)", indent=2)
        case prove.Refuted(witness=witness):
            teller.say("this request shows it, as the evaluator confirms:", indent=2)
            teller.witness(witness)
        case prove.Undetermined(reason=reason):
            teller.say(f"cannot be told: {reason}", indent=2)
