"""Reads a message's words and files, those of the messages it forwards included.

Discord sends a forwarded message as a snapshot, without its author. A preview of a link is no part of the words.
"""

from collections.abc import Iterator
from typing import Final

from adapters.discord.api.payload import Json, files, inner, rows, text
from adapters.discord.inbound.markdown_words import markdown_words
from adapters.discord.inbound.marks import NO_NAMES, Names
from flows.events import SHARED_AT_ONCE, File
from flows.text.markup.typed_words import TypedWords, forwarded_words, typed

TEXT_DISPLAY: Final = 10
"""The type of a component that shows text."""

RICH: Final = "rich"
"""The type of an embed that a bot wrote; the others are previews of links."""


def words(data: Json, own: str, names: Names = NO_NAMES) -> TypedWords:
    """Return the message's own words, and each forwarded message as a quotation below.

    `names` are those of mentioned roles and channels by their ids; the names of people come with the message.
    """
    rows_below = [row for row in _snapshots(data) if _shows(row)]
    read = (markdown_words(_content(row), names | _people(row)) for row in rows_below)
    return typed((*markdown_words(own, names | _people(data)), *map(forwarded_words, read)))


def _people(data: Json) -> Names:
    """Return the names of the people that a message mentions, by their ids."""
    return {text(row, "id"): named(row, inner(row, "member")) for row in rows(data, "mentions")}


def named(user: Json, member: Json) -> str:
    """Return the name under which others see a user."""
    return (text(member, "nick") or text(user, "global_name") or text(user, "username"))[:80]


def attached(data: Json, at: str) -> tuple[File, ...]:
    """List the message's files, then those of the messages it forwards. `at` is the address of the message."""
    listed = files(data, "attachments", at)
    for row in _snapshots(data):
        listed += files(row, "attachments", at)
    return listed[:SHARED_AT_ONCE]


def blank(data: Json) -> bool:
    """Return whether Discord sent nothing of the message's content."""
    own = text(data, "content") or any(rows(data, "attachments")) or data.get("poll")
    return not (own or any(rows(data, "sticker_items")) or any(map(_shows, _snapshots(data))))


def _snapshots(data: Json) -> Iterator[Json]:
    yield from (inner(row, "message") for row in rows(data, "message_snapshots"))


def _shows(snapshot: Json) -> bool:
    """Return whether Discord sent anything of the snapshot's content."""
    return bool(_content(snapshot)) or any(rows(snapshot, "attachments"))


def _content(snapshot: Json) -> str:
    """Return what a snapshot says: its text, what a bot wrote in embeds and components, and names of stickers."""
    parts = [text(snapshot, "content"), *_displayed(snapshot)]
    for embed in rows(snapshot, "embeds"):
        if text(embed, "type") == RICH or not parts[0]:
            parts += _embedded(embed)
    parts += [text(sticker, "name") for sticker in rows(snapshot, "sticker_items")]
    return "\n".join(part.strip() for part in parts if part.strip())


def _embedded(embed: Json) -> Iterator[str]:
    yield text(inner(embed, "author"), "name")
    yield text(embed, "title")
    yield text(embed, "description")
    for field in rows(embed, "fields"):
        yield ": ".join(filter(None, (text(field, "name"), text(field, "value"))))


def _displayed(part: Json) -> Iterator[str]:
    """Yield the texts of a message's components, in order."""
    for component in rows(part, "components"):
        if component.get("type") == TEXT_DISPLAY:
            yield text(component, "content")
        yield from _displayed(component)
