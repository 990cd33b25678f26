"""Python: from files to modules, what its names mean, and what handlers written in it call."""

from lamward.code.python.analyse import analyse, analyse_text

__all__ = ["analyse", "analyse_text"]
