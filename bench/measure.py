"""Run a command and say what it cost: CPU seconds, wall seconds and peak memory of the whole process."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost; `status` is the exit code."""

    cpu: float
    wall: float
    megabytes: float
    status: int
    output: bytes


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run once, output kept, nothing on standard input."""
    # Installed tools have their bytecode cached; so may a checkout's, whatever this shell says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, process.returncode, output)


def best(command: Sequence[str], folder: Path, times: int) -> Cost:
    """Run several times and keep the run that used the least CPU: the machine's noise only ever adds."""
    return min((run(command, folder) for _ in range(times)), key=lambda cost: cost.cpu)
