"""Keeps the formatting of a person's text true to the text: the tree never shows what the plain text does not.

A text is masked, cut and stored as plain text. The tree beside it must then say the same, character for character, or
it is dropped and the text stands alone.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from flows.text.markup.agent_markdown import formatted
from flows.text.markup.plain_text import plain
from flows.text.markup.wordtree import (
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
from flows.text.secrets.masking import HIDDEN

MOST: Final = 20_000
"""Characters of a text whose formatting is kept; a longer text is a log."""

MOST_TYPED: Final = 4000
"""Characters of a text without formatting that are compared with their reading as Markdown, which takes long."""

_STAND_IN: Final = 0xF0000
"""The first of the private characters that stand for a tree's own characters while these are located."""

Edit = tuple[int, int, str]
"""A replacement in plain text: from where, to where, and with what."""


def has_formatting(words: Words) -> bool:
    """Return whether the words show more than a plain text does."""
    return any(not isinstance(block, Paragraph) or any(map(_is_styled, block.inlines)) for block in words)


def _is_styled(inline: Inline) -> bool:
    return not isinstance(inline, Text | Break)


def worth_keeping(words: Words) -> Words:
    """Return the tree if it differs from its plain text, read as plain text or as an agent's Markdown; else nothing."""
    text = plain(words)
    if len(text) > MOST:
        return ()
    if has_formatting(words):
        return words
    return words if len(text) <= MOST_TYPED and has_formatting(formatted(text)) else ()


def fitting(words: Words, text: str) -> Words:
    """Return the tree if it says exactly the text, or else nothing."""
    return words if words and len(text) <= MOST and plain(words) == text else ()


def masked(words: Words, text: str, mask: Callable[[str], str]) -> tuple[str, Words]:
    """Return a text and its tree with secrets masked, those that are struck out in part included."""
    if "~" in text and fitting(words, text):
        bare = without_strikes(words)
        if (hidden := mask(plain(bare))) != plain(bare):
            return hidden, masked_words(bare, plain(bare), hidden)
    hidden = mask(text)
    return hidden, masked_words(words, text, hidden) if words else ()


def masked_words(words: Words, text: str, masked: str) -> Words:
    """Return the tree of a text after its secrets were masked; nothing if the tree does not say the masked text.

    The masks are found in the plain text, so a secret in several styles is masked, too. Links become plain text where
    anything was masked, because their addresses can hold a secret.
    """
    words = fitting(words, text)
    if not words or text == masked:
        return words
    edits = _masks(text, masked)
    return fitting(_edited(_without_links(words), edits), masked) if edits is not None else ()


def without_strikes(words: Words) -> Words:
    """Return the tree with its struck-out words as others: the marks around them in plain text could part a secret."""

    def opened(inlines: Iterable[Inline]) -> Iterator[Inline]:
        for inline in inlines:
            match inline:
                case Strike():
                    yield from opened(inline.inlines)
                case Bold() | Italic() | Code():
                    yield inline.model_copy(update={"inlines": tuple(opened(inline.inlines))})
                case Link():
                    yield inline.model_copy(update={"label": tuple(opened(inline.label))})
                case Text() | Var() | Break():
                    yield inline

    return _mapped(words, lambda inlines: tuple(opened(inlines)), lambda text: text)


def ending(words: Words, text: str) -> Words:
    """Return the end of the tree that says the text: the beginning was an order to the bot, such as `!`."""
    begins = len(plain(words)) - len(text)
    if begins < 0:
        return ()
    edited = _edited(words, [(0, begins, "")]) if begins else words
    return fitting(edited, text)


def part(words: Words, begins: int, ends: int) -> Words:
    """Return the part of the tree between two positions in its plain text. Marks of lists and quotes may stay."""
    cut = _edited(words, [(0, begins, ""), (ends, len(plain(words)), "")])
    return tuple(block for block in cut if plain((block,)).strip())


# ---------------------------------------------------------------- masks


