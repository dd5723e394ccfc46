"""Defines the tree that words are made of: frozen nodes, which every channel renders in its own way."""

import re
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from flows.values import Frozen

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""The spelling of a variable."""

URL_VARIABLE: Final = re.compile(r"\{([a-z][a-z0-9_]{0,31})\}")

_HTTPS: Final = re.compile(
    r"https://[^\s\x00-\x20\x7f/?#@:<>\"'`|\\^{}]+(?::\d{1,5})?(?:[/?#][^\s\x00-\x20\x7f<>\"`|\\^{}]*)?"
)
_MAILTO: Final = re.compile(r"mailto:[^\s\x00-\x20\x7f<>\"'`|\\^{}@,;?]+@[^\s\x00-\x20\x7f<>\"'`|\\^{}@,;?]+")


def is_address(url: str) -> bool:
    """Return whether the URL is an https or mailto address that every channel can link to without quoting tricks."""
    return len(url) <= 2000 and bool(_HTTPS.fullmatch(url) or _MAILTO.fullmatch(url))


class Text(Frozen):
    """Plain characters without any special meaning."""

    kind: Literal["text"] = "text"
    text: str


class Var(Frozen):
    """A {variable} that has no value yet."""

    kind: Literal["var"] = "var"
    name: str


class Bold(Frozen):
    """Strong emphasis: a button's or a field's name."""

    kind: Literal["bold"] = "bold"
    inlines: tuple["Inline", ...]


class Italic(Frozen):
    """Emphasis."""

    kind: Literal["italic"] = "italic"
    inlines: tuple["Inline", ...]


class Strike(Frozen):
    """Struck-out text."""

    kind: Literal["strike"] = "strike"
    inlines: tuple["Inline", ...]


class Code(Frozen):
    """Characters to type or read letter by letter; holds only Text and Var."""

    kind: Literal["code"] = "code"
    inlines: tuple["Inline", ...]


class Link(Frozen):
    """A link. `url` is https, mailto or, until it is filled, one {variable}; no other link can be built."""

    kind: Literal["link"] = "link"
    label: tuple["Inline", ...]
    url: str

    @field_validator("url")
    @classmethod
    def _only_safe(cls, url: str) -> str:
        if not (is_address(url) or URL_VARIABLE.fullmatch(url)):
            raise ValueError("a link leads to https, mailto or one {variable}")
        return url


class Break(Frozen):
    """A line break inside of a paragraph."""

    kind: Literal["break"] = "break"


Inline = Annotated[Text | Var | Bold | Italic | Strike | Code | Link | Break, Field(discriminator="kind")]


class Paragraph(Frozen):
    """Running text."""

    kind: Literal["paragraph"] = "paragraph"
    inlines: tuple[Inline, ...]


class Items(Frozen):
    """A list. `start` is the first number of an ordered list; an item is a tuple of blocks, never empty."""

    kind: Literal["items"] = "items"
    ordered: bool = False
    start: int = 1
    items: tuple[tuple["Block", ...], ...]


class CodeBlock(Frozen):
    """Lines to copy unchanged, in a fixed-width font."""

    kind: Literal["code_block"] = "code_block"
    text: str


class Quote(Frozen):
    """Someone else's words, which the author quotes."""

    kind: Literal["quote"] = "quote"
    blocks: tuple["Block", ...]


Block = Annotated[Paragraph | Items | CodeBlock | Quote, Field(discriminator="kind")]
Words = tuple[Block, ...]
"""A text as a tree. No words are `()`; the sum of two words is both texts in order."""
