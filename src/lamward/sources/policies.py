"""Policies and their tests in files of their own: read with places, all that is wrong told at once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NoReturn

from lamward.errors import LamwardError
from lamward.iam import documents, parse
from lamward.model.access import Policies
from lamward.model.location import Location, Step
from lamward.model.policy import Policy
from lamward.model.report import Failure
from lamward.model.value import Absent, Fields, Items, Known, Unknown, Value
from lamward.sources import file, node
from lamward.sources.file import SourceFile, start_of

MAX_POLICY_BYTES: Final = 1024 * 1024
"""AWS takes some 20,000 characters; what is far beyond is no policy."""

SUFFIXES: Final = (".json", ".yaml", ".yml")
LAYERS: Final = frozenset(
    {"identity", "resource", "boundary", "session", "endpoint", "service_control", "resource_control"}
)
"""The keys by which a mapping is a set of policies, not a document."""

_MANAGED: Final = ":iam::aws:policy/"


class Reader:
    """Reads files, each once. `failures` has all that was wrong in any of them, `files` the text of each."""

    def __init__(self) -> None:
        self.files: dict[str, SourceFile] = {}
        self.failures: list[Failure] = []
        self._values: dict[Path, Value] = {}

    def value(self, path: Path, most: int = MAX_POLICY_BYTES) -> Value:
        """Read a JSON or YAML file; `Absent` where that failed."""
        if path not in self._values:
            self._values[path] = self._read(path, most)
        return self._values[path]

    def policy(self, path: Path) -> Policy:
        """Read a policy; every part of it that IAM would refuse is a failure."""
        value = self.value(path)
        if isinstance(value, Absent):
            return Policy((), name=path.as_posix())
        return self.document(value, path.as_posix())

    def document(self, value: Value, name: str) -> Policy:
        """Take a value as a policy."""
        policy = parse.policy(value, name=name)
        self.failures += map(_refused, unreadable(policy))
        return policy

    def subject(self, path: Path) -> Policy | Policies:
        """Read a file that holds a policy, or a set of policies by layer."""
        value = self.value(path)
        if isinstance(value, Fields) and "Statement" not in value.fields and LAYERS & value.fields.keys():
            return documents.policies(self.policies_data(value, path))
        return self.policy(path)

    def request(self, value: Value) -> dict[str, Any]:
        """Give a request as plain data; what cannot be one is a failure."""
        self.failures += _no_request(value)
        data = plain(value)
        return data if isinstance(data, dict) else {}

    def policies_data(self, value: Value, path: Path) -> dict[str, Any]:
        """Give a set of policies as data that holds the policies themselves, with the places of what they say."""
        if isinstance(value, Known) and _is_file(value.value):
            policy = self.referred(str(value.value), path, value)
            layer = "resource" if has_principals(policy) else "identity"
            return {layer: policy}
        fields = value.fields if isinstance(value, Fields) else {}
        return {
            layer: self._documents(held, path) if layer in LAYERS else plain(held)
            for layer, held in fields.items()
        }

    def _documents(self, value: Value, path: Path) -> Any:
        match value:
            case Items(items=items):
                return [self._documents(item, path) for item in items]
            case Known(value=str() as text) if _is_file(text) and _MANAGED not in text:
                return self.referred(text, path, value)
            case Fields():
                return self.document(value, path.as_posix())
            case _:
                return plain(value)

    def referred(self, name: str, path: Path, value: Value) -> Policy:
        """Read a policy that another file names, relative to that file and below the same root."""
        root = _root(path)
        target = path.parent / name
        where = value.origins[0] if value.origins else start_of(path.as_posix())
        if (
            "\0" in name
            or Path(name).is_absolute()
            or not Path(os.path.realpath(target)).is_relative_to(root)
        ):
            self.failures.append(
                Failure(
                    "outside", f"`{name}` lies outside of `{root.name}`", where, "keep it beside the tests"
                )
            )
            return Policy(())
        if not target.is_file():
            self.failures.append(
                Failure(
                    "missing", f"there is no file `{name}`", where, f"it is looked for in `{path.parent}`"
                )
            )
            return Policy(())
        return self.policy(target)

    def _read(self, path: Path, most: int) -> Value:
        name = path.as_posix()
        found = _content(path, name, most)
        if isinstance(found, Failure):
            self.failures.append(found)
            return Absent()
        self.files[name] = found
        parsed = node.parse(found)
        failures = list(parsed.failures)
        if parsed.root is not None and path.suffix == ".json":
            failures += _strictly_json(found)
        if parsed.root is None and not failures:
            failures.append(Failure("empty", "the file is empty", start_of(name), "write a policy into it"))
        self.failures += failures
        return Absent() if parsed.root is None else _value(parsed.root, ())


def _no_request(value: Value) -> Iterator[Failure]:
    if isinstance(value, Absent):
        return
    fields = value.fields if isinstance(value, Fields) else {}
    wrong: list[tuple[str, str, Value]] = []
    if not isinstance(value, Fields):
        wrong.append(("a request", "a mapping", value))
    for name, kind, shown in (("context", Fields, "a mapping"), ("unknown_keys", Items, "a list")):
        if name in fields and not isinstance(fields[name], kind):
            wrong.append((f"`{name}`", shown, fields[name]))
    for what, wanted, found in wrong:
        where = found.origins[0] if found.origins else start_of("")
        yield Failure("not-a-request", f"{what} must be {wanted}", where, "see the guide on policies")


def unreadable(policy: Policy) -> Iterator[Unknown]:
    """List all parts of a policy that are not what IAM allows there."""
    yield from policy.unreadable
    for statement in policy.statements:
        yield from statement.unreadable


def has_principals(policy: Policy) -> bool:
    """Tell whether a policy is one of a resource: its statements name principals."""
    return any(each.principals is not None or each.not_principals is not None for each in policy.statements)


def managed(arn: str) -> Policy:
    """Give an AWS managed policy by its ARN."""
    found = documents.managed_policy(arn)
    if found is None:
        raise LamwardError(f"there is no AWS managed policy `{arn}`", "check its name and path")
    return found


def plain(value: Value) -> Any:
    """Give a value read from a file as plain data."""
    match value:
        case Fields(fields=fields):
            return {key: plain(child) for key, child in fields.items()}
        case Items(items=items):
            return [plain(item) for item in items]
        case Known():
            return value.value
        case _:
            return None


def _is_file(text: object) -> bool:
    return isinstance(text, str) and text.endswith(SUFFIXES)


def _root(path: Path) -> Path:
    """Give the folder that references may not leave: the repository, or the file's own folder."""
    folder = Path(os.path.realpath(path)).parent
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)


