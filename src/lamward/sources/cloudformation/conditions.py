"""Conditions of a template, evaluated over the values its parameters may take.

Nothing symbolic: the allowed values and the default of each parameter involved are enumerated, with one value more
that stands for "anything else" where the template does not close the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from itertools import islice, product

from lamward.model.location import Location
from lamward.model.report import Failure
from lamward.model.value import Assumption, AssumptionKind, Guard
from lamward.sources.cloudformation.parameters import ParameterDeclaration, written
from lamward.sources.node import Mapping, Node, Scalar, Sequence

MAX_ASSIGNMENTS = 512

PSEUDO_PARAMETERS = frozenset(
    {
        "AWS::AccountId",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)

_LOGIC = {
    "!And": "Fn::And",
    "!Or": "Fn::Or",
    "!Not": "Fn::Not",
    "!Equals": "Fn::Equals",
    "!Condition": "Condition",
}


class _Anything:
    """Any value that the template does not name."""

    def __repr__(self) -> str:
        return "anything else"


ANYTHING = _Anything()

Assignment = dict[str, "str | _Anything"]


class Conditions:
    """The conditions of one template, its parameters and mappings."""

    def __init__(
        self,
        declared: ReadOnly[str, Node],
        parameters: ReadOnly[str, ParameterDeclaration],
        mappings: ReadOnly[str, Node],
    ) -> None:
        self.declared = declared
        self.parameters = parameters
        self.mappings = mappings
        self.failures: list[Failure] = []
        self._literals: dict[str, list[str]] = {}
        for node in declared.values():
            self._collect_literals(node)
        self._used: dict[str, frozenset[str]] = {}
        self._possible: dict[Guard, bool] = {}
        self._held: dict[str, bool | None] = {}
        self._left: dict[tuple[str, bool], frozenset[str | _Anything]] = {}
        self._refuse_cycles()

    def possible(self, guard: Guard) -> bool:
        """Tell whether parameter values exist under which all assumptions hold (true when we cannot tell)."""
        if guard not in self._possible:
            self._possible[guard] = self._search(guard)
        return self._possible[guard]

    def _search(self, guard: Guard) -> bool:
        expected = {a.name: a.value == "true" for a in guard if a.kind is AssumptionKind.CONDITION}
        fixed: Assignment = {}
        for assumption in guard:
            declaration = self.parameters.get(assumption.name)
            if assumption.kind is AssumptionKind.PARAMETER:
                fixed[assumption.name] = assumption.value
            elif (
                assumption.kind is AssumptionKind.DEFAULT and declaration and declaration.default is not None
            ):
                fixed[assumption.name] = declaration.default
        if not expected:
            return True
        names = {name for condition in expected for name in self._parameters_of(condition)} - fixed.keys()
        # What the parameters alone exclude is found without trying all regions and accounts.
        alone = names - PSEUDO_PARAMETERS
        return self._some_assignment(expected, fixed, alone) and (
            alone == names or self._some_assignment(expected, fixed, names)
        )

    def _some_assignment(self, expected: ReadOnly[str, bool], fixed: Assignment, varied: set[str]) -> bool:
        """Tell whether conditions are as expected for some values of what may vary (true for too many to try)."""
        left: dict[str, frozenset[str | _Anything]] = {}
        several: dict[str, bool] = {}
        for condition, truth in expected.items():
            # What depends on one parameter only leaves some of its values; the rest is tried with those.
            own = self._parameters_of(condition)
            if len(own) != 1 or not own <= varied:
                several[condition] = truth
                continue
            (only,) = own
            leaving = self._leaving(condition, truth=truth)
            left[only] = leaving & left.get(only, leaving)
            if not left[only]:
                return False
        names = sorted({name for each in several for name in self._parameters_of(each)} & varied)
        domains = [
            [value for value in self._domain(name) if value in left.get(name, {value})] for name in names
        ]
        for count, choice in enumerate(product(*domains)):
            assignment = fixed | dict(zip(names, choice, strict=True))
            if count >= MAX_ASSIGNMENTS or self._agree(several, assignment):
                return True
        return False

    def _agree(self, expected: ReadOnly[str, bool], assignment: Assignment) -> bool:
        """Tell whether conditions are as expected, or unknown, for some values of parameters."""
        self._held.clear()  # what conditions say under the assignment before
        return all(self._holds(name, assignment) in {truth, None} for name, truth in expected.items())

    def _leaving(self, condition: str, *, truth: bool) -> frozenset[str | _Anything]:
        """Give the values of a condition's only parameter for which it is as expected, or unknown."""
        if (condition, truth) not in self._left:
            (name,) = self._parameters_of(condition)
            values = (value for value in self._domain(name) if self._agree({condition: truth}, {name: value}))
            self._left[condition, truth] = frozenset(values)
        return self._left[condition, truth]

    def _domain(self, name: str) -> list[str | _Anything]:
        declaration = self.parameters.get(name)
        if declaration is None:
            return [*dict.fromkeys(self._literals.get(name, [])), ANYTHING]
        if declaration.given is not None:
            return [declaration.given]
        if declaration.allowed:
            return list(declaration.allowed)
        named = [
            *([] if declaration.default is None else [declaration.default]),
            *self._literals.get(name, []),
        ]
        return [*dict.fromkeys(named), ANYTHING]

    def _collect_literals(self, node: Node) -> None:
        """Note what each parameter is compared with: those are the values that make a difference."""
        function, argument = function_of(node)
        items = argument.items if isinstance(argument, Sequence) else []
        if function == "Fn::Equals" and len(items) == 2:
            for one, other in (items, items[::-1]):
                called, name = function_of(one)
                if called == "Ref" and isinstance(name, Scalar) and function_of(other)[0] == "":
                    literal = written(other) if isinstance(other, Scalar) else ""
                    self._literals.setdefault(name.text, []).append(literal)
        for item in items:
            self._collect_literals(item)

    def _holds(self, name: str, assignment: Assignment) -> bool | None:
        node = self.declared.get(name)
        if name not in self._held:
            self._held[name] = None if node is None else self._truth(node, assignment)
        return self._held[name]

    def _truth(self, node: Node, assignment: Assignment) -> bool | None:
        function, argument = function_of(node)
        items = argument.items if isinstance(argument, Sequence) else []
        match function:
            case "Condition":
                return self._holds(argument.text, assignment) if isinstance(argument, Scalar) else None
            case "Fn::Not":
                truth = self._truth(items[0], assignment) if items else None
                return None if truth is None else not truth
            case "Fn::And":
                truths = [self._truth(item, assignment) for item in items]
                return False if False in truths else None if None in truths else True
            case "Fn::Or":
                truths = [self._truth(item, assignment) for item in items]
                return True if True in truths else None if None in truths else False
            case "Fn::Equals" if len(items) == 2:
                return self._equal(items[0], items[1], assignment)
            case _:
                return None

    def _equal(self, left: Node, right: Node, assignment: Assignment) -> bool | None:
        first, second = self._operand(left, assignment), self._operand(right, assignment)
        if first is None or second is None:
            return None
        if first is ANYTHING or second is ANYTHING:
            # "Anything else" is by construction none of the values the template names.
            return None if first is second else False
        return first == second

    def _operand(self, node: Node, assignment: Assignment) -> str | _Anything | None:
        function, argument = function_of(node)
        items = argument.items if isinstance(argument, Sequence) else []
        match function:
            case "":
                return written(node) if isinstance(node, Scalar) else None
            case "Ref" if isinstance(argument, Scalar):
                return assignment.get(argument.text) if self._may_be_assumed(argument.text) else None
            case "Fn::FindInMap" if len(items) >= 3:
                return self._looked_up(items[:3], assignment)
            case "Fn::Join" if len(items) == 2:
                delimiter = self._operand(items[0], assignment)
                pieces = self._list(items[1], assignment)
                joinable = isinstance(delimiter, str) and pieces is not None
                return str(delimiter).join(pieces or ()) if joinable else None
            case "Fn::Select" if len(items) == 2:
                index, pieces = self._operand(items[0], assignment), self._list(items[1], assignment)
                known = isinstance(index, str) and index.isdecimal() and pieces is not None
                return next(islice(pieces or (), int(str(index)), None), None) if known else None
            case _:
                return None

    def _list(self, node: Node, assignment: Assignment) -> list[str] | None:
        """Give a list of texts: one that is written, split, or the value of a parameter; None when not known."""
        function, argument = function_of(node)
        items = argument.items if isinstance(argument, Sequence) else []
        separator: str | _Anything | None = ","
        whole: str | _Anything | None = None
        if function == "":
            pieces = [self._operand(item, assignment) for item in items]
            texts = [piece for piece in pieces if isinstance(piece, str)]
            return texts if isinstance(node, Sequence) and len(texts) == len(pieces) else None
        if function == "Ref":
            whole = self._operand(node, assignment)
        elif function == "Fn::Split" and len(items) == 2:
            separator, whole = (self._operand(item, assignment) for item in items)
        if not isinstance(separator, str) or not separator or not isinstance(whole, str):
            return None
        return [piece.strip() for piece in whole.split(separator)]

    def _looked_up(self, keys: list[Node], assignment: Assignment) -> str | None:
        node: Node | None = None
        for depth, key in enumerate(keys):
            text = self._operand(key, assignment)
            if not isinstance(text, str):
                return None
            node = (
                self.mappings.get(text)
                if depth == 0
                else node.get(text)
                if isinstance(node, Mapping)
                else None
            )
        return written(node) if isinstance(node, Scalar) else None

    def _may_be_assumed(self, name: str) -> bool:
        """Tell whether a name has one value in a deployment that conditions are told: a parameter, the region."""
        return name in self.parameters or name in PSEUDO_PARAMETERS

    def _parameters_of(self, condition: str) -> frozenset[str]:
        if condition not in self._used:
            self._used[condition] = frozenset()
            node = self.declared.get(condition)
            self._used[condition] = frozenset(self._mentioned(node)) if node is not None else frozenset()
        return self._used[condition]

    def _mentioned(self, node: Node) -> Iterator[str]:
        function, argument = function_of(node)
        if function == "Ref" and isinstance(argument, Scalar):
            if self._may_be_assumed(argument.text):
                yield argument.text
        elif function == "Condition" and isinstance(argument, Scalar):
            yield from self._parameters_of(argument.text)
        elif isinstance(argument, Sequence):
            for item in argument.items:
                yield from self._mentioned(item)

    def _refuse_cycles(self) -> None:
        for name, node in self.declared.items():
            if self._reaches(node, name, set()):
                key = Location(node.span, ("Conditions", name))
                self.failures.append(
                    Failure(
                        "cyclic-reference",
                        f"the condition `{name}` depends on itself",
                        key,
                        "break the cycle",
                    )
                )
        cyclic = {str(failure.location.path[1]) for failure in self.failures}
        self.declared = {name: node for name, node in self.declared.items() if name not in cyclic}

    def _reaches(self, node: Node, target: str, seen: set[str]) -> bool:
        function, argument = function_of(node)
        if function == "Condition" and isinstance(argument, Scalar):
            if argument.text == target:
                return True
            if argument.text in seen or argument.text not in self.declared:
                return False
            seen.add(argument.text)
            return self._reaches(self.declared[argument.text], target, seen)
        items = argument.items if isinstance(argument, Sequence) else []
        return any(self._reaches(item, target, seen) for item in islice(items, 100))


def function_of(node: Node) -> tuple[str, Node]:
    """Name the logical function a node calls, and its argument; ("", node) when it calls none."""
    short = _LOGIC.get(node.tag)
    if short:
        return short, node
    if node.tag.startswith("!"):
        name = node.tag[1:]
        return ("Ref" if name == "Ref" else f"Fn::{name}"), node
    if isinstance(node, Mapping) and len(node.entries) == 1:
        (name, argument), *_ = node.entries.items()
        if name in {"Ref", "Condition"} or name.startswith("Fn::"):
            return name, argument
    return "", node


def assume(name: str, *, holds: bool) -> Guard:
    """Make the guard that a condition holds, or does not."""
    return (Assumption(AssumptionKind.CONDITION, name, "true" if holds else "false"),)
