"""Downloads the files that a ticket's customer sent, from the platform that stores them."""

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.counts import COUNTS
from bot.commands.failures import complain

if TYPE_CHECKING:
    from bot.wiring.product import App


async def fetch(app: "App", number: int, folder: Path) -> None:
    """Download the files into the folder, creating it; name a file that cannot be downloaded and skip it."""
    from bot.ports import Busy, Undeliverable

    entry = await app.store.index.ticket(number)
    at = await app.store.conversations.load(entry.conversation) if entry else None
    address = at.address("customer") if at else None
    if at is None or address is None:
        return
    words = await app.store.conversations.words(at.id)
    sent = [file for said in words.values() for file in said.files]
    fetcher = app.platforms.files_for_people(app.store.kept)
    for place, file in enumerate(sent, start=1):
        path = folder / _file_name(place, file.name)
        try:
            content = await fetcher.fetch(address, file)
        except (Busy, Undeliverable) as reason:
            complain(f"Cannot download {file.name or file.id}: {reason}")
            continue
        await asyncio.to_thread(_keep, path, content)
        complain(COUNTS.say("saved", path=path, count=len(content)))
    if not sent:
        complain("The customer sent no files.")


def _file_name(place: int, name: str) -> str:
    """Return a name that stays in the folder and is unique: a number, and the harmless part of the file's name."""
    harmless = re.sub(r"[^\w.-]+", "_", name.replace("/", " ").replace("\\", " ")).strip("._")
    return f"{place:02d}-{harmless[-80:] or 'file'}"


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
