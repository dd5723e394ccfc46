"""Adds conversations that are older than the board's lists to the lists, once per store."""

from typing import Any, Final

from adapters.storage.failures import answering
from adapters.storage.keys import is_conversation_id
from adapters.storage.records.board import relisting
from adapters.storage.wire import Wire

LISTS: Final = "1"
"""Version of the lists' format. A new version makes the next start rebuild the lists."""

AT_A_TIME: Final = 500
"""Number of conversations added in one round trip."""


async def relist(wire: Wire, *, empty: bool) -> None:
    """Add every conversation to the lists, unless the store's lists are of this version or the store is `empty`.

    Safe with several processes at once and during commits: one script reads a record and lists its conversation. If
    the process dies before the end, the next start does it again.
    """
    if not empty and await wire.ask("HGET", wire.keys.meta, "lists") != LISTS:
        await _list_all(wire)
    await wire.ask("HSET", wire.keys.meta, "lists", LISTS)


async def _list_all(wire: Wire) -> None:
    client: Any = wire.client
    ids: list[str] = []
    with answering():
        async for key in client.scan_iter(match=wire.keys.any_record(), count=1000):
            ids.append(str(key).rpartition(":")[2])
            if len(ids) >= AT_A_TIME:
                await _list(wire, ids)
                ids = []
    await _list(wire, ids)


async def _list(wire: Wire, ids: list[str]) -> None:
    await wire.run_all([relisting(wire, each) for each in ids if is_conversation_id(each)])
