"""What strangers may do by a policy on a resource: the policy is asked, as AWS would ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.accounts import is_given_by_user
from lamward.iam import catalogue, pattern, worlds
from lamward.iam.catalogue import Level
from lamward.iam.evaluate import Evaluator, prepare
from lamward.model.access import Caller, CallerKind, ContextValue, Policies, Request, Truth, Verdict
from lamward.model.policy import ConditionEntry, Effect, Policy, Principal, PrincipalKind, Statement
from lamward.model.value import (
    Assumption,
    AssumptionKind,
    Case,
    Guard,
    Known,
    Reference,
    Symbolic,
    Unknown,
    both,
    text_of,
    why_unknown,
)

OWNER: Final = "000000000001"
STRANGER: Final = "000000000002"
"""Accounts that nobody has, for the owner of a resource and for somebody it has nothing to do with."""

_EVERYTHING: Final = (Case(Known("*")),)
_ANYONE: Final = (Principal(PrincipalKind.ANYONE, _EVERYTHING[0]),)
_ALL: Final = Policy((Statement(Effect.ALLOW, actions=_EVERYTHING, resources=_EVERYTHING),))
_FROM_OUTSIDE: Final[Mapping[str, ContextValue]] = {
    "aws:SecureTransport": "true",
    "aws:SourceIp": "203.0.113.77",
    "aws:ViaAWSService": "false",
    "kms:CallerAccount": STRANGER,
    "lambda:FunctionUrlAuthType": "AWS_IAM",
    "lambda:InvokedViaFunctionUrl": "false",
}
"""The context of a call from the internet. A URL without authorisation is judged at the URL, hence the IAM one."""

_ADDRESSES: Final = ("203.0.113.77", "64.42.7.1", "2a0e:9b40:17::1", "9a0e:9b40:17::1")
"""Where strangers call from: an address in each half of the internet, old and new."""

_UNKNOWN: Final = (
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:Referer",
    "aws:UserAgent",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "sns:Endpoint",
    "sns:Protocol",
)
"""What nobody knows of a call: when it comes, and what only the caller knows."""

_CHOSEN: Final = frozenset(
    {
        "aws:referer",
        "events:detail-type",
        "events:source",
        "s3:authtype",
        "s3:delimiter",
        "s3:prefix",
        "s3:signatureversion",
        "s3:x-amz-acl",
        "s3:x-amz-server-side-encryption",
        "s3:x-amz-storage-class",
        "secretsmanager:versionstage",
        "sns:protocol",
    }
)
"""What callers choose with each call, besides the encryption context: it says nothing of who they are."""

_OF_THE_CALLER: Final = frozenset(
    {
        "elasticfilesystem:accessedviamounttarget",
        "lambda:eventsourcetoken",
        "lambda:vpcids",
        "s3:accesspointnetworkorigin",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""Keys of services that say who asks or from where: strangers have nothing that a condition on them would want."""

_OF_ANOTHER_ORGANISATION: Final[Mapping[str, ContextValue]] = {
    "aws:PrincipalOrgID": "o-stranger00",
    "aws:PrincipalOrgPaths": ("o-stranger00/r-stra/",),
}
_ARN_PARTS: Final = 6
_SERVICE: Final = 2
_ACCOUNT: Final = 4
_SERVICES: Final = (("s3", "::stranger"), ("sns", "us-east-1:" + STRANGER + ":stranger"))


Stranger = tuple[Caller, Mapping[str, ContextValue]]
"""Somebody to ask as, and the context of the call."""


class Opening(Struct, frozen=True):
    """A statement that lets strangers in: examples of the actions they get. With a `doubt` it only may."""

    statement: Statement
    actions: tuple[str, ...]
    when: Guard
    doubt: str = ""


@fact
def openings(facts: Facts, policy: Policy) -> tuple[Opening, ...]:  # noqa: ARG001 - the cache lives in the facts
    """Find the statements of a resource's policy that let people of no known account or organisation in."""
    return tuple(_openings(policy))


