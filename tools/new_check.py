"""The skeleton of a new check: `python -m tools.new_check family/name` writes its module and its case file."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

_NAME: Final = re.compile(r"([a-z][a-z0-9_]*)/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")

_MODULE: Final = '''"""Say what is bad in one sentence, as `{title}` would be read after "this is a".

## Why it matters
What an attacker or an accident makes of it, in two or three sentences.

## Example
```yaml
Hook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```

## Use instead
```yaml
Hook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```
What to do, and what to do where that is not possible.

## References
- the AWS page that says so
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.facts import Facts
from lamward.model.application import Function
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.value import cases, location_of, text_of, why_unknown


@check(Function, severity=Severity.MEDIUM, since="0.1")
def {function}(function: Function, _facts: Facts) -> Answer:
    """Ask whether ..."""
    for case in cases(function.runtime, function.when):
        where = location_of(case.value)
        if text_of(case.value) == "the bad value":
            yield Problem(where, "what is wrong here", when=case.when)
        elif undecided(case.value):
            yield Doubt(where, why_unknown(case.value), when=case.when)
'''

_CASES: Final = """\
# {name}

Every block is a case: comments say what is found on their line. See `tests/checks/casefile.py`.

## The plain case

```yaml
Hook:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: the bad value # problem: {name}
```

## The better way is silent

```yaml
Hook:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: python3.13
```

## A parameter without a default cannot be told

```yaml
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::Serverless-2016-10-31
Parameters:
  Wanted: {{Type: String}}
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: !Ref Wanted # unknown: {name}
```
"""


def skeleton(family: str, name: str) -> dict[Path, str]:
    """Give the files of a new check, by their path below the repository's root."""
    function = name.replace("-", "_")
    title = name.replace("-", " ")
    folder = Path("src/lamward/checks") / family
    return {
        folder / "__init__.py": f'"""Checks about {family.replace("_", " ")}."""\n',
        folder / f"{function}.py": _MODULE.format(function=function, title=title),
        Path("tests/checks") / family / f"{name}.md": _CASES.format(name=name),
    }


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Write what is not there yet, and say what is left to do."""
    found = _NAME.fullmatch(arguments[0]) if len(arguments) == 1 else None
    if not found:
        print("usage: python -m tools.new_check family/bad-pattern", file=sys.stderr)
        return 2
    family, name = found.groups()
    files = skeleton(family, name)
    taken = [path for path in files if path.name != "__init__.py" and (root / path).exists()]
    if taken:
        print(f"error: {taken[0]} exists already", file=sys.stderr)
        return 1
    for path, text in files.items():
        if not (root / path).exists():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
            print(f"written: {path}")
    function = name.replace("-", "_")
    print(f"now add `{function}` to CHECKS in src/lamward/checks/__init__.py:")
    print(f"    from lamward.checks.{family}.{function} import {function}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
