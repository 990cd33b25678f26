"""What holds of every request of a caller: keys that follow from it, shapes of ARNs, what the catalogue says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from lamward.iam import catalogue, pattern
from lamward.iam.catalogue import ValueType
from lamward.iam.examples import foreign_keys
from lamward.iam.keys import value_type
from lamward.iam.pattern import Literal, Reading
from lamward.iam.prove.dimensions import ABSENT, PRESENT, Formula
from lamward.iam.prove.sides import Perspective
from lamward.iam.prove.space import RESOURCE, Draft, Space
from lamward.model.access import ContextValue

_ARN: Final = "arn:*:*:*:*:*"
_ACCOUNT: Final = "????????????"
_BOOLEANS: Final = ("true", "false")
_SHAPES: Final = {
    "aws:principalarn": _ARN,
    "aws:sourcearn": _ARN,
    "aws:principalaccount": _ACCOUNT,
    "aws:resourceaccount": _ACCOUNT,
    "aws:sourceaccount": _ACCOUNT,
}


class Typing(NamedTuple):
    """An action and the shape of one kind of its resources."""

    action: catalogue.Action
    shape: pattern.Pattern


class Frame(Struct, frozen=True):
    """What a draft of everything starts from. `values` pins keys, `lettered` says that letters are in play.

    `governed` keeps to resources whose own policy must allow (or to the others) by the `part` of their ARNs;
    `part` is empty where there are none of these. `resourceless` actions are asked for on the one that AWS compares.
    """

    seen: Perspective
    keys: frozenset[str]
    values: Mapping[str, str]
    lettered: bool
    open_world: bool
    part: str
    governed: bool
    resourceless: bool

    def draft(self, space: Space, typing: Typing | None) -> Draft:
        """Draft what holds for every request of the caller."""
        draft: Draft = {}
        for key, value in self.seen.fixed.items():
            if key in self.keys:
                self._pin(space, draft, key, value)
        for key in self.seen.present & self.keys:
            space.note(draft, key, PRESENT)
        for key, text in self.values.items():
            self._pin(space, draft, key, text)
        for key in self.keys & self.seen.shaped.keys():
            self._shape(space, draft, key, self.seen.shaped[key])
        if not self.open_world:
            self._close(space, draft, typing)
        if self.part:
            self._split(space, draft)
        return draft

    def _pin(self, space: Space, draft: Draft, key: str, value: ContextValue | None) -> None:
        if value is None or value == ():
            space.note(draft, key, ABSENT)
        elif isinstance(value, str):
            literal = pattern.tokens((Literal(value),), Reading(ignore_case=value in _BOOLEANS))
            space.note(draft, key, Formula(space.text(key, literal, smeared=self.lettered)))

    def _shape(self, space: Space, draft: Draft, key: str, shapes: tuple[str, ...]) -> None:
        found: tuple[int, ...] = ()
        for each in shapes:
            tokens = pattern.tokens((each,), Reading(each in _BOOLEANS, each.startswith("arn:")))
            found += space.text(key, tokens, smeared=self.lettered)
        space.note(draft, key, Formula(found, when_absent=True))

    def _close(self, space: Space, draft: Draft, typing: Typing | None) -> None:
        """Keep to what the catalogue says of resources and keys."""
        for key in self.keys & _SHAPES.keys():
            self._shape(space, draft, key, (_SHAPES[key],))
        for key in self.keys:
            if value_type(key) is ValueType.BOOL:
                self._shape(space, draft, key, _BOOLEANS)
        if not self.resourceless:
            tokens = pattern.tokens((_ARN,) if typing is None else typing.shape, Reading())
            space.note(draft, RESOURCE, Formula(space.text(RESOURCE, tokens, smeared=self.lettered)))
        if typing is not None:
            for key in self.keys & foreign_keys(typing.action, self.keys):
                space.note(draft, key, ABSENT)

    def _split(self, space: Space, draft: Draft) -> None:
        # What a letter stands for may well be the name of a key or a role.
        smeared = self.governed and self.lettered
        found = space.text(RESOURCE, pattern.tokens((self.part,), Reading()), smeared=smeared)
        space.note(draft, RESOURCE, Formula(found, negated=not self.governed))
