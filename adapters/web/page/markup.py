"""Turns flow text and QR codes into HTML. Escapes everything that comes from a person or a setting."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import segno
from markupsafe import Markup, escape

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

MINUTES: Final = 15
"""Minutes for which a link to another device is valid."""


def html(words: Words) -> Markup:
    """Return a text as HTML, escaped except for its own formatting."""
    return Markup("").join(_block(block) for block in words)


def _block(block: Block) -> Markup:
    match block:
        case Paragraph():
            return Markup("<p>{}</p>").format(_inlines(block.inlines))
        case Items():
            return _items(block)
        case CodeBlock():
            return Markup("<pre><code>{}</code></pre>").format(block.text)
        case Quote():
            return Markup("<blockquote>{}</blockquote>").format(html(block.blocks))


def _items(block: Items) -> Markup:
    tag = Markup("ol") if block.ordered else Markup("ul")
    start = Markup(' start="{}"').format(block.start) if block.ordered and block.start != 1 else ""
    items = Markup("").join(Markup("<li>{}</li>").format(_item(item)) for item in block.items)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, start, items)


def _item(blocks: Sequence[Block]) -> Markup:
    """Return a list's item. A paragraph at its beginning has no <p>, so that it has no margins."""
    first, rest = blocks[0], blocks[1:]
    opened = _inlines(first.inlines) if isinstance(first, Paragraph) else _block(first)
    return opened + Markup("").join(_block(block) for block in rest)


def _inlines(inlines: Iterable[Inline]) -> Markup:
    return Markup("").join(_inline(inline) for inline in inlines)


def _inline(inline: Inline) -> Markup:
    match inline:
        case Text():
            return escape(inline.text).replace("\n", Markup("<br>"))
        case Break():
            return Markup("<br>")
        case Bold():
            return Markup("<strong>{}</strong>").format(_inlines(inline.inlines))
        case Italic():
            return Markup("<em>{}</em>").format(_inlines(inline.inlines))
        case Strike():
            return Markup("<s>{}</s>").format(_inlines(inline.inlines))
        case Code():
            return Markup("<code>{}</code>").format(_inlines(inline.inlines))
        case Link():
            return _link(inline)
        case Var():
            return Markup("")


def _link(link: Link) -> Markup:
    label = _inlines(link.label)
    if link.url.startswith("mailto:"):
        return Markup('<a href="{}">{}</a>').format(link.url, label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(link.url, label)


@dataclass(frozen=True)
class Way:
    """A link to this conversation with its QR code."""

    address: str
    code: Markup
    minutes: int = MINUTES


def qr(address: str) -> Markup:
    """Draw an address as a QR code: SVG without styles, because the content security policy forbids inline styles."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=3,
        dark="#000",
        light="#fff",
        omitsize=True,
        title="QR code",
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  # drawn from numbers alone
