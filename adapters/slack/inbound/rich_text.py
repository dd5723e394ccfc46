"""Reads Slack's rich text, which comes with every typed message, into words. Pure.

Rich text has only the ids of people, channels and groups; their names are looked up before, and an id without a name
becomes a word of its own kind.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from adapters.slack.api.payload import Json, text, thing, things, whole
from adapters.slack.inbound.mrkdwn import Names, named
from adapters.slack.render.emoji_names import with_emoji
from adapters.slack.render.rich_text import DEEPEST
from flows.text.markup.runs import MOST_PIECES, STYLES, Run, inlines, paragraphs
from flows.text.markup.typed_words import linked
from flows.text.markup.words import (
    Block,
    Break,
    CodeBlock,
    Items,
    Paragraph,
    Quote,
    Text,
    Words,
)

_LATEST_S: Final = 253402300800
"""Seconds from 1970 to the year 10000, the first that cannot be written."""


def rich_text(blocks: object, names: Names, bot_user: str = "") -> Words | None:
    """Read a message's blocks, without mentions of the bot; None if a block is no rich text, or has too many pieces."""
    rows = things(blocks)
    if not rows or any(row.get("type") != "rich_text" for row in rows):
        return None
    if sum(map(_pieces, rows)) > MOST_PIECES:
        return None
    found: list[Block] = []
    for row in rows:
        found += _blocks(things(row.get("elements")), names, bot_user)
    return _trimmed(tuple(found))


def _pieces(row: Json) -> int:
    """Count a block's lists, items, lines and parts; the lines of code are one piece."""
    inner = things(row.get("elements"))[: MOST_PIECES + 1]
    if row.get("type") == "rich_text_preformatted":
        return len(inner)
    return 1 + text(row.get("text")).count("\n") + sum(map(_pieces, inner))


def _blocks(elements: Iterable[Json], names: Names, bot_user: str) -> Iterator[Block]:
    lists: list[Json] = []
    for element in elements:
        if element.get("type") == "rich_text_list":
            lists.append(element)
            continue
        yield from _lists(lists, names, bot_user)
        lists = []
        runs = list(_runs(things(element.get("elements")), names, bot_user))
        match element.get("type"):
            case "rich_text_preformatted":
                block: Block = CodeBlock(text="".join(run.text for run in runs).strip("\n"))
                yield Quote(blocks=(block,)) if element.get("border") else block
            case "rich_text_quote":
                yield Quote(blocks=tuple(paragraphs(runs)))
            case _:
                yield from paragraphs(runs)
    yield from _lists(lists, names, bot_user)


# ---------------------------------------------------------------- lists


def _indent(row: Json) -> int:
    return min(whole(row.get("indent")), DEEPEST)


class _Level:
    """A list being read: Slack writes the lists in a list after it, with a deeper indent."""

    def __init__(self, row: Json) -> None:
        self.indent = _indent(row)
        self.ordered = row.get("style") == "ordered"
        self.start = whole(row.get("offset")) + 1
        self.items: list[list[Block]] = []

    def continues(self, row: Json) -> bool:
        if (row.get("style") == "ordered") is not self.ordered:
            return False
        return not self.ordered or whole(row.get("offset")) + 1 == self.start + len(self.items)

    def block(self) -> Items:
        items = tuple(tuple(item) for item in self.items)
        return Items(ordered=self.ordered, start=self.start, items=items)


def _lists(rows: list[Json], names: Names, bot_user: str) -> Iterator[Block]:
    """Yield neighboring lists, with deeper lists inside the items that they follow."""
    levels: list[_Level] = []
    done: list[Block] = []

    def close(indent: int) -> None:
        while levels and levels[-1].indent > indent:
            level = levels.pop()
            (levels[-1].items[-1] if levels else done).append(level.block())

    for row in rows:
        items: list[list[Block]] = [
            [Paragraph(inlines=inlines(_runs(things(item.get("elements")), names, bot_user)))]
            for item in things(row.get("elements"))
        ]
        if not items:
            continue
        indent = _indent(row)
        close(indent)
        if levels and levels[-1].indent == indent and not levels[-1].continues(row):
            close(indent - 1)
        if not levels or levels[-1].indent < indent:
            levels.append(_Level(row))
        levels[-1].items += items
    close(-1)
    bordered = any(row.get("border") for row in rows)
    yield from [Quote(blocks=tuple(done))] if bordered and done else done


# ---------------------------------------------------------------- running text


def _runs(elements: Iterable[Json], names: Names, bot_user: str) -> Iterator[Run]:
    """Yield the elements as characters with a style; a mention of the bot is a blank."""
    addressed = False
    for element in elements:
        style = thing(element.get("style"))
        styles = frozenset(name for name, _ in STYLES if style.get(name))
        if bot_user and element.get("type") == "user" and element.get("user_id") == bot_user:
            addressed = True
            yield Run(" ")
            continue
        shown, url = _shown(element, names)
        if addressed and shown[:1] in (",", ":"):
            shown = shown[1:]
        addressed = False
        if shown:
            yield Run(shown, styles, url)


def _shown(element: Json, names: Names) -> tuple[str, str]:
    """Return what a person sees of an element, and its address if it links to one."""
    match element.get("type"):
        case "link":
            return linked(text(element.get("text")), text(element.get("url")))
        case "emoji":
            return _emoji(text(element.get("unicode")), text(element.get("name"))), ""
        case "user":
            return named("@", text(element.get("user_id")), names), ""
        case "usergroup":
            return named("@", text(element.get("usergroup_id")), names), ""
        case "channel":
            return named("#", text(element.get("channel_id")), names), ""
        case "broadcast":
            return f"@{text(element.get('range'))}", ""
        case "date":
            return text(element.get("fallback")) or moment(whole(element.get("timestamp"))), ""
        case "color":
            return text(element.get("value")), ""
        case _:
            return text(element.get("text")), ""


def _emoji(characters: str, name: str) -> str:
    """Return the emoji's characters, or its name if the workspace made it."""
    try:
        return "".join(chr(int(code, 16)) for code in characters.split("-") if code) or with_emoji(
            f":{name}:"
        )
    except (ValueError, OverflowError):
        return f":{name}:"


def moment(seconds: int) -> str:
    """Write a time that has no text of its own."""
    if not 0 < seconds < _LATEST_S:
        return ""
    return f"{datetime.fromtimestamp(seconds, UTC):%B %-d, %Y, %H:%M} UTC"


def _trimmed(words: Words) -> Words:
    """Return the words without blanks at their beginning and end, where a mention of the bot may have stood."""
    if words and isinstance(words[0], Paragraph):
        words = (*_edge(words[0], 0), *words[1:])
    if words and isinstance(words[-1], Paragraph):
        words = (*words[:-1], *_edge(words[-1], -1))
    return words


def _edge(paragraph: Paragraph, at: int) -> tuple[Paragraph, ...]:
    inlines = [*paragraph.inlines]
    while inlines and isinstance(edge := inlines[at], Text | Break):
        cut = "" if isinstance(edge, Break) else edge.text.lstrip() if at == 0 else edge.text.rstrip()
        if cut:
            inlines[at] = Text(text=cut)
            break
        inlines.pop(at)
    return (Paragraph(inlines=tuple(inlines)),) if inlines else ()
