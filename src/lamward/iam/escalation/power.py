"""What one entity can do: single actions, surely or under conditions, with the statements that allow them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.iam import catalogue, documents, evaluate, pattern, platform
from lamward.iam.account import Entity
from lamward.iam.compiled import Compiled, compile_policy
from lamward.iam.conditions import View, written
from lamward.iam.examples import examples, shapes
from lamward.iam.pattern import ARN_PARTS
from lamward.iam.worlds import every
from lamward.model.access import Decision, Determining, Layer, Policies, Request, Truth, Verdict
from lamward.model.policy import Effect, Policy, PrincipalKind, Statement

STEPS: Final = 20_000


class Able(Struct, frozen=True):
    """An answer: whether, by which statements, and under which conditions where it is not sure."""

    truth: Truth
    statements: tuple[Determining, ...] = ()
    guard: tuple[str, ...] = ()
    resource: str = ""


UNABLE: Final = Able(Truth.NO)


class Power:
    """One entity's power, asked action by action and remembered."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.caller = documents.caller(entity.arn)
        self.evaluator = evaluate.prepare(entity.policies)
        self.keys = _keys(entity.policies)
        self._allowing = [
            each for each in _speaking(entity.policies, self.caller.account) if each.compiled.allows
        ]
        self._named = frozenset[str]().union(*(each.names or () for each in self._allowing))
        self._broad = [each for each in self._allowing if each.names is None]
        self._able: dict[tuple[str, str, str], Able] = {}
        self._anywhere: dict[str, Able] = {}
        self._may: dict[str, bool] = {}
        self._satisfiable: dict[tuple[str, tuple[Determining, ...], str], bool] = {}

    def may(self, action: str) -> bool:
        """Tell quickly whether any of its own statements that allow speaks of an action."""
        found = self._may.get(action)
        if found is None:
            named = pattern.fold(action) in self._named
            found = self._may[action] = named or any(each.speaks_of(action) for each in self._broad)
        return found

    def can(self, action: str, resource: str, *, service: str = "") -> Able:
        """Tell whether it can do an action on a resource; `service` is what a role is passed to.

        Keys and roles whose policies nobody showed are taken to name nobody by themselves.
        """
        key = (action, resource, service)
        found = self._able.get(key)
        if found is None:
            context = {"iam:PassedToService": service} if service else {}
            request = self._request(action, resource, context)
            found = self._judge(self.evaluator.decide(request), request, self.entity.policies)
            governed = platform.governed_by_resource(action, resource)
            if found.truth is Truth.UNKNOWN and governed and _refused(self._going.decide(request)):
                found = UNABLE
            self._able[key] = found
        return found

    def _request(self, action: str, resource: str, context: dict[str, str]) -> Request:
        unknown = self.keys - {key.lower() for key in context}
        return Request(self.caller, action, resource, context, self.caller.account, tuple(unknown))

    def can_anywhere(self, action: str) -> Able:
        """Tell whether it can do an action on any resource at all."""
        found = self._anywhere.get(action)
        if found is None:
            found = self._anywhere[action] = self._surest(action)
        return found

    def _surest(self, action: str) -> Able:
        """Give the surest answer of all places: of two that are as sure, the first."""
        surest = UNABLE
        for resource in self._places(action):
            able = self.can(action, resource)
            if able.truth is Truth.YES:
                return able
            surest = able if able.truth > surest.truth else surest
        return surest

    def places(self, action: str) -> tuple[str, ...]:
        """List resources to try: one for each pattern that allows the action, and examples of AWS's own."""
        return tuple(dict.fromkeys(self._places(action)))

    def _places(self, action: str) -> Iterator[str]:
        if not self.may(action):
            return
        for each in self._allowing:
            if each.speaks_of(action):
                yield from (filled for text, filled in each.places.items() if _takes(action, text))
        known = catalogue.action(action)
        yield from ("*",) if known is None else examples(known, self.caller.account)

    def can_assume(self, role: Entity, trust: Trust) -> Able:
        """Tell whether it can assume a role, whose trust policy decides too."""
        request = Request(
            self.caller, "sts:AssumeRole", role.arn, {}, role.arn.split(":")[4], tuple(self.keys | trust.keys)
        )
        # Two quick questions keep nearly all pairs from the slow one: is the caller welcome, and may it go at all?
        if _refused(trust.welcome.decide(request)):
            return UNABLE
        if _refused(self._going.decide(request)) and _refused(trust.alone.decide(request)):
            return UNABLE
        named = not _refused(trust.alone.decide(request))
        # Who the role's policy names needs no permission of its own, and meets no condition of one.
        found = UNABLE
        for own in (self._refusing, self.entity.policies) if named else (self.entity.policies,):
            policies = replace(own, resource=role.trust)
            found = self._judge(evaluate.decide(policies, request), request, policies)
            if found.truth is not Truth.NO:
                break
        return found

    @cached_property
    def _refusing(self) -> Policies:
        """Its policies, of the identity policies what they deny alone."""
        return replace(
            self.entity.policies,
            identity=tuple(
                replace(
                    policy,
                    statements=tuple(each for each in policy.statements if each.effect is Effect.DENY),
                )
                for policy in self.entity.policies.identity
            ),
        )

    @cached_property
    def _going(self) -> evaluate.Evaluator:
        """Its own side alone: every role delegates."""
        statement = {"Effect": "Allow", "Principal": {"AWS": self.caller.account}, "Action": "*"}
        delegating = documents.policy({"Version": "2012-10-17", "Statement": statement})
        return evaluate.prepare(replace(self.entity.policies, resource=delegating))

    def _judge(self, decision: Decision, request: Request, policies: Policies) -> Able:
        if decision.verdict is Verdict.ALLOWED:
            return Able(Truth.YES, decision.determining, (), request.resource)
        if decision.verdict is not Verdict.UNKNOWN:
            return UNABLE
        guard, statements = _guard(policies, request)
        if guard:
            # The same statements leave the same conditions, whatever the resource that they all match.
            key = (request.action, statements, request.resource if policies.resource else "")
            if key not in self._satisfiable:
                self._satisfiable[key] = self._possible(policies, request)
            if not self._satisfiable[key]:
                return UNABLE
        return Able(Truth.UNKNOWN, statements, guard or decision.unknowns, request.resource)

    @staticmethod
    def _possible(policies: Policies, request: Request) -> bool:
        """Tell whether any request at all meets the conditions; where that cannot be told, one may."""
        # Proofs take a moment to load, and few answers turn on conditions that contradict each other.
        from lamward.iam import prove

        resource = platform.effective_resource(request.action, request.resource)
        answer = prove.grants(policies, [request.action], [resource], prove.Options(STEPS, open_world=True))
        return not isinstance(answer, prove.Proved)