def _openings(policy: Policy) -> Iterator[Opening]:
    for unreadable in policy.unreadable:
        nothing = Statement(Effect.ALLOW, location=next(iter(unreadable.origins), policy.location))
        yield Opening(nothing, (), policy.when, unreadable.reason)
    for statement in policy.statements:
        if statement.effect is not Effect.ALLOW:
            continue
        for principal in statement.principals or ():
            when = both(statement.when, principal.value.when)
            if when is None:
                continue
            if _is_anyone(principal):
                yield from _asked(policy, statement, when)
                break
            if isinstance(principal.value.value, Unknown) or is_given_by_user(principal.value.value):
                yield Opening(statement, (), when, why_unknown(principal.value.value))
        if statement.not_principals is not None:
            yield from _asked(policy, statement, statement.when)


def _is_anyone(principal: Principal) -> bool:
    return (
        principal.kind in {PrincipalKind.ANYONE, PrincipalKind.AWS} and text_of(principal.value.value) == "*"
    )


def served(policy: Policy, statement: Statement, when: Guard) -> Iterator[Opening]:
    """Ask a statement for services as services do that act for a stranger's resources."""
    return _asked(policy, statement, when, services_of_strangers)


def _asked(
    policy: Policy,
    statement: Statement,
    when: Guard,
    strangers: Callable[[Statement], Iterator[Stranger]] | None = None,
) -> Iterator[Opening]:
    """Ask as strangers in every way the template's conditions may turn out."""
    found = worlds.worlds([policy])
    if found is None:
        yield Opening(statement, (), when, "the policy depends on too many conditions of the template")
        return
    possible = [world for world in found if frozenset(world).issuperset(when)]
    answers = [(world, _in_world(policy, statement, world, strangers or _strangers)) for world in possible]
    if answers and all(answer == answers[0][1] for _, answer in answers):
        # Nothing but what the statement itself depends on makes a difference.
        answers = [(when, answer) for _, answer in answers[:1]]
    for world, (actions, doubt) in answers:
        if actions or doubt:
            yield Opening(statement, actions, _shown(world), "" if actions else doubt)


def _shown(world: Guard) -> Guard:
    return tuple(each for each in world if not _is_any_other(each))


def _is_any_other(assumption: Assumption) -> bool:
    return assumption.value.startswith("\0")


def _in_world(
    policy: Policy, statement: Statement, world: Guard, strangers: Callable[[Statement], Iterator[Stranger]]
) -> tuple[tuple[str, ...], str]:
    """Give the actions strangers get by a statement in one world, and why it may be more."""
    grounded = _grounded(policy)
    index = policy.statements.index(statement)
    settled = worlds.settle(grounded, world)
    # Whoever `NotPrincipal` lists, a stranger is not among them.
    own = replace(settled.statements[index], principals=_ANYONE, not_principals=None)
    others = (each for each in settled.statements if each.effect is Effect.DENY)
    evaluator = prepare(Policies(identity=(_ALL,), resource=replace(settled, statements=(own, *others))))
    resource = _resource(own)
    allowed: list[str] = []
    doubt = ""
    asking = list(strangers(own))
    for action in _examples(own):
        verdict = _verdict(evaluator, action, resource, asking, _unknown(own, action))
        if verdict is Verdict.ALLOWED:
            allowed.append(action)
        elif verdict is Verdict.UNKNOWN:
            doubt = "its conditions may hold for strangers too"
    return tuple(allowed), doubt


def _verdict(
    evaluator: Evaluator,
    action: str,
    resource: str,
    strangers: Sequence[Stranger],
    unknown: tuple[str, ...],
) -> Verdict:
    """Give the widest answer that any stranger gets."""
    unsure = False
    for caller, context in strangers:
        request = Request(caller, action, resource, context, OWNER, unknown)
        verdict = evaluator.decide(request).verdict
        if verdict is Verdict.ALLOWED:
            return verdict
        unsure = unsure or verdict is Verdict.UNKNOWN
    return Verdict.UNKNOWN if unsure else Verdict.IMPLICITLY_DENIED


