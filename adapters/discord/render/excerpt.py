"""Cuts words to their first letters, for messages that have too little room."""

from collections.abc import Iterable

from adapters.discord.api.limits import ELLIPSIS
from flows.text.markup.words import (
    Block,
    Bold,
    Break,
    Code,
    CodeBlock,
    Inline,
    Italic,
    Items,
    Link,
    Paragraph,
    Quote,
    Strike,
    Text,
    Var,
    Words,
)


def first_letters(words: Words, letters: int) -> Words:
    """Keep the first letters of the words and an ellipsis."""
    return _kept(words, letters)[0]


def _kept(words: Words, letters: int) -> tuple[Words, int]:
    """Keep the first letters; also return how many letters were not used."""
    blocks: list[Block] = []
    for block in words:
        if letters <= 0:
            break
        kept, letters = _kept_block(block, letters)
        blocks.append(kept)
    return tuple(blocks), letters


def _kept_block(block: Block, letters: int) -> tuple[Block, int]:
    match block:
        case Paragraph():
            inlines, letters = _kept_inlines(block.inlines, letters)
            return Paragraph(inlines=inlines), letters
        case Items():
            return _kept_items(block, letters)
        case Quote():
            blocks, letters = _kept(block.blocks, letters)
            return Quote(blocks=blocks), letters
        case CodeBlock():
            return CodeBlock(text=_kept_text(block.text, letters)), max(0, letters - len(block.text))


def _kept_items(block: Items, letters: int) -> tuple[Items, int]:
    items: list[tuple[Block, ...]] = []
    for item in block.items:
        if letters <= 0:
            break
        kept, letters = _kept(item, letters)
        items.append(kept)
    return block.model_copy(update={"items": tuple(items)}), letters


def _kept_text(text: str, letters: int) -> str:
    return text if len(text) < letters else text[:letters].rstrip() + ELLIPSIS


def _kept_inlines(inlines: Iterable[Inline], letters: int) -> tuple[tuple[Inline, ...], int]:
    kept: list[Inline] = []
    for inline in inlines:
        if letters <= 0:
            break
        match inline:
            case Text():
                kept.append(Text(text=_kept_text(inline.text, letters)))
                letters = max(0, letters - len(inline.text))
            case Bold() | Italic() | Strike() | Code():
                inside, letters = _kept_inlines(inline.inlines, letters)
                kept.append(inline.model_copy(update={"inlines": inside}))
            case Link():
                label, letters = _kept_inlines(inline.label, letters)
                kept.append(inline.model_copy(update={"label": label}))
            case Break() | Var():
                kept.append(inline)
    return tuple(kept), letters
