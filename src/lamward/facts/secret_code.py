"""Secrets written into code that stands in the template: of functions, and of scripts that machines start with."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.secret_flows import is_literal, without_given
from lamward.facts.secret_lines import told
from lamward.facts.secrets import FILLED, Secret
from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import Case, Symbolic, at, cases, location_of, text_of

_CODE: Final = {
    "AWS::AppSync::FunctionConfiguration": ("Code",),
    "AWS::AppSync::Resolver": ("Code",),
    "AWS::CloudFront::Function": ("FunctionCode",),
    "AWS::Lambda::Function": ("Code", "ZipFile"),
    "AWS::Synthetics::Canary": ("Code", "Script"),
}
_SCRIPTS: Final = {
    "AWS::AutoScaling::LaunchConfiguration": ("UserData",),
    "AWS::EC2::Instance": ("UserData",),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "UserData"),
}
"""Where code stands, by type; in scripts for a shell, values need no quotes."""

_MOST: Final = 1 << 18


class InCode(Struct, frozen=True):
    """A secret in a line of code: what it is called there; `location` is where the code begins."""

    resource: Resource
    name: str
    line: int
    secret: Secret
    location: Location
    case: Case
    script: bool


@fact
def secrets_in_code(facts: Facts) -> tuple[InCode, ...]:
    """List the secrets that are written into code in the template; a name once for each place."""
    found: dict[tuple[Location, str], InCode] = {}
    for resource in facts.application.resources.values():
        for path, script in ((_CODE.get(resource.type), False), (_SCRIPTS.get(resource.type), True)):
            for case in cases(at(resource.properties, *path), resource.when) if path else ():
                code = location_of(case.value)
                for line, name, secret in told(_text(facts, case), script=script):
                    each = InCode(resource, name, line, secret, _start(code), case, script=script)
                    found.setdefault((code, name), each)
    return tuple(found.values())


def _start(code: Location) -> Location:
    """Give the place where code begins: who shows no more than that shows no secret."""
    span = code.span
    first = replace(span, end=span.start + 1, end_line=span.line, end_column=span.column + 1)
    return replace(code, span=first)


def _text(facts: Facts, case: Case) -> str:
    """Give the code as it is written, with marks for what parameters and references bring."""
    text = (
        "".join(part if isinstance(part, str) else FILLED for part in case.value.parts)
        if isinstance(case.value, Symbolic)
        else text_of(case.value) or ""
    )[:_MOST]
    own = text if is_literal(case) else without_given(facts, case, text)
    return _decoded(own) or own


def _decoded(text: str) -> str:
    """Read a script that is written as machines get it, in base64."""
    try:
        plain = base64.b64decode(text, validate=True).decode() if text and " " not in text else ""
    except (binascii.Error, ValueError):
        return ""
    return plain if plain.startswith(("#", "Content-Type", "<")) else ""
