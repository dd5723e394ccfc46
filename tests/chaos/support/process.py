"""Runs a process that a test kills: `writer` walks customers through a guide, `worker` carries out the effects.

Usage: python -m tests.chaos.support.process ROLE DATA_DIR ROOM_FILE ACKED_FILE NAME
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from adapters.storage.store import open_store
from bot.ports import Delivery
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes import work
from bot.wiring.product import App
from bot.wiring.settings import load_settings
from flows.conversation import Address
from flows.effects import Retire
from flows.events import Answered, Started
from tests.fakes.flows import catalogue

SLOW: Final = 0.015


class FileRoom:
    """A slow platform whose rooms are lines of a file. A written line counts as delivered."""

    name = "sent"
    idempotent = False

    def __init__(self, path: Path) -> None:
        """`path` is a file to which several processes append."""
        self.path = path

    async def send(self, delivery: Delivery) -> str:
        """Wait before and after writing, so that a kill may hit between request and answer."""
        if isinstance(delivery.effect, Retire):
            return ""
        await asyncio.sleep(random.uniform(0, SLOW))
        append(self.path, f"{delivery.conversation.id} {delivery.effect.id}")
        await asyncio.sleep(random.uniform(0, SLOW))
        return delivery.effect.id

    async def settle(self, delivery: Delivery) -> str | None:
        """Return the receipt of an effect that is in the file, or None."""
        return delivery.effect.id if delivery.effect.id in self.path.read_text() else None


def append(path: Path, line: str) -> None:
    """Append a line in one write, which a kill cannot split."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (line + "\n").encode())
    os.close(handle)


async def write(app: App, acked: Path, name: str) -> None:
    """Walk customers until killed, and note each acknowledged event."""
    for n in range(200):
        actor = f"sent:{name}.{n}"
        outcome = await app.receive(
            Started(
                key="s",
                actor=actor,
                door=f"sent/{name}.{n}",
                flow="lamp",
                address=str(Address(channel="sent", room=f"{name}.{n}")),
            )
        )
        for choice in ("still-failing", "broken", "still-failing", "fixed"):
            assert outcome is not None
            at = outcome.conversation
            append(acked, f"{at.id} {at.version}")
            outcome = await app.receive(
                Answered(key=f"{at.turn}", actor=actor, conversation=at.id, turn=at.turn, choice=choice)
            )
        assert outcome is not None
        append(acked, f"{outcome.conversation.id} {outcome.conversation.version}")


@asynccontextmanager
async def attached(data: Path, rooms: Path) -> AsyncIterator[App]:
    """Compose the product on the embedded store, with short leases."""
    store = await open_store(None, data)
    settings = load_settings({"SEND_LEASE": "0.4"})
    app = compose(settings, store, FlowFiles(catalogue=catalogue(), readings=()), (FileRoom(rooms),))
    try:
        yield app
    finally:
        await app.outbox.idle()
        await store.close()


async def main(role: str, data: Path, rooms: Path, acked: Path, name: str) -> None:
    """Run the role until killed."""
    async with attached(data, rooms) as app:
        append(acked.with_suffix(".ready"), name)
        await (write(app, acked, name) if role == "writer" else work(app, asyncio.Event()))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5]))
