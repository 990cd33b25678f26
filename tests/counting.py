"""How much work something is, counted in calls: the same on every machine, busy or not, which no clock is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """Count the calls of functions, Python's own and built-in ones, that some work makes."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def bend(work: Callable[[int], Callable[[], object]], size: int) -> float:
    """Say how much more the third part of some work costs than the second: 1 where the cost grows like the size.

    Work of size 2n and 3n is compared with that of size n, so that what is done once does not count; where the cost
    grows like the square, it is 5/3. The work itself is prepared before it is counted.
    """
    once, twice, thrice = (calls(work(size * times)) for times in (1, 2, 3))
    return (thrice - twice) / (twice - once)
