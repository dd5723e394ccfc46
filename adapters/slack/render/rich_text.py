"""Draws Words as Slack's rich text, node by node, so that Slack reads no markup in them.

Even a customer's `<!channel>` is plain text in a text element, so no text can inject a mention.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from adapters.slack.api.limits import ELLIPSIS, SPEECH, clean, cut, length, shows
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
    plain,
)

Json = dict[str, Any]
Style = dict[str, bool]

DEEPEST: Final = 8
"""The deepest indent of a list in Slack."""


def rich_text(words: Words, room: int = SPEECH, lead: str = "", quoted: bool = False) -> tuple[Json, ...]:
    """Draw words as one block, or as no block if they show nothing.

    `lead` is a bold line before the words. `quoted` draws a bar at their left. At most `room` characters are drawn,
    including the URLs of links.
    """
    if not shows(clean(plain(words))):
        return ()  # also where what is cut off would leave a visible ellipsis
    pen = _Pen(room, quoted)
    drawn = _apart([element for block in words for element in pen.block(block, 0)])
    if not any(_says_something(element) for element in drawn):
        return ()
    if lead and drawn[0]["type"] == pen.section([])["type"]:
        drawn[0] = pen.section([bold(f"{lead}\n"), *drawn[0]["elements"]])
    elif lead:
        drawn.insert(0, pen.section([bold(lead)]))
    return ({"type": "rich_text", "elements": drawn},)


def addressed(user: str, blocks: Sequence[Json]) -> tuple[Json, ...]:
    """Begin the first block with a mention of the user, whom Slack then notifies."""
    mention = {"type": "user", "user_id": user}
    space = {"type": "text", "text": " "}
    section = {"type": "rich_text_section", "elements": [mention, space]}
    first, *others = blocks
    opening, *rest = first["elements"]
    if opening["type"] == "rich_text_section":
        section["elements"] = [mention, space, *opening["elements"]]
    else:
        rest = first["elements"]
    return (first | {"elements": [section, *rest]}, *others)


def sentence(*parts: Json | str) -> Json:
    """Draw one line as a block; a string is plain text, a dict an element made by `bold` or `linked`."""
    elements = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def bold(text: str) -> Json:
    """Make a bold part of a sentence."""
    return {"type": "text", "text": text, "style": {"bold": True}}


def linked(label: str, url: str) -> Json:
    """Make a link in a sentence."""
    return {"type": "link", "url": url, "text": label}


def preformatted(text: str) -> Json:
    """Draw lines unchanged, in a block with a fixed-width font."""
    inside = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [inside]}


class _Pen:
    """Draws elements until the room is used up, and nothing afterwards."""

    def __init__(self, room: int, quoted: bool) -> None:
        self._room = room - len(ELLIPSIS)
        self._quoted = quoted
        self._last: Json | None = None

    def block(self, block: Block, deep: int) -> Iterator[Json]:
        match block:
            case Items():
                yield from self._items(block, deep)
            case Quote():
                around, self._quoted = self._quoted, True
                yield from [row for inner in block.blocks for row in self.block(inner, deep)]
                self._quoted = around
            case CodeBlock():
                if elements := [*self._text(block.text, {}, "")]:
                    yield {"type": "rich_text_preformatted", "elements": elements} | self._border()
            case Paragraph():
                if elements := self._inlines(block.inlines):
                    yield self.section(elements)

    def _border(self) -> Json:
        return {"border": 1} if self._quoted else {}

    def section(self, elements: list[Json]) -> Json:
        return {"type": "rich_text_quote" if self._quoted else "rich_text_section", "elements": elements}

    def _items(self, items: Items, deep: int) -> Iterator[Json]:
        """Draw a list. Slack has nothing but text in a list, so a list is split around a list, code or quote in it."""
        at = items.start
        rows: list[Json] = []
        for number, item in enumerate(items.items, start=items.start):
            first = [block for block in item if isinstance(block, Paragraph)]
            if elements := self._inlines(_lines(first)):
                rows.append({"type": "rich_text_section", "elements": elements})
            others = (block for block in item if not isinstance(block, Paragraph))
            inner = [row for block in others for row in self.block(block, deep + 1)]
            if inner:
                yield from self._list(items, rows, at, deep)
                yield from inner
                rows, at = [], number + 1
        yield from self._list(items, rows, at, deep)

    def _list(self, items: Items, rows: list[Json], at: int, deep: int) -> Iterator[Json]:
        if not rows:
            return
        drawn: Json = {"type": "rich_text_list", "style": "ordered" if items.ordered else "bullet"}
        drawn |= {"indent": min(deep, DEEPEST)} if deep else {}
        drawn |= {"offset": at - 1} if items.ordered and at > 1 else {}
        yield drawn | self._border() | {"elements": rows}

    def _inlines(self, inlines: Iterable[Inline]) -> list[Json]:
        """Join neighbors that differ only in their text, as Slack does, too."""
        joined: list[Json] = []
        for element in (element for inline in inlines for element in self._inline(inline, {}, "")):
            if joined and joined[-1] | {"text": ""} == element | {"text": ""}:
                joined[-1]["text"] += element["text"]
                self._last = joined[-1]
            else:
                joined.append(element)
        return joined

    def _inline(self, inline: Inline, style: Style, url: str) -> Iterator[Json]:
        match inline:
            case Text():
                yield from self._text(inline.text, style, url)
            case Var():
                yield from self._text(f"{{{inline.name}}}", style, url)
            case Break():
                yield from self._text("\n", style, "")
            case Bold() | Italic() | Strike() | Code():
                for inner in inline.inlines:
                    yield from self._inline(inner, style | {inline.kind: True}, url)
            case Link():
                for inner in inline.label or (Text(text=inline.url),):
                    yield from self._inline(inner, style, inline.url)

    def _text(self, text: str, style: Style, url: str) -> Iterator[Json]:
        text = clean(text)
        if not text or self._room < 0:
            return
        if self._room == 0:
            self._end()
            return
        if url and length(url) + length(text) > self._room:
            url = ""  # a URL cannot be cut; its label alone still makes sense
        room = self._room - length(url)
        short = cut(text + ELLIPSIS, room + len(ELLIPSIS)) if length(text) > room else text
        self._room = room - length(text) if short == text else -1
        element: Json = (
            {"type": "link", "url": url, "text": short} if url else {"type": "text", "text": short}
        )
        self._last = element | ({"style": style} if style else {})
        yield self._last

    def _end(self) -> None:
        """Mark the last text as cut: it filled the room exactly, and more text follows."""
        self._room = -1
        if self._last is not None:
            self._last["text"] += ELLIPSIS


def _lines(paragraphs: list[Paragraph]) -> Iterator[Inline]:
    for index, paragraph in enumerate(paragraphs):
        if index:
            yield Break()
        yield from paragraph.inlines


def _apart(elements: list[Json]) -> list[Json]:
    """Add an empty line between two paragraphs, and between a list and a paragraph; others stand apart in Slack."""
    apart: list[Json] = []
    for element in elements:
        before = apart[-1] if apart else {"type": ""}
        running = element["type"] in ("rich_text_section", "rich_text_quote")
        if running and before["type"] == element["type"]:
            apart[-1] = element | {
                "elements": [*before["elements"], {"type": "text", "text": "\n\n"}, *element["elements"]]
            }
        elif running and before["type"] == "rich_text_list" and before.get("border", 0) == _bordered(element):
            apart.append(element | {"elements": [{"type": "text", "text": "\n"}, *element["elements"]]})
        else:
            apart.append(element)
    return apart


def _bordered(element: Json) -> int:
    return int(element["type"] == "rich_text_quote")


def _says_something(element: Json) -> bool:
    if "elements" in element:
        return any(_says_something(inner) for inner in element["elements"])
    return shows(str(element.get("text", "")))