class Trust:
    """A role's trust policy, prepared once for all who ask."""

    def __init__(self, role: Entity) -> None:
        self.keys = _keys(Policies(resource=role.trust))
        self.welcome = evaluate.prepare(Policies(identity=(_ALLOW_ALL,), resource=role.trust))
        self.alone = evaluate.prepare(Policies(resource=role.trust))
        self.names_somebody = any(
            principal.kind is PrincipalKind.ANYONE or not _names_account(written(principal.value))
            for statement in (role.trust.statements if role.trust else ())
            for principal in (*(statement.principals or ()), *(statement.not_principals or ()))
            if principal.kind in (PrincipalKind.AWS, PrincipalKind.ANYONE)
        )


def _names_account(text: object) -> bool:
    return isinstance(text, str) and (text.isdigit() or text.endswith(":root"))


def _refused(decision: Decision) -> bool:
    return decision.verdict not in (Verdict.ALLOWED, Verdict.UNKNOWN)


_ALLOW_ALL: Final = documents.policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


class _Speaking(Struct, frozen=True):
    """A statement of an identity policy: its actions where it names them all, and a resource for each pattern."""

    compiled: Compiled
    names: frozenset[str] | None
    places: Mapping[str, str]

    def speaks_of(self, action: str) -> bool:
        """Tell whether it may speak of an action."""
        if self.names is not None:
            return pattern.fold(action) in self.names
        return self.compiled.actions(action) is not Truth.NO