def _content(path: Path, name: str, most: int) -> SourceFile | Failure:
    instead = file.held(path)
    if instead is None and not path.exists():
        hint = "name a JSON or YAML file, or the ARN of an AWS managed policy"
        return Failure("missing", "there is no such file", start_of(name), hint)
    if path.is_dir():
        return Failure("folder", "this is a folder", start_of(name), "name a file")
    size = len(instead) if instead is not None else path.stat().st_size if path.is_file() else 0
    if size > most:
        limit = most // 1024
        message = f"the file has {size:,} bytes; more than {limit:,} KB are not read"
        return Failure("too-large", message, start_of(name), "AWS takes policies of some 20 KB: is it one?")
    return file.read(path, name)


def _strictly_json(source: SourceFile) -> Iterator[Failure]:
    """Refuse what YAML takes and JSON does not, such as a comma before a bracket or `NaN`: AWS would."""
    try:
        json.loads(source.text, parse_int=str, parse_float=str, parse_constant=_refuse_constant(source.text))
    except json.JSONDecodeError as problem:
        offset = min(problem.pos, len(source.text))
        message = f"the file is not valid JSON: {problem.msg[:1].lower()}{problem.msg[1:]}"
        yield Failure(
            "malformed", message, Location(source.span(offset, offset)), "mend the syntax at this place"
        )


_CONSTANT: Final = re.compile(r'"(?:\\.|[^"\\])*"|(NaN|-?Infinity)')


def _refuse_constant(text: str) -> Callable[[str], NoReturn]:
    """Refuse the numbers that Python's JSON has and JSON has not, at the first of them."""

    def refuse(name: str) -> NoReturn:
        places = (found.start(1) for found in _CONSTANT.finditer(text) if found[1])
        raise json.JSONDecodeError(f"`{name}` is no number", text, next(places, 0))

    return refuse


def _value(found: node.Node, path: tuple[Step, ...]) -> Value:
    where = (found.location(path),)
    if found.tag.startswith("!") and not found.tag.startswith("!!"):
        return Unknown(f"`{found.tag}` means nothing in a policy file", where)
    match found:
        case node.Mapping():
            return Fields(
                {key: _value(child, (*path, key)) for key, child in found.entries.items()},
                {key: name.location((*path, key)) for key, name in found.keys.items()},
                where,
            )
        case node.Sequence():
            return Items(tuple(_value(item, (*path, index)) for index, item in enumerate(found.items)), where)
        case node.Scalar():
            return Known(found.value, where)
        case _:
            return Unknown("it is neither text, list nor mapping", where)


def _refused(unknown: Unknown) -> Failure:
    where = unknown.origins[0] if unknown.origins else start_of("")
    return Failure("not-a-policy", unknown.reason, where, remedy(unknown.reason))


def remedy(reason: str) -> str:
    """Say what to do about a part of a policy that IAM refuses."""
    quoted = reason.split("`")
    if "is not an element" in reason and len(quoted) > 1:
        return _instead(quoted[1], parse.STATEMENT_ELEMENTS | parse.DOCUMENT_ELEMENTS)
    if "is not a kind of principal" in reason and len(quoted) > 1:
        return _instead(quoted[1], parse.KEYED_PRINCIPALS)
    return next((hint for said, hint in _REMEDIES if said in reason), "AWS refuses such a policy")


_REMEDIES: Final = (
    ("cannot have both", "keep one of the two"),
    ("has no `Action`", "add `Action` or `NotAction`"),
    ("has no `Effect`", "add `Effect: Allow` or `Effect: Deny`"),
    ("has no `Statement`", "add `Statement`, a list of statements"),
    ("the version must be", "write `Version` as the text `2012-10-17`"),
    ("must be text, a number or a boolean", "write one value, or a list of values"),
    ("must be text", "write it in quotes"),
    ("a statement must be", "write each statement as a mapping with `Effect`, `Action` and `Resource`"),
    ("a policy document must be", "begin with `Version` and `Statement`"),
    ("must be a mapping", 'write operators and keys, such as `{"StringEquals": {"aws:SourceVpc": "vpc-1"}}`'),
    ("must be `Allow` or `Deny`", "write one of the two"),
)


def _instead(written: str, known: frozenset[str]) -> str:
    near = get_close_matches(written, known, n=1) or [
        each for each in known if each.lower() == written.lower()
    ]
    return f"did you mean `{near[0]}`?" if near else f"it may have {', '.join(sorted(known))}"
