"""From an ARN with parameters in braces to the ARNs of a call: names, ARNs, URLs and paths put in their places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from lamward.model.access import Truth
from lamward.model.value import Known, Part, Reference, ReferenceKind, Symbolic, Text, Unknown, symbolic

if TYPE_CHECKING:
    from lamward.iam.operations.needs import Parameters

MAX_RESOURCES: Final = 16
"""Above this many combinations of parameters a resource is told with `*`: nobody would read so many statements."""

_TOKEN: Final = re.compile(r"\$\{(\w+)\}|\{([^}]*)\}")
_ARN: Final = re.compile(r"arn:[^:*]*:")
_SUFFIX: Final = re.compile(r"-[A-Za-z0-9]{6}$")
_QUEUE_URL: Final = re.compile(r"https?://[^/]+/(?:[^/]+/)?[^/]+$")
_QUOTED_OR_PLAIN: Final = r"(?:\"([^\"]+)\"|((?:[\w-]|\0\d+\0)+))"
_PARTIQL: Final = re.compile(
    rf"(?:from|into|update)\s+{_QUOTED_OR_PLAIN}(?:\.{_QUOTED_OR_PLAIN})?", re.IGNORECASE | re.ASCII
)
"""The table and the index of a statement, in which `_numbered` has written what is no text."""
_ADDRESS: Final = re.compile(r"https://([^./]+)\.execute-api\.[^/]+\.amazonaws\.com(?:\.cn)?/([^/]+)/?$")
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|.{129}")
"""A UUID, or longer than any name: an iterator."""


_TELLING_NOTHING: Final = {
    "key": "is an alias, which does not say which key it stands for",
    "own": "may be a name, where the ARN has an id",
}

ANY: Final = Reference(ReferenceKind.PARAMETER, "*")
"""Stands, inside a text, for a part of which nothing is known; it becomes a `*`."""


class Deployment(Struct, frozen=True):
    """Where a call goes to: the parts of ARNs that parameters do not tell."""

    partition: Part = Reference(ReferenceKind.PSEUDO, "AWS::Partition")
    region: Part = Reference(ReferenceKind.PSEUDO, "AWS::Region")
    account: Part = Reference(ReferenceKind.PSEUDO, "AWS::AccountId")


class Filled(Struct, frozen=True):
    """A template with its parameters filled in; `unknowns` say why there is a `*`."""

    text: Known | Symbolic
    unknowns: tuple[str, ...] = ()


class _Choice(Struct, frozen=True):
    """One possible value of a selector: as a whole ARN, or as a part of one."""

    parts: tuple[Part, ...]
    whole: bool = False
    unknown: str = ""


def fill(template: str, parameters: Parameters, deployment: Deployment) -> tuple[Filled, ...]:
    """Fill in a template: one ARN for each combination of the texts its parameters may have."""
    selectors = list(dict.fromkeys(found[2] for found in _TOKEN.finditer(template) if found[2]))
    choices = [_choices(selector, parameters) for selector in selectors]
    total = 1
    for each in choices:
        total *= len(each)
    if total > MAX_RESOURCES:
        choices = [[_Choice(("*",), unknown="it may be one of many")] for _ in choices]
    made = (
        _filled(template, dict(zip(selectors, chosen, strict=True)), deployment)
        for chosen in itertools.product(*choices)
    )
    return tuple(dict.fromkeys(made))


def _filled(template: str, chosen: dict[str, _Choice], deployment: Deployment) -> Filled:
    parts: list[Part] = []
    at = 0
    for token in _TOKEN.finditer(template):
        parts.append(template[at : token.start()])
        at = token.end()
        if token[1]:
            parts.append(getattr(deployment, token[1].lower()))
        elif chosen[token[2]].whole:
            parts = list(chosen[token[2]].parts)  # an ARN says all that stands before it
        else:
            parts += chosen[token[2]].parts
    text = symbolic((*parts, template[at:]), ())
    return Filled(text, tuple(dict.fromkeys(each.unknown for each in chosen.values() if each.unknown)))


def _choices(selector: str, parameters: Parameters) -> list[_Choice]:
    path, _, kind = selector.partition("|")
    texts = parameters.texts(path)
    if not texts:
        return [_Choice(("*",), unknown=_absent(path, parameters))]
    return list(dict.fromkeys(_choice(text, path, kind, parameters) for text in texts))


def _absent(path: str, parameters: Parameters) -> str:
    if parameters.present(path) is Truth.NO:
        return f"`{path}` is not given"
    return f"`{path}` is not told by the arguments that are known"


def _choice(text: Text, path: str, kind: str, parameters: Parameters) -> _Choice:
    arn = parameters.arn(text)
    if isinstance(arn, Unknown):
        return _Choice(("*",), unknown=f"`{path}`: {arn.reason}")
    if isinstance(text, Unknown):
        return _Choice(("*",), unknown=f"`{path}`: {text.reason}")
    if kind == "alias" and arn is not None:
        return _Choice(("*",), unknown=f"`{path}` is a key")
    if kind == "alias" or (arn is None and not _ARN.match(_start(text))):
        return _part(text, path, kind)
    if kind == "name":
        return _name(path, arn or text)
    return _whole_arn(text, path, kind) if arn is None else _Choice(_raw(arn), whole=True)


def _part(text: Known | Symbolic, path: str, kind: str) -> _Choice:
    """Take a text that is no ARN as a part of one."""
    shaped = _SHAPES[kind](text) if kind in _SHAPES else _escaped(text)
    if shaped is None:
        return _Choice(("*",), unknown=f"`{path}` {_TELLING_NOTHING.get(kind, 'does not tell a name')}")
    if path.lower().endswith(("arn", "url")) and kind not in _SHAPES:
        return _Choice(("*",), unknown=f"`{path}` is no ARN")
    return _Choice(shaped)


def _whole_arn(text: Known | Symbolic, path: str, kind: str) -> _Choice:
    parts = _escaped(text)
    if kind == "key" and ":alias/" in str(text):
        return _Choice(("*",), unknown=f"`{path}` {_TELLING_NOTHING[kind]}")
    if kind == "secret" and isinstance(parts[-1], str) and not _SUFFIX.search(parts[-1]):
        parts = (*parts, "-??????")
    return _Choice(parts, whole=True)


def _name(path: str, arn: Known | Symbolic) -> _Choice:
    """Take the name from the end of an ARN, for a place that holds no ARN."""
    last = _raw(arn)[-1]
    if isinstance(last, str) and "/" in last and not last.endswith("/"):
        return _Choice((last.rpartition("/")[2],))
    return _Choice(("*",), unknown=f"`{path}` is an ARN whose name is not told")


def _start(text: Known | Symbolic) -> str:
    if isinstance(text, Known):
        return str(text.value)
    return text.parts[0] if isinstance(text.parts[0], str) else ""


def _raw(text: Known | Symbolic) -> tuple[Part, ...]:
    return text.parts if isinstance(text, Symbolic) else (str(text.value),)


def _escaped(text: Known | Symbolic) -> tuple[Part, ...]:
    """Give the parts of a text; what would be a wildcard or a variable in a policy is written so that it is none."""
    return tuple(map(_escape, _raw(text)))


def _escape(part: Part) -> Part:
    if isinstance(part, str):
        return re.sub(r"[*?]|\$(?=\{)", lambda found: f"${{{found[0]}}}", part)
    return "*" if part == ANY else part


def _parameter(text: Known | Symbolic) -> tuple[Part, ...]:
    """Take the slash from the start of a parameter's name: its ARN has it already."""
    parts = list(_escaped(text))
    if isinstance(parts[0], str):
        name = parts[0].removeprefix("/")
        parts[0] = name.partition(":")[0] if len(parts) == 1 else name
    if isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip("/")
    return tuple(part for part in parts if part != "") or ("*",)


