"""Running the command as its user does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import lamward

PUBLIC: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Auth: {Type: String}
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src
      FunctionUrlConfig:
        AuthType: NONE
"""
"""A template with one finding of high severity: `public-function-url` on line 13."""

QUIET: Final = "Resources: {Alerts: {Type: AWS::SNS::Topic}}\n"
"""A template in which no check of the default persona finds anything: it has no function."""

ONLY: Final = ("--select", "public-function-url")
"""Ask one check, so that a new one changes nothing here."""


def write(folder: Path, text: str = PUBLIC, name: str = "template.yaml") -> Path:
    """Write a template."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def surroundings(variables: Mapping[str, str] = {}) -> dict[str, str]:
    """Give an environment in which nothing decides about colour or settings but the test."""
    unwanted = ("LAMWARD_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    # A process in another folder must find the package even where it is on the path as `src`.
    return {**kept, "PYTHONPATH": str(Path(lamward.__file__).parent.parent), **variables}


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "lamward", *arguments],
        cwd=folder,
        env=surroundings(variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