def _unknown(statement: Statement, action: str) -> tuple[str, ...]:
    """List what is not known of a call: of the action's own service, all that is not about who asks."""
    service = action.partition(":")[0].lower() + ":"
    own = (entry.key for entry in statement.conditions if entry.key.lower().startswith(service))
    made_up = {entry.key.lower() for entry in statement.conditions if _is_made_up(entry)}
    told = {*_OF_THE_CALLER, *(key.lower() for key in _FROM_OUTSIDE), "kms:viaservice", *made_up}
    return tuple(key for key in (*_UNKNOWN, *own) if key.lower() not in told)


def _strangers(statement: Statement) -> Iterator[Stranger]:
    """Make the strangers to ask as; what they own and who they are is named to suit the statement, where they may."""
    session = f"arn:aws:sts::{STRANGER}:assumed-role/stranger/stranger"
    signed_in = Caller(CallerKind.ROLE_SESSION, session, STRANGER)
    outside: list[Mapping[str, ContextValue]] = [_FROM_OUTSIDE]
    if any(entry.key.lower() == "aws:sourceip" for entry in statement.conditions):
        outside = [{**_FROM_OUTSIDE, "aws:SourceIp": address} for address in _ADDRESSES]
    # Somebody may use a key by a service, in an account of their own.
    outside += [{**outside[0], "kms:ViaService": name} for name in _named(statement, "kms:viaservice")]
    made_up = [entry.key for entry in statement.conditions if _is_made_up(entry)]
    outside += [
        {**outside[0], **{key: next(_named(statement, key.lower()), "") for key in made_up}}
        for _ in made_up[:1]
    ]
    for context in outside:
        yield Caller(CallerKind.ANONYMOUS), context
        yield signed_in, {**context, **_OF_ANOTHER_ORGANISATION}
    for name in _suitable(statement, "aws:principalarn"):
        yield (
            replace(signed_in, issuer=name),
            {**outside[0], **_OF_ANOTHER_ORGANISATION, "aws:PrincipalArn": name},
        )
    yield from services_of_strangers(statement)


def services_of_strangers(statement: Statement) -> Iterator[Stranger]:
    """Make the calls of services that act for a stranger's bucket, topic or whatever a statement asks for."""
    names = [f"arn:aws:{service}:{rest}" for service, rest in _SERVICES]
    for name in (*names, *_suitable(statement, "aws:sourcearn")):
        source = {"aws:SourceArn": name, "aws:SourceAccount": STRANGER, "aws:SecureTransport": "true"}
        yield Caller(CallerKind.SERVICE, f"{name.split(':')[2]}.amazonaws.com"), source


def _is_made_up(entry: ConditionEntry) -> bool:
    """Tell whether a condition asks for what any caller may write; not for a secret, nor a name kept for AWS."""
    key = entry.key.lower()
    if key.startswith("kms:encryptioncontext"):
        return True
    texts = [text_of(case.value) or "" for case in entry.values]
    if key == "aws:referer":
        # A made-up address of a page, and no word that only a proxy and the policy know.
        return any(text.lower().startswith(("http", "*")) for text in texts)
    chosen = key in _CHOSEN and "string" in entry.operator.lower()
    return chosen and not any(text.startswith("aws.") for text in texts)


def _named(statement: Statement, key: str) -> Iterator[str]:
    """Give what a condition on a key names, any wildcard filled in."""
    for entry in statement.conditions:
        for case in entry.values if entry.key.lower() == key else ():
            yield (text_of(case.value) or "").replace("*", "x").replace("?", "x")


