"""Records messages with uploaded files: room is held for the files first, and taken only if the message is recorded."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import blake2s
from typing import Final

from adapters.web.files import UploadedFile, picture
from adapters.web.guard import AT_ONCE, LARGEST
from adapters.web.inbound import BadRequest, digest
from adapters.web.limits import NEAR
from adapters.web.site import Site
from adapters.web.texts import PAGE
from bot.ports import ALL_FILES, Contended, NoRoom, Outcome, Upload
from flows.conversation import Address
from flows.events import Event, File

CUSTOMERS: Final = "customers"
"""The share of all customers' files."""

OF_CUSTOMERS: Final = 3 / 4
"""Part of the space that customers' files may take together; agents' files have the rest for themselves."""

OF_ADDRESS: Final = 1 / 2
"""Part of the space that the files of one network address may take."""

OF_VISITOR: Final = 1 / 3
"""Part of the space that the files of one visitor may take."""


def uploads_of(
    site: Site, sent: Sequence[UploadedFile], conversation: str, actor: str, form: str
) -> tuple[Upload, ...]:
    """Make the uploads of the form with that key. Raises BadRequest if they are too many or too large: none is sent.

    A file's id follows from the form and the content, so the same form sent again brings no further files.
    """
    if not sent:
        return ()
    if site.uploads is None or len(sent) > AT_ONCE:
        raise BadRequest(PAGE.say("too_many_files", count=AT_ONCE))
    for file in sent:
        if len(file.content) > LARGEST:
            limit = LARGEST // 1024 // 1024
            raise BadRequest(PAGE.say("file_too_large", name=file.name[:80], size=limit))
    where = str(Address(channel="kept", room=conversation))
    return tuple(
        Upload(
            file=File(
                id=_id(conversation, actor, form, str(index), file),
                name=file.name[:200],
                kind=(picture(file.content) or file.kind)[:100],
                size=len(file.content),
                at=where,
            ),
            content=file.content,
        )
        for index, file in enumerate(sent)
    )


def _id(conversation: str, actor: str, form: str, index: str, file: UploadedFile) -> str:
    made = blake2s("\n".join((conversation, actor, form, index)).encode() + b"\n", digest_size=15)
    made.update(file.content)
    return urlsafe_b64encode(made.digest()).decode()


def shares_of_customer(site: Site, person: str, address: str) -> Mapping[str, int]:
    """Return the shares in which a customer's files count, with the most bytes of each."""
    parts = {CUSTOMERS: OF_CUSTOMERS, f"at:{digest(address)}": OF_ADDRESS, f"of:{person}": OF_VISITOR}
    return {**{name: int(site.files_bytes * part) for name, part in parts.items()}, **shares_of_agent(site)}


def shares_of_agent(site: Site) -> Mapping[str, int]:
    """Return the share in which an agent's files count: all there is."""
    return {ALL_FILES: site.files_bytes}


async def record(
    site: Site, event: Event, uploads: Sequence[Upload], shares: Mapping[str, int]
) -> Outcome | None:
    """Record an event with its files. Raises BadRequest if a share has no room for them: then nothing is recorded."""
    if not uploads or site.uploads is None:
        return await site.receive(event)
    if CUSTOMERS in shares and (await site.memory.look()).fullness >= NEAR:
        raise BadRequest(PAGE["no_room"])
    try:
        await site.uploads.hold(uploads, shares)
    except NoRoom:
        raise BadRequest(PAGE["no_room"]) from None
    try:
        outcome = await site.receive(event)
    except Contended:
        await site.uploads.settle(uploads)
        raise
    await site.uploads.settle(uploads)
    return outcome
