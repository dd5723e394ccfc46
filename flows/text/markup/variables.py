"""Finds the variables in words, and fills them with values."""

from collections.abc import Iterator, Mapping
from itertools import chain

from flows.text.markup.wordtree import (
    URL_VARIABLE,
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
    is_address,
)


def variables(words: Words) -> frozenset[str]:
    """Return the names of the variables without a value, those of links included."""
    return frozenset(chain.from_iterable(_named(inline) for inline in _all_inlines(words)))


def _all_inlines(words: Words) -> Iterator[Inline]:
    for block in words:
        match block:
            case Paragraph():
                yield from block.inlines
            case Items():
                for item in block.items:
                    yield from _all_inlines(item)
            case Quote():
                yield from _all_inlines(block.blocks)
            case CodeBlock():
                pass


def _named(inline: Inline) -> Iterator[str]:
    match inline:
        case Var():
            yield inline.name
        case Bold() | Italic() | Strike() | Code():
            yield from chain.from_iterable(_named(inner) for inner in inline.inlines)
        case Link():
            yield from chain.from_iterable(_named(inner) for inner in inline.label)
            if variable := URL_VARIABLE.fullmatch(inline.url):
                yield variable[1]
        case Text() | Break():
            return


def fill(words: Words, values: Mapping[str, str]) -> Words:
    """Replace every variable with its value as plain text; an unknown variable with nothing.

    A link whose variable holds no https or mailto address becomes its label.
    """
    return tuple(_filled(block, values) for block in words)


def _filled(block: Block, values: Mapping[str, str]) -> Block:
    match block:
        case Paragraph():
            return Paragraph.trusted(inlines=_filled_inlines(block.inlines, values))
        case Items():
            items = tuple(fill(item, values) for item in block.items)
            return block.model_copy(update={"items": items})
        case Quote():
            return Quote.trusted(blocks=fill(block.blocks, values))
        case CodeBlock():
            return block


def _filled_inlines(inlines: tuple[Inline, ...], values: Mapping[str, str]) -> tuple[Inline, ...]:
    return tuple(chain.from_iterable(_filled_inline(inline, values) for inline in inlines))


def _filled_inline(inline: Inline, values: Mapping[str, str]) -> tuple[Inline, ...]:
    match inline:
        case Var():
            return (Text.trusted(text=values.get(inline.name, "")),)
        case Bold() | Italic() | Strike() | Code():
            return (inline.model_copy(update={"inlines": _filled_inlines(inline.inlines, values)}),)
        case Link():
            label = _filled_inlines(inline.label, values)
            variable = URL_VARIABLE.fullmatch(inline.url)
            url = values.get(variable[1], "").strip() if variable else inline.url
            return (Link(label=label, url=url),) if is_address(url) else label
        case Text() | Break():
            return (inline,)