def _secret(text: Known | Symbolic) -> tuple[Part, ...]:
    """Leave room for the six characters that Secrets Manager puts behind a secret's name."""
    return (*_escaped(text), "-??????")


def _queue(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take the name from a queue's URL."""
    parts = _escaped(text)
    last = parts[-1]
    if not isinstance(last, str):
        return (last,) if len(parts) > 1 and str(parts[-2]).endswith("/") else None
    name = last.rpartition("/")[2]
    if len(parts) == 1:
        return (name,) if _QUEUE_URL.match(last) or "/" not in last else None
    return (name,) if "/" in last and name else None


def _key(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take a key's id; an alias does not say which key it stands for."""
    return None if _start(text).startswith("alias/") else _escaped(text)


def _alias(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take the name of a key's alias, from its ARN too."""
    parts = list(_escaped(text))
    if isinstance(parts[0], str):
        parts[0] = re.sub(r"^arn:[^:]*:kms:[^:]*:[^:]*:(?=alias/)", "", parts[0])
    return tuple(parts) if str(parts[0]).startswith("alias/") else None


def _function(text: Known | Symbolic) -> tuple[Part, ...]:
    """Take `NAME`, `NAME:ALIAS` and `ACCOUNT:function:NAME` as they stand behind `function:`."""
    parts = list(_escaped(text))
    if isinstance(parts[0], str):
        parts[0] = re.sub(r"^\d{12}:function:", "", parts[0])
    return tuple(parts)


def _model(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take a foundation model; an inference profile (`eu.…`) stands for models in several regions."""
    return None if re.match(r"(us|eu|apac|global|us-gov|jp|au|ca)\.", _start(text)) else _escaped(text)


def _profiled(text: Known | Symbolic) -> tuple[Part, ...]:
    """Take the model that an inference profile stands for: its name without the regions before it."""
    parts = list(_escaped(text))
    if isinstance(parts[0], str):
        parts[0] = parts[0].partition(".")[2]
    return tuple(parts)


def _referred(text: Known | Symbolic) -> tuple[Part, ...]:
    """Take the secret from the name of a parameter that refers to one."""
    parts = list(_escaped(text))
    if isinstance(parts[0], str):
        parts[0] = parts[0].removeprefix("/aws/reference/secretsmanager/")
    return (*(part for part in parts if part != ""), "-??????")


def _asked(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take the name that an id was asked for, which stands in the id's place; an id itself tells nothing."""
    return None if _IDENTIFIER.match(str(text.value if isinstance(text, Known) else text)) else _escaped(text)


def _own(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take the id of a resource of the template; a text in its place may as well be a name, which no ARN has."""
    parts = _raw(text)
    known = len(parts) == 1 and isinstance(parts[0], Reference) and parts[0].kind is ReferenceKind.RESOURCE
    return parts if known else None


def _url(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take what stands behind `s3://`; other ways to write where an object is tell less."""
    parts = _escaped(text)
    if not isinstance(parts[0], str) or not parts[0].startswith("s3://"):
        return None
    return tuple(part for part in (parts[0].removeprefix("s3://"), *parts[1:]) if part != "") or None


def _below(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take all that begins like an `s3://` URL; a bucket alone has its objects behind a slash."""
    parts = _url(text)
    if parts is None:
        return None
    alone = not any(isinstance(part, str) and "/" in part for part in parts)
    return (*parts, "/*" if alone else "*")


def _bucket(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take the bucket of an `s3://` URL."""
    found: list[Part] = []
    for part in _url(text) or ():
        name, slash, _ = part.partition("/") if isinstance(part, str) else (part, "", "")
        found.append(name)
        if slash:
            break
    return tuple(part for part in found if part != "") or None


def _socket(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take API and stage from the address of a web socket API; a domain of its own does not tell them."""
    found = _ADDRESS.match(_numbered(text))
    return None if found is None else (*_parts(text, found[1]), "/", *_parts(text, found[2]))


def _numbered(text: Known | Symbolic) -> str:
    """Write a text with numbers for the parts that are no text."""
    parts = enumerate(_raw(text))
    return "".join(part if isinstance(part, str) else f"\0{number}\0" for number, part in parts)


def _parts(text: Known | Symbolic, piece: str) -> tuple[Part, ...]:
    """Give the parts of a piece of a text that was written with numbers."""
    raw, split = _raw(text), re.split(r"\0(\d+)\0", piece)
    return tuple(_escape(raw[int(each)]) if at % 2 else each for at, each in enumerate(split) if each)


def _task(text: Known | Symbolic) -> tuple[Part, ...]:
    """Take a task definition's family with its revision, or with any."""
    parts = _escaped(text)
    return parts if isinstance(parts[-1], str) and ":" in parts[-1] else (*parts, ":*")


def _partiql(text: Known | Symbolic) -> tuple[Part, ...] | None:
    """Take the table, or the index, that a PartiQL statement names."""
    found = _PARTIQL.search(_numbered(text))
    if found is None:
        return None
    table, index = (_parts(text, found[at] or found[at + 1] or "") for at in (1, 3))
    return (*table, "/index/", *index) if index else table


_SHAPES: Final[dict[str, Callable[[Known | Symbolic], tuple[Part, ...] | None]]] = {
    "name": _escaped,
    "parameter": _parameter,
    "secret": _secret,
    "queue": _queue,
    "key": _key,
    "alias": _alias,
    "function": _function,
    "model": _model,
    "partiql": _partiql,
    "task": _task,
    "profiled": _profiled,
    "asked": _asked,
    "own": _own,
    "referred": _referred,
    "s3": _url,
    "s3-below": _below,
    "s3-bucket": _bucket,
    "socket": _socket,
}
