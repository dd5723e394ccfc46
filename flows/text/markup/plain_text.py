"""Writes words as plain text, for every place that shows no formatting."""

from collections.abc import Iterable

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


def plain(words: Words) -> str:
    """Return plain text: lists with numbers or dashes, links as "label (address)", a blank line between blocks.

    A quoted line starts with `>`. Struck-out words stand between tildes: without them they would say the contrary.
    """
    return "\n\n".join(_plain(block) for block in words)


def _plain(block: Block) -> str:
    match block:
        case Paragraph():
            return _plain_inlines(block.inlines)
        case Items():
            return "\n".join(_plain_items(block))
        case CodeBlock():
            return block.text
        case Quote():
            return "\n".join(f"> {line}" if line else ">" for line in plain(block.blocks).split("\n"))


def _plain_items(block: Items) -> Iterable[str]:
    for number, item in enumerate(block.items, start=block.start):
        mark = f"{number}. " if block.ordered else "- "
        yield mark + "\n".join(_plain(inner) for inner in item).replace("\n", "\n" + " " * len(mark))


def _plain_inlines(inlines: Iterable[Inline]) -> str:
    return "".join(_plain_inline(inline) for inline in inlines)


def _plain_inline(inline: Inline) -> str:
    match inline:
        case Text():
            return inline.text
        case Var():
            return f"{{{inline.name}}}"
        case Break():
            return "\n"
        case Link():
            label = _plain_inlines(inline.label)
            address = inline.url.removeprefix("mailto:")
            return label if label.strip("~") in (address, inline.url) else f"{label} ({address})"
        case Strike():
            return f"~{_plain_inlines(inline.inlines)}~"
        case Bold() | Italic() | Code():
            return _plain_inlines(inline.inlines)
