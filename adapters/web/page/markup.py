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
    return Markup(_blocks(words))  # noqa: S704  # every function below escapes what it puts between its own tags


# The functions below return HTML as plain text: joining and formatting Markup escapes each part once more, which took a
# tenth of answering a press.


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join([_block(block) for block in blocks])


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{_inlines(block.inlines)}</p>"
        case Items():
            return _items(block)
        case CodeBlock():
            return f"<pre><code>{escape(block.text)}</code></pre>"
        case Quote():
            return f"<blockquote>{_blocks(block.blocks)}</blockquote>"


def _items(block: Items) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start:d}"' if block.ordered and block.start != 1 else ""
    items = "".join([f"<li>{_item(item)}</li>" for item in block.items])
    return f"<{tag}{start}>{items}</{tag}>"


def _item(blocks: Sequence[Block]) -> str:
    """Return a list's item. A paragraph at its beginning has no <p>, so that it has no margins."""
    first, rest = blocks[0], blocks[1:]
    opened = _inlines(first.inlines) if isinstance(first, Paragraph) else _block(first)
    return opened + _blocks(rest)


def _inlines(inlines: Iterable[Inline]) -> str:
    return "".join([_inline(inline) for inline in inlines])


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return str(escape(inline.text)).replace("\n", "<br>")
        case Break():
            return "<br>"
        case Bold():
            return f"<strong>{_inlines(inline.inlines)}</strong>"
        case Italic():
            return f"<em>{_inlines(inline.inlines)}</em>"
        case Strike():
            return f"<s>{_inlines(inline.inlines)}</s>"
        case Code():
            return f"<code>{_inlines(inline.inlines)}</code>"
        case Link():
            return _link(inline)
        case Var():
            return ""


def _link(link: Link) -> str:
    label, url = _inlines(link.label), escape(link.url)
    if link.url.startswith("mailto:"):
        return f'<a href="{url}">{label}</a>'
    return f'<a href="{url}" target="_blank" rel="noopener noreferrer">{label}</a>'


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
