"""Draws words for a terminal, with Rich. Pure: nothing here prints."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

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
    Var,
    Words,
    plain,
)
from flows.text.markup.words import Text as Plain
from flows.text.visible import visible

BLANK: Final = Text("")


def blocks(words: Words, style: str = "") -> RenderableType:
    """Draw a text as paragraphs and lists with blank lines between them."""
    return Group(*spaced([_block(block, style) for block in words]))


def _block(block: Block, style: str) -> RenderableType:
    match block:
        case Items():
            return _items(block, style)
        case CodeBlock():
            return Text(clean(block.text), style=f"{style} {_STYLES['code']}".strip())
        case Quote():
            return _quote(block, style)
        case Paragraph():
            return _paragraph(block.inlines, style)


def _quote(quote: Quote, style: str) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_row(" >", blocks(quote.blocks, f"{style} dim".strip()))
    return table


def _items(items: Items, style: str) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, justify="right", style=style)
    table.add_column(ratio=1)
    for number, item in enumerate(items.items, start=items.start):
        mark = f" {number}." if items.ordered else " -"
        table.add_row(mark, Group(*(_block(block, style) for block in item)))
    return table


def _paragraph(inlines: Iterable[Inline], style: str) -> Text:
    text = Text(style=style)
    for inline in inlines:
        _append(text, inline, "")
    return text


def _append(text: Text, inline: Inline, style: str) -> None:
    match inline:
        case Plain():
            text.append(clean(inline.text), style)
        case Var():
            text.append(f"{{{inline.name}}}", style)
        case Break():
            text.append("\n")
        case Bold() | Italic() | Strike() | Code():
            for inner in inline.inlines:
                _append(text, inner, f"{style} {_STYLES[inline.kind]}".strip())
        case Link():
            _link(text, inline, style)


_STYLES: Final = {"bold": "bold", "italic": "italic", "strike": "strike", "code": "bold cyan"}


def _link(text: Text, link: Link, style: str) -> None:
    label = _paragraph(link.label, "").plain
    address = link.url.removeprefix("mailto:")
    text.append(label, f"{style} underline".strip())
    if label not in (address, link.url):
        text.append(f" ({clean(address)})", style)


def one_line(words: Words) -> str:
    """Return a text as one line without formatting."""
    return " ".join(clean(plain(words)).split())


def clean(text: str) -> str:
    """Remove the control characters from a text, so that it cannot control the terminal."""
    return visible(text)


def spaced(parts: Sequence[RenderableType]) -> Iterator[RenderableType]:
    """Yield the parts with blank lines between them."""
    for index, part in enumerate(parts):
        if index:
            yield BLANK
        yield part
