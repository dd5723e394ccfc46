"""Reads an agent's own text into words: bold, italics, code, lists, quotes and https links; all else stays as typed.

An agent's text is never read as a flow's: a brace is a brace, a line break stays, and what Markdown would swallow
(backslashes, entities, underscores inside of names) is kept. A block that the subset can't show is shown as typed.
"""

import re
from typing import Final

from flows.text.markup.words import (
    Break,
    CodeBlock,
    Inline,
    Paragraph,
    Quote,
    Text,
    Words,
    WordsError,
    parse,
)

_AS_TYPED: Final = re.compile(
    r"(?P<code>`[^`\n]+`)|(?P<url>(?<![(\w])https://[^\s<>()\[\]{}`*]*[^\s<>()\[\]{}`*.,;:!?'\"])|(?P<kept>\\|&|__+|[{}])"
)
"""What is not read as Markdown has it: code, addresses, and characters that Markdown or a flow would read."""

_BLOCKS: Final = re.compile(r"\n[ \t]*\n+")


_FENCED: Final = re.compile(
    r"^```[ \t]*[\w+#.-]{0,20}[ \t]*\n(.*?)\n```[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)
_QUOTED: Final = re.compile(r"^(?:> ?[^\n]*(?:\n|\Z))+", re.MULTILINE)


def formatted(text: str) -> Words:
    """Return an agent's text as words."""
    found: Words = ()
    for number, part in enumerate(_FENCED.split(text)):
        found += (CodeBlock(text=part),) if number % 2 else _unfenced(part)
    return found


def _unfenced(text: str) -> Words:
    """Return a text without fenced code as words: lines that begin with `>` are a quote."""
    found: Words = ()
    at = 0
    for quoted in _QUOTED.finditer(text):
        inside = "\n".join(re.sub(r"^> ?", "", line) for line in quoted[0].rstrip("\n").split("\n"))
        found += (*_unquoted(text[at : quoted.start()]), Quote(blocks=_unquoted(inside) or _typed(inside)))
        at = quoted.end()
    return found + _unquoted(text[at:] if at else text)


def _unquoted(text: str) -> Words:
    if not text.strip():
        return ()
    whole = _read(text)
    if whole is not None:
        return whole
    found: Words = ()
    for block in _BLOCKS.split(text):
        words = _read(block)
        found += _typed(block) if words is None else words
    return found


def _read(text: str) -> Words | None:
    """Return the text as words; None if it has something outside of the subset."""
    try:
        return parse.__wrapped__(_AS_TYPED.sub(_kept, text).replace("\n", "  \n"))
    except WordsError:
        return None


def _kept(found: re.Match[str]) -> str:
    if found["code"]:
        return found["code"].replace("{", "{{").replace("}", "}}")
    if found["url"]:
        return f"<{found['url']}>"
    kept = found["kept"]
    return kept * 2 if kept in "{}" else "".join(f"\\{character}" for character in kept)


def _typed(text: str) -> Words:
    """Return the text as it was typed, with its line breaks."""
    inlines: list[Inline] = []
    for line in text.strip("\n").split("\n"):
        inlines += [Break(), Text(text=line)] if inlines else [Text(text=line)]
    return (Paragraph(inlines=tuple(inlines)),)
