"""Puts a person's words together as a channel read them: what they typed, and what they forwarded below."""

from collections.abc import Iterable
from typing import NamedTuple

from flows.text.markup.plain_text import plain
from flows.text.markup.runs import MOST_PIECES, looks_like_an_address
from flows.text.markup.styled import worth_keeping
from flows.text.markup.wordtree import Break, Inline, Paragraph, Quote, Text, Words, is_address
from flows.text.quotation import heading


class TypedWords(NamedTuple):
    """A person's words: as plain text, and with their formatting, if they have any."""

    text: str
    styled: Words = ()


def typed(words: Words) -> TypedWords:
    """Return words as plain text and, if that is less, with their formatting."""
    return TypedWords(plain(words), worth_keeping(words))


def lines(text: str) -> Words:
    """Return a text without formatting as words: a blank line ends a paragraph; a log's lines stay together."""
    if text.count("\n") > MOST_PIECES:
        return (Paragraph(inlines=(Text(text=text),)),)
    return tuple(Paragraph(inlines=tuple(_lines(part))) for part in text.split("\n\n")) if text else ()


def _lines(text: str) -> Iterable[Inline]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Break()
        if line:
            yield Text(text=line)


def linked(label: str, url: str) -> tuple[str, str]:
    """Return what is shown of a link, and its address.

    The address is '' for a link that not every channel can make, or whose label looks like another address: both are
    shown as text.
    """
    address = url.removeprefix("mailto:").removeprefix("tel:")
    label = label.strip()
    same = label in ("", address, url)
    if is_address(url) and (same or not looks_like_an_address(label)):
        return label or address, url
    return address if same else f"{label} ({address})", ""


def forwarded_words(words: Words, name: str = "") -> Quote:
    """Return forwarded words as a quotation; `name` is their author, if the platform tells one."""
    head: tuple[Inline, ...] = (Text(text=heading(name)),)
    if words and isinstance(first := words[0], Paragraph):
        return Quote(blocks=(Paragraph(inlines=(*head, Break(), *first.inlines)), *words[1:]))
    return Quote(blocks=(Paragraph(inlines=head), *words))


def titled(title: str, words: TypedWords) -> TypedWords:
    """Return words below a title on a line of its own, such as that of a forum post."""
    if not title:
        return words
    if not words.styled:
        return TypedWords("\n".join(filter(None, (title, words.text))))
    head: tuple[Inline, ...] = (Text(text=title),)
    if isinstance(first := words.styled[0], Paragraph):
        below = (Paragraph(inlines=(*head, Break(), *first.inlines)), *words.styled[1:])
        return TypedWords(plain(below), below)
    below = (Paragraph(inlines=head), *words.styled)
    return TypedWords(plain(below), below)
