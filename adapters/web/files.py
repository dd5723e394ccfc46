"""Files on the page and the desk: what was sent is handed out, and what is uploaded is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from adapters.web.failures import Failure
from adapters.web.guard import AT_ONCE, LARGEST
from adapters.web.inbound import BadRequest, clean
from adapters.web.site import Site
from adapters.web.texts import PAGE
from bot.ports import Busy, NoRoom, Undeliverable
from flows.conversation import Conversation
from flows.events import File
from flows.views.screen import ScreenMessage

FIELD: Final = "files"
"""The field of a form that files come in."""

PICTURES: Final[Mapping[bytes, str]] = MappingProxyType(
    {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
)
"""How pictures begin that a browser shows; whatever else a file calls itself, it is only downloaded."""


@dataclass(frozen=True)
class UploadedFile:
    """A file as a form brought it; of one that is too large only so much content that this can be told."""

    name: str
    kind: str
    content: bytes


async def brought(form: FormData) -> tuple[UploadedFile, ...]:
    """The files in a form, which is closed. A field in which none was chosen brings an empty one, which is none."""
    try:
        return tuple(
            [
                UploadedFile(name=_named(one), kind=_kind(one), content=await one.read(LARGEST + 1))
                for one in form.getlist(FIELD)
                if isinstance(one, UploadFile) and one.filename and one.size
            ]
        )
    finally:
        await form.close()


async def uploaded(site: Site, sent: tuple[UploadedFile, ...], conversation: str) -> tuple[File, ...]:
    """Keep what a form brought. Raises Misread, with nothing sent, for what is too much."""
    if not sent:
        return ()
    if site.keep is None or len(sent) > AT_ONCE:
        raise BadRequest(PAGE.say("too_many_files", count=AT_ONCE))
    for one in sent:
        if len(one.content) > LARGEST:
            limit = LARGEST // 1024 // 1024
            raise BadRequest(PAGE.say("file_too_large", name=one.name[:80], size=limit))
    kept = []
    for one in sent:
        try:
            kept.append(
                await site.keep(conversation, one.name, picture(one.content) or one.kind, one.content)
            )
        except NoRoom:
            raise BadRequest(PAGE["no_room"]) from None
    return tuple(kept)


def _named(sent: UploadFile) -> str:
    return clean(sent.filename or "").replace("\n", " ")[-200:] or "file"


def _kind(sent: UploadFile) -> str:
    kind = (sent.content_type or "").lower()
    return kind if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", kind) else "application/octet-stream"


def picture(content: bytes) -> str:
    """The media type of a picture that a browser may show, as its first bytes say; '' for everything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begin, kind in PICTURES.items() if content.startswith(begin)), "")


def named(messages: tuple[ScreenMessage, ...], version: int, number: int) -> File | None:
    """The file of that number that came with that version, as far as messages show it."""
    for message in messages:
        if message.id.partition(".")[0] == str(version) and number < len(message.files):
            return message.files[number]
    return None


async def handed_out(site: Site, at: Conversation, file: File | None) -> Response:
    """The file's content: a picture to be looked at, anything else to be saved. Raises Failure where it is not had."""
    address = at.address("customer")
    if file is None or site.files is None or address is None:
        raise Failure(404, "no_file", PAGE["no_file"])
    try:
        content = await site.files.fetch(address, file)
    except Undeliverable as reason:
        raise Failure(404, "no_file", PAGE.say("file_gone", reason=reason)) from None
    except Busy:
        raise Failure(503, "busy", PAGE["file_busy"]) from None
    kind = picture(content)
    how = "inline" if kind else "attachment"
    headers = {
        "content-disposition": f"{how}; filename*=UTF-8''{quote(file.name or 'file', safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=kind or "application/octet-stream", headers=headers)
