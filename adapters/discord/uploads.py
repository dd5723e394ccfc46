"""Files that come from elsewhere, hung on a message in Discord: fetched, named harmlessly, shown below the words."""

import re
from collections.abc import Sequence
from typing import Any, Final

from adapters.discord.api.client import Upload
from adapters.discord.render.card import Message
from adapters.discord.render.components import Part
from bot.ports import Busy, Delivery, Files, Undeliverable
from bot.telemetry import log
from flows.conversation import Address
from flows.events import File
from flows.values import Frozen

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file that every server takes; a boosted one would take more."""

TOGETHER: Final = 24 * 1024 * 1024
"""Bytes of all files of a message: a request may have 25 MiB."""

FILE_TYPE: Final = 13
GALLERY_TYPE: Final = 12
PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Attachment(Frozen):
    """A file that goes with a message, under a name that Discord leaves as it is."""

    name: str
    kind: str
    content: bytes


async def gathered(
    files: Files | None, there: Address, sent: tuple[File, ...]
) -> tuple[tuple[Attachment, ...], tuple[File, ...]]:
    """The files with their content, and those that cannot be had. Raises Busy."""
    hung: list[Attachment] = []
    left: list[File] = []
    room = TOGETHER
    for number, file in enumerate(sent):
        try:
            content = await _content(files, there, file, min(LARGEST, room))
        except Busy:
            raise
        except Exception as reason:  # noqa: BLE001  # whatever a platform's client raises, the words go all the same
            log("discord").warning("a file could not be passed on", file=file.id, reason=str(reason)[:200])
            left.append(file)
            continue
        room -= len(content)
        hung.append(Attachment(name=harmless(number, file.name), kind=file.kind, content=content))
    return tuple(hung), tuple(left)


async def _content(files: Files | None, there: Address, file: File, most: int) -> bytes:
    if files is None:
        raise Undeliverable("nothing here can fetch it")
    if file.size > most:
        raise Undeliverable(f"it has {file.size} bytes")
    content = await files.fetch(there, file)
    if not content or len(content) > most:
        raise Undeliverable(f"it has {len(content)} bytes")
    return content


async def with_files(files: Files | None, delivery: Delivery) -> tuple[Delivery, tuple[Attachment, ...]]:
    """Fetch the files that go with a delivery. Returns the delivery, which names only the files left, and the files."""
    if not delivery.files:
        return delivery, ()
    there = delivery.conversation.address("customer") or delivery.address
    hung, left = await gathered(files, there, delivery.files)
    return delivery.with_files_left(left), hung


def uploads(hung: Sequence[Attachment]) -> list[Upload]:
    """The files as they are sent."""
    return [(one.name, one.kind, one.content) for one in hung]


def showing(drawn: Message, hung: Sequence[Attachment]) -> Message:
    """The message with what shows its files: with Components V2 nothing is seen that no component refers to."""
    return drawn.model_copy(update={"components": (*drawn.components, *_shown(hung))}) if hung else drawn


def _shown(hung: Sequence[Attachment]) -> list[Part]:
    pictures = [one for one in hung if one.kind in PICTURES]
    parts: list[Part] = [
        {"type": FILE_TYPE, "file": {"url": f"attachment://{one.name}"}}
        for one in hung
        if one not in pictures
    ]
    if pictures:
        items: list[dict[str, Any]] = [{"media": {"url": f"attachment://{one.name}"}} for one in pictures]
        parts.insert(0, {"type": GALLERY_TYPE, "items": items})
    return parts


def shown_again(components: Sequence[Any]) -> tuple[list[Part], frozenset[str]]:
    """What shows the files of a message that was sent, to be shown in it again, and the names of those files."""
    parts: list[Part] = []
    names: list[str] = []
    for one in components:
        if one.get("type") == FILE_TYPE:
            names.append(_name(one.get("file")))
            parts.append({"type": FILE_TYPE, "file": {"url": f"attachment://{names[-1]}"}})
        elif one.get("type") == GALLERY_TYPE:
            found = [_name(item.get("media")) for item in one.get("items") or ()]
            names += found
            items: list[dict[str, Any]] = [{"media": {"url": f"attachment://{name}"}} for name in found]
            parts.append({"type": GALLERY_TYPE, "items": items})
    return parts, frozenset(names)


def _name(media: Any) -> str:
    """The name of a file, as the last part of its address."""
    address = str(media.get("url") or "") if isinstance(media, dict) else ""
    return address.partition("?")[0].rpartition("/")[2]


def harmless(number: int, name: str) -> str:
    """A name of letters, digits, dots and dashes that no two of them share: Discord changes all others by itself."""
    kept = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._")
    return f"{number + 1}-{kept[-80:] or 'file'}"
