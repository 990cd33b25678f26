"""The catalogue; nothing is imported before it is needed."""

from importlib import import_module

_PLACES = {"handler": ".web", "statements": ".partiql", "drop": ".admin"}


def __getattr__(name):
    if name in _PLACES:
        return getattr(import_module(_PLACES[name], __name__), name)
    raise AttributeError(name)