def _suitable(statement: Statement, key: str) -> Iterator[str]:
    """Give ARNs that suit a condition and that a stranger can make: in an account, or with a name, of their choice."""
    for entry in statement.conditions:
        for case in entry.values if entry.key.lower() == key else ():
            parts = (text_of(case.value) or "").split(":", _ARN_PARTS - 1)
            if len(parts) < _ARN_PARTS or not _is_for_the_taking(parts):
                continue
            parts[_ACCOUNT] = STRANGER if parts[_ACCOUNT] else ""
            yield ":".join(part.replace("*", "x").replace("?", "x") for part in parts)


def _is_for_the_taking(parts: Sequence[str]) -> bool:
    """Tell whether strangers can own what an ARN's parts fit; a bucket's whole name is one account's alone."""
    if parts[_SERVICE] == "s3":
        return "*" in parts[-1] or "?" in parts[-1]
    return bool(parts[_ACCOUNT]) and pattern.match(parts[_ACCOUNT], STRANGER) is Truth.YES


def _examples(statement: Statement) -> Iterator[str]:
    """Give for each action of a statement one example of each level of access."""
    for case in statement.not_actions or ():
        prefix = (text_of(case.value) or "").partition(":")[0]
        yield from (action.name for action in catalogue.matching(f"{prefix}:*"))
    seen: set[str] = set()
    for case in statement.actions or ():
        levels: set[Level] = set()
        for action in catalogue.matching(text_of(case.value) or ""):
            if action.level not in levels and action.name not in seen:
                levels.add(action.level)
                seen.add(action.name)
                yield action.name


def _resource(statement: Statement) -> str:
    """Give a resource that a statement speaks of."""
    first = next(iter(statement.resources or ()), None)
    return (text_of(first.value) or "" if first else "").replace("*", "x").replace("?", "x") or "x"


def _grounded(policy: Policy) -> Policy:
    """Put a text of its own in the place of everything the deployment decides.

    Whatever it decides, it is nothing a stranger has; except address ranges, which may be everybody's.
    """
    bindings: dict[Reference, str] = {}
    for statement in policy.statements:
        ranges = {
            id(value)
            for entry in statement.conditions
            if "ipaddress" in entry.operator.lower()
            for value in entry.values
        }
        for case in worlds.scalars(statement):
            if isinstance(case.value, Symbolic) and id(case) not in ranges:
                bindings |= {each: _stand_in(each) for each in case.value.references}
    return worlds.bind(replace(policy, statements=tuple(map(_given, policy.statements))), bindings)


def _given(statement: Statement) -> Statement:
    """Put a text of its own in the place of what else parameters with defaults may be given for a condition."""
    by_default = {
        (entry.operator, entry.key)
        for entry in statement.conditions
        for case in entry.values
        if "ipaddress" not in entry.operator.lower()
        and any(each.kind is AssumptionKind.DEFAULT for each in case.when)
    }
    entries = (
        replace(entry, values=tuple(map(_named_by_user, entry.values)))
        if (entry.operator, entry.key) in by_default
        else entry
        for entry in statement.conditions
    )
    return replace(statement, conditions=tuple(entries)) if by_default else statement


def _named_by_user(case: Case) -> Case:
    return Case(Known("given"), case.when) if isinstance(case.value, Unknown) else case


def _stand_in(reference: Reference) -> str:
    # No colon: it stands in a part of an ARN.
    other = f"{reference.target}.{reference.attribute}".replace(":", ".")
    return {"AWS::AccountId": OWNER, "AWS::Partition": "aws"}.get(reference.target, other)


def levels(opening: Opening) -> frozenset[Level]:
    """Give the levels of access that strangers get."""
    known = (catalogue.action(name) for name in opening.actions)
    return frozenset(each.level for each in known if each)


def changes_something(opening: Opening) -> bool:
    """Tell whether strangers may write or manage permissions, not only read."""
    return bool(levels(opening) & {Level.WRITE, Level.PERMISSIONS, Level.TAGGING})
