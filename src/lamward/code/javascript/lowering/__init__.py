"""From the text of a file to a module of the intermediate representation."""

from lamward.code.javascript.lowering.module import lower, lower_json

__all__ = ["lower", "lower_json"]
