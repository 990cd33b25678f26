"""What may be together in one deployment of a template and of the stacks nested in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from lamward.model.value import Assumption, AssumptionKind, Guard
from lamward.sources.cloudformation.conditions import Conditions


class _Name(Struct, frozen=True):
    """What an assumption speaks of: conditions and parameters have names of their own."""

    is_condition: bool
    name: str


class Deployments:
    """All deployments there may be, asked by what would have to hold in them."""

    def __init__(self, templates: Sequence[Conditions]) -> None:
        self._templates = templates
        declaring = Counter(name for each in templates for name in _declared(each))
        self._ambiguous = {name for name, count in declaring.items() if count > 1}

    def possible(self, guard: Guard) -> bool:
        """Tell whether all assumptions hold in some deployment; true where that cannot be told.

        A name that two templates declare is nobody's: what is assumed of it is left out, which excludes nothing.
        """
        clear = tuple(each for each in guard if _name(each) not in self._ambiguous)
        return not clear or all(each.possible(clear) for each in self._templates)


def _declared(conditions: Conditions) -> Iterator[_Name]:
    yield from (_Name(is_condition=True, name=name) for name in conditions.declared)
    yield from (_Name(is_condition=False, name=name) for name in conditions.parameters)


def _name(assumption: Assumption) -> _Name:
    return _Name(is_condition=assumption.kind is AssumptionKind.CONDITION, name=assumption.name)
