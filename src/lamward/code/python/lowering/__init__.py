"""From Python's syntax tree to the intermediate representation."""

from lamward.code.python.lowering.module import lower

__all__ = ["lower"]
