"""Splits a long text into parts that a platform takes as messages of their own, so that nothing is cut."""

from collections.abc import Iterator

from flows.text.markup.styled import part
from flows.text.markup.words import Block, Words, fill, parse, plain


def split(words: Words, longest: int) -> tuple[Words, ...]:
    """Return the words in parts of at most so many characters: between blocks, within a long block between lines."""
    parts: list[Words] = []
    current: tuple[Block, ...] = ()
    for block in words:
        if current and len(plain((*current, block))) > longest:
            parts.append(current)
            current = ()
        if len(plain((block,))) > longest:
            parts += _pieces_of(block, longest)
        else:
            current = (*current, block)
    return (*parts, current) if current or not parts else tuple(parts)


def _pieces_of(block: Block, longest: int) -> Iterator[Words]:
    """Yield a long block in pieces, each with its formatting, or plain where marks would make it too long."""
    text, at = plain((block,)), 0
    for piece in pieces(text, longest):
        begins = text.find(piece, at)
        at = begins + len(piece)
        cut = part((block,), begins, at)
        yield cut if len(plain(cut)) <= longest else fill(parse("{text}"), {"text": piece})


def pieces(text: str, longest: int) -> Iterator[str]:
    """Yield the text in pieces, cut at the last line end or blank of each piece's second half, if it has one."""
    while len(text) > longest:
        window = text[: longest + 1]
        cut = max(window.rfind("\n", longest // 2), -1)
        if cut < 0:
            cut = window.rfind(" ", longest // 2)
        end = cut if cut > 0 else longest
        if piece := text[:end].strip():
            yield piece
        text = text[end:].strip()
    if text:
        yield text
