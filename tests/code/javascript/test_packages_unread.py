"""npm packages that are nowhere to be read are named, unless it is known what they call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lamward.code.analysis import Why
from lamward.code.javascript import analyse, analyse_text


@pytest.mark.parametrize(
    ("code", "packages"),
    [
        (
            "import fs from 'node:fs'; import { readFile } from 'fs/promises'; const path = require('path');",
            (),
        ),
        ("import { S3Client } from '@aws-sdk/client-s3'; const AWS = require('aws-sdk/clients/s3');", ()),
        ("import { NodeHttpHandler } from '@smithy/node-http-handler'; import 'aws-xray-sdk-core';", ()),
        ("import { Logger } from '@aws-lambda-powertools/logger'; import middy from '@middy/core';", ()),
        ("import axios from 'axios'; import get from 'lodash/get';", ()),
        ("import '@mystery/parts/inner'; require('strange/deep/down');", ("@mystery/parts", "strange")),
        ("import 'strange';", ("strange",)),
        ("export * from 'strange';", ("strange",)),
        ("import mock from 'aws-sdk-like';", ("aws-sdk-like",)),
        ("const late = async () => await import('strange'); await late();", ("strange",)),
    ],
)
def test_unread_packages_are_named(code: str, packages: tuple[str, ...]) -> None:
    analysis = analyse_text(
        "index.handler", f"{code}\nexport const handler = (event) => event;\n", file="index.mjs"
    )
    assert analysis.packages == packages


@pytest.mark.parametrize(
    ("code", "packages"),
    [
        ("import type { Thing } from 'strange';\nlet x: Thing;", ()),
        ("import { type Thing } from 'strange';\nlet x: Thing;", ()),
        ("import { Thing } from 'strange';\nlet x: Thing; const y = x as Thing; f<Thing>(y);", ()),
        ("import * as strange from 'strange';\ninterface X { y: strange.Thing }", ()),
        ("import { type Thing, make } from 'strange';\nlet x: Thing = make();", ("strange",)),
        ("import { Thing } from 'strange';\nlet x: Thing = new Thing();", ("strange",)),
        ("import { make } from 'strange';\nconst made = { make };", ("strange",)),
        ("import { make } from 'strange';\nexport { make };", ("strange",)),
        ("import { Parent } from 'strange';\nclass Child extends Parent {}", ("strange",)),
        ("import { mark } from 'strange';\n@mark() class Child {}", ("strange",)),
        ("import 'strange';", ("strange",)),
        ("import strange = require('strange');\nstrange();", ("strange",)),
    ],
)
def test_what_is_imported_for_types_is_not_named(code: str, packages: tuple[str, ...]) -> None:
    text = f"{code}\nexport const handler = (event: unknown) => event;\n"
    assert analyse_text("index.handler", text, file="index.ts").packages == packages


def test_what_is_there_is_not_named(tmp_path: Path) -> None:
    layer = tmp_path / "layer" / "nodejs" / "node_modules"
    function = tmp_path / "function"
    for folder in (layer / "@there/layered", function / "node_modules" / "installed"):
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(json.dumps({"name": folder.name}), encoding="utf-8")
    workspace = function / "packages" / "own"
    workspace.mkdir(parents=True)
    (workspace / "package.json").write_text('{"name": "@ours/own"}', encoding="utf-8")
    (workspace / "index.js").write_text("export const own = 1;\n", encoding="utf-8")
    (function / "index.js").write_text(
        "import '@there/layered/part'; import 'installed'; import '@ours/own'; import './near.js';\n"
        "import 'nowhere'; export const handler = () => 1;\n",
        encoding="utf-8",
    )
    (function / "near.js").write_text("", encoding="utf-8")
    assert analyse("index.handler", [function, layer]).packages == ("nowhere",)


def test_what_is_not_reached_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "other.js").write_text("require('strange');\n", encoding="utf-8")
    (tmp_path / "index.js").write_text(
        "function unused() { return require('./other') && require('mystery'); }\nexports.handler = () => 1;\n",
        encoding="utf-8",
    )
    assert analyse("index.handler", [tmp_path]).packages == ()


def test_a_package_with_a_model_is_not_named(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[call]]\npaths = ["strange/parts.load"]\noperations = ["s3:GetObject"]\n', "utf-8")
    (tmp_path / "index.js").write_text("require('strange');\nexports.handler = () => 1;\n", encoding="utf-8")
    assert analyse("index.handler", [tmp_path]).packages == ("strange",)
    assert analyse("index.handler", [tmp_path], models=[own]).packages == ()


@pytest.mark.parametrize("specifier", ["./near", "/opt/nodejs/far", "#inner/part"])
def test_own_files_that_are_not_there_are_doubts(specifier: str) -> None:
    text = f"require('{specifier}');\nexports.handler = () => 1;\n"
    analysis = analyse_text("index.handler", text, file="index.js")
    assert [each.why for each in analysis.unresolved] == [Why.PACKAGE]
    assert analysis.packages == ()
