"""Writes forwarded text as a quotation, and separates a text's own words from those it quotes.

A quoted line starts with `>`. Quoted words are somebody else's: they may name the problem, and they never answer.
"""

import re
from typing import Final

LONGEST_NAME: Final = 80
"""Characters of a name above a forwarded text."""

_QUOTED: Final = re.compile(r"[^\S\n]*>(?:[^\S\n]?>)*[^\S\n]?")
_HEAD: Final = re.compile(r"Forwarded(?: from .{1,80})?:")


def heading(name: str) -> str:
    """Return the line above a forwarded text; `name` is its author, if the platform tells one."""
    who = " ".join(name.split())[:LONGEST_NAME]
    return f"Forwarded from {who}:" if who else "Forwarded:"


def own_words(text: str) -> str:
    """Return the text without its quoted lines: what the author says in their own words."""
    if ">" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if not _QUOTED.match(line)).strip()


def without_marks(text: str) -> str:
    """Return the text with the words of its quotations, but without their marks and heads."""
    if ">" not in text:
        return text
    lines = []
    for line in text.split("\n"):
        mark = _QUOTED.match(line)
        words = line[mark.end() :] if mark else line
        if not (mark and _HEAD.fullmatch(words.strip())):
            lines.append(words)
    return "\n".join(lines).strip()
