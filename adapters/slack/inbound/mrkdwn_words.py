"""Reads Slack's mrkdwn into words, for messages that come without rich text. Pure."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from adapters.slack.inbound.mrkdwn import MARK, Names, seen
from adapters.slack.render.emoji_names import with_emoji
from flows.text.markup.runs import MOST_PIECES, Run, paragraphs
from flows.text.markup.typed_words import linked
from flows.text.markup.words import Block, CodeBlock, Paragraph, Quote, Text, Words

_FENCE: Final = re.compile(r"```\n?(.*?)\n?```\n?", re.DOTALL)
_QUOTED: Final = re.compile(r"&gt; ?")
_LINK: Final = re.compile(r"(?:https?|mailto|tel):")
_EDGE, _END = r"(?<![\w*_~`])", r"(?![\w*_~`])"
_MARKED: Final = re.compile(
    rf"`(?P<code>[^`\n]+)`|(?P<mark>{MARK.pattern})"
    + "".join(
        rf"|{_EDGE}{sign}(?P<{name}>[^\s{sign}](?:[^{sign}\n]*[^\s{sign}])?){sign}{_END}"
        for name, sign in (("bold", r"\*"), ("italic", "_"), ("strike", "~"))
    )
)


def mrkdwn_words(text: str, names: Names) -> Words:
    """Read a message's text; `names` are those of mentioned people, channels and groups, by their ids.

    A text of very many lines or marks is read without formatting.
    """
    text = text.strip()
    if text.count("\n") + sum(1 for _ in _MARKED.finditer(text)) > MOST_PIECES:
        return (Paragraph(inlines=(Text(text=with_emoji(seen(text, names))),)),)
    return tuple(_blocks(text, names))


def _blocks(text: str, names: Names) -> Iterator[Block]:
    for number, part in enumerate(_FENCE.split(text)):
        if number % 2:
            yield CodeBlock(text=seen(part, names))
            continue
        for quoted, rows in groupby(
            part.split("\n") if part else (), key=lambda row: bool(_QUOTED.match(row))
        ):
            inside = "\n".join(_QUOTED.sub("", row, count=1) if quoted else row for row in rows)
            found = tuple(paragraphs(_runs(inside, frozenset(), names)))
            yield from (Quote(blocks=found),) if quoted else found


def _runs(text: str, styles: frozenset[str], names: Names) -> Iterator[Run]:
    at = 0
    for found in _MARKED.finditer(text):
        yield Run(with_emoji(seen(text[at : found.start()], names)), styles)
        at = found.end()
        if found["code"]:
            yield Run(seen(found["code"], names), styles | {"code"})
        elif found["mark"]:
            yield _mark(found["mark"], styles, names)
        else:
            name = str(found.lastgroup)
            yield from _runs(found[name], styles | {name}, names)
    yield Run(with_emoji(seen(text[at:], names)), styles)


def _mark(mark: str, styles: frozenset[str], names: Names) -> Run:
    address, _, label = mark[1:-1].partition("|")
    if not _LINK.match(address):
        return Run(seen(mark, names), styles)
    shown, url = linked(seen(label, names), seen(address, names))
    return Run(shown, styles, url)