def _speaking(policies: Policies, account: str) -> Iterator[_Speaking]:
    """Compile the identity policies; with each statement its resource patterns, and a resource that each matches."""
    for policy in policies.identity:
        for index, compiled in enumerate(compile_policy(policy, Layer.IDENTITY)):
            statement = policy.statements[index] if index < len(policy.statements) else None
            texts = map(written, statement.resources or ()) if statement is not None else ()
            plain = (text for text in texts if isinstance(text, str) and text.strip("*"))
            names = None if statement is None else _names(statement)
            yield _Speaking(compiled, names, {text: _filled(text, account) for text in plain})


def _names(statement: Statement) -> frozenset[str] | None:
    """Give the actions of a statement, letter case aside; None where it does not name them all."""
    if statement.actions is None or statement.not_actions is not None:
        return None
    texts = [written(case) for case in statement.actions]
    plain = [text for text in texts if isinstance(text, str) and "*" not in text and "?" not in text]
    return frozenset(map(pattern.fold, plain)) if len(plain) == len(texts) else None


def _filled(text: str, account: str) -> str:
    """Give a resource that a pattern matches."""
    parts = text.split(":", ARN_PARTS - 1)
    if len(parts) == ARN_PARTS:
        usual = (parts[0], "aws", parts[2], "us-east-1", account)
        parts[:-1] = [other if part == "*" else part for part, other in zip(parts, usual, strict=False)]
    return ":".join(parts).replace("*", "example").replace("?", "x")


@lru_cache(maxsize=8192)
def _takes(name: str, text: str) -> bool:
    """Tell whether an action knows resources such as a pattern names; perhaps where that is hard to tell."""
    action, pieces = catalogue.action(name), pattern.parse(text)
    return (
        action is None
        or not action.supports_resources
        or any(pattern.meet_pieces(pieces, shape.pieces) is not Truth.NO for shape in shapes(action))
    )


def _keys(policies: Policies) -> frozenset[str]:
    """List the keys that conditions and variables ask for."""
    found: set[str] = set()
    for policy in every(policies):
        for statement in policy.statements:
            found |= {entry.key.lower() for entry in statement.conditions}
            cases = [
                *(statement.resources or ()),
                *(case for entry in statement.conditions for case in entry.values),
            ]
            for text in (text for text in map(written, cases) if text is not None):
                pieces = pattern.parse(text, variables=policy.version == "2012-10-17")
                found |= {piece.key for piece in pieces if isinstance(piece, pattern.Variable)}
    return frozenset(found) - _DERIVED


_DERIVED: Final = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:principalisawsservice",
        "aws:resourceaccount",
        "aws:username",
    }
)


def _guard(policies: Policies, request: Request) -> tuple[tuple[str, ...], tuple[Determining, ...]]:
    """Say under which conditions the statements that may match do: those that allow hold, those that deny do not."""
    guard: dict[str, None] = {}
    statements: dict[Determining, None] = {}
    view = View.of(request, bounded=policies.boundary is not None)
    for policy in every(policies):
        layer = Layer.RESOURCE if policy is policies.resource else Layer.IDENTITY
        for index, statement in enumerate(policy.statements):
            (compiled,) = compile_policy(
                Policy((statement,), name=policy.name, version=policy.version), layer
            )
            if compiled.actions(request.action) is Truth.NO or compiled.match(view) is not Truth.UNKNOWN:
                continue
            word = "if" if compiled.allows else "unless"
            for entry in statement.conditions:
                values = ", ".join(f"`{text}`" for text in map(written, entry.values) if text is not None)
                guard[f"{word} `{entry.key}` {entry.operator} {values}"] = None
            statements[Determining(layer, policy.name, index, statement.sid, statement.location)] = None
    return tuple(guard), tuple(statements)
