"""Runs a process that a test kills: commits to conversations without end, and notes each acknowledged commit.

Usage: python -m tests.chaos.support.store_writer DATA_DIR ACKED_FILE NAME
"""

import asyncio
import itertools
import os
import sys
from pathlib import Path

from adapters.storage.keys import conversation_id
from adapters.storage.store import Store, open_store
from bot.ports import Commit, Committed, StoreDown
from flows.conversation import Conversation
from tests.contracts.support.commits import armed, start, tell


async def insist(store: Store, commit: Commit) -> Committed:
    """Repeat a commit until it is acknowledged. The same key makes it count once."""
    while True:
        try:
            return await store.conversations.commit(commit)
        except StoreDown:
            await asyncio.sleep(0.01)


async def walk(store: Store, acked: Path, name: str) -> None:
    """Extend a conversation without end, from where an earlier process of the same name stopped."""
    done = await insist(store, start(door=f"chaos/{name}", contact=f"slack:{name}"))
    at: Conversation = done.conversation
    note(acked, at)
    for number in itertools.count(at.version):
        commit = tell(at, f"{name}.{number}", words="nudge", timers=armed(at, "nudge", 3_600_000), lease=1)
        done = await insist(store, commit)
        if done.outcome in ("committed", "repeated"):
            note(acked, done.conversation)
        at = done.conversation


def note(acked: Path, at: Conversation) -> None:
    """Append a line in one write, which a kill cannot split."""
    handle = os.open(acked, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{at.id} {at.version}\n".encode())
    os.close(handle)


async def main(data: Path, acked: Path, name: str) -> None:
    """Extend four conversations at once until killed."""
    store = await open_store(None, data)
    await asyncio.gather(*(walk(store, acked, f"{name}.{number}") for number in range(4)))


def ids(name: str) -> list[str]:
    """Return the conversations of the process of that name."""
    return [conversation_id(f"chaos/{name}.{number}", "s") for number in range(4)]


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
