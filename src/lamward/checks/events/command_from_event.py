"""Function that puts what others send it into a command.

## Why it matters
The name of an object, the text of a message, a parameter of a request are written by whoever causes the event. In a
shell's command, or in a text that the language runs as a program, they are obeyed: `; curl … | sh` in a file's name
runs with the function's role and its environment, which holds the credentials of that role.

Asked of code in Python, JavaScript and TypeScript that stands in the template or beside it: `os.system`, `subprocess`
with `shell=True` or a shell by name, `child_process.exec`, `eval` and the like, through whatever functions of the code
the text takes. What is quoted (`shlex.quote`) or turned into something else on its way, and what AWS writes into
events itself, passes. So do functions that only schedules start. What is merely compared before, with a list of names
that are allowed or a pattern, is reported all the same.

## Example
```yaml
Look:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      import subprocess
      def handler(event, context):
          name = event["name"]
          return subprocess.check_output(f"file /opt/{name}", shell=True).decode()
```

## Use instead
```yaml
Look:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      import subprocess
      def handler(event, context):
          name = event["name"]
          return subprocess.check_output(["file", "--", f"/opt/{name}"]).decode()
```
Start the program itself, with its arguments in a list; no shell reads them then.

## References
- OWASP Serverless Top 10, "S1:2017 Injection"
- Python, "subprocess": Security Considerations
- Node.js, "Child process": never pass unsanitised input to `exec`
- CWE-78, Improper Neutralization of Special Elements used in an OS Command
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.commands import commands_from_events
from lamward.facts.grants import listed
from lamward.model.application import Function
from lamward.model.finding import Confidence, Problem, Related, Severity


@check(Function, severity=Severity.HIGH, since="0.1", confidence=Confidence.MEDIUM)
def command_from_event(function: Function, facts: Facts) -> Answer:
    """Ask whether a function lets its events write commands."""
    for each in commands_from_events(facts, function):
        command, fields = each.command, listed([f"`{field}`" for field in each.fields])
        what = "the program that" if each.program else "the command that"
        yield Problem(
            function.location,
            f"{fields} {'become' if len(each.fields) > 1 else 'becomes'} part of {what} `{command.callee}` runs",
            when=function.when,
            discriminator=f"{command.callee}:{each.fields[0]}",
            related=(
                *(Related(place, "leads there") for place in command.chain),
                Related(command.location, "runs it"),
            ),
            help="start the program itself with a list of arguments, or quote what comes from outside",
        )
