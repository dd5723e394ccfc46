"""Reads Discord's Markdown into words, as Discord's own apps show it. Pure.

What the tree has no form for is read as near as it comes: a heading is bold, underlined and small text are plain, and
a spoiler is open. Mentions become names, custom emoji their names, and times a date.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adapters.discord.inbound.marks import Names, inline_runs
from flows.text.markup.runs import inlines, paragraphs
from flows.text.markup.typed_words import lines
from flows.text.markup.words import Block, Bold, CodeBlock, Items, Paragraph, Quote, Words

_FENCE: Final = re.compile(r"```(?:[a-zA-Z0-9_+.#-]+\n)?\n*(?P<code>[^\n][\s\S]*?)\n*```")
_QUOTE: Final = r"(?P<quoted>(?:\A|(?<=\n))(?:> (?!>> )[^\n]*(?:\n|\Z))+)"
_PART: Final = re.compile(f"{_QUOTE}|{_FENCE.pattern}")
_REST: Final = re.compile(r"(?:^|(?<=\n))>>> ")
_LINE: Final = re.compile(
    r"#{1,3} +(?P<heading>\S.*)|-# +(?P<small>\S.*)"
    r"|(?P<indent> *)(?:[-*]|(?P<number>\d{1,9})\.) +(?=\S)"
)
_DEEPEST: Final = 20
"""Blanks before a list's item that mean something: ten lists within each other."""

_MOST: Final = 6000
"""Characters of a text that are read; Discord's messages have at most 4,000."""


def markdown_words(text: str, names: Names) -> Words:
    """Read a message's text; `names` are those of mentioned people, roles and channels, by their ids."""
    text = text.strip()
    if len(text) > _MOST:
        return lines(text)
    rest = _opened(text)
    if rest is None:
        return tuple(_blocks(text, names))
    own, quoted = rest
    return (*_blocks(own, names), Quote(blocks=tuple(_blocks(quoted, names, quoted=True))))


def _opened(text: str) -> tuple[str, str] | None:
    """Return the text before a quote of everything that follows, and that quote; None if there is none."""
    for found in _REST.finditer(text):
        fences = [fence.span() for fence in _FENCE.finditer(text)]
        if text[found.end() :].strip() and not any(start < found.start() < end for start, end in fences):
            return text[: found.start()].strip("\n"), text[found.end() :].strip("\n")
    return None


def _blocks(text: str, names: Names, quoted: bool = False) -> Iterator[Block]:
    """Yield the blocks of a text. Discord knows no quotes in a quote (`quoted`)."""
    at = 0
    for part in (_FENCE if quoted else _PART).finditer(text):
        yield from _lines(text[at : part.start()], names)
        at = part.end()
        if part["code"]:
            yield CodeBlock(text=part["code"])
        else:
            inside = "\n".join(line.removeprefix("> ") for line in part["quoted"].rstrip("\n").split("\n"))
            yield Quote(blocks=tuple(_blocks(inside, names, quoted=True)))
    yield from _lines(text[at:], names)


class _Row(NamedTuple):
    """A line: what it is, its text, and for an item of a list its indent and number; -1 for a bullet."""

    kind: str
    text: str
    indent: int = 0
    number: int = -1


def _row(line: str) -> _Row:
    found = _LINE.match(line)
    if found is None:
        return _Row("text", line)
    if found["heading"] or found["small"]:
        return _Row("heading" if found["heading"] else "text", found["heading"] or found["small"])
    number = int(found["number"]) if found["number"] else -1
    return _Row("item", line[found.end() :], min(len(found["indent"]), _DEEPEST), number)


def _lines(text: str, names: Names) -> Iterator[Block]:
    rows = [_row(line) for line in text.split("\n")]
    at = 0
    while at < len(rows):
        kind, end = rows[at].kind, at + 1
        while end < len(rows) and _together(kind, rows[end]):
            end += 1
        inside = "\n".join(row.text for row in rows[at:end])
        if kind == "item":
            yield from _lists(rows[at:end], names)
        elif kind == "heading":
            yield Paragraph(inlines=(Bold(inlines=inlines(inline_runs(inside, names))),))
        else:
            yield from paragraphs(inline_runs(inside, names))
        at = end


def _together(kind: str, following: _Row) -> bool:
    """Return whether the line belongs to the block before: an indented line belongs to a list's item."""
    if kind == "item" and following.kind == "text":
        return following.text.startswith("  ") and bool(following.text.strip())
    return kind == following.kind and kind != "heading"


# ---------------------------------------------------------------- lists


def _lists(rows: list[_Row], names: Names) -> Iterator[Block]:
    """Yield the lists of rows that begin with the least indent; deeper rows are lists in the item before."""
    first = rows[0]
    items: list[tuple[Block, ...]] = []
    at = 0
    while at < len(rows):
        row, end = rows[at], at + 1
        if (row.number < 0) is not (first.number < 0):
            yield _list(first, items)
            yield from _lists(rows[at:], names)
            return
        while end < len(rows) and (rows[end].kind != "item" or rows[end].indent > row.indent + 1):
            end += 1
        items.append(tuple(_item(row, rows[at + 1 : end], names)))
        at = end
    yield _list(first, items)


def _list(first: _Row, items: list[tuple[Block, ...]]) -> Items:
    ordered = first.number >= 0
    return Items(ordered=ordered, start=first.number if ordered else 1, items=tuple(items))


def _item(row: _Row, below: list[_Row], names: Names) -> Iterator[Block]:
    lines = [row.text]
    while below and below[0].kind != "item":
        lines.append(below[0].text.strip())
        below = below[1:]
    yield Paragraph(inlines=inlines(inline_runs("\n".join(lines), names)))
    if below:
        yield from _lists(below, names)
