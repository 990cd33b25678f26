"""JavaScript and TypeScript: from files to modules, what their names mean, and what handlers in them call."""

from lamward.code.javascript.analyse import analyse, analyse_text

__all__ = ["analyse", "analyse_text"]
