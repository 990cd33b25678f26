"""Variables by which a runtime is told what else to load and whom to trust, and which of their values are dangerous.

Sources: Lambda Developer Guide, "Modifying the runtime environment" and "Working with Lambda environment variables";
the manuals of Node.js, CPython, the JVM and ld.so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.secret_flows import Variable, variables
from lamward.model.finding import Severity
from lamward.model.value import Case, cases

_LOADERS: Final = frozenset(
    {
        "AWS_LAMBDA_EXEC_WRAPPER",
        "BASH_ENV",
        "CLASSPATH",
        "CORECLR_PROFILER_PATH",
        "DOTNET_STARTUP_HOOKS",
        "JAVA_TOOL_OPTIONS",
        "LD_AUDIT",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "NODE_OPTIONS",
        "NODE_PATH",
        "PERL5LIB",
        "PERL5OPT",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "RUBYLIB",
        "RUBYOPT",
        "_JAVA_OPTIONS",
    }
)
"""Variables that name code a runtime loads."""

_WRITABLE: Final = re.compile(r"(?<![\w./}-])/(?:tmp|dev/shm|(?P<mounted>mnt))(?:/[^\s:;,\"']*)?(?![\w-])")
"""What can be written at run time: a function's own storage, and file systems, which Lambda mounts below `/mnt`."""

_DEBUGGERS: Final = re.compile(r"--inspect(?:-brk|-wait)?(?![\w-])|-agentlib:jdwp|-Xrunjdwp|jmxremote\.port")

_VERIFICATION: Final = "NODE_TLS_REJECT_UNAUTHORIZED"
"""The variable by which Node.js, where it is exactly `0`, takes any certificate."""


class RiskyOption(Struct, frozen=True):
    """A variable by which a runtime does what it should not, what that is, and how bad."""

    variable: Variable
    case: Case
    story: str
    severity: Severity

    @property
    def unverified(self) -> bool:
        """Whether it takes any certificate."""
        return self.variable.variable.name == _VERIFICATION


@fact
def risky_options(facts: Facts) -> tuple[RiskyOption, ...]:
    """Find the dangerous variables, those of Globals once."""
    return tuple(
        RiskyOption(each, case, story, severity)
        for each in variables(facts)
        for case in cases(each.variable.value, each.variable.when)
        for story, severity in _stories(each.variable.name, case)
    )


def _stories(name: str, case: Case) -> Iterator[tuple[str, Severity]]:
    text = written(case.value)
    place = _WRITABLE.search(text) if name in _LOADERS else None
    if place:
        by = "whoever mounts the file system" if place["mounted"] else "the function itself"
        story = f"`{name}` makes the runtime load code from `{place[0]}`, where {by} may write"
        yield story, Severity.LOW if place["mounted"] else Severity.MEDIUM
    if name in _LOADERS and _DEBUGGERS.search(text):
        yield f"`{name}` starts a debugger in the function", Severity.LOW
    if name == _VERIFICATION and text == "0":
        yield (
            f"`{name}` lets every connection of Node.js be listened to: any certificate will do",
            Severity.HIGH,
        )