def _masks(text: str, masked: str) -> list[Edit] | None:
    """Return which parts of the text were replaced with dots; None if that cannot be told."""
    first, *others = masked.split(HIDDEN)
    if not text.startswith(first):
        return None
    edits: list[Edit] = []
    at = len(first)
    for number, kept in enumerate(others, start=1):
        last = number == len(others)
        found = len(text) - len(kept) if last else text.find(kept, at + 1)
        if found < at or not text.startswith(kept, found):
            return None
        edits.append((at, found, HIDDEN))
        at = found + len(kept)
    return edits


def _without_links(words: Words) -> Words:
    def opened(inlines: Iterable[Inline]) -> Iterator[Inline]:
        for inline in inlines:
            match inline:
                case Link():
                    yield from inline.label
                    shown = plain((Paragraph(inlines=(inline,)),))
                    address = shown[len(plain((Paragraph(inlines=inline.label),))) :]
                    yield from (Text(text=address),) if address else ()
                case Bold() | Italic() | Strike() | Code():
                    yield inline.model_copy(update={"inlines": tuple(opened(inline.inlines))})
                case Text() | Var() | Break():
                    yield inline

    return _mapped(words, lambda inlines: tuple(opened(inlines)), lambda text: text)


# ---------------------------------------------------------------- editing by positions in the plain text


def _edited(words: Words, edits: Iterable[Edit]) -> Words:
    """Return the tree with parts of its plain text replaced. Marks of lists and quotes, and line ends, stay."""
    becomes: dict[int, str] = {}
    located = _located(words)
    for begin, end, instead in edits:
        letters = [number for number in located[begin:end] if number is not None]
        becomes |= dict.fromkeys(letters, "") | dict.fromkeys(letters[:1], instead)
    count = iter(range(_STAND_IN))

    def changed(text: str) -> str:
        return "".join(becomes.get(number, character) for character, number in zip(text, count, strict=False))

    return _pruned(_letters_mapped(words, changed))


def _located(words: Words) -> list[int | None]:
    """Return, for each character of the plain text, the number of the character in the tree; None for marks."""
    count = iter(range(_STAND_IN))

    def stand_ins(text: str) -> str:
        pairs = zip(text, count, strict=False)
        return "".join("\n" if character == "\n" else chr(_STAND_IN + number) for character, number in pairs)

    shown = plain(_letters_mapped(words, stand_ins))
    return [ord(character) - _STAND_IN if ord(character) >= _STAND_IN else None for character in shown]


def _letters_mapped(words: Words, change: Callable[[str], str]) -> Words:
    """Return the tree with each of its texts changed, in order. The address of a link stays as it is."""

    def through(inlines: Iterable[Inline]) -> Iterator[Inline]:
        for inline in inlines:
            match inline:
                case Text():
                    text = change(inline.text)
                    yield from (Text(text=text),) if text else ()
                case Link():
                    yield inline.model_copy(update={"label": tuple(through(inline.label))})
                case Bold() | Italic() | Strike() | Code():
                    inside = tuple(through(inline.inlines))
                    yield from (inline.model_copy(update={"inlines": inside}),) if inside else ()
                case Var() | Break():
                    yield inline

    return _mapped(words, lambda inlines: tuple(through(inlines)), change)


def _mapped(
    words: Words,
    inlines: Callable[[tuple[Inline, ...]], tuple[Inline, ...]],
    code: Callable[[str], str],
) -> Words:
    """Return the tree with the inside of each paragraph and code block changed, in order."""

    def through(block: Block) -> Block:
        match block:
            case Paragraph():
                return Paragraph(inlines=inlines(block.inlines))
            case CodeBlock():
                return CodeBlock(text=code(block.text))
            case Quote():
                return Quote(blocks=tuple(map(through, block.blocks)))
            case Items():
                items = tuple(tuple(map(through, item)) for item in block.items)
                return block.model_copy(update={"items": items})

    return tuple(map(through, words))


def _pruned(words: Words) -> Words:
    """Leave out what shows nothing anymore at the beginning of the tree."""
    while words and not plain(words[:1]):
        words = words[1:]
    return words
