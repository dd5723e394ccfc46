"""Reads a message's words and files, those of the messages it forwards included.

Slack sends a forwarded message as an attachment of the new one (`is_share`), beside the sharer's comment. The preview
of a link (`is_msg_unfurl` for a link to a message) is an attachment, too, and usually arrives later, as an edit.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from adapters.slack.api.payload import Json, text, thing, things
from adapters.slack.inbound.mrkdwn import NO_NAMES, Names, addressed
from adapters.slack.inbound.mrkdwn_words import mrkdwn_words
from adapters.slack.inbound.rich_text import rich_text
from flows.text.markup.typed_words import TypedWords, forwarded_words, lines, typed
from flows.text.markup.words import Quote, Words, plain

LONGEST: Final = 40_000
"""Characters of a message: Slack cuts there, too."""

MOST: Final = 10
"""Attachments that are read; a person forwards one message at a time."""

_FALLBACK_HEAD: Final = re.compile(r"\[[^\]\n]{0,80}\] [^:\n]{1,80}: ")
_NO_PREVIEW: Final = "[no preview available]"


class Mentioned(NamedTuple):
    """Who can be mentioned: the bot's own id, and the names of others by their ids."""

    bot_user: str = ""
    names: Names = NO_NAMES


def words(message: Json, bot_user: str = "", names: Names = NO_NAMES) -> TypedWords:
    """Return the message's own words, without mentions of the bot, and each forwarded message as a quotation below.

    `names` are those of mentioned people, channels and groups, by their ids.
    """
    own = _own(message, bot_user, names)
    quotations = [_quotation(row, bot_user, names) for row in _quoted(message, plain(own))]
    return typed((*own, *quotations, *map(_email, filter(_is_email, files(message)))))


def _own(message: Json, bot_user: str, names: Names) -> Words:
    """Read the rich text that comes with a typed message, or else its text, which may come alone."""
    content = text(message.get("text"))[:LONGEST]
    read = rich_text(message.get("blocks"), names, bot_user) if content else None
    return read or mrkdwn_words(addressed(content, bot_user), names)


def files(message: Json) -> list[Json]:
    """List the message's files, then those of the messages it forwards, each file once."""
    listed = [*things(message.get("files"))]
    for row in _quoted(message, text(message.get("text"))):
        listed += things(row.get("files"))
    return list({text(row.get("id")): row for row in reversed(listed)}.values())[::-1]


def same_words(message: Json, was: Json) -> bool:
    """Return whether both versions say the same: the preview of a link, which Slack adds later, is no change."""
    return text(message.get("text"))[:LONGEST] == text(was.get("text"))[:LONGEST] and (
        _shares(message) == _shares(was)
    )


def _shares(message: Json) -> list[tuple[str, str]]:
    """Name the messages that the message forwards."""
    rows = things(message.get("attachments"))[:MOST]
    return [(text(row.get("from_url")), text(row.get("ts"))) for row in rows if row.get("is_share")]


def _quoted(message: Json, own: str) -> list[Json]:
    """List the attachments to quote: forwarded messages; any readable attachment if the message says nothing itself."""
    rows = things(message.get("attachments"))[:MOST]
    shares = [row for row in rows if row.get("is_share") or row.get("is_msg_unfurl")]
    return shares if shares or own else rows


def _quotation(row: Json, bot_user: str, names: Names) -> Quote:
    content = _content(row, bot_user, names)
    if not content and not things(row.get("files")):
        content = lines(text(row.get("from_url")) or text(row.get("original_url")))
    return forwarded_words(content, text(row.get("author_name")) or text(row.get("service_name")))


def _is_email(file: Json) -> bool:
    """Return whether the file is an email that was forwarded to Slack, with its text."""
    return file.get("filetype") == "email" and bool(text(file.get("plain_text")).strip())


def _email(file: Json) -> Quote:
    sender = next(iter(things(file.get("from"))), {})
    parts = (text(file.get("subject")), text(file.get("plain_text")).replace("\r\n", "\n")[:LONGEST])
    content = lines("\n\n".join(filter(None, parts)).strip())
    return forwarded_words(content, text(sender.get("name")) or text(sender.get("address")))


def _content(row: Json, bot_user: str, names: Names) -> Words:
    """Return what an attachment says: the rich text of its message, its text, the message's blocks, or what old
    clients show.
    """
    inside = [thing(part.get("message")) for part in things(row.get("message_blocks"))]
    typed_there = [rich_text(message.get("blocks"), names, bot_user) for message in inside]
    if inside and all(typed_there):
        return tuple(block for read in typed_there for block in read or ())
    written = "\n".join(filter(None, (text(row.get(name)) for name in ("pretext", "title", "text"))))
    if not written:
        drawn = "\n".join(filter(None, (_of_blocks(message.get("blocks")) for message in inside)))
        fallback = text(row.get("fallback"))
        old = "" if fallback == _NO_PREVIEW else _FALLBACK_HEAD.sub("", fallback, count=1)
        written = drawn or old
    return mrkdwn_words(addressed(written[:LONGEST], bot_user), names)


def _of_blocks(blocks: object) -> str:
    return "\n".join(filter(None, ("".join(_texts(block)) for block in things(blocks))))


def _texts(part: Json) -> Iterable[str]:
    """Yield the texts in a block, in order; a list's items, quotes and sections are lines of their own."""
    written = part.get("text")
    if isinstance(written, str) or part.get("type") == "link":
        yield text(written) or text(part.get("url"))
    elif isinstance(written, dict):
        yield text(written.get("text"))
    inner = [*things(part.get("elements")), *things(part.get("fields"))]
    lines = part.get("type") in ("rich_text", "rich_text_list", "section")
    for number, element in enumerate(inner):
        yield "\n" if lines and (number or written) else ""
        yield from _texts(element)
