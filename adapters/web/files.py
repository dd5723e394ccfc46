"""Reads the files of forms, and serves files that people sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from adapters.web.failures import Failure
from adapters.web.guard import LARGEST
from adapters.web.site import Site
from adapters.web.texts import PAGE
from bot.ports import Busy, Undeliverable
from flows.conversation import Conversation
from flows.events import File
from flows.text.visible import one_line
from flows.views.screen import ScreenMessage

FIELD: Final = "files"
"""The form's field with the files."""

PICTURES: Final[Mapping[bytes, str]] = MappingProxyType(
    {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
)
"""The first bytes of pictures that a browser may show. All other files are only downloaded, whatever their name."""


@dataclass(frozen=True)
class UploadedFile:
    """A file from a form. The content of a file that is too large is cut one byte after the limit."""

    name: str
    kind: str
    content: bytes


async def brought(form: FormData) -> tuple[UploadedFile, ...]:
    """Read the files of a form and close it. Skips the empty file that a field without a choice sends."""
    try:
        return tuple(
            [
                UploadedFile(name=_name(file), kind=_kind(file), content=await file.read(LARGEST + 1))
                for file in form.getlist(FIELD)
                if isinstance(file, UploadFile) and file.filename and file.size
            ]
        )
    finally:
        await form.close()


def _name(sent: UploadFile) -> str:
    return one_line(sent.filename or "")[-200:] or "file"


def _kind(sent: UploadFile) -> str:
    kind = (sent.content_type or "").lower()
    return kind if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", kind) else "application/octet-stream"


def picture(content: bytes) -> str:
    """Return the media type of a picture by its first bytes; '' for a file that a browser may not show."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begin, kind in PICTURES.items() if content.startswith(begin)), "")


def named(messages: tuple[ScreenMessage, ...], version: int, number: int) -> File | None:
    """Find the file of that number that came with that version, if the messages show it."""
    for message in messages:
        if message.id.partition(".")[0] == str(version) and number < len(message.files):
            return message.files[number]
    return None


async def handed_out(site: Site, at: Conversation, file: File | None) -> Response:
    """Serve a file, inline if it is a picture, else as a download. Raises Failure if the file is unavailable."""
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
