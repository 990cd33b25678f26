"""Reads what people need first from a check's documentation: Markdown by its author, with fenced examples."""

from __future__ import annotations

import re

_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1[ \t]*$\n?", re.MULTILINE | re.DOTALL)


def without_code(markdown: str) -> str:
    """Leave out the fenced examples."""
    return _FENCE.sub("", markdown + "\n").strip()


def first_code(markdown: str) -> str:
    """Give the text of the first fenced example, "" when there is none."""
    found = _FENCE.search(markdown + "\n")
    return found.group(2).rstrip() if found else ""


def opening(markdown: str, limit: int = 240) -> str:
    """Give the first sentences of the first paragraph on one line: as many as fit, at least one."""
    paragraph = " ".join(without_code(markdown).split("\n\n", 1)[0].split())
    sentences = _SENTENCE_END.split(_LINK.sub(r"\1", paragraph))
    chosen = sentences[0]
    for sentence in sentences[1:]:
        if len(chosen) + len(sentence) >= limit:
            break
        chosen += " " + sentence
    return chosen


def advice(remedy: str) -> str:
    """Give the first sentences of a remedy; "" where it starts with an example, on which prose only comments."""
    return "" if _FENCE.match(remedy.lstrip() + "\n") else opening(remedy)


def clipped(text: str, limit: int) -> str:
    """Shorten text to a number of characters, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
