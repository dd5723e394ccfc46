"""Attaches files from other channels to a Discord message: downloads them, renames them, shows them below the text."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.discord.api.client import Upload
from adapters.discord.api.limits import LARGEST
from adapters.discord.render.card import Message
from adapters.discord.render.components import ROW_TYPE, Part
from bot.ports import Busy, Delivery, Files, PartialReceipt, Undeliverable
from bot.telemetry import log
from flows.conversation import Address
from flows.events import File
from flows.text.agent_phrases import phrase
from flows.values import Frozen

TOGETHER: Final = 24 * 1024 * 1024
"""Bytes of all files of a message: a request may have 25 MiB."""

FILE_TYPE: Final = 13
GALLERY_TYPE: Final = 12
PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")


class Attachment(Frozen):
    """A file to attach, under a name that Discord does not change."""

    name: str
    kind: str
    content: bytes


async def gathered(
    files: Files | None, there: Address, sent: tuple[File, ...]
) -> tuple[tuple[Attachment, ...], tuple[File, ...]]:
    """Download the files. Return their attachments, and the files that failed. Raises Busy."""
    attached: list[Attachment] = []
    failed: list[File] = []
    room = TOGETHER
    for number, file in enumerate(sent):
        try:
            content = await _content(files, there, file, min(LARGEST, room))
        except Busy:
            raise
        except Exception as reason:  # noqa: BLE001  # whatever a platform's client raises, the text is still sent
            log("discord").warning("a file could not be passed on", file=file.id, reason=str(reason)[:200])
            failed.append(file)
            continue
        room -= len(content)
        attached.append(Attachment(name=harmless(number, file.name), kind=file.kind, content=content))
    return tuple(attached), tuple(failed)


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
    """Download a delivery's files. Return the delivery, which names only the files that failed, and the attachments."""
    if not delivery.files:
        return delivery, ()
    there = delivery.conversation.address("customer") or delivery.address
    attached, failed = await gathered(files, there, delivery.files)
    return delivery.with_files_left(failed), attached


def partly(receipt: str, left: Sequence[File]) -> str:
    """Return the receipt of a reply, which says what is missing if files are `left`."""
    limit = LARGEST // 1024 // 1024
    names = (
        phrase("file_too_large", file=file.name or file.id, limit=limit)
        if file.size > LARGEST
        else file.name or file.id
        for file in left
    )
    return PartialReceipt.without(receipt, names)


def unattached(delivery: Delivery, row: Mapping[str, Any]) -> tuple[File, ...]:
    """Return the delivery's files that are not attached to the message that was sent for it."""
    names = {str(attachment.get("filename")) for attachment in row.get("attachments") or ()}
    sent = enumerate(delivery.files)
    return tuple(file for number, file in sent if harmless(number, file.name) not in names)


def uploads(attached: Sequence[Attachment]) -> list[Upload]:
    """Convert attachments for the client."""
    return [(file.name, file.kind, file.content) for file in attached]


def showing(drawn: Message, attached: Sequence[Attachment]) -> Message:
    """Add components that show the attachments: Components V2 hides a file that no component refers to."""
    return with_parts(drawn, _shown(attached))


def with_parts(drawn: Message, parts: Sequence[Part]) -> Message:
    """Add components below the texts of a message and above its buttons."""
    rows = [part for part in drawn.components if part["type"] == ROW_TYPE]
    texts = [part for part in drawn.components if part["type"] != ROW_TYPE]
    return drawn.model_copy(update={"components": (*texts, *parts, *rows)}) if parts else drawn


def _shown(attached: Sequence[Attachment]) -> list[Part]:
    pictures = [file for file in attached if file.kind in PICTURES]
    parts: list[Part] = [
        {"type": FILE_TYPE, "file": {"url": f"attachment://{file.name}"}}
        for file in attached
        if file not in pictures
    ]
    if pictures:
        items: list[dict[str, Any]] = [{"media": {"url": f"attachment://{file.name}"}} for file in pictures]
        parts.insert(0, {"type": GALLERY_TYPE, "items": items})
    return parts


def shown_again(components: Sequence[Any]) -> tuple[list[Part], frozenset[str]]:
    """Return the components that show a sent message's files, to be drawn again, and the files' names."""
    parts: list[Part] = []
    names: list[str] = []
    for part in components:
        if part.get("type") == FILE_TYPE:
            names.append(_name(part.get("file")))
            parts.append({"type": FILE_TYPE, "file": {"url": f"attachment://{names[-1]}"}})
        elif part.get("type") == GALLERY_TYPE:
            shown = [_name(item.get("media")) for item in part.get("items") or ()]
            names += shown
            items: list[dict[str, Any]] = [{"media": {"url": f"attachment://{name}"}} for name in shown]
            parts.append({"type": GALLERY_TYPE, "items": items})
    return parts, frozenset(names)


def _name(media: Any) -> str:
    """Read a file's name from the last part of its URL."""
    address = str(media.get("url") or "") if isinstance(media, dict) else ""
    return address.partition("?")[0].rpartition("/")[2]


def harmless(number: int, name: str) -> str:
    """Make a unique name of letters, digits, dots and dashes: Discord replaces all other characters."""
    kept = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._")
    return f"{number + 1}-{kept[-80:] or 'file'}"
