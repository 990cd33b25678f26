"""The code of functions: which handler, in which folders, in which language, or why it cannot be looked at.

The metadata of a resource says what its build does: the AWS CDK where it put the code (AWS CDK Developer Guide, "Assets
and the AWS CDK", about `aws:asset:path`), `sam build` which files esbuild makes the modules of (AWS SAM Developer
Guide, "Building Node.js Lambda functions with esbuild in AWS SAM").
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path, PurePosixPath

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import resources_named
from lamward.model.application import Function
from lamward.model.value import Absent, Value, at, cases, elements, text_of


class Language(StrEnum):
    """A language whose code is analysed."""

    PYTHON = "Python"
    JAVASCRIPT = "JavaScript"


class Unit(Struct, frozen=True):
    """The code of one function: its handler, and the folders in the order in which its runtime looks into them.

    `text` is the code itself where it is written in the template. `missing` says why there is nothing to look at; the
    other fields are then empty.
    """

    language: Language | None = None
    handler: str = ""
    roots: tuple[Path, ...] = ()
    text: str | None = None
    missing: str = ""


_LAYER_FOLDERS = {Language.PYTHON: ("python",), Language.JAVASCRIPT: ("nodejs/node_modules", "nodejs")}


@fact
def unit_of(facts: Facts, function: Function) -> Unit:
    """Find the code of a function beside its template."""
    handler, runtime = _only(function.handler), _only(function.runtime)
    if text_of(function.package_type) == "Image":
        return Unit(missing="its code is in a container image")
    language = _language(runtime)
    if language is None:
        return Unit(missing=f"code of `{runtime}` is not analysed" if runtime else "its runtime is not known")
    if not handler:
        return Unit(missing="its handler is not known")
    text = _only(at(function.code, "ZipFile"))
    if text:
        # Inline code is one file, called `index` (CloudFormation Template Reference, "AWS::Lambda::Function Code").
        inline = handler.startswith("index.")
        return (
            Unit(language, handler, text=text)
            if inline
            else Unit(missing="its handler is not in its inline code")
        )
    metadata = _metadata(facts, function.id)
    root, missing = _root(function, metadata)
    if root is None:
        return Unit(missing=missing)
    return Unit(language, _before_build(handler, metadata), (root, *_layers(facts, function, language)))


def _language(runtime: str) -> Language | None:
    if runtime.startswith("python"):
        return Language.PYTHON
    return Language.JAVASCRIPT if runtime.startswith("nodejs") else None


def _only(value: Value) -> str:
    """Give the text of a value that has just one; "" otherwise."""
    texts = {text_of(case.value) for case in cases(value)}
    return (texts.pop() or "") if len(texts) == 1 else ""


def _metadata(facts: Facts, resource: str) -> Value:
    known = facts.application.resources.get(resource)
    return Absent() if known is None else known.metadata


def _before_build(handler: str, metadata: Value) -> str:
    """Name the source of a handler's module, which esbuild bundles from one of its entry points.

    It writes each below the folder that all of them share (esbuild's API documentation, "Outbase").
    """
    if _only(at(metadata, "BuildMethod")) != "esbuild":
        return handler
    written = [_only(case.value) for case in elements(at(metadata, "BuildProperties", "EntryPoints"))]
    named = [PurePosixPath(each) for each in written if not each.startswith("/")]
    sources = [each.with_suffix("") for each in named if each.name]
    if not sources:
        return handler
    shared = os.path.commonpath([source.parent for source in sources])
    path = PurePosixPath(handler)
    stem, dot, rest = path.name.partition(".")
    wanted = path.with_name(stem)
    return next(
        (f"{source}{dot}{rest}" for source in sources if source.relative_to(shared) == wanted),
        handler,
    )


def _root(function: Function, metadata: Value) -> tuple[Path | None, str]:
    written = (
        _only(at(metadata, "aws:asset:path")) or _only(at(function.code, "CodeUri")) or _only(function.code)
    )
    if not written:
        return None, "its code is not beside the template"
    folder = _beside(function, written)
    if folder is None:
        return None, f"its code is outside of the project: `{written}`"
    if not folder.is_dir():
        return None, f"there is no folder `{written}` beside the template"
    return folder, ""


def _beside(function: Function, written: str) -> Path | None:
    """Find a folder named in a template; None for one that leads out of the project.

    A template may come from anybody: only what is below the current folder, or below the template's, is read.
    """
    template = Path(os.path.realpath(function.location.span.file)).parent
    try:
        found = Path(os.path.realpath(template / written))
    except ValueError:  # no file's name has a NUL
        return None
    inside = any(found.is_relative_to(each) for each in (template, Path.cwd()))
    return found if inside else None


def _layers(facts: Facts, function: Function, language: Language) -> list[Path]:
    """Find the folders of the layers that the application itself publishes."""
    contents = {layer.id: layer.content for layer in facts.application.layers}
    found: list[Path] = []
    for case in elements(function.layers):
        for resource, _ in resources_named(facts, case.value):
            asset = _only(at(resource.metadata, "aws:asset:path"))
            written = asset or (_only(contents[resource.id]) if resource.id in contents else "")
            folder = _beside(function, written) if written else None
            if folder is not None:
                inside = [folder / name for name in _LAYER_FOLDERS[language] if (folder / name).is_dir()]
                # What `sam build` builds has that folder only in the build.
                found += inside or [folder]
    return found
