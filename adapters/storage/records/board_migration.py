"""Takes conversations into the lists of the board that were made before there were lists; once for a store."""

from typing import Any, Final

from adapters.storage.keys import is_conversation_id
from adapters.storage.records.board import relisting
from adapters.storage.wire import Wire, answering

LISTS: Final = "1"
"""Number of the way the lists are made; another one makes them all anew at the next start."""

AT_A_TIME: Final = 500
"""Conversations listed in one round trip."""


async def relist(wire: Wire, *, empty: bool) -> None:
    """List every conversation there is, unless that was done; `empty` says that there are none.

    Safe with several processes at once, and beside commits: each conversation is listed as its record is in that
    moment, in one script. A process that dies on the way leaves it to be done again.
    """
    if not empty and await wire.ask("HGET", wire.keys.meta, "lists") != LISTS:
        await _all(wire)
    await wire.ask("HSET", wire.keys.meta, "lists", LISTS)


async def _all(wire: Wire) -> None:
    client: Any = wire.client
    found: list[str] = []
    with answering():
        async for key in client.scan_iter(match=wire.keys.any_record(), count=1000):
            found.append(str(key).rpartition(":")[2])
            if len(found) >= AT_A_TIME:
                await _these(wire, found)
                found = []
    await _these(wire, found)


async def _these(wire: Wire, ids: list[str]) -> None:
    await wire.run_all([relisting(wire, each) for each in ids if is_conversation_id(each)])
